"""`import`: articles, feeds and marks from another reader's archive, or from an export of ours."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from wireroom.cli.options import JsonOption
from wireroom.cli.output import WRONG, counted, fail, note, print_json, printable, say, shown

if TYPE_CHECKING:
    from scraper.model import MoveCount
    from store import Store
    from wireroom.cli.invocation import Invocation
    from wireroom.importing import Page, Source

T = TypeVar("T")

#: Articles filed in one transaction.
_BATCH = 500
_SHOWN = 20


def import_(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="What the other program wrote."),
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
    from scraper.errors import WireroomError
    from wireroom.importing import ImportOptions, NotMovable, missing, read_source

    ctx.obj.log(quiet=True)
    taken, options = _Taken(), ImportOptions(star_flag=star_flag, tags_articles=not feeds)
    try:
        for file in files:
            try:
                source = read_source(file, options)
            except NotMovable as exc:
                taken.refused.append(str(exc))
                continue
            added = _add_feeds(ctx.obj, source) if feeds else 0
            with _archive(ctx.obj, sync=feeds) as store:
                count = _file(store, source, fetch=fetch)
            taken.add(source, count, added, prefix=f"{file.name}: " if len(files) > 1 else "")
            if not json:
                say(
                    f"from {source.program}: {counted(count.new, 'article')} new, {count.known:,} on file already; "
                    f"{counted(added, 'feed')} added to {ctx.obj.config}"
                )
    except WireroomError:  # what came before it is filed, and what was left out of that is said
        _tell_losses(taken)
        raise
    taken.left_out += missing(taken.pages)
    _tell(taken, json=json)


@dataclass(slots=True)
class _Taken:
    """What came of all files of a command."""

    programs: list[str] = field(default_factory=list)
    new: int = 0
    known: int = 0
    deleted: int = 0
    feeds: int = 0
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    #: Why files were not read at all.
    refused: list[str] = field(default_factory=list)

    def add(self, source: Source, count: MoveCount, feeds: int, *, prefix: str) -> None:
        self.programs += [] if source.program in self.programs else [source.program]
        self.new, self.known = self.new + count.new, self.known + count.known
        self.deleted, self.feeds = self.deleted + count.deleted, self.feeds + feeds
        self.left_out += (prefix + reason for reason in source.left_out)
        self.notes += (prefix + what for what in source.notes)
        self.pages += source.pages


def _tell(taken: _Taken, *, json: bool) -> None:
    """Say what was not taken over, or all of it as JSON, and end the command with its status."""
    if json and taken.programs:
        _print_json(taken)
    elif not json:
        _tell_losses(taken)
    for reason in taken.refused[:-1]:
        note(f"wireroom: {shown(reason)}")
    if taken.refused:
        fail(printable(taken.refused[-1]), WRONG)
    if taken.left_out:
        fail(f"{counted(len(taken.left_out), 'item')} could not be imported")


def _tell_losses(taken: _Taken) -> None:
    for what in taken.notes[:_SHOWN]:
        note(shown(what))
    for reason in taken.left_out[:_SHOWN]:
        note(f"left out: {shown(reason)}")
    if (more := len(taken.left_out) - _SHOWN) > 0:
        note(f"left out: {more:,} more; --json names all")
    if taken.deleted:
        note(f"{counted(taken.deleted, 'article')} not imported: deleted here before")


def _print_json(taken: _Taken) -> None:
    articles = {"articles_new": taken.new, "articles_known": taken.known, "articles_deleted": taken.deleted}
    said = {"left_out": taken.left_out, "notes": taken.notes}
    print_json({"program": ", ".join(taken.programs), **articles, "feeds_added": taken.feeds, **said})


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
    stories: dict[int, int] = {}
    gc.freeze()  # what was read and waits to be filed is much, and no garbage
    try:
        for batch in _batches(source.articles):
            count += store.file_moved(batch, fetch=fetch, now=datetime.now(UTC), stories=stories)
        store.end_lone_stories(stories.values())
    finally:
        gc.unfreeze()
    return count


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    given = iter(items)
    while batch := list(islice(given, _BATCH)):
        yield batch
