"""Fetching in a process of its own: the daemon's threads ask, and wait without taking turns at one interpreter.

Thirty threads that speak HTTP get in each other's way, and in that of everything else the daemon does (0.5 ms of a poll
that takes 1.3 ms, bench/RESULTS.md). What the web sends is also read and decompressed outside the process that owns the
archive. Each asking thread has a connection of its own to a thread there, which has an `HttpFetcher`.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import recv_handle, send_handle

from scraper.addresses import without_credentials
from scraper.connection import tls_context
from scraper.errors import AnswerBroken, FetchError, WorkersStopped
from scraper.fetch import ClientPolicy, HttpFetcher
from scraper.model import FetchRequest, Response
from scraper.ports import Clock, Fetcher

#: An exchange keeps its own deadline; an answer that is late by this much does not come any more.
_GRACE_S = 60.0


class FetchProcess:
    """Opens fetchers that do their exchanges in one other process; it is started anew if it dies. Thread-safe."""

    def __init__(self, policy: ClientPolicy, clock: Clock) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._policy, self._clock = policy, clock
        self._guard = threading.Lock()
        self._process: BaseProcess | None = None
        self._door: Connection
        self._is_closed = False

    def open(self) -> Fetcher:
        """Return a fetcher for one thread."""
        return _Remote(self)

    def connect(self) -> Connection:
        """Return a connection to a fetcher of the process, which is started if it is not there.

        Raises:
            WorkersStopped: `close` was called.
            OSError: the process has just died.
        """
        ours, theirs = self._context.Pipe()
        with self._guard, contextlib.closing(theirs):
            if self._is_closed:
                raise WorkersStopped("fetching is stopped")
            if self._process is None or not self._process.is_alive():
                self._start()
            assert self._process is not None
            send_handle(self._door, theirs.fileno(), self._process.pid)
        return ours

    def is_closed(self) -> bool:
        """Say whether `close` was called."""
        return self._is_closed

    def reap(self) -> None:
        """Wait until the process, which has hung up, is gone: then the next exchange starts another."""
        with self._guard:
            if self._process is not None and not self._is_closed:
                self._process.join(timeout=2)

    def kill(self) -> None:
        """End the process with all that it is doing."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process; whoever waits for it gets WorkersStopped."""
        with self._guard:
            self._is_closed = True
            if self._process is not None:
                self._door.close()  # its end ends the process, even if this one is killed
                self._process.join(timeout=5)

    def _start(self) -> None:
        self._door, theirs = self._context.Pipe()
        with contextlib.closing(theirs):
            self._process = self._context.Process(
                target=_serve, args=(theirs, self._policy, self._clock), name="fetching", daemon=True
            )
            self._process.start()


class _Remote:
    """Implements `scraper.ports.Fetcher`; for one thread."""

    def __init__(self, process: FetchProcess) -> None:
        self._process = process
        self._connection: Connection | None = None

    def fetch(self, request: FetchRequest) -> Response:
        """Have one exchange made; see `scraper.ports.Fetcher.fetch`."""
        try:
            answer = self._ask(request)
        except (OSError, EOFError) as exc:
            self._connection = None
            if self._process.is_closed():
                raise WorkersStopped("fetching is stopped") from exc
            self._process.reap()
            url = without_credentials(request.url)
            raise AnswerBroken(f"{url}: the process that fetches ended; it is started anew", url=url) from exc
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """Close kept-alive connections."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.send(None)

    def _ask(self, request: FetchRequest) -> Response | FetchError:
        if self._connection is None:
            self._connection = self._process.connect()
        self._connection.send(request)
        if not self._connection.poll(request.deadline_s + _GRACE_S):
            self._process.kill()
        answer: Response | FetchError = self._connection.recv()
        return answer


# --------------------------------------------------------------------------- in the other process


def _serve(door: Connection, policy: ClientPolicy, clock: Clock) -> None:
    """Give each connection that comes through the door a thread and a fetcher, until the door is closed."""
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the daemon, even where all its processes get them
        signal.signal(number, signal.SIG_IGN)
    context = tls_context()
    while True:
        try:
            connection = Connection(recv_handle(door))
        except (OSError, EOFError, RuntimeError):
            os._exit(0)  # without waiting for exchanges that nobody wants any more
        fetcher = HttpFetcher(policy, context, clock)
        threading.Thread(target=_answer, args=(connection, fetcher), name="fetcher", daemon=True).start()


def _answer(connection: Connection, fetcher: Fetcher) -> None:
    """Make the exchanges that one thread of the daemon asks for; None = nothing more of this host."""
    with contextlib.suppress(OSError, EOFError):
        while True:
            request = connection.recv()
            if request is None:
                fetcher.close()
            else:
                connection.send(_outcome(fetcher, request))


def _outcome(fetcher: Fetcher, request: FetchRequest) -> Response | Exception:
    try:
        return fetcher.fetch(request)
    except Exception as exc:  # noqa: BLE001  # raised again where it was asked for, bugs included
        return exc
