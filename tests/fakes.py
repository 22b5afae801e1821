"""Stand-ins for the outside world: time, processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from scraper.errors import WorkerTimeout

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


class InlineWorkers:
    """Runs tasks in the calling thread; `failure` is raised in place of the next results."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure

    def run(self, task, /, *args, **kwargs):
        if self.failure is not None:
            raise self.failure
        return task(*args, **kwargs)


class CountingWorkers(InlineWorkers):
    """Counts tasks by name; those named in `too_much` run into the time limit."""

    def __init__(self, too_much: Collection[str] = ()) -> None:
        super().__init__()
        self.too_much = too_much
        self.tasks: Counter[str] = Counter()

    def run(self, task, /, *args, **kwargs):
        self.tasks[task.__name__] += 1
        if task.__name__ in self.too_much:
            raise WorkerTimeout("reading the document took longer than 20 s")
        return super().run(task, *args, **kwargs)
