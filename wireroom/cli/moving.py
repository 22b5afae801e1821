"""`import`: articles, feeds and marks from another reader's archive, or from an export of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from wireroom.cli.choice import JsonOption
from wireroom.cli.output import FAILED, WRONG, counted, fail, note, print_json, printable, say

if TYPE_CHECKING:
    from scraper.model import MoveCount
    from store import Store
    from wireroom.cli.invocation import Invocation
    from wireroom.moving import Source

T = TypeVar("T")

#: Articles filed in one transaction.
_BATCH = 200
_SHOWN = 20


def import_(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="What the other program wrote.")
    ],
    feeds: Annotated[bool, typer.Option("--feeds/--no-feeds", help="Also add its feeds to feeds.yaml.")] = True,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch the pages of articles that come without a full text.")
    ] = False,
    star_flag: Annotated[
        str, typer.Option("--star-flag", metavar="LETTER", help="The newsboat flag that means starred.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Import articles, feeds and marks from another program.

    From FreshRSS (db.sqlite, or its export), Miniflux (the JSON of /v1/entries), newsboat (cache.db) and Wireroom's own
    jsonl. What is on file already stays as it is; importing the same file again changes nothing.
    """
    from wireroom.moving import NotMovable, read_source

    ctx.obj.log(quiet=True)
    try:
        source = read_source(file, star_flag=star_flag)
    except NotMovable as exc:
        fail(printable(str(exc)), WRONG)
    added = _add_feeds(ctx.obj, source) if feeds else 0
    with _archive(ctx.obj, sync=feeds) as store:
        count = _file(store, source, fetch=fetch)
    if json:
        _print_json(source, count, added)
        return
    for reason in source.left_out[:_SHOWN]:
        note(f"left out: {printable(reason)}")
    say(
        f"from {source.program}: {counted(count.new, 'article')} new, {count.known} on file already; "
        f"{counted(added, 'feed')} added to {ctx.obj.config}"
    )
    if count.deleted:
        note(f"{counted(count.deleted, 'article')} not imported: deleted here before")
    if source.left_out:
        fail(f"{counted(len(source.left_out), 'item')} could not be imported")


def _print_json(source: Source, count: MoveCount, added: int) -> None:
    articles = {"articles_new": count.new, "articles_known": count.known, "articles_deleted": count.deleted}
    print_json({"program": source.program, **articles, "feeds_added": added, "left_out": source.left_out})
    if source.left_out:
        raise typer.Exit(FAILED)


def _add_feeds(invocation: Invocation, source: Source) -> int:
    from scraper.config import add_feeds

    return len(add_feeds(invocation.config, source.feeds))


def _archive(invocation: Invocation, *, sync: bool) -> Store:
    """Open the archive, made if there is none; with `sync` it knows the feeds that were added."""
    from datetime import UTC, datetime

    from store import open_store

    settings = invocation.settings_or_default()
    store = open_store(settings.database)
    if sync:
        store.sync_feeds(settings.feeds, now=datetime.now(UTC))
    return store


def _file(store: Store, source: Source, *, fetch: bool) -> MoveCount:
    from datetime import UTC, datetime

    from scraper.model import MoveCount

    count = MoveCount()
    for batch in _batches(source.articles):
        count += store.file_moved(batch, fetch=fetch, now=datetime.now(UTC))
    return count


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    given = iter(items)
    while batch := list(islice(given, _BATCH)):
        yield batch
