"""Fetching in a process of its own: the daemon's threads ask, and wait without taking turns at one interpreter.

Thirty threads that speak HTTP get in each other's way, and in that of everything else the daemon does (0.5 ms of a poll
that takes 1.3 ms, bench/RESULTS.md). What the web sends is also read and decompressed outside the process that owns the
archive. Each asking thread has a connection of its own to a thread there, which has an `HttpFetcher`.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle

from scraper.errors import AnswerBroken, DeadlineExceeded, FetchError, WorkersStopped
from scraper.fetch.child import Child, report_ready
from scraper.fetch.client import ClientPolicy, HttpFetcher
from scraper.fetch.connection import tls_context
from scraper.model import FetchRequest, Response
from scraper.ports import Clock, Fetcher
from scraper.urls import without_credentials

#: An exchange keeps its own deadline; an answer that is late by this much does not come any more.
GRACE_S = 60.0
#: How long a process that has hung up on one of its askers takes to be gone.
_GONE_WITHIN_S = 2.0


class FetchProcess:
    """Opens fetchers that do their exchanges in one other process; it is started anew if it dies. Thread-safe."""

    def __init__(self, policy: ClientPolicy, clock: Clock, *, grace_s: float = GRACE_S) -> None:
        self._policy, self._clock = policy, clock
        self.grace_s = grace_s
        self._guard = threading.Lock()
        self._child: Child | None = None
        self._is_closed = False

    def open(self) -> Fetcher:
        """Return a fetcher for one thread."""
        return _Remote(self)

    def connect(self) -> Connection:
        """Return a connection to a fetcher of the process, which is started if it is not there.

        Raises:
            WorkersStopped: `close` was called.
            WorkersUnavailable: the process cannot be started.
            OSError: it has just died.
        """
        ours, theirs = multiprocessing.Pipe()
        with self._guard, contextlib.closing(theirs):
            if self._is_closed:
                raise WorkersStopped("fetching is stopped")
            if self._child is None or self._child.is_gone():
                self._child = Child(_serve, self._policy, self._clock, name="fetching")
            send_handle(self._child.pipe, theirs.fileno(), self._child.pid)
        return ours

    def is_closed(self) -> bool:
        """Say whether `close` was called."""
        return self._is_closed

    def reap(self) -> None:
        """Wait until the process, which has hung up, is gone: then the next exchange starts another."""
        with self._guard:
            if self._child is not None and not self._is_closed:
                self._child.is_gone(_GONE_WITHIN_S)

    def kill(self) -> None:
        """End the process with all that it is doing."""
        if self._child is not None:
            self._child.kill()

    def close(self) -> None:
        """End the process; whoever waits for it gets WorkersStopped."""
        self._is_closed = True
        with self._guard:
            self.kill()


class _Remote:
    """Implements `scraper.ports.Fetcher`; for one thread."""

    def __init__(self, process: FetchProcess) -> None:
        self._process = process
        self._connection: Connection | None = None

    def fetch(self, request: FetchRequest) -> Response:
        """Have one exchange made; see `scraper.ports.Fetcher.fetch`.

        The process may have been ended by what another thread asked for: what was under way is asked once more.
        """
        try:
            answer = self._ask(request)
        except (OSError, EOFError):
            self._hang_up()
            answer = self._ask_again(request)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """Close kept-alive connections."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.send(None)

    def _ask_again(self, request: FetchRequest) -> Response | FetchError:
        try:
            return self._ask(request)
        except (OSError, EOFError) as exc:
            self._hang_up()
            url = without_credentials(request.url)
            raise AnswerBroken(f"{url}: the process that fetches ended twice while it asked for this", url=url) from exc

    def _ask(self, request: FetchRequest) -> Response | FetchError:
        if self._connection is None:
            self._connection = self._process.connect()
        self._connection.send(request)
        if not self._connection.poll(request.deadline_s + self._process.grace_s):
            self._process.kill()
            self._hang_up()
            url = without_credentials(request.url)
            raise DeadlineExceeded(f"{url}: no answer came, nor the end of its deadline", url=url)
        answer: Response | FetchError = self._connection.recv()
        return answer

    def _hang_up(self) -> None:
        """Let go of the connection to a process that is gone.

        Raises:
            WorkersStopped: it was ended for good.
        """
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process.is_closed():
            raise WorkersStopped("fetching is stopped")
        self._process.reap()


# --------------------------------------------------------------------------- in the other process


def _serve(door: Connection, policy: ClientPolicy, clock: Clock) -> None:
    """Give each connection that comes through the door a thread and a fetcher, until the door is closed."""
    context = tls_context()
    report_ready(door)
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
