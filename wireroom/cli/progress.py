"""One pass of work as a person sees it: its progress, and the feeds that failed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scraper.engine.embedded import Outcome
from scraper.model import FeedRow, PollOutcome
from scraper.ports import Scope
from wireroom.cli.output import FAILED, console, note, printable
from wireroom.logs import redact
from wireroom.operations.passes import Tally


@contextmanager
def shown_progress(feeds: Sequence[FeedRow], scope: Scope, now: datetime) -> Iterator[Callable[[Outcome], None]]:
    """Show a bar for feeds and one for articles on standard error; yields what is to be told each outcome.

    Where standard error is not a terminal nothing is shown.
    """
    if not sys.stderr.isatty():
        yield lambda outcome: None
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console(stderr=True),
        transient=True,
    ) as progress:
        yield _Bars(progress, sum(_is_due(feed, scope, now) for feed in feeds))


class _Bars:
    """Two bars; outcomes come from several threads."""

    def __init__(self, progress: Progress, due: int) -> None:
        self._progress = progress
        self._feeds = progress.add_task("feeds", total=due)
        self._articles = progress.add_task("articles", total=0)
        self._polled = 0
        self._found = 0
        self._settled = 0
        self._due = due
        self._lock = Lock()

    def __call__(self, outcome: Outcome) -> None:
        with self._lock:
            if isinstance(outcome, PollOutcome):
                self._polled += 1
                self._found += outcome.articles_new
            elif not outcome.goes_on and not outcome.is_recheck:
                self._settled += 1
            self._progress.update(self._feeds, completed=self._polled, total=max(self._due, self._polled))
            # Articles left over from an earlier pass are settled, too.
            self._progress.update(self._articles, completed=self._settled, total=max(self._found, self._settled))


def _is_due(feed: FeedRow, scope: Scope, now: datetime) -> bool:
    is_wanted = scope is None or feed.id in scope
    return is_wanted and feed.next_poll_at is not None and feed.next_poll_at <= now


def say_failures(tally: Tally) -> None:
    """Name the feeds that failed on standard error and end with status 1 if there are any."""
    failures = tally.failures
    if not failures:
        return
    if tally.is_outage:
        # Its advice is about one address; the fault is not there.
        first = printable(redact(failures[0].error or "")).partition("; ")[0]
        what = "names cannot be looked up" if tally.is_unresolved else "the web is out of reach"
        note(f"wireroom: {what}: none of {len(failures):,} feeds could be asked ({first})")
        note("wireroom: `wireroom demo` shows everything without a network")
    else:
        for outcome in failures:
            url, error = redact(outcome.url), redact(outcome.error or "failed")
            note(f"wireroom: {printable(error if error.startswith(url) else f'{url}: {error}')}")
    raise typer.Exit(FAILED)
