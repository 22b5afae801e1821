"""One pass of work: the store is locked and opened, outcomes are counted, shown and reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

import typer

from scraper.config import Settings
from scraper.engine.embedded import Outcome
from scraper.engine.outages import OUTAGE_AFTER
from scraper.errors import StoreBusy
from scraper.model import ArticleOutcome, Outage, PollOutcome
from scraper.ports import Scope
from store import ProcessLock, Store, lock_owner, open_store
from wireroom.cli.output import FAILED, note, printable
from wireroom.cli.progress import shown_progress
from wireroom.logs import redact
from wireroom.operations.compose import open_runner

_FEED_COUNTS = ("feeds_polled", "not_modified", "feeds_failed", "entries_new", "articles_new")
_ARTICLE_COUNTS = ("full", "feed_only", "failed", "pages_fetched", "bytes")


@dataclass(slots=True)
class Tally:
    """Counts the outcomes of one pass."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*_FEED_COUNTS, *_ARTICLE_COUNTS), 0))
    failures: list[PollOutcome] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def count(self, outcome: Outcome) -> None:
        """Take in one outcome of a poll or of an article fetch; may be called from any thread."""
        with self._lock:
            if isinstance(outcome, PollOutcome):
                self._count_poll(outcome)
            else:
                self._count_article(outcome)

    @property
    def is_outage(self) -> bool:
        """True if no feed could be reached at all."""
        is_all = len(self.failures) == self.counts["feeds_polled"] >= OUTAGE_AFTER
        return is_all and all(outcome.is_unreachable for outcome in self.failures)

    @property
    def has_reached_any(self) -> bool:
        """True if at least one feed's server was reached."""
        return self.counts["feeds_polled"] > sum(outcome.is_unreachable for outcome in self.failures)

    @property
    def is_unresolved(self) -> bool:
        """True if no failed feed's host was found by name."""
        return all(outcome.is_unresolved for outcome in self.failures)

    def _count_poll(self, outcome: PollOutcome) -> None:
        counts = self.counts
        counts["feeds_polled"] += 1
        counts["not_modified"] += outcome.status == "not_modified"
        counts["entries_new"] += outcome.entries_new
        counts["articles_new"] += outcome.articles_new
        counts["bytes"] += outcome.wire_bytes
        # 410 Gone: the feed will not be polled again, so somebody has to hear of it.
        if outcome.status in ("failed", "gone"):
            counts["feeds_failed"] += 1
            self.failures.append(outcome)

    def _count_article(self, outcome: ArticleOutcome) -> None:
        counts = self.counts
        counts["pages_fetched"] += outcome.pages_fetched
        counts["bytes"] += outcome.wire_bytes
        if outcome.merged_into is not None:  # it was one we have: what its entry promised was not new
            counts["articles_new"] = max(0, counts["articles_new"] - 1)
        elif outcome.status != "pending" and not outcome.goes_on and not outcome.is_recheck:
            counts[outcome.status] += 1


@contextmanager
def owned_store(settings: Settings, instead: str) -> Iterator[Store]:
    """Open the store with the process lock held and its feed list brought up to date.

    Raises:
        StoreBusy: a daemon, or another command, holds the lock; the message names the command that asks it `instead`.
    """
    path = settings.database
    if (pid := lock_owner(path)) is not None:
        who = f"process {pid}" if pid else "another process"
        raise StoreBusy(f"{path} is in use by {who}; `wireroom {instead}` asks it to do the work", path=path)
    with ProcessLock(path), open_store(path) as store:
        store.sync_feeds(settings.feeds, now=_now())
        yield store


def find_scope(store: Store, feeds: Sequence[str] | None) -> Scope:
    """Return the ids of the feeds that were named; None = all.

    Raises:
        NotFound: one of them is unknown.
    """
    return frozenset(store.find_feed_id(what) for what in feeds) if feeds else None


def run_pass(
    settings: Settings, store: Store, scope: Scope, tally: Tally, until: Callable[[Outcome], bool] | None = None
) -> None:
    """Work until nothing in `scope` is due, or an outcome is the one that `until` waits for, counting into `tally`.

    Where a person watches, a progress bar shows how far it is.
    """
    with shown_progress(store.feeds(), scope, _now()) as show:

        def listen(outcome: Outcome) -> None:
            tally.count(outcome)
            show(outcome)
            if until is not None and until(outcome):
                runner.stop(timedelta(0))

        began_at = _now()
        with open_runner(settings, store, on_outcome=listen) as runner:
            runner.run_pass(scope=scope)
    if tally.is_outage:
        store.set_outage(Outage(since=began_at, is_unresolved=tally.is_unresolved))
    elif tally.has_reached_any:
        store.set_outage(None)


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


def _now() -> datetime:
    return datetime.now(UTC)
