"""Adapters put together by the settings."""

from __future__ import annotations

import logging
import random
import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import get_args

from scraper.articles.commit import refused_on
from scraper.articles.robots_gate import RuleBook
from scraper.config import Settings
from scraper.engine.embedded import DEFAULT_SLOTS, EmbeddedRunner, Outcome
from scraper.engine.workers import WorkerPool
from scraper.errors import StoreError
from scraper.fetch.client import ClientPolicy, HttpFetcher
from scraper.fetch.connection import tls_context
from scraper.fetch.fetch_process import FetchProcess
from scraper.fetch.networks import AddressPolicy
from scraper.model import Refusal
from scraper.pipeline import Services
from scraper.polling.cron import next_cron_time
from store import Store, open_store
from wireroom import __version__
from wireroom.operations.health import Health, WatchedWorkers
from wireroom.operations.pauses import ConsiderateFetcher

logger = logging.getLogger("wireroom.daemon")

#: Time that running work gets at shutdown; with the rest it makes less than 10 s.
STOP_WITHIN = timedelta(seconds=5)
_STANDING_FILES, _FILES_OF_SLOT = 32, 4


class SystemClock:
    """Implements `scraper.ports.Clock`."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.now(UTC)


def client_policy(settings: Settings) -> ClientPolicy:
    """Return who we are on the wire: Wireroom, its version and the user's contact."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return ClientPolicy(
        user_agent=f"Wireroom/{__version__}{contact}", addresses=AddressPolicy.allowing(settings.allow_private)
    )


@contextmanager
def open_client(settings: Settings, archive: Store | None = None) -> Iterator[ConsiderateFetcher]:
    """Open one fetcher, for commands that look at a single address; it keeps the pauses that `archive` knows of.

    None = the archive of the settings is opened for that, if there is one.
    """
    with ExitStack() as stack:
        fetcher = HttpFetcher(client_policy(settings), tls_context(), SystemClock())
        stack.callback(fetcher.close)
        if archive is None and settings.database.exists():
            with suppress(StoreError):  # looking needs none
                archive = stack.enter_context(open_store(settings.database, create=False))
        yield ConsiderateFetcher(fetcher, SystemClock(), archive)


@contextmanager
def open_workers() -> Iterator[WorkerPool]:
    """Open one worker, for commands that read a single document."""
    workers = WorkerPool(1)
    try:
        yield workers
    finally:
        workers.close()


@contextmanager
def open_runner(
    settings: Settings, store: Store, *, on_outcome: Callable[[Outcome], None], health: Health | None = None
) -> Iterator[EmbeddedRunner]:
    """Open a runner over `store`, whose process lock the caller holds; clears what an earlier process left claimed.

    `health` takes in how its workers do.
    """
    store.clear_leases()
    repair_due_times(store)
    store.retry_refused(refusal_terms(settings), now=datetime.now(UTC))
    workers = WorkerPool()
    fetching = FetchProcess(client_policy(settings), SystemClock())
    services = Services(
        repository=store,
        workers=WatchedWorkers(workers, health or Health(SystemClock())),
        rules=RuleBook(workers),
        clock=SystemClock(),
        rng=random.Random(),
        cron=next_cron_time,
        open_fetcher=fetching.open,
        sites=settings.sites,
        allow_private=settings.allow_private,
        keeps_pages=settings.keep_pages != timedelta(0),
        access=settings.access,
    )
    slots = affordable_slots(settings.concurrency or DEFAULT_SLOTS, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    runner = EmbeddedRunner(services, slots=slots, on_outcome=on_outcome)
    try:
        yield runner
    finally:
        runner.stop(STOP_WITHIN)
        fetching.close()
        workers.close()


def affordable_slots(wanted: int, descriptors: int) -> int:
    """Return how many slots a limit of open files allows: fewer at once, rather than connections that fail.

    Database, workers and reading room keep about thirty files open; a slot needs a connection and its look-up, and two
    files of the database.
    """
    if descriptors == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, (descriptors - _STANDING_FILES) // _FILES_OF_SLOT))


def repair_due_times(store: Store) -> None:
    if moved := store.mend_times(now=datetime.now(UTC)):
        logger.warning("due times of a clock that was ahead put right", extra={"moved": moved})


def refusal_terms(settings: Settings) -> tuple[str, ...]:
    """Return on what terms pages are refused for good: a page refused on others is tried again."""
    return tuple(refused_on(kind, settings.allow_private) for kind in get_args(Refusal))
