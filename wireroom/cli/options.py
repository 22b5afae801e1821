"""The options that choose articles, the same for lists, searches and exports."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from wireroom.cli import completion

if TYPE_CHECKING:
    from scraper.model import ArticleFilter
    from scraper.ports import Archive

T = TypeVar("T")

_SPAN = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def whole_number(text: str | int) -> int:
    """Return a number from 1 to the largest that a database can hold; it may be an option's default.

    Raises:
        typer.BadParameter: it is none.
    """
    digits = str(text)
    number = int(digits) if digits.isdecimal() and len(digits) < 20 else 0
    if not 0 < number < 2**63:
        raise typer.BadParameter(f"{digits[:40]!r} is not a number from 1 on, or too large")
    return number


FeedOption = Annotated[
    str | None,
    typer.Option(
        "--feed",
        metavar="FEED",
        help="Only of this feed: address, name or id.",
        autocompletion=completion.feeds,
    ),
]
TagOption = Annotated[
    str | None, typer.Option("--tag", metavar="TAG", help="Only with this tag.", autocompletion=completion.tags)
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="First seen since: 30m, 2h, 3d, 1w, or 2026-11-01.")
]
UnreadOption = Annotated[bool, typer.Option("--unread", help="Only unread ones.")]
StarredOption = Annotated[bool, typer.Option("--starred", help="Only starred ones.")]
RemovedOption = Annotated[bool, typer.Option("--removed", help="Only those taken down by their sites.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", parser=whole_number, metavar="N", help="Show at most N.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id or address.")]
FiledOption = Annotated[
    bool, typer.Option("--filed", help="As it was filed, whatever `reprocess` has made of its page since.")
]
ArticlesArgument = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids or addresses.", show_default=False)]


def choose(
    archive: Archive,
    *,
    feed: str | None = None,
    tag: str | None = None,
    since: str | None = None,
    unread: bool = False,
    starred: bool = False,
    removed: bool = False,
    query: str | None = None,
    rank: bool = False,
    limit: int | None = None,
) -> ArticleFilter:
    """Return the filter that the options mean.

    Raises:
        BadQuery: there is no such feed or tag, or the query names what there is not.
        typer.BadParameter: `since` is not a time.
    """
    from scraper.errors import BadQuery
    from scraper.model import ArticleFilter
    from wireroom.operations.saved_searches import meant_query

    if tag and (faults := archive.query_faults(None, tag)):
        raise BadQuery(f"--tag: {faults[0]}", query=tag)
    return ArticleFilter(
        feed_id=chosen_feed(archive, feed),
        tag=tag,
        since=parse_since(since, datetime.now(UTC)) if since else None,
        unread=unread,
        starred=starred,
        removed=removed,
        query=None if query is None else meant_query(archive, query),
        rank=rank,
        limit=limit,
    )


def chosen_feed(archive: Archive, feed: str | None) -> int | None:
    """Return the number of the feed that --feed names; None = it is not given.

    Raises:
        BadQuery: there is no such feed.
    """
    from scraper.errors import BadQuery, NotFound

    try:
        return archive.find_feed_id(feed) if feed else None
    except NotFound as exc:
        raise BadQuery(f"--feed: {exc}", query=exc.what) from None


def parse_since(text: str, now: datetime) -> datetime:
    """Return the instant that `text` means at `now`: a time span before it, or a date (with time) in local time.

    Raises:
        typer.BadParameter: it is neither.
    """
    if span := _SPAN.fullmatch(text.strip().lower()):
        try:
            return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is not a time; write a span (30m, 2h, 3d, 1w) or a date (2026-11-01, 2026-11-01T18:30)",
            param_hint="--since",
        ) from None


def by_any_form(find: Callable[[str], T], what: str) -> T:
    """Look up an id or address with `find`, as it was given and then in its canonical form.

    Raises:
        NotFound: there is nothing by that name.
    """
    from scraper.errors import NotFound
    from scraper.urls import article_key

    try:
        return find(what)
    except NotFound:
        key = article_key(what)
        if key == what:
            raise
    try:
        return find(key)
    except NotFound as exc:
        raise NotFound(str(exc).replace(key, what), what=what) from None
