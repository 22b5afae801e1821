"""The bundled newspaper on loopback: real HTTP with validators, compression, redirects and failures."""

from __future__ import annotations

import gzip
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from wireroom.demo.expected import ExpectedArticle, expected_articles
from wireroom.demo.press import Publication, load_press
from wireroom.demo.site import EDITION_AT, Issue, Resource, build_site

LAST_EDITION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request that was answered."""

    host: str
    path: str
    status: int
    #: It carried a validator.
    is_conditional: bool


class DemoNewspaper:
    """Serves the bundled publications, each on an address of its own; a context manager.

    `edition_at` is when the first edition came out (the stories are up to six days older); None = the time that
    `expected.json` is written for. Nothing listens before `start`.
    """

    def __init__(self, *, edition_at: datetime | None = None) -> None:
        self._edition_at = (edition_at or EDITION_AT).astimezone(UTC).replace(microsecond=0)
        self._edition = 1
        self._presses = {paper.key: _Press(paper) for paper in load_press()}
        #: The latest requests, oldest first.
        self.hits: deque[Hit] = deque(maxlen=10_000)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen on loopback and serve the first edition; returns when every address answers."""
        try:
            for press in self._presses.values():
                press.open(self.hits.append)
            self._publish()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop serving; may be called twice."""
        for press in self._presses.values():
            press.close()

    def advance(self) -> int:
        """Bring out the next edition (new stories, silently changed ones) and return its number."""
        self._edition = min(self._edition + 1, LAST_EDITION)
        self._publish()
        return self._edition

    @property
    def addresses(self) -> tuple[str, ...]:
        """Host and port of each publication: what `network.allow_private` must allow."""
        return tuple(press.address for press in self._presses.values())

    @property
    def feed_urls(self) -> tuple[str, ...]:
        """Addresses of all feeds."""
        return tuple(url for url, _, _ in self._feeds())

    def base_url(self, key: str) -> str:
        """Return scheme, host and port of one publication ("courier")."""
        return self._presses[key].base

    def feeds_yaml(self, *, database: str | None = None) -> str:
        """Return a feeds.yaml for the newspaper that allows its addresses."""
        # JSON strings are YAML strings.
        lines = ["settings:", *([f"  database: {json.dumps(database)}"] if database else [])]
        lines += [f"  network: {{allow_private: {json.dumps(list(self.addresses))}}}", "feeds:"]
        for url, name, tags in self._feeds():
            lines += [f"  - url: {url}", f"    name: {json.dumps(name, ensure_ascii=False)}"]
            lines += [f"    tags: {json.dumps(list(tags), ensure_ascii=False)}"]
        return "\n".join(lines) + "\n"

    def expected(self) -> tuple[ExpectedArticle, ...]:
        """Return what must be on file after the current edition was polled; addresses are those being served."""
        shift = self._edition_at - EDITION_AT
        return tuple(
            replace(
                article,
                url=article.url and self.base_url(article.publication) + article.url,
                published_at=article.published_at + shift,
                feeds=tuple(self.base_url(article.publication) + path for path in article.feeds),
            )
            for article in expected_articles(self._edition)
        )

    def _feeds(self) -> list[tuple[str, str, tuple[str, ...]]]:
        return [
            (press.base + plan.path, plan.name, press.paper.tags)
            for press in self._presses.values()
            for plan in press.paper.feeds
        ]

    def _publish(self) -> None:
        for press in self._presses.values():
            press.publish(self._edition_at, self._edition)


class _Press:
    """One publication and the server it runs on."""

    def __init__(self, paper: Publication) -> None:
        self.paper = paper
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def open(self, note: Callable[[Hit], object]) -> None:
        self._server = _open_server(self.paper.loopback, note)
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.05,), name=f"demo-{self.paper.key}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None

    def publish(self, edition_at: datetime, edition: int) -> None:
        # One assignment: a request sees either the old edition or the new one.
        self._running.site = build_site(Issue(paper=self.paper, base=self.base, edition_at=edition_at, edition=edition))

    @property
    def address(self) -> str:
        host, port = self._running.server_address[:2]
        return f"{host!s}:{port}"

    @property
    def base(self) -> str:
        return f"http://{self.address}"

    @property
    def _running(self) -> _Server:
        if self._server is None:
            raise RuntimeError("the demo newspaper is not running; call start() first")
        return self._server


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], note: Callable[[Hit], object]) -> None:
        super().__init__(address, _Handler)
        self.site: Mapping[str, Resource] = {}
        self.note = note

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client goes away in the middle (a killed daemon does)."""


def _open_server(loopback: str, note: Callable[[Hit], object]) -> _Server:
    """Listen on the address, so that each publication is a host of its own and none waits for another's gap."""
    try:
        return _Server((loopback, 0), note)
    except OSError:
        # macOS has 127.0.0.1 alone unless told otherwise.
        return _Server(("127.0.0.1", 0), note)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "WireroomDemo"
    sys_version = ""
    #: Idle connections end, and with them their threads.
    timeout = 30

    def do_GET(self) -> None:
        path = quote(unquote(urlsplit(self.path).path))
        resource = self.server.site.get(path)
        if resource is None:
            self._answer(404, b"<!DOCTYPE html><title>Not here</title><h1>Not here</h1>", "text/html; charset=utf-8")
        elif resource.location is not None:
            self._answer(resource.status, b"", resource.content_type, {"Location": resource.location})
        else:
            self._answer_resource(resource)

    do_HEAD = do_GET

    def _answer_resource(self, resource: Resource) -> None:
        is_gzip = "gzip" in self.headers.get("Accept-Encoding", "") and not resource.content_type.startswith("image/")
        # Another coding is another representation: its strong validator must differ.
        etag = resource.etag[:-1] + '-gz"' if is_gzip else resource.etag
        headers = {
            "ETag": etag,
            "Last-Modified": format_datetime(resource.modified_at, usegmt=True),
            "Vary": "Accept-Encoding",
        }
        if self._is_unchanged(etag, resource.modified_at):
            self._answer(304, b"", None, headers)
            return
        body = gzip.compress(resource.body, mtime=0) if is_gzip else resource.body
        if is_gzip:
            headers["Content-Encoding"] = "gzip"
        self._answer(200, body, resource.content_type, headers)

    def _is_unchanged(self, etag: str, modified_at: datetime) -> bool:
        if (wanted := self.headers.get("If-None-Match")) is not None:
            return wanted.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
        if (since := self.headers.get("If-Modified-Since")) is not None:
            try:
                return modified_at <= parsedate_to_datetime(since)
            except (ValueError, TypeError):
                return False
        return False

    def _answer(
        self, status: int, body: bytes, content_type: str | None, headers: Mapping[str, str] | None = None
    ) -> None:
        host, port = self.server.server_address[:2]
        is_conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        self.server.note(Hit(host=f"{host!s}:{port}", path=self.path, status=status, is_conditional=is_conditional))
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `DemoNewspaper.hits` remembers."""
