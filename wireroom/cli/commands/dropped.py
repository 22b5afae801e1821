"""`articles --dropped` and `restore-entry`: what rules kept out, and bringing it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from wireroom.cli.options import JsonOption, parsed
from wireroom.cli.output import counted, note, print_json, print_rows, say, when
from wireroom.operations.select import parse_entry_id

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.ports import Archive

EntriesArgument = Annotated[
    # Typer reads them as text; the callback makes numbers of them.
    list[Any],
    typer.Argument(
        callback=parsed(parse_entry_id), metavar="ID...", help="Ids of entries, as listed.", show_default=False
    ),
]


def list_dropped(
    archive: Archive, *, feed_id: int | None, since: datetime | None, limit: int | None, as_json: bool
) -> None:
    """Print the entries that rules kept out, the newest first."""
    found = archive.dropped_entries(feed_id=feed_id, since=since, limit=limit)
    if as_json:
        print_json(found)
        return
    rows = [
        (f"e{entry.id}", when(entry.dropped_at), entry.feed, entry.rule, entry.detail, entry.title or entry.link or "")
        for entry in found
    ]
    print_rows(("id", "dropped", "feed", "rule", "detail", "title"), rows, wide="title")
    if not found:
        note("no entry was dropped")


def restore_entry(ctx: typer.Context, entries: EntriesArgument, json: JsonOption = False) -> None:
    """File entries that rules dropped.

    `wireroom articles --dropped` lists them with their ids. Their pages are fetched, and no rule drops them again.
    """
    from datetime import UTC, datetime

    with ctx.obj.archive() as archive:
        ids = archive.restore_entries(entries, now=datetime.now(UTC))
    if json:
        print_json({"article_ids": ids})
        return
    say(f"{counted(len(ids), 'entry', 'entries')} brought back as {', '.join(f'article {number}' for number in ids)}")
