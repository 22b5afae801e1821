"""`demo`: everything there is to see, without a network."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.output import counted, note, print_rows, say

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.config import Settings
    from store import Store


def demo(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Poll, list the articles and end.")] = False,
) -> None:
    """Show everything with a small demo newspaper.

    It is served on this machine, polled, and shown in the reading room. It needs no network and leaves no files behind.
    """
    from datetime import UTC, datetime
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from store import ProcessLock, open_store
    from wireroom.cli.commands.run import wait_for_signal
    from wireroom.cli.progress import shown_progress
    from wireroom.demo import DemoNewspaper
    from wireroom.operations.passes import Tally, run_pass
    from wireroom.serving import ReadingRoom

    ctx.obj.log(quiet=True)
    with ExitStack() as stack:
        newspaper = stack.enter_context(DemoNewspaper(edition_at=datetime.now(UTC)))
        directory = stack.enter_context(TemporaryDirectory(prefix="wireroom-demo-"))
        settings = _settings(Path(directory), newspaper.feeds_yaml())
        stack.enter_context(ProcessLock(settings.database))
        store = stack.enter_context(open_store(settings.database))
        store.sync_feeds(settings.feeds, now=datetime.now(UTC))
        note(f"serving a demo newspaper with {counted(len(settings.feeds), 'feed')}; polling it ...")
        if not once:
            # Before the poll, to watch the articles come in; on any free port, since a daemon may have the usual one.
            room = stack.enter_context(ReadingRoom(store, "127.0.0.1", 0))
            say(f"reading room: {room.url} (Ctrl-C ends the demo)")
        tally = Tally()
        run_pass(settings, store, None, tally, watch=shown_progress)
        _print_articles(store)
        note(f"{counted(tally.counts['articles_new'], 'article')} filed, {tally.counts['full']} in full")
        if not once:
            wait_for_signal()


def _settings(directory: Path, feeds_yaml: str) -> Settings:
    from scraper.config import load_settings

    path = directory / "feeds.yaml"
    path.write_text(feeds_yaml, encoding="utf-8")
    return load_settings(path)


def _print_articles(store: Store) -> None:
    from scraper.model import ArticleFilter
    from wireroom.cli.commands.articles import COLUMNS, article_row

    print_rows(COLUMNS, map(article_row, store.find_articles(ArticleFilter())), wide="title")
