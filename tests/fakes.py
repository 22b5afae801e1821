"""Stand-ins for the outside world: time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
