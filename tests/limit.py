"""A limit on the time of each test: one that would never end fails, says where it stands, and the next one begins.

It is longer than any wait of `patience.py`, so that what is waited for is named where it can be. A signal ends what
Python runs or waits for; where that does not come through (a library that loops), the process ends once the limit has
passed again, with the stacks of all its threads on standard error.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest
from patience import LONG_S, times

#: Seconds of one test, with its fixtures; `WIREROOM_TEST_LIMIT_S` is for runs that break things on purpose.
LIMIT_S = float(os.environ.get("WIREROOM_TEST_LIMIT_S", LONG_S * times(3, 30) / 2))


def pytest_configure(config: pytest.Config) -> None:
    """Keep the real standard error: that of a test is caught."""
    config.stash[_STDERR] = os.dup(2)


_STDERR = pytest.StashKey[int]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """End a test that takes longer than `LIMIT_S`."""
    stderr = item.config.stash[_STDERR]

    def end(number: int, frame: FrameType | None) -> None:
        faulthandler.dump_traceback(stderr, all_threads=True)
        pytest.fail(f"{item.nodeid} was not over after {LIMIT_S:.0f} s")

    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGALRM, end) if is_main else None
    if is_main:
        signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
    faulthandler.dump_traceback_later(2 * LIMIT_S, exit=True, file=stderr)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
        if is_main:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
