"""The daemon's clockwork: APScheduler runs its few jobs until a signal ends it. `python scheduler.py` = `wireroom run`.

    every second      poll_due_feeds    claim the hosts with due work and start it
    every 2 seconds   reload            take over a changed feeds.yaml (at once on SIGHUP)
    every minute      watch             probe while the web is out of reach
    every 10 seconds  index             go on with the index of searches
    every 15 seconds  health            find out whether documents can be parsed
    every 10 minutes  drift             tell which sites are no longer read as before
    every 6 hours     maintain          keep the archive in shape

Due times are rows in the archive, so the jobs themselves are kept in memory only.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger("wireroom.jobs")

#: How often the clock is held against one that is never set, and by how much the two may drift apart meanwhile.
_LOOK_S, _JUMP_S = 1.0, 30.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to be done again and again; a run that is late is made up once, never piled up."""

    name: str
    run: Callable[[], object]
    every: timedelta
    #: Run it also when SIGHUP arrives.
    on_hangup: bool = False


class Daemon:
    """Runs its jobs until SIGTERM, SIGINT or `stop`. It is handed what it runs and knows nothing else."""

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        on_jump: Callable[[timedelta], object] = lambda by: None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`on_jump` is told by how much the clock (`wall`, seconds) jumped, a sleep of the machine included."""
        self._jobs = tuple(jobs)
        self._on_jump, self._wall = on_jump, wall
        #: Signals that came, and those that `stop` made. `put` of this queue may interrupt its own `get`, as a handler
        #: does; to set an event that the same thread is about to wait for would wait for ever.
        self._signals: SimpleQueue[int] = SimpleQueue()
        #: Job name -> set when it is to run once more, for one that SIGHUP finds at work.
        self._again = {job.name: threading.Event() for job in jobs}
        self._clock = BackgroundScheduler(
            timezone=UTC,
            # The default grace of 1 s would drop runs on a busy machine or after a sleep.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> None:
        """Work until stopped; returns when no job is running any more. Call from the main thread."""
        for job in self._jobs:
            self._clock.add_job(
                _guarded(job, self._again[job.name]),
                "interval",
                seconds=job.every.total_seconds(),
                id=job.name,
                next_run_time=datetime.now(UTC),
            )
        previous = {
            number: signal.signal(number, lambda number, frame: self._signals.put(number)) for number in _SIGNALS
        }
        self._clock.start()
        try:
            offset = self._wall() - time.monotonic()
            while self._goes_on():
                now_offset = self._wall() - time.monotonic()
                if abs(now_offset - offset) > _JUMP_S:
                    self._take_jump(timedelta(seconds=now_offset - offset))
                offset = now_offset
        finally:
            self._clock.shutdown(wait=True)
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _take_jump(self, by: timedelta) -> None:
        """Run every job now: their next times are by the old clock, and may be days away by the new one."""
        logger.warning("the clock jumped", extra={"by_s": round(by.total_seconds())})
        try:
            self._on_jump(by)
        except Exception:
            logger.exception("job failed", extra={"job": "clock"})
        for job in self._jobs:
            self._clock.modify_job(job.name, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """End `run`. May be called from any thread."""
        self._signals.put(signal.SIGTERM)

    def _goes_on(self) -> bool:
        """Wait a moment for a signal, and do what it asks for; false = the daemon is to stop."""
        try:
            if self._signals.get(timeout=_LOOK_S) != signal.SIGHUP:
                return False
        except Empty:
            return True
        for job in self._jobs:
            if job.on_hangup:
                self._again[job.name].set()
                self._clock.modify_job(job.name, next_run_time=datetime.now(UTC))
        return True


def _guarded(job: Job, again: threading.Event) -> Callable[[], None]:
    """The job boundary: an error is logged and the next run comes all the same; asked for meanwhile, at once."""

    def run_once() -> None:
        again.clear()
        try:
            job.run()
        except Exception:
            logger.exception("job failed", extra={"job": job.name})

    def run() -> None:
        run_once()
        while again.is_set():
            run_once()

    run.__name__ = job.name
    return run


if __name__ == "__main__":
    import sys

    from wireroom.cli import main

    sys.argv[1:1] = ["run"]
    main()
