"""What a person writes to select articles, feeds, times and searches, read: text becomes filters, ids and instants.

Text that cannot be read is a ValueError, whose message is fit for a user; what is read and not on file is an error of
`scraper.errors`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from scraper.errors import BadQuery, NotFound

if TYPE_CHECKING:
    from scraper.model import ArticleFilter
    from scraper.ports import Archive

T = TypeVar("T")

_SPAN = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


# --------------------------------------------------------------------------- values


def parse_number(text: str) -> int:
    """Return a number from 1 to the largest that a database can hold.

    Raises:
        ValueError: it is none.
    """
    number = int(text) if text.isdecimal() and len(text) < 20 else 0
    if not 0 < number < 2**63:
        raise ValueError(f"{text[:40]!r} is not a number from 1 on, or too large")
    return number


def parse_since(text: str, now: datetime) -> datetime:
    """Return the instant that `text` means at `now`: a time span before it, or a date (with time) in local time.

    Raises:
        ValueError: it is neither.
    """
    if span := _SPAN.fullmatch(text.strip().lower()):
        try:
            return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is not a time; write a span (30m, 2h, 3d, 1w) or a date (2026-11-01, 2026-11-01T18:30)"
        ) from None


def parse_entry_id(text: str) -> int:
    """Return the number of an entry: of `e17`, or of `17`.

    Raises:
        ValueError: it is no such id.
    """
    digits = text.removeprefix("e")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 15):
        raise ValueError(f"{text!r} is not the id of an entry; `wireroom articles --dropped` lists ids")
    return int(digits)


def parse_search_name(text: str) -> str:
    """Return the name to save a search under, with or without its @.

    Raises:
        ValueError: it is empty, or has blanks, so that @NAME would not be one word.
    """
    name = text.removeprefix("@")
    if not name or any(map(str.isspace, name)):
        raise ValueError(f"{text!r} is not a name: it must be one word without blanks")
    return name


# --------------------------------------------------------------------------- what is on file


def select_articles(
    archive: Archive,
    *,
    feed: str | None = None,
    tag: str | None = None,
    since: datetime | None = None,
    unread: bool = False,
    starred: bool = False,
    removed: bool = False,
    query: str | None = None,
    rank: bool = False,
    limit: int | None = None,
) -> ArticleFilter:
    """Return the filter for articles of a feed and with a tag that `query`, which may be @NAME, finds.

    Raises:
        BadQuery: there is no such feed or tag, or the query names what there is not.
    """
    from scraper.model import ArticleFilter

    if tag and (faults := archive.query_faults(None, tag)):
        raise BadQuery(faults[0], query=tag, part="tag")
    return ArticleFilter(
        feed_id=find_feed(archive, feed) if feed else None,
        tag=tag,
        since=since,
        unread=unread,
        starred=starred,
        removed=removed,
        query=None if query is None else resolve_query(archive, query),
        rank=rank,
        limit=limit,
    )


def find_feed(archive: Archive, feed: str) -> int:
    """Return the number of the feed that a filter names.

    Raises:
        BadQuery: there is no such feed, or it could be several.
    """
    try:
        return archive.find_feed_id(feed)
    except NotFound as exc:
        raise BadQuery(str(exc), query=feed, part="feed") from None


def resolve_query(archive: Archive, text: str) -> str:
    """Return the query that is saved as NAME if `text` is @NAME, else `text`.

    Raises:
        BadQuery: no search is saved under that name, or the query names what there is not.
    """
    given = text.strip()
    query = _saved_as(archive, given[1:]) if given.startswith("@") and len(given.split()) == 1 and given[1:] else text
    if faults := archive.query_faults(query):
        raise BadQuery("; ".join(faults), query=query)
    return query


def _saved_as(archive: Archive, name: str) -> str:
    saved = {search.name: search.query for search in archive.saved_searches()}
    if name in saved:
        return saved[name]
    near = difflib.get_close_matches(name, saved, n=1, cutoff=0.6)
    hint = f'did you mean "@{near[0]}"?' if near else "`wireroom searches` lists those that are"
    raise BadQuery(f'no search is saved as "{name}"; {hint}; to search for the word, write "{name}"', query=f"@{name}")


def find_article(archive: Archive, what: str) -> int:
    """Return the id of the article that an id or any form of its address names.

    Raises:
        NotFound: there is none.
    """
    return find_by_any_address(archive.find_article_id, what)


def find_by_any_address(find: Callable[[str], T], what: str) -> T:
    """Look up an id or address with `find`, as it was given and then in its canonical form.

    Raises:
        NotFound: there is nothing by that name.
    """
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
