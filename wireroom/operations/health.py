"""Whether the daemon does what it is for: documents are parsed, and what comes of them is written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, ParamSpec, TypeVar

from scraper.errors import WorkerFailed, WorkersStopped, WorkersUnavailable
from scraper.ports import Clock, Workers

P = ParamSpec("P")
T = TypeVar("T")

#: What is mended within this time is nobody's concern.
PATIENCE = timedelta(minutes=1)

Subject = Literal["parsing", "archive"]
_WHAT: dict[Subject, str] = {"parsing": "no document could be parsed", "archive": "nothing could be written"}
_UNKNOWN = "it does not come to an end"


class Health:
    """Since when nothing of a kind has succeeded, although it was tried. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        #: When the first attempt since the last success began, and why the last one failed, as far as that is known.
        self._since: dict[Subject, datetime] = {}
        self._why: dict[Subject, str] = {}

    def begun(self, what: Subject) -> None:
        """Take in that something is tried: it may never come to an end."""
        with self._guard:
            self._since.setdefault(what, self._clock.now())

    def worked(self, what: Subject) -> None:
        """Take in that something has succeeded."""
        with self._guard:
            self._since.pop(what, None)
            self._why.pop(what, None)

    def failed(self, what: Subject, why: str) -> None:
        """Take in that something has failed, for no fault of what it was tried on."""
        with self._guard:
            self._since.setdefault(what, self._clock.now())
            self._why[what] = why

    def is_in_doubt(self, what: Subject) -> bool:
        """Say whether anything was tried since it last succeeded."""
        return what in self._since

    def problems(self) -> tuple[str, ...]:
        """Return what has not worked for a minute, each with the time and the cause."""
        with self._guard:
            ended = self._clock.now() - PATIENCE
            return tuple(
                f"{_WHAT[what]} since {since:%Y-%m-%d %H:%M:%S} UTC: {self._why.get(what, _UNKNOWN)}"
                for what, since in self._since.items()
                if since <= ended
            )


class WatchedWorkers:
    """Workers whose success is taken in; a task's own error is a success of theirs."""

    def __init__(self, workers: Workers, health: Health) -> None:
        self._workers, self._health = workers, health

    def run(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `task` in a worker; see `scraper.ports.Workers.run`."""
        self._health.begun("parsing")
        try:
            result = self._workers.run(task, *args, **kwargs)
        except WorkersStopped:
            raise
        except (WorkerFailed, WorkersUnavailable) as exc:
            self._health.failed("parsing", str(exc))
            raise
        except BaseException:
            self._health.worked("parsing")
            raise
        self._health.worked("parsing")
        return result
