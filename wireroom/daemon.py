"""The running program: its jobs, a changed configuration taken over, its end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler import Daemon, Job
from scraper.articles.drift import drift_of
from scraper.config import Settings
from scraper.engine.embedded import EmbeddedRunner, Outcome
from scraper.engine.outages import Journal
from scraper.errors import ConfigError, StoreError, WorkerFailed, WorkersStopped, WorkersUnavailable
from scraper.fetch.heap import keep_heap_small
from scraper.model import MISSED, PROBE, ArticleOutcome
from scraper.polling.spread import spread
from store import ProcessLock, Store, open_store
from wireroom.operations.compose import SystemClock, open_runner, repair_due_times
from wireroom.operations.health import Health
from wireroom.serving import ReadingRoom

logger = logging.getLogger("wireroom.daemon")

#: What changes when a file does: its time of change, size and number.
_Stamp = tuple[int, int, int]
#: The index of searches is caught up with so often, for so long.
_INDEX_EVERY, _INDEX_FOR_S = timedelta(seconds=10), 3.0
_HEALTH_EVERY = timedelta(seconds=15)


def _other_rules(settings: Settings, before: Settings) -> tuple[str, ...]:
    """Return the hosts whose rules under `sites:` are not what they were."""
    hosts = settings.sites.keys() | before.sites.keys()
    return tuple(sorted(host for host in hosts if settings.sites.get(host) != before.sites.get(host)))


class _Wireroom:
    """The running daemon: what its jobs do."""

    def __init__(
        self, load: Callable[[], Settings], loaded: tuple[_Stamp, Settings], store: Store, health: Health
    ) -> None:
        self._load = load
        self._health = health
        self._trial: threading.Thread | None = None
        self._seen, self._settings = loaded
        self._store = store
        self._clock = SystemClock()
        store.set_outage(None)  # of an earlier process
        self._journal = Journal([feed.url for feed in self._settings.feeds], on_change=store.set_outage)
        self._stack = ExitStack()
        #: Articles settled since the last look for drift.
        self._settled: set[int] = set()
        #: Articles that the index lacks have been looked for since the start.
        self._is_index_checked = False
        self._runner = self._open_runner(self._settings)

    def jobs(self) -> tuple[Job, ...]:
        return (
            Job(name="poll_due_feeds", run=self._telling(self.tick), every=timedelta(seconds=1)),
            Job(name="reload", run=self._telling(self.reload), every=timedelta(seconds=2), on_hangup=True),
            Job(name="watch", run=self._telling(self.probe), every=timedelta(minutes=1)),
            Job(name="health", run=self.look_after_health, every=_HEALTH_EVERY),
            Job(name="index", run=self._telling(self.index), every=_INDEX_EVERY),
            Job(name="drift", run=self._telling(self.look_for_drift), every=timedelta(minutes=10)),
            Job(name="maintain", run=self._telling(self.maintain), every=timedelta(hours=6)),
        )

    def index(self) -> None:
        """Let searches know what they do not know yet; others write between the steps."""
        if not self._is_index_checked:
            self._store.reopen_index()
            self._is_index_checked = True
        ends_at = time.monotonic() + _INDEX_FOR_S
        while self._store.index_more() and time.monotonic() < ends_at:
            pass

    def _telling(self, work: Callable[[], object]) -> Callable[[], None]:
        """Tell once what an archive refuses (a full disk, a lock), not at every try: jobs come again by themselves."""
        #: What the archive refused this job last; empty = it took everything since.
        refusal = ""

        def run() -> None:
            nonlocal refusal
            try:
                work()
            except StoreError as exc:
                self._health.failed("archive", str(exc))
                if str(exc) != refusal:
                    logger.error("archive refused; it is tried again by itself", extra={"error": str(exc)})
                refusal = str(exc)
            else:
                refusal = ""

        return run

    def look_after_health(self) -> None:
        """Find out whether documents can be parsed, and whether an archive that refused something can be written."""
        if self._trial is None or not self._trial.is_alive():  # it lasts as long as workers do not answer
            self._trial = threading.Thread(target=self._try_workers, name="trial", daemon=True)
            self._trial.start()
        refusal = self._runner.refusal
        if isinstance(refusal, StoreError):  # until the runner has filed something: a small write may succeed before
            self._health.failed("archive", str(refusal))
        elif self._health.is_in_doubt("archive"):
            try:
                self._store.try_writing()
            except StoreError as exc:
                self._health.failed("archive", str(exc))
            else:
                self._health.worked("archive")

    def _try_workers(self) -> None:
        with suppress(WorkerFailed, WorkersStopped, WorkersUnavailable):  # `WatchedWorkers` has taken it in
            self._runner.try_workers()

    def look_for_drift(self) -> None:
        """Say once of each site that its articles are no longer what they were."""
        settled, self._settled = self._settled, set()
        for site in self._store.look_for_drift(drift_of, settled):
            if site.is_new:
                facts = {"host": site.host, "alarm": site.drift.alarm, "detail": site.drift.detail}
                logger.warning("articles of a site are not what they were", extra={**facts, "command": site.command})

    def maintain(self) -> None:
        self._store.maintain(keep_pages=self._settings.keep_pages)

    def tick(self) -> None:
        self._runner.tick()

    def reload(self) -> None:
        """Take over a changed feeds.yaml; a broken one leaves everything as it is and says so once."""
        stamp = _stamp(self._settings.path)
        if stamp == self._seen:
            return
        try:
            settings = self._load()
        except ConfigError as exc:
            self._seen = stamp
            logger.error(
                "feeds.yaml has problems; the running configuration stays in force",
                extra={"problems": " | ".join(exc.problems)},
            )
            return
        change = self._store.sync_feeds(settings.feeds, now=self._clock.now(), spread=spread)
        self._journal.take_list([feed.url for feed in settings.feeds])
        facts = {"added": len(change.added), "removed": len(change.removed), "changed": len(change.changed)}
        logger.info("feeds.yaml reloaded", extra=facts)
        if sites := _other_rules(settings, self._settings):
            command = "wireroom reprocess --dry-run" + (f" --site {sites[0]}" if len(sites) == 1 else "")
            logger.info("site rules changed; what is on file can be read again", extra={"command": command})
        if _fixed(settings) != _fixed(self._settings):
            logger.warning("changed database or listen takes effect at the next start")
        if _runtime(settings) != _runtime(self._settings):
            self._restart_runner(settings)
        # Last, so that what failed on the way is done again at the next look.
        self._settings, self._seen = settings, stamp

    def probe(self) -> None:
        """While the web is out of reach, ask one feed now and then whether it still is."""
        now = self._clock.now()
        if (feed := self._journal.probe(now)) is not None:
            self._store.request_polls([feed], now=now, reason=PROBE)

    def take_jump(self, by: timedelta) -> None:
        """The clock was set, or the machine slept: no due time is years away, and not all are due at once."""
        repair_due_times(self._store)
        self._store.spread_due(spread, now=self._clock.now())

    def close(self) -> None:
        self._stack.close()
        self._store.set_outage(None)  # nobody tries again

    def _open_runner(self, settings: Settings) -> EmbeddedRunner:
        return self._stack.enter_context(
            open_runner(settings, self._store, on_outcome=self._on_outcome, health=self._health)
        )

    def _restart_runner(self, settings: Settings) -> None:
        """What `_runtime` names is the runner's: a new one takes over."""
        self._stack.close()
        self._runner = self._open_runner(settings)

    def _on_outcome(self, outcome: Outcome) -> None:
        now = self._clock.now()
        self._health.worked("archive")
        if isinstance(outcome, ArticleOutcome) and outcome.status != "pending":
            self._settled.add(outcome.article_id)
        if repeat := self._journal.write(outcome, now):
            self._store.request_polls(repeat, now=now, reason=MISSED)
            self._store.spread_due(spread, now=now)


