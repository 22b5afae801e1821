"""The reading room's server: uvicorn in a thread of its own."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import uvicorn

from scraper.errors import WireroomError
from scraper.ports import Archive
from wireroom.web.app import create_app
from wireroom.web.guard import LOCAL_HOSTS

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8460

#: Requests under way when the room closes get this long.
_GRACE_S = 2
_START_WITHIN_S = 60.0


class RoomUnavailable(WireroomError):
    """The reading room cannot be opened at `address`."""

    def __init__(self, message: str, *, address: str) -> None:
        super().__init__(message)
        self.address = address


class ReadingRoom:
    """Serves the reading room over `archive` between `start` and `stop`; also a context manager.

    `port` 0 takes any free one. There is no login, so a `host` that other machines can reach is refused unless
    `allowed_hosts` names what the room may be called there. `problems` says what is wrong with the daemon behind it.
    Installs no signal handlers; logs nothing but errors.
    """

    def __init__(
        self,
        archive: Archive,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        *,
        allowed_hosts: tuple[str, ...] | None = None,
        problems: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._archive = archive
        self._host = host
        self._port = port
        self._allowed_hosts = allowed_hosts
        self._problems = problems
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port listened on; once started, the real one."""
        return self._port

    @property
    def url(self) -> str:
        """The address to open in a browser."""
        return f"http://{_bracketed(self._host)}:{self._port}/"

    def start(self) -> None:
        """Open the room; returns when it answers.

        Raises:
            RoomUnavailable: the address is in use, not this machine's, or open to others without a login.
        """
        names = self._names()
        listener = _listen(self._host, self._port)
        try:
            self._port = listener.getsockname()[1]
            config = uvicorn.Config(
                create_app(self._archive, allowed_hosts=names, problems=self._problems),
                log_config=None,
                log_level=logging.ERROR,
                access_log=False,
                lifespan="on",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
            )
            self._server = uvicorn.Server(config)
            self._thread = threading.Thread(
                target=_serve, args=(self._server, listener), name="reading-room", daemon=True
            )
            self._thread.start()
        except BaseException:
            listener.close()
            raise
        self._wait_until_started()

    def stop(self) -> None:
        """Close the room within a few seconds; may be called twice."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_GRACE_S + 1)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(2)
        self._server = self._thread = None

    def _names(self) -> tuple[str, ...]:
        if self._allowed_hosts is not None:
            return self._allowed_hosts
        if not _is_loopback(self._host):
            address = f"{_bracketed(self._host)}:{self._port}"
            raise RoomUnavailable(
                f"the reading room has no login yet and is not opened at {address}, where other machines could read "
                "everything; listen on 127.0.0.1 (and reach it from elsewhere through ssh -L or a proxy with a login)",
                address=address,
            )
        return (*LOCAL_HOSTS, _bracketed(self._host).lower())

    def _wait_until_started(self) -> None:
        # The socket listens already; this waits for uvicorn's loop to take what comes.
        deadline = time.monotonic() + _START_WITHIN_S
        while self._server is not None and not self._server.started:
            if self._thread is None or not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise RoomUnavailable("the reading room did not start; see the log", address=self.url)
            time.sleep(0.005)


def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    with listener:
        server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    address = f"{_bracketed(host)}:{port}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            message = (
                f"{address} is in use, perhaps by another Wireroom; stop that program, or give the reading room "
                "another port with `listen:` in the settings of feeds.yaml"
            )
        else:
            message = f"the reading room cannot listen on {address}: {exc.strerror or exc}"
        raise RoomUnavailable(message, address=address) from exc


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
