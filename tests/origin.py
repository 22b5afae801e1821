"""A web server on loopback for tests: routes are functions, requests are remembered."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names in lower case."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What to send. `raw` is written as it is in place of head and body, and the connection closed."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    #: Called with a function that sends bytes, after the head or `raw`: for slow and endless answers.
    stream: Callable[[Callable[[bytes], object]], None] | None = None


Route = Callable[[Request], Answer]


class Origin:
    """Serves `routes` (path -> Answer or function) on a loopback address while the `with` block lasts; 404 for the rest.

    `certificate` (a PEM with its key) makes it speak TLS.
    """

    def __init__(
        self,
        routes: Mapping[str, Answer | Route] | None = None,
        *,
        certificate: Path | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        self.address = address
        self.scheme = "https" if certificate else "http"
        self.routes: dict[str, Answer | Route] = dict(routes or {})
        self.requests: list[Request] = []
        self._server = _Server((address, 0), _handler(self))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def connections(self) -> int:
        return self._server.accepted

    def url(self, path: str = "/") -> str:
        return f"{self.scheme}://{self.address}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        route = self.routes.get(request.path.partition("?")[0], Answer(b"not here", 404))
        return route if isinstance(route, Answer) else route(request)

    def __enter__(self) -> Origin:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    #: Connections that were opened.
    accepted = 0

    def process_request(self, *args: Any) -> None:
        self.accepted += 1
        super().process_request(*args)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients under test hang up on purpose."""


def _handler(origin: Origin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = origin.answer(Request(path=self.path, headers=headers))
            if answer.raw is not None:
                self.wfile.write(answer.raw)
                self.close_connection = True
                if answer.stream is not None:
                    answer.stream(self.wfile.write)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.stream is None:
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(b"" if answer.status == 304 else answer.body)
                return
            self.end_headers()
            self.wfile.flush()
            answer.stream(self.wfile.write)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Handler
