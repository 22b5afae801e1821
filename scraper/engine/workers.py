"""Parsing in processes that can be stopped, within limits on time and memory."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from scraper.errors import WireroomError, WorkerDied, WorkersStopped, WorkersUnavailable, WorkerTimeout
from scraper.fetch.child import Child, report_ready

P = ParamSpec("P")
T = TypeVar("T")

#: Of the processor's time: a machine with much else to do refuses nothing that an idle one reads.
CPU_LIMIT_S = 20
#: For what waits without working.
WALL_LIMIT_S = 240.0
#: Waiting for a free worker included; a result that never comes must not hold a thread past its lease.
PATIENCE_S = 600.0
#: Data of one worker, so that none is larger than 400 MB; a feed of 15 MiB parses in two thirds of it.
MEMORY_LIMIT_BYTES = 360 * 1024 * 1024
#: A document of this size leaves its worker larger than others need it: it is not kept.
LARGE_BYTES = 2 * 1024 * 1024
#: Ended by hand or for want of memory, or nobody knows how: the document may be innocent.
_FROM_OUTSIDE = (-signal.SIGKILL, None)
_STOPPED = "the parsing workers are stopped"


class _Interrupted(Exception):
    """A worker was ended from outside."""


class WorkerPool:
    """Implements `scraper.ports.Workers`. A worker that hangs or dies is replaced; the others go on. Thread-safe."""

    def __init__(
        self, size: int | None = None, *, cpu_limit_s: float = CPU_LIMIT_S, wall_limit_s: float = WALL_LIMIT_S
    ) -> None:
        self._cpu_limit_s, self._wall_limit_s = cpu_limit_s, wall_limit_s
        self._places = threading.Semaphore(size or os.cpu_count() or 2)
        self._guard = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._is_closed = False

    def run(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `task` in a worker; see `scraper.ports.Workers.run`."""
        ends_at = time.monotonic() + PATIENCE_S
        order = pickle.dumps((task, args, kwargs))
        if not self._places.acquire(timeout=PATIENCE_S):
            raise WorkersUnavailable(f"no parsing worker was free for {PATIENCE_S / 60:.0f} minutes")
        try:
            is_result, value = self._outcome(order, ends_at)
        finally:
            self._places.release()
        if not is_result:
            raise value
        result: T = value
        return result

    def close(self) -> None:
        """Stop all workers, the busy ones too; whoever waits for one gets WorkersStopped."""
        with self._guard:
            self._is_closed = True
            for child in (*self._idle, *self._busy):
                child.kill()
            self._idle.clear()

    def _outcome(self, order: bytes, ends_at: float) -> tuple[bool, Any]:
        """Have an order done: by another worker, once, if the first was ended from outside."""
        try:
            return self._ask(order, ends_at)
        except _Interrupted:
            pass
        try:
            return self._ask(order, ends_at)
        except _Interrupted as exc:
            raise WorkerDied("the worker that read the document was killed, and so was the next") from exc

    def _ask(self, order: bytes, ends_at: float) -> tuple[bool, Any]:
        child = self._take()
        is_sound = False
        try:
            child.pipe.send_bytes(order)
            if not child.pipe.poll(min(self._wall_limit_s, ends_at - time.monotonic())):
                raise WorkerTimeout(f"reading the document took longer than {self._wall_limit_s:.0f} s")
            is_result, value = pickle.loads(child.pipe.recv_bytes())
            is_sound = not isinstance(value, WorkerDied) and len(order) < LARGE_BYTES
        except (OSError, EOFError) as exc:
            raise self._failure(child) from exc
        finally:
            self._put_back(child, is_sound)
        return is_result, value

    def _take(self) -> Child:
        """Return a worker that lives: one that is idle, or a new one."""
        child = None
        while child is None or child.is_gone():
            with self._guard:
                if self._is_closed:
                    raise WorkersStopped(_STOPPED)
                child = self._idle.pop() if self._idle else None
            if child is None:
                child = Child(_work, self._cpu_limit_s, name="parsing")
        with self._guard:
            self._busy.add(child)
            if self._is_closed:
                child.kill()
        return child

    def _put_back(self, child: Child, is_sound: bool) -> None:
        with self._guard:
            self._busy.discard(child)
            if is_sound and not self._is_closed:
                self._idle.append(child)
                return
        child.kill()

    def _failure(self, child: Child) -> Exception:
        """Say of the document what its worker's end means."""
        status = child.exit_status()
        if self._is_closed:
            return WorkersStopped(_STOPPED)
        if status in _FROM_OUTSIDE:
            return _Interrupted()
        if status == -signal.SIGPROF:
            return WorkerTimeout(f"reading the document took more than {self._cpu_limit_s:.0f} s of CPU time")
        return WorkerDied(f"reading the document crashed its worker (exit status {status})")


# --------------------------------------------------------------------------- in the worker


def _work(pipe: Connection, cpu_limit_s: float) -> None:
    """Do what comes through the pipe, one after the other, until it is closed."""
    with contextlib.suppress(ValueError, OSError):  # binds on Linux; macOS ignores it
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    report_ready(pipe)
    while True:
        task, args, kwargs = pickle.loads(pipe.recv_bytes())
        # The kernel ends the process, wherever it is: no exception would leave a loop in C.
        signal.setitimer(signal.ITIMER_PROF, cpu_limit_s)
        answer = _done(task, args, kwargs)
        signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send_bytes(answer)


def _done(task: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> bytes:
    """Return what comes of a task, packed: (True, its result) or (False, its error)."""
    try:
        return pickle.dumps((True, task(*args, **kwargs)))
    except MemoryError:
        failure: BaseException = WorkerDied(
            f"reading the document took more than {MEMORY_LIMIT_BYTES // 2**20} MiB of memory"
        )
    except RecursionError:
        failure = WorkerDied("the document is nested too deeply to be read")
    except WireroomError as exc:
        failure = exc
    except BaseException as exc:  # noqa: BLE001  # a bug: raised again where the task was asked for, with its place
        exc.add_note(f"in a parsing worker: {traceback.format_exc()}")
        failure = exc
    try:
        packed = pickle.dumps((False, failure))
        pickle.loads(packed)
    except Exception:  # noqa: BLE001  # an error that cannot be handed over is told in words
        return pickle.dumps((False, RuntimeError("\n".join(traceback.format_exception(failure)))))
    return packed
