"""The synthetic origin as a process: `python -m bench.origin.server`, asked by `bench.contestant.Contestant`.

The questions come on standard input and are answered by a thread; the server itself is one asyncio loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import threading
from typing import Any

from bench.dialogue import serve
from bench.origin.site import WAVES, Answer, Plan, Site

_REASONS = {200: b"OK", 304: b"Not Modified", 404: b"Not Found"}


def main() -> None:
    """Serve until the input ends."""
    origin = _Origin()
    serve(
        {
            "open": origin.open,
            "reset": origin.reset,
            "set": origin.set,
            "publish": origin.publish,
            "bring_out": origin.bring_out,
            "count": origin.count,
        }
    )


class _Origin:
    """The running origin; nothing listens before `open`."""

    def __init__(self) -> None:
        self._site: Site | None = None
        self._line = _Line()

    def open(self, seed: int, feeds: int, articles: int) -> dict[str, Any]:
        """Start serving and say what is there."""
        plan = Plan(seed=seed, feeds=feeds, articles=articles)
        sockets = _listen(plan.hosts)
        bases = [f"http://{host}:{port}" for host, port in (sock.getsockname() for sock in sockets)]
        # Where loopback is one address, all hosts are that one.
        self._site = Site(plan, [bases[at % len(bases)] for at in range(plan.hosts)])
        threading.Thread(target=asyncio.run, args=(_serve(self._site, self._line, sockets),), daemon=True).start()
        return {
            "feeds": self._site.feed_urls(),
            "entries": self._site.count_entries(),
            "lists": self._site.list_urls(),
            "waves": [self._site.page_urls(wave) for wave in range(WAVES)],
            "hosts": len(bases),
        }

    def reset(self) -> dict[str, Any]:
        """Start again from the beginning, for the next program."""
        self._running.reset()
        self._line.latency_s = 0.0
        return {}

    def set(self, latency_ms: float, validators: bool) -> dict[str, Any]:
        """Answer so much later, with or without validators."""
        self._line.latency_s = latency_ms / 1000
        self._running.sends_validators = validators
        return {}

    def count(self) -> dict[str, Any]:
        """Return how many requests came since the last count."""
        answered, self._line.answered = self._line.answered, 0
        return {"requests": answered}

    def publish(self, share: float) -> dict[str, Any]:
        """Publish new entries in a share of the feeds."""
        return {"changed": self._running.publish(share)}

    def bring_out(self, wave: int) -> dict[str, Any]:
        """List the pages up to a wave."""
        self._running.bring_out(wave)
        return {}

    @property
    def _running(self) -> Site:
        if self._site is None:
            raise RuntimeError("the origin was not opened")
        return self._site


def _listen(hosts: int) -> list[socket.socket]:
    """Open a socket for each host on 127.20.0.1 and up, or one on 127.0.0.1 where there is no other."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    try:
        return [_socket(f"127.{20 + at // 50_000}.{at // 200 % 250}.{at % 200 + 1}") for at in range(hosts)]
    except OSError:  # macOS
        return [_socket("127.0.0.1")]


def _socket(host: str) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, 0))
    sock.listen(256)  # from here on, who connects waits until the loop runs
    return sock


async def _serve(site: Site, line: _Line, sockets: list[socket.socket]) -> None:
    loop = asyncio.get_running_loop()
    for sock in sockets:
        await loop.create_server(lambda: _Connection(site, line), sock=sock, backlog=256)
    await asyncio.Event().wait()


class _Line:
    """How far away the origin is, and what has come over."""

    latency_s = 0.0
    answered = 0


class _Connection(asyncio.Protocol):
    """One client; requests are answered in order and the connection is kept."""

    def __init__(self, site: Site, line: _Line) -> None:
        self._site, self._line = site, line
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            request, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            lines = request.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            answer = self._respond(lines[0].split(" ")[1], headers)
            self._line.answered += 1
            is_last = headers.get("connection", "").lower() == "close"
            if self._line.latency_s:
                asyncio.get_running_loop().call_later(self._line.latency_s, self._send, answer, is_last)
            else:
                self._send(answer, is_last)

    def _send(self, answer: bytes, is_last: bool) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)
        if is_last:
            self._transport.close()

    def _respond(self, path: str, headers: dict[str, str]) -> bytes:
        answer = self._site.answer(path)
        if answer is None:
            return _message(404, b"", b"Content-Type: text/plain\r\n")
        fields = _fields(answer)
        if _is_fresh(answer, headers):
            return _message(304, None, fields)
        fields += f"Content-Type: {answer.content_type}\r\n".encode()
        if answer.packed is not None and "gzip" in headers.get("accept-encoding", ""):
            return _message(200, answer.packed, fields + b"Content-Encoding: gzip\r\n")
        return _message(200, answer.body, fields)


def _fields(answer: Answer) -> bytes:
    pairs = {"ETag": answer.etag, "Last-Modified": answer.last_modified}
    return "".join(f"{name}: {value}\r\n" for name, value in pairs.items() if value).encode()


def _is_fresh(answer: Answer, headers: dict[str, str]) -> bool:
    """Say whether the client has this already (RFC 9110, 13.2.2: the ETag goes first)."""
    if "if-none-match" in headers:
        return bool(answer.etag) and answer.etag in headers["if-none-match"]
    return bool(answer.last_modified) and headers.get("if-modified-since") == answer.last_modified


def _message(status: int, body: bytes | None, fields: bytes) -> bytes:
    length = b"" if body is None else b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 %d %b\r\n%b%b\r\n" % (status, _REASONS[status], fields, length) + (body or b"")


if __name__ == "__main__":
    main()
