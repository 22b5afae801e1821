"""Parsing in processes that can be stopped: the only user of `pebble`."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from scraper.errors import WireroomError, WorkerDied, WorkersStopped, WorkerTimeout

P = ParamSpec("P")
T = TypeVar("T")

TIME_LIMIT_S = 20.0
#: Waiting for a free worker included; a result that never comes must not hold a thread past its lease.
PATIENCE_S = 600.0
#: Data of one worker, so that none is larger than 400 MB; a feed of 15 MiB parses in two thirds of it.
MEMORY_LIMIT_BYTES = 360 * 1024 * 1024
#: What tasks and fetching need; loaded once in the fork server and shared by all processes.
_PRELOADED = ["scraper.extract", "scraper.feed", "scraper.fetch_process"]


class WorkerPool:
    """Implements `scraper.ports.Workers`. A worker that hangs or dies is replaced; the others go on. Thread-safe."""

    def __init__(self, size: int | None = None, *, time_limit_s: float = TIME_LIMIT_S) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED)
        self._time_limit_s = time_limit_s
        self._pool = ProcessPool(max_workers=size or os.cpu_count() or 2, initializer=_set_limits, context=context)
        self._awaited: set[ProcessFuture[Any]] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `task` in a worker; see `scraper.ports.Workers.run`."""
        with self._lock:
            if self._is_closed:
                raise WorkersStopped("the parsing workers are stopped")
            future = self._pool.schedule(task, args=args, kwargs=kwargs, timeout=self._time_limit_s)
            self._awaited.add(future)
        try:
            result: T = future.result(timeout=PATIENCE_S)
        except (TimeoutError, CancelledError, ProcessExpired, MemoryError, RecursionError) as exc:
            raise self._failure(exc) from exc
        finally:
            with self._lock:
                self._awaited.discard(future)
        return result

    def close(self) -> None:
        """Stop all workers, the busy ones too; whoever waits for one gets WorkersStopped."""
        with self._lock:
            self._is_closed = True
            awaited = tuple(self._awaited)
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble has no annotations here
        for future in awaited:  # pebble leaves what waits for a free worker without an answer
            future.cancel()  # type: ignore[no-untyped-call]
        self._pool.join(timeout=5)

    def _failure(self, exc: BaseException) -> WireroomError:
        """Say of the document what its worker's end means."""
        if self._is_closed:
            return WorkersStopped("the parsing workers are stopped")
        if isinstance(exc, TimeoutError):
            return WorkerTimeout(f"reading the document took longer than {self._time_limit_s:.0f} s")
        if isinstance(exc, MemoryError):
            return WorkerDied(f"reading the document took more than {MEMORY_LIMIT_BYTES // 2**20} MiB of memory")
        if isinstance(exc, RecursionError):
            return WorkerDied("the document is nested too deeply to be read")
        return WorkerDied(f"reading the document crashed its worker (exit status {getattr(exc, 'exitcode', None)})")


def _set_limits() -> None:
    """Leave Ctrl-C to the daemon, and bound the heap (RLIMIT_DATA binds on Linux; macOS ignores it)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
