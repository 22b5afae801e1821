"""Keeps the work going on one machine: claims hosts and works each claim in a thread. The embedded Runner."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from scraper import pipeline
from scraper.errors import LeaseLost, StoreError, WorkersStopped, WorkersUnavailable
from scraper.model import ArticleJob, ArticleOutcome, FeedState, HostClaim, PollOutcome
from scraper.pipeline import Services
from scraper.polling import cadence
from scraper.ports import Fetcher, Scope
from scraper.sources.syndication import parse_feed

logger = logging.getLogger("wireroom.work")

LEASE = timedelta(minutes=15)
#: No poll begins in the last part of a lease: one may wait 30 s for the network and 10 min for a worker.
LEASE_MARGIN = timedelta(minutes=11)
#: A pass waits this long for a host that asks for a gap; the rest is left for later.
PATIENCE = timedelta(seconds=150)
#: A host whose work broke off with a bug is left alone for so long; a pass ends rather than wait for it.
AFTER_CRASH = timedelta(minutes=5)
DEFAULT_SLOTS = 32

#: After an archive that refused work, or without processes to work in, nothing is begun for so long, twice as long each
#: time: no site is asked again and again for what cannot be filed.
FIRST_REST_S, LONGEST_REST_S = 10.0, 300.0

#: Any worker that works can read this.
_SAMPLE = b"<rss version='2.0'><channel><title>Sample</title></channel></rss>"

Outcome = PollOutcome | ArticleOutcome
OnOutcome = Callable[[Outcome], None]


class EmbeddedRunner:
    """Implements `scraper.ports.Runner` with threads; network waits happen there, parsing in `services.workers`.

    `on_outcome` is told of every finished unit of work, from the thread that did it.
    """

    def __init__(self, services: Services, *, slots: int | None = None, on_outcome: OnOutcome) -> None:
        self._services = services
        self._slots = slots or DEFAULT_SLOTS
        self._on_outcome = on_outcome
        self._claims: queue.SimpleQueue[tuple[HostClaim, Scope] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._claiming = threading.Lock()
        self._state = threading.Condition()
        self._busy = 0
        self._stopping = False
        #: Why nothing could be done last, how often in a row, and until when (monotonic) nothing is begun for it.
        self._refusal: StoreError | WorkersUnavailable | None = None
        self._refusals = 0
        self._rest_until = 0.0

    @property
    def refusal(self) -> StoreError | WorkersUnavailable | None:
        """Why the last work could not be done or filed; None = it was."""
        return self._refusal

    def try_workers(self) -> None:
        """Have a worker read a small document; raises what `scraper.ports.Workers.run` says, if it cannot."""
        self._services.workers.run(parse_feed, _SAMPLE, url="https://sample.invalid/")

    def tick(self, *, scope: Scope = None) -> int:
        """Start work on what is due, up to the free slots; see `scraper.ports.Runner.tick`."""
        if not self._claiming.acquire(blocking=False):
            return 0
        try:
            return self._claim(scope)
        finally:
            self._claiming.release()

    def run_pass(self, *, scope: Scope = None) -> None:
        """Work until nothing is due; see `scraper.ports.Runner.run_pass`.

        Raises:
            StoreError: the archive refused work.
            WorkersUnavailable: there are no processes to fetch or parse in.
        """
        while not self._stopping:
            if self._refusal is not None and not self._busy:
                raise self._refusal
            with self._claiming:
                # Nobody else claims meanwhile: if nothing was started and nothing runs, only a host's gap can be left.
                is_busy = bool(self._claim(scope) or self._busy)
                now = self._services.clock.now()
                opens_at = None if is_busy else self._services.repository.gate_opens_at(now, scope=scope)
            if is_busy:
                self._wait_for_change()
            elif opens_at is None or opens_at - now > PATIENCE:
                return
            else:
                time.sleep(min(max((opens_at - now).total_seconds(), 0.01), 1.0))

    def stop(self, within: timedelta) -> bool:
        """Take no new work and wait for what is running; see `scraper.ports.Runner.stop`."""
        with self._claiming, self._state:
            # No tick is under way now, and none will start: every claim is in the queue before the end marks.
            self._stopping = True
            self._state.notify_all()
            for _ in self._threads:
                self._claims.put(None)
        return self.wait(within)

    def wait(self, within: timedelta) -> bool:
        """Wait until nothing is being worked on; return whether that came about in time."""
        with self._state:
            return self._state.wait_for(lambda: self._busy == 0, timeout=within.total_seconds())

    def _claim(self, scope: Scope) -> int:
        """Claim hosts for the free slots and start them. Called with `_claiming` held."""
        free = self._slots - self._busy
        if self._stopping or free <= 0 or time.monotonic() < self._rest_until:
            return 0
        now = self._services.clock.now()
        # What is only looked at again never takes the last slots: news must find one free.
        spare = max((self._slots + 1) // 2 - self._busy, 0)
        claims = self._services.repository.claim_hosts(now, free, LEASE, scope=scope, rechecks=spare)
        for claim in claims:
            self._start(claim, scope)
        return len(claims)

    def _wait_for_change(self) -> None:
        """Wait for work to end; the threads claim more by themselves."""
        with self._state:
            self._state.wait_for(lambda: self._busy == 0 or self._stopping, timeout=0.1)

    def _start(self, claim: HostClaim, scope: Scope) -> None:
        with self._state:
            self._busy += 1
            if len(self._threads) < min(self._busy, self._slots):
                # Daemon threads: one that hangs in a read must not keep the process from ending.
                thread = threading.Thread(target=self._work_claims, name=f"slot-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._claims.put((claim, scope))

    def _work_claims(self) -> None:
        fetcher = self._services.open_fetcher()
        while (item := self._claims.get()) is not None:
            claim, scope = item
            self._work(claim, scope, fetcher)
            with self._state:
                self._busy -= 1
                self._state.notify_all()
            self._refill(scope)

    def _refill(self, scope: Scope) -> None:
        """Claim again as soon as a quarter of the slots is free, not only at the next tick."""
        if self._busy <= self._slots * 3 // 4 and not self._stopping:
            try:
                self.tick(scope=scope)
            except StoreError as exc:
                self._take_refusal(exc)
            except Exception:
                logger.exception("archive refused a claim")

    def _take_refusal(self, refusal: StoreError | WorkersUnavailable) -> None:
        with self._state:
            if time.monotonic() >= self._rest_until:  # what was under way together fails together: that is one
                self._refusals += 1
            rest_s = min(FIRST_REST_S * 2 ** min(self._refusals - 1, 10), LONGEST_REST_S)
            self._refusal, self._rest_until = refusal, time.monotonic() + rest_s

    def _take_filed(self) -> None:
        with self._state:
            self._refusal, self._refusals, self._rest_until = None, 0, 0.0

    def _work(self, claim: HostClaim, scope: Scope, fetcher: Fetcher) -> None:
        """Work one claim and see it ended: the job boundary, past which no error goes."""
        is_over, hold_until = False, None
        try:
            with closing(fetcher):
                is_over = self._work_host(claim, scope, fetcher)
        except LeaseLost:
            logger.warning("claim lost", extra={"host": claim.host, "slot": claim.slot})
        except WorkersStopped:
            logger.debug("work dropped", extra={"host": claim.host, "slot": claim.slot})
        except (StoreError, WorkersUnavailable) as exc:
            if not self._stopping:
                hold_until = self._services.clock.now() + cadence.FLOOR
                self._take_refusal(exc)
                what = "archive refused" if isinstance(exc, StoreError) else "no process to work in"
                logger.error(what, extra={"host": claim.host, "error": str(exc)})
        except Exception:
            hold_until = self._services.clock.now() + AFTER_CRASH
            logger.exception("claim crashed", extra={"host": claim.host, "slot": claim.slot})
        if not is_over:
            self._release(claim, hold_until)

    def _release(self, claim: HostClaim, hold_until: datetime | None) -> None:
        """Let a claim go. What was not filed is due still: the host is left alone for a while, or it is asked again at
        once, and for ever. If the archive refuses this too, that while is the rest of the lease.
        """
        try:
            self._services.repository.release(claim, hold_until=hold_until)
        except StoreError as exc:
            self._take_refusal(exc)
        except Exception:
            logger.exception("archive refused a release", extra={"host": claim.host})

    def _work_host(self, claim: HostClaim, scope: Scope, fetcher: Fetcher) -> bool:
        """Do what the claim is for; return whether its last commit ended it."""
        if claim.slot == "feeds":
            return self._poll_host(claim, scope, fetcher)
        return self._fetch_from_host(claim, scope, fetcher)

    def _poll_host(self, claim: HostClaim, scope: Scope, fetcher: Fetcher) -> bool:
        """Poll the host's due feeds over one connection, as many as the lease has time for."""
        feeds = self._ripe_feeds(claim, scope)
        for number, feed in enumerate(feeds, start=1):
            if self._stopping or self._services.clock.now() > claim.leased_until - LEASE_MARGIN:
                return False
            held = replace(claim, ends_with_commit=number == len(feeds))
            self._on_outcome(self._poll(feed, held, fetcher))
            self._take_filed()
        return bool(feeds)

    def _ripe_feeds(self, claim: HostClaim, scope: Scope) -> tuple[FeedState, ...]:
        """Return the feeds to poll; those that some rule has made due too soon are put off, whatever the rule."""
        now = self._services.clock.now()
        feeds = self._services.repository.due_feeds(claim, now, scope=scope)
        early = {feed.id: until for feed in feeds if (until := cadence.too_soon_until(feed, now))}
        if early:
            self._services.repository.put_off_polls(claim, early)
        return tuple(feed for feed in feeds if feed.id not in early)

    def _poll(self, feed: FeedState, claim: HostClaim, fetcher: Fetcher) -> PollOutcome:
        try:
            return pipeline.poll_feed(feed, claim, self._services, fetcher)
        except (StoreError, WorkersStopped, WorkersUnavailable):
            raise
        except Exception as exc:
            logger.exception("poll crashed", extra={"url": feed.spec.url})
            return pipeline.give_up_poll(feed, claim, self._services, f"internal error: {exc!r}")

    def _fetch_from_host(self, claim: HostClaim, scope: Scope, fetcher: Fetcher) -> bool:
        """Fetch one article; those that need no network cost the host nothing and are done on the way."""
        while not self._stopping:
            job = self._services.repository.next_article(claim, self._services.clock.now(), scope=scope)
            if job is None:
                return False
            outcome = self._fetch(job, claim, fetcher)
            self._on_outcome(outcome)
            self._take_filed()
            if outcome.used_network:
                return True
        return False

    def _fetch(self, job: ArticleJob, claim: HostClaim, fetcher: Fetcher) -> ArticleOutcome:
        try:
            return pipeline.fetch_article(job, claim, self._services, fetcher)
        except (StoreError, WorkersStopped, WorkersUnavailable):
            raise
        except Exception as exc:
            logger.exception("fetch crashed", extra={"url": job.url})
            return pipeline.give_up_article(job, claim, self._services, f"internal error: {exc!r}")
