"""Rounds, medians and ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Unit = Literal["ms each", "per second"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing done once by one program."""

    #: How many pages, polls or articles it was.
    count: int
    #: By the wall clock, or CPU seconds where the row says so.
    seconds: float
    #: CPU seconds of all its processes; None = not known.
    cpu_seconds: float | None = None


#: What one program did in one round, by the row it belongs to.
Results = Mapping[str, Measure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: one kind of work, done by Wireroom and by a peer in each round."""

    key: str
    work: str
    unit: Unit
    peer: str
    ours: tuple[Measure, ...]
    theirs: tuple[Measure, ...]

    @property
    def our_figure(self) -> float:
        """Wireroom's median, in the row's unit."""
        return median(_figure(measure, self.unit) for measure in self.ours)

    @property
    def their_figure(self) -> float:
        """The peer's median, in the row's unit."""
        return median(_figure(measure, self.unit) for measure in self.theirs)

    @property
    def ratio(self) -> float:
        """How many times as fast Wireroom is: the ratio of the medians; above 1 is better than the peer."""
        return _times_as_fast(self.our_figure, self.their_figure, self.unit)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest ratio that a single round gave."""
        pairs = zip(self.ours, self.theirs, strict=True)
        ratios = [_times_as_fast(_figure(a, self.unit), _figure(b, self.unit), self.unit) for a, b in pairs]
        return min(ratios), max(ratios)

    @property
    def our_cpu_ms(self) -> float | None:
        """Median CPU milliseconds that one piece of work costs Wireroom."""
        return _cpu_ms(self.ours)

    @property
    def their_cpu_ms(self) -> float | None:
        """Median CPU milliseconds that one piece of work costs the peer."""
        return _cpu_ms(self.theirs)


def play(rounds: int, contestants: Mapping[str, Callable[[], Results]]) -> dict[str, list[Results]]:
    """Let all have a turn in each round, in turning order, and return what each did, round by round."""
    names = list(contestants)
    played: dict[str, list[Results]] = {name: [] for name in names}
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            played[name].append(contestants[name]())
    return played


def collect(key: str, results: Sequence[Results]) -> tuple[Measure, ...]:
    """Return one row's measures, round by round."""
    return tuple(result[key] for result in results)


def _figure(measure: Measure, unit: Unit) -> float:
    seconds = max(measure.seconds, 1e-9)
    return 1000 * seconds / measure.count if unit == "ms each" else measure.count / seconds


def _times_as_fast(ours: float, theirs: float, unit: Unit) -> float:
    return theirs / ours if unit == "ms each" else ours / theirs


def _cpu_ms(measures: Sequence[Measure]) -> float | None:
    known = [1000 * m.cpu_seconds / m.count for m in measures if m.cpu_seconds is not None]
    return median(known) if len(known) == len(measures) else None
