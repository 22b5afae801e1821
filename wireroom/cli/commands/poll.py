"""`poll`: one pass over what is due."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.options import JsonOption
from wireroom.cli.output import STATUS_WORDS, counted, print_json, say, size, when

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.config import Settings


def poll(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FEED]...", help="Only these feeds: address, name or id.", show_default=False),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Poll all feeds, due or not.")] = False,
    json: JsonOption = False,
) -> None:
    """Poll the feeds that are due, and file their articles.

    The exit status is 1 if a feed failed.
    """
    from wireroom.cli.work import Tally, find_scope, owned_store, run_pass, say_failures

    ctx.obj.log(quiet=True)
    settings = ctx.obj.settings()
    tally = Tally()
    started = monotonic()
    with owned_store(settings, "refresh") as store:
        scope = find_scope(store, feeds)
        if all or scope:  # a feed that is named is wanted now
            store.request_polls(sorted(scope) if scope else None, now=datetime.now(UTC))
        run_pass(settings, store, scope, tally)
        store.reopen_index()
        while store.index_more(hidden_too=True):
            pass
        is_idle = not tally.counts["feeds_polled"] and not tally.counts["pages_fetched"]
        next_at = store.status().next_poll_at if is_idle else None
    seconds = monotonic() - started
    if json:
        print_json({**tally.counts, "seconds": round(seconds, 3)})
    elif is_idle:
        say(_idle_message(settings, next_at))
    else:
        say(_summary(tally.counts, seconds))
    say_failures(tally)


def _summary(counts: Mapping[str, int], seconds: float) -> str:
    found = (counted(counts["entries_new"], "new entry", "new entries"), counted(counts["articles_new"], "new article"))
    settled = ", ".join(
        f"{counts[name]:,} {STATUS_WORDS[name]}" for name in ("full", "feed_only", "failed") if counts[name]
    )
    parts = [
        f"{counted(counts['feeds_polled'], 'feed')} polled, {counts['not_modified']:,} of them not modified",
        ", ".join(found),
        *([f"articles filed: {settled}"] if settled else []),
        f"{size(counts['bytes'])} in {seconds:.1f} s",
    ]
    return "; ".join(parts)


def _idle_message(settings: Settings, next_at: datetime | None) -> str:
    if not settings.feeds:
        return f"{settings.path.name} lists no feed yet; add one with `wireroom feeds add URL`"
    due = f"; the next feed is due at {when(next_at)}" if next_at else ""
    return f"nothing was due{due} (--all polls every feed now)"
