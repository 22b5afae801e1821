"""One pass of work without a daemon: the archive is locked and opened, what is due is done, outcomes are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TypeAlias

from scraper.config import Settings
from scraper.engine.embedded import Outcome
from scraper.engine.outages import OUTAGE_AFTER
from scraper.errors import StoreBusy
from scraper.model import ArticleOutcome, FeedRow, Outage, PollOutcome
from scraper.ports import Scope
from store import ProcessLock, Store, lock_owner, open_store
from wireroom.operations.compose import open_runner

#: Shows a pass over feeds, of which those in the scope are polled, from an instant on: yields what hears each outcome.
Watch: TypeAlias = Callable[[Sequence[FeedRow], Scope, datetime], AbstractContextManager[Callable[[Outcome], None]]]

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
    def is_idle(self) -> bool:
        """True if there was nothing to do."""
        return not self.counts["feeds_polled"] and not self.counts["pages_fetched"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What came of one pass over feeds."""

    tally: Tally
    #: When the next feed is due, if there was nothing to do and one is due at all.
    next_poll_at: datetime | None


@contextmanager
def locked_archive(settings: Settings, instead: str) -> Iterator[Store]:
    """Open the archive with the process lock held and its feed list brought up to date.

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


def poll(settings: Settings, feeds: Sequence[str] = (), *, is_all: bool = False, watch: Watch) -> Polled:
    """Poll the feeds that are due, file their articles and make them searchable.

    Feeds that are named are polled now, due or not, and no others; with `is_all` every feed is.

    Raises:
        NotFound: one of the names means no feed, or several.
        StoreBusy: a daemon, or another command, is at work.
    """
    tally = Tally()
    with locked_archive(settings, "refresh") as store:
        scope = frozenset(store.find_feed_id(what) for what in feeds) if feeds else None
        if is_all or scope:
            store.request_polls(sorted(scope) if scope else None, now=_now())
        run_pass(settings, store, scope, tally, watch=watch)
        store.reopen_index()
        while store.index_more(hidden_too=True):
            pass
        return Polled(tally=tally, next_poll_at=store.status().next_poll_at if tally.is_idle else None)


def run_pass(
    settings: Settings,
    store: Store,
    scope: Scope,
    tally: Tally,
    *,
    watch: Watch,
    until: Callable[[Outcome], bool] | None = None,
) -> None:
    """Work until nothing in `scope` is due, or an outcome is the one that `until` waits for, counting into `tally`."""
    with watch(store.feeds(), scope, _now()) as show:

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


def _now() -> datetime:
    return datetime.now(UTC)
