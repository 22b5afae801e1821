"""Walks down lists of ids: what a search is made of where one index cannot answer it.

A walk comes to every id that it may hold, from the highest down, and says of each whether it does. It is asked with
bounds that fall until it is gone once more, and skips to where the others stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from sqlite_utils import Database

TOP = 2**63 - 1
#: Rows read before a statement is begun anew further down.
_STEPS = 64


class Walk(Protocol):
    """Ids in descending order."""

    def at_or_below(self, bound: int) -> int | None:
        """Return the highest id, not above `bound`, that it may hold; None if there is none."""

    def holds(self, number: int) -> bool:
        """Say whether it holds the id that it came to."""


def ids(walk: Walk, top: int) -> Iterator[int]:
    """Yield the ids of a walk from `top` down."""
    number = walk.at_or_below(top)
    while number is not None:
        if walk.holds(number):
            yield number
        number = walk.at_or_below(number - 1)


class Rows:
    """The ids that a statement with `:bound` gives, descending; it is begun anew where that is shorter."""

    def __init__(self, db: Database, sql: str, values: Mapping[str, object]) -> None:
        self._db = db
        self._sql = sql
        self._values = values
        self._rows: Iterator[Any] | None = None
        self._at = self._asked = TOP + 1

    def at_or_below(self, bound: int) -> int | None:
        if bound > self._asked:  # the walk is gone once more
            self._rows, self._at = None, TOP + 1
        self._asked = bound
        if self._at <= bound:
            return self._at if self._at >= 0 else None
        for row in islice(self._rows or (), _STEPS):
            self._at = row[0]
            if self._at <= bound:
                return self._at
        self._rows = iter(self._db.execute(self._sql, {**self._values, "bound": bound}))
        self._at = next((row[0] for row in self._rows), -1)
        return self._at if self._at >= 0 else None

    def holds(self, number: int) -> bool:
        return self._at == number


class Every:
    """Every id there may be for which something holds that only the article itself tells."""

    def __init__(self, holds: Callable[[int], bool]) -> None:
        self._holds = holds

    def at_or_below(self, bound: int) -> int | None:
        return bound

    def holds(self, number: int) -> bool:
        return self._holds(number)


class Both:
    """What all of its walks hold; the dearest to ask comes last."""

    def __init__(self, walks: Sequence[Walk]) -> None:
        self._walks = walks
        #: Where they met, and the highest bound for which that holds: they are not asked again in between.
        self._at = self._asked = -1

    def at_or_below(self, bound: int) -> int | None:
        if not self._at <= bound <= self._asked:
            self._at, self._asked = self._meet(bound), bound
        return self._at if self._at >= 0 else None

    def _meet(self, bound: int) -> int:
        meeting: int | None = bound
        while meeting is not None:
            for walk in self._walks:
                found = walk.at_or_below(meeting)
                if found != meeting:
                    meeting = found
                    break
            else:
                return meeting
        return -1

    def holds(self, number: int) -> bool:
        return all(walk.holds(number) for walk in self._walks)


class Either:
    """What one of its walks holds; the dearest to ask comes last."""

    def __init__(self, walks: Sequence[Walk]) -> None:
        self._walks = walks

    def at_or_below(self, bound: int) -> int | None:
        found = -1
        for walk in self._walks:
            if (highest := walk.at_or_below(bound)) is not None and highest > found:
                found = highest
            if found == bound:
                break  # it does not get any higher
        return found if found >= 0 else None

    def holds(self, number: int) -> bool:
        return any(_has(walk, number) for walk in self._walks)


class Outside:
    """What a walk does not hold."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    def at_or_below(self, bound: int) -> int | None:
        return bound

    def holds(self, number: int) -> bool:
        return not _has(self._walk, number)


def _has(walk: Walk, number: int) -> bool:
    return walk.at_or_below(number) == number and walk.holds(number)
