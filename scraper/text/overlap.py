"""How much of one text is in another."""

from __future__ import annotations

#: Characters that are compared at a time, and how far apart they begin.
_WINDOW = 12
_STEP = 3


def shared(one: str, other: str) -> float:
    """Return how much of the shorter of two folded texts is in the longer one, 0 to 1, in whatever order."""
    shorter, longer = sorted((one, other), key=len)
    there = {longer[at : at + _WINDOW] for at in range(len(longer) - _WINDOW + 1)}
    windows = [shorter[at : at + _WINDOW] for at in range(0, len(shorter) - _WINDOW + 1, _STEP)]
    return sum(window in there for window in windows) / len(windows) if windows else 0.0
