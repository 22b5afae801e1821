"""When the web is out of reach, and what was settled meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from scraper.engine.outcome_log import log_article, log_poll
from scraper.model import ArticleOutcome, Outage, PollOutcome
from scraper.urls import host_of, without_credentials

_polls = logging.getLogger("wireroom.polls")

#: So many hosts failing in a row to give any answer mean that the fault is on our side of the wire.
OUTAGE_AFTER = 3
#: In an outage one feed is asked again after a tenth of the time it has lasted, within these bounds.
PROBE_SHARE, SOONEST_PROBE, LATEST_PROBE = 0.1, timedelta(minutes=1), timedelta(minutes=15)


def probe_wait(lasted: timedelta) -> timedelta:
    """Return how long to wait between two tries to reach the web, when it has been out of reach for so long."""
    return min(max(lasted * PROBE_SHARE, SOONEST_PROBE), LATEST_PROBE)


class Journal:
    """Writes a line for each outcome. Thread-safe.

    While every poll fails to reach its server, the polls are held back and one line says that the web is out of reach;
    the feeds that failed meanwhile are polled again as soon as something answers. A host that failed while others were
    reached is down by itself: it is no witness of an outage until it has answered once.
    """

    def __init__(self, feeds: Sequence[str], on_change: Callable[[Outage | None], None] = lambda outage: None) -> None:
        """`on_change` is told that an outage has begun, and (None) that it is over; it writes nothing here."""
        self._lock = threading.Lock()
        self._hosts: frozenset[str] = frozenset()
        self._held: dict[int, PollOutcome] = {}
        #: Hosts known to be down by themselves.
        self._down: set[str] = set()
        self._out_since: datetime | None = None
        #: When the first of those that are held failed.
        self._failed_since: datetime | None = None
        self._on_change = on_change
        self._probed_at: datetime | None = None
        self.take_list(feeds)

    @property
    def in_outage(self) -> bool:
        """Whether the web is out of reach."""
        return self._out_since is not None

    def take_list(self, feeds: Sequence[str]) -> None:
        """Take over the addresses of the feeds that are polled."""
        with self._lock:
            self._hosts = frozenset(map(host_of, feeds))
            self._down &= self._hosts

    def probe(self, now: datetime) -> int | None:
        """Return the feed to ask whether the web is in reach again; None = it is, or it is too early to ask."""
        with self._lock:
            if self._out_since is None or not self._held:
                return None
            last = self._probed_at or self._out_since
            if timedelta(0) <= now - last < probe_wait(now - self._out_since):
                return None
            self._probed_at = now
            return next(iter(self._held))

    def write(self, outcome: PollOutcome | ArticleOutcome, now: datetime) -> tuple[int, ...]:
        """Log one outcome; return the feeds to poll again because an outage has just ended."""
        with self._lock:
            if isinstance(outcome, ArticleOutcome):
                log_article(outcome)
                return ()
            return self._write_poll(outcome, now)

    def _write_poll(self, outcome: PollOutcome, now: datetime) -> tuple[int, ...]:
        host = host_of(outcome.url)
        if outcome.is_unreachable:
            if host in self._down:
                log_poll(outcome)
            else:
                self._hold(outcome, now)
            return ()
        self._down.discard(host)
        missed = tuple(self._held) if self.in_outage else ()
        if self.in_outage:
            _polls.info("the web is in reach again", extra={"feeds_to_repeat": len(missed)})
            self._on_change(None)
        else:
            for held in self._held.values():
                log_poll(held)
        # Those that fail again now are down by themselves: an outage is not declared over them a second time.
        self._down |= {host_of(held.url) for held in self._held.values()} - {host}
        self._held.clear()
        self._out_since = self._probed_at = None
        log_poll(outcome)
        return missed

    def _hold(self, outcome: PollOutcome, now: datetime) -> None:
        if not self._held:
            self._failed_since = now
        self._held.pop(outcome.feed_id, None)  # the longest waiting first
        self._held[outcome.feed_id] = outcome
        witnesses = {host_of(held.url) for held in self._held.values()}
        if self.in_outage:
            _polls.debug("feed unreachable", extra={"url": without_credentials(outcome.url), "error": outcome.error})
        elif len(witnesses) >= max(1, min(OUTAGE_AFTER, len(self._hosts - self._down))):
            self._out_since = now
            is_unresolved = all(held.is_unresolved for held in self._held.values())
            self._on_change(Outage(since=self._failed_since or now, is_unresolved=is_unresolved, is_retried=True))
            if is_unresolved:
                _polls.warning(
                    "names cannot be looked up: no host of a feed is found; look at this machine's network and its "
                    "name server (DNS). Trying again every few minutes",
                    extra={"first_error": outcome.error},
                )
            else:
                _polls.warning(
                    "the web is out of reach: no feed answers; trying again every few minutes. "
                    "To see everything without a network: make demo (wireroom demo)",
                    extra={"first_error": outcome.error},
                )
