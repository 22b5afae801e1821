"""A Wireroom to measure: the daemon's own parts, with a say in which of the host's slots are worked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from bench.dialogue import timed
from scraper.config import Settings
from scraper.engine.embedded import EmbeddedRunner, Outcome
from scraper.model import FeedSpec, HostClaim, PollOutcome
from scraper.ports import Scope
from store import ProcessLock, Store, open_store
from wireroom.operations.compose import open_runner


class _Held(Store):
    """A store that keeps article slots claimed, and so unworked, while `is_held`."""

    is_held = True

    def claim_hosts(
        self, now: datetime, limit: int, lease: timedelta, *, scope: Scope = None, rechecks: int | None = None
    ) -> tuple[HostClaim, ...]:
        """Claim as the store does; what is claimed for articles meanwhile is not given to anybody."""
        while claims := super().claim_hosts(now, limit, lease, scope=scope, rechecks=rechecks):
            if not self.is_held:
                return claims
            if feeds := tuple(claim for claim in claims if claim.slot == "feeds"):
                return feeds
        return ()


class Room:
    """One archive and its runner, from `open` until `close`.

    The address check, size limits, deadlines, robots.txt, durability: all as shipped. Only loopback is allowed.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._counts: Counter[str] = Counter()
        self._counting = Lock()
        self._store: _Held
        self._runner: EmbeddedRunner
        self._measured: list[int] = []

    def open(self, folder: str, feeds: Sequence[str], full_text: bool, has_warm_up: bool) -> dict[str, Any]:
        """Make an archive with these feeds; the last one may be there to warm up with, uncounted."""
        settings = Settings(
            path=Path(folder) / "feeds.yaml",
            database=Path(folder) / "wireroom.db",
            allow_private=("127.0.0.0/8",),
            feeds=tuple(FeedSpec(url=url, full_text=full_text) for url in feeds),
        )
        self._stack.enter_context(ProcessLock(settings.database))
        open_store(settings.database).close()
        self._store = _Held(settings.database)
        self._stack.callback(self._store.close)
        self._store.sync_feeds(settings.feeds, now=datetime.now(UTC))
        self._runner = self._stack.enter_context(open_runner(settings, self._store, on_outcome=self._count))
        ids = {row.url: row.id for row in self._store.feeds()}
        self._measured = [ids[url] for url in (feeds[:-1] if has_warm_up else feeds)]
        if has_warm_up:
            self._store.is_held = False
            self._runner.run_pass(scope=frozenset({ids[feeds[-1]]}))
        return {}

    def poll(self) -> dict[str, Any]:
        """Poll every feed once; articles are filed as pending and left at that."""
        self._store.is_held = True
        self._store.request_polls(self._measured, now=datetime.now(UTC))
        return self._pass()

    def file(self) -> dict[str, Any]:
        """Work on what is pending: fetch, extract, clean and file it, or file what the feed said."""
        self._store.is_held = False
        self._store.clear_leases()
        return self._pass()

    def close(self) -> dict[str, Any]:
        """Shut down."""
        self._stack.close()
        return {}

    def _pass(self) -> dict[str, Any]:
        self._counts.clear()
        seconds = timed(self._runner.run_pass)
        return {"seconds": seconds, **self._counts}

    def _count(self, outcome: Outcome) -> None:
        with self._counting:
            if isinstance(outcome, PollOutcome):
                self._counts["feeds"] += 1
                self._counts["not_modified"] += outcome.status == "not_modified"
                self._counts["failed"] += outcome.status in ("failed", "gone")
                self._counts["entries_new"] += outcome.entries_new
            else:
                self._counts["articles"] += 1
                self._counts[outcome.status] += 1
