"""Processes that belong to the daemon: made by a fork server, deaf to what a terminal or a service manager sends to
all processes, and gone when the daemon is.

What they need is loaded once, in the fork server, and shared. If that server dies, the processes it made live on, and
the next one is made by another.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import connection, forkserver, parent_process, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize

from scraper.errors import WorkersUnavailable
from scraper.fetch.heap import keep_heap_small

#: What a child's target is: it calls `report_ready` when it can work, and returns when its connection is closed.
Target = Callable[..., None]

#: Told to all processes of a terminal or a service at once; how they end is the daemon's to say.
_FOR_THE_DAEMON = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_PRELOADED = ["scraper.extract", "scraper.sources.syndication", "scraper.fetch.fetch_process", "scraper.engine.workers"]
#: The first one waits for the fork server to load everything, perhaps on a machine that has much else to do.
_READY_WITHIN_S = 60.0
_GONE_WITHIN_S = 2.0
#: Before each try to start one: a fork server that was killed may take a moment to be gone, and only then is replaced.
_START_PAUSES_S = (0.0, 0.0, 0.2, 1.0)
#: multiprocessing says this where the fork server, which alone hears how its children end, has died.
_UNKNOWN_STATUS = 255
_starting = threading.Lock()
#: Every process that was started and not killed, with our end of its connection. Added to under `_starting`; taken
#: from without it, for a finalizer may run in the thread that holds it.
_running: set[tuple[Connection, BaseProcess]] = set()
#: A start in progress is over by then, unless the fork server itself hangs.
_STARTED_WITHIN_S = 10.0


class Child:
    """One process and our end of the connection to it. `pipe` may be used by one thread at a time."""

    def __init__(self, target: Target, *args: object, name: str) -> None:
        """Start `target(connection, *args)` in a process and wait until it can work.

        Raises:
            WorkersUnavailable: no process came about, or it ended before it could work.
        """
        self.pipe, self._process = _started(target, args, name)
        self._kill = Finalize(self, _kill, (self.pipe, self._process))

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid or 0

    def is_gone(self, within_s: float = 0) -> bool:
        """Say whether the process has ended. Only for one that owes no answer and sends nothing unasked."""
        try:
            return self.pipe.poll(within_s)
        except OSError:
            return True

    def kill(self) -> None:
        """End the process at once, whatever it is doing; whoever reads from `pipe` meanwhile gets EOFError."""
        self._kill()

    def exit_status(self) -> int | None:
        """Return how a process that hung up has ended: minus the signal, or its status. None = nobody knows."""
        connection.wait([self._process.sentinel], _GONE_WITHIN_S)
        with _starting:  # a start, too, asks how earlier ones have ended, and what is told is told once
            status = self._process.exitcode
        return None if status == _UNKNOWN_STATUS else status


def report_ready(pipe: Connection) -> None:
    """Say, in the child, that it is set up: what fails before that is no fault of what it would work on."""
    pipe.send_bytes(b"")


def _started(target: Target, args: tuple[object, ...], name: str) -> tuple[Connection, BaseProcess]:
    failure: Exception | None = None
    for pause_s in _START_PAUSES_S:
        time.sleep(pause_s)
        try:
            return _start(target, args, name)
        except (OSError, EOFError) as exc:  # the fork server is dead; a start that finds out makes another
            failure = exc
    reason = str(failure) or "it ended at once"
    raise WorkersUnavailable(f"no process for {name} can be started ({reason})") from failure


def _start(target: Target, args: tuple[object, ...], name: str) -> tuple[Connection, BaseProcess]:
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(target, theirs, *args), name=name, daemon=True)
    try:
        with contextlib.closing(theirs), _starting, _unheard():
            context.set_forkserver_preload(_PRELOADED)
            forkserver.ensure_running()
            _kill_all_at_exit()
            process.start()
            _running.add((ours, process))
        if not ours.poll(_READY_WITHIN_S):
            raise OSError("it was not ready in time")
        ours.recv_bytes()
    except BaseException:  # also a Ctrl-C of meanwhile, which is heard once the process has started
        _kill(ours, process)
        ours.close()
        raise
    return ours, process


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Keep the daemon's signals from what is started meanwhile: a thread's mask is inherited, before any import.

    The main thread hears them as ever, at once or, if it is the one that starts, afterwards.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()  # first: it lifts the mask of the other two when it starts
        signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_THE_DAEMON)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _kill(pipe: Connection, process: BaseProcess) -> None:
    """End the process, unless it has ended: its number may be another's by now.

    `Process.kill` does nothing once the fork server is dead, for then every sentinel is ready.
    """
    _running.discard((pipe, process))
    if process.pid is None:  # it never started
        return
    with contextlib.suppress(OSError):
        if not connection.wait([process.sentinel], 0) or not pipe.poll():
            os.kill(process.pid, signal.SIGKILL)


@cache
def _kill_all_at_exit() -> Finalize:
    """Have the program's end kill every process, also one that a thread is still starting.

    multiprocessing waits at exit for its children, and these do not hear the SIGTERM that it sends them.
    """
    return Finalize(None, _kill_all, exitpriority=1)


def _kill_all() -> None:
    _starting.acquire(timeout=_STARTED_WITHIN_S)  # for good: nothing is started any more
    for pipe, process in tuple(_running):
        _kill(pipe, process)


# --------------------------------------------------------------------------- in the child


def _run(target: Target, pipe: Connection, *args: object) -> None:
    keep_heap_small()
    threading.Thread(target=_end_with_the_daemon, name="daemon-watch", daemon=True).start()
    with contextlib.suppress(OSError, EOFError):  # the daemon hung up
        target(pipe, *args)


def _end_with_the_daemon() -> None:
    daemon = parent_process()
    if daemon is not None:
        daemon.join()
    os._exit(0)
