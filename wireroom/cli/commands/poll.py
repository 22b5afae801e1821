"""`poll`: one pass over what is due."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.options import JsonOption
from wireroom.cli.output import STATUS_WORDS, counted, print_json, say, size, when

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scraper.config import Settings


def poll(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FEED]...",
            help="Only these feeds: number, name or address, or a part of its name.",
            show_default=False,
        ),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Poll all feeds, due or not.")] = False,
    json: JsonOption = False,
) -> None:
    """Poll the feeds that are due, and file their articles.

    The exit status is 1 if a feed failed.
    """
    from wireroom.cli.progress import say_failures, shown_progress
    from wireroom.operations import passes

    ctx.obj.log(quiet=True)
    settings = ctx.obj.settings()
    started = monotonic()
    polled = passes.poll(settings, feeds or (), is_all=all, watch=shown_progress)
    seconds = monotonic() - started
    if json:
        print_json({**polled.tally.counts, "seconds": round(seconds, 3)})
    elif polled.tally.is_idle:
        say(_idle_message(settings, polled.next_poll_at))
    else:
        say(_summary(polled.tally.counts, seconds))
    say_failures(polled.tally)


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
