"""Parsing in processes that can be stopped: the only user of `pebble`."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from scraper.errors import WorkerDied, WorkerTimeout

P = ParamSpec("P")
T = TypeVar("T")

TIME_LIMIT_S = 20.0
#: Waiting for a free worker included; a result that never comes must not hold a thread past its lease.
PATIENCE_S = 600.0
#: Heap of one worker; a page of 5 MiB parses in a fifth of it.
MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024
#: What every task needs; loaded once in the fork server and shared by all workers.
_PRELOADED = ["scraper.extract", "scraper.feed"]


class WorkerPool:
    """Implements `scraper.ports.Workers`. A worker that hangs or dies is replaced; the others go on. Thread-safe."""

    def __init__(self, size: int | None = None, *, time_limit_s: float = TIME_LIMIT_S) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED)
        self._time_limit_s = time_limit_s
        self._pool = ProcessPool(max_workers=size or os.cpu_count() or 2, initializer=_set_limits, context=context)

    def run(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `task` in a worker; see `scraper.ports.Workers.run`."""
        future = self._pool.schedule(task, args=args, kwargs=kwargs, timeout=self._time_limit_s)
        try:
            result: T = future.result(timeout=PATIENCE_S)
        except TimeoutError as exc:
            raise WorkerTimeout(f"reading the document took longer than {self._time_limit_s:.0f} s") from exc
        except (ProcessExpired, MemoryError, RecursionError) as exc:
            raise WorkerDied(f"reading the document failed: {type(exc).__name__}") from exc
        return result

    def close(self) -> None:
        """Stop all workers, the busy ones too."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble has no annotations here
        self._pool.join(timeout=5)


def _set_limits() -> None:
    """Leave Ctrl-C to the daemon, and bound the heap (RLIMIT_DATA binds on Linux; macOS ignores it)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
