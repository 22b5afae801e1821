"""Ctrl-C: a command cleans up and ends with status 130, without a traceback; a second one ends it at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

#: What a shell makes of a program that SIGINT ended.
INTERRUPTED = 130


def leave_at_once() -> None:
    """Have Ctrl-C end the process, where nothing is open yet or any more. Call from the main thread."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as for `nohup` and `&`
        signal.signal(signal.SIGINT, _leave)


@contextmanager
def interruptible() -> Iterator[None]:
    """Have Ctrl-C raise KeyboardInterrupt while the block lasts."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def heed_interrupt() -> None:
    """Raise KeyboardInterrupt if Ctrl-C has come in an `interruptible` block and went no further.

    What is raised in a callback (a finalizer, a function called by SQLite) ends there; ask before something that lasts.
    """
    if signal.getsignal(signal.SIGINT) is _leave:
        raise KeyboardInterrupt


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, _leave)
    while frame is not None:
        # What is raised in the callbacks of importlib is printed and lost; what loads has nothing to clean up.
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            _leave(number, frame)
        frame = frame.f_back
    raise KeyboardInterrupt


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    os._exit(INTERRUPTED)