def _runtime(settings: Settings) -> tuple[object, ...]:
    who = (settings.contact, settings.allow_private, settings.access)
    how = (settings.concurrency, settings.sites, settings.keep_pages != timedelta(0))
    return (*who, *how)


def _fixed(settings: Settings) -> tuple[object, ...]:
    return (settings.database, settings.listen_host, settings.listen_port)


def _stamp(path: Path) -> _Stamp:
    """Return what changes when the file does; zeros while it is missing (an editor may be replacing it).

    Taken before the file is read, so that what is written meanwhile counts as a change.
    """
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def run_daemon(
    config: Path,
    load: Callable[[], Settings],
    *,
    announce: Callable[[str], None],
    on_started: Callable[[], None] = lambda: None,
) -> int:
    """Run the daemon until SIGTERM or SIGINT and return its exit status; the body of `wireroom run`.

    `load` reads the settings from the file `config`, again whenever it changes; `announce` is given the reading room's
    address at once, `on_started` is called when all is set up and may still end it by an exception.

    Raises:
        ConfigError: the first load failed.
        StoreError: the archive cannot be opened, or another process holds it.
    """
    keep_heap_small()
    seen = _stamp(config)
    settings = load()
    with ExitStack() as stack:
        stack.enter_context(ProcessLock(settings.database))
        store = stack.enter_context(open_store(settings.database))
        health = Health(SystemClock())
        room = ReadingRoom(store, settings.listen_host, settings.listen_port, problems=health.problems)
        room.start()
        stack.callback(room.stop)
        announce(f"reading room: {room.url}")
        store.sync_feeds(settings.feeds, now=datetime.now(UTC), spread=spread)
        wireroom = _Wireroom(load, (seen, settings), store, health)
        stack.callback(wireroom.close)
        store.spread_due(spread, now=datetime.now(UTC))
        logger.info("started", extra={"feeds": len(settings.feeds), "database": settings.database, "room": room.url})
        on_started()
        Daemon(wireroom.jobs(), on_jump=wireroom.take_jump).run()
        logger.info("stopping")
    logger.info("stopped")
    return 0
