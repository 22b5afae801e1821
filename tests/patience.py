"""How long tests take: they wait for as long as a slow machine needs, and not a moment longer than it takes.

No test has a time limit of its own: `LONG_S` only ends what would never end, and `limit.py` what waits for nothing.
The clock is read here alone. What repeats itself does so more often in `make test-long`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Ten minutes; a test that waits for so long has failed.
LONG_S = 600.0
#: In `make test-long`.
IS_LONG = bool(os.environ.get("WIREROOM_LONG"))


def times(short: int, long: int) -> int:
    """Return how often something is repeated."""
    return long if IS_LONG else short


def wait_until(is_so: Callable[[], object], what: str = "it") -> None:
    """Wait until something holds."""
    ends_at = time.monotonic() + LONG_S
    while not is_so():
        assert time.monotonic() < ends_at, f"{what} did not come about"
        time.sleep(0.01)


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Give a function that returns only when the block ends: an answer that does not come meanwhile."""
    over = threading.Event()

    def wait() -> None:
        over.wait(LONG_S)

    try:
        yield wait
    finally:
        over.set()


@contextmanager
def dripping(part: bytes = b" ") -> Iterator[Callable[[Callable[[bytes], object]], None]]:
    """Give what sends a byte now and then until the block ends: an answer that never comes to its end meanwhile."""
    over = threading.Event()

    def drip(send: Callable[[bytes], object]) -> None:
        while not over.is_set():
            send(part)
            time.sleep(0.05)

    try:
        yield drip
    finally:
        over.set()
