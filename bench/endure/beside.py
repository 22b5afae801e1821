"""Good feeds beside hostile ones: the good ones are polled on time, and all their items are stored."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.endure.newsroom import Newsroom, wait_until
from bench.endure.verdict import Row, row

GOOD, HOSTILE, ITEMS = 200, 20, 5
#: A good feed is late when its poll ends so long after it was due: the first polls are spread over ten seconds of it.
LATE_S = 30.0
_ROUNDS = 3
_KINDS = ("drip", "silent", "endless", "quadratic")


def beside(folder: Path, port: int) -> Iterator[Row]:
    """Run the daemon over both for several rounds, each asked for anew."""
    with serving(port):
        good = good_feeds(GOOD, port)
        hostile = [f"http://127.0.9.{1 + n}:{port}/{_KINDS[n % 4]}/{n}" for n in range(HOSTILE)]
        mixed = [url for n, url in enumerate(good) for url in (*hostile[n // 10 : n // 10 + (n % 10 == 0)], url)]
        newsroom = Newsroom(folder, mixed, full_text=False)
        late: list[str] = []
        slowest = 0.0
        with newsroom.running():
            for number in range(_ROUNDS):
                started = time.monotonic()
                if number:
                    newsroom.ask(attempts=20)
                is_done = wait_until(lambda done=number + 1: _polled(newsroom) >= GOOD * done, 2 * LATE_S)
                slowest = max(slowest, time.monotonic() - started)
                if not is_done or time.monotonic() - started > LATE_S:
                    late.append(f"round {number + 1}: {_polled(newsroom)} polls of {GOOD * (number + 1)}")
            status, seconds = newsroom.stop()
        wanted = {f"{n}-{i}" for n in range(GOOD) for i in range(ITEMS)}
        stored = {each["guid"] for each in newsroom.rows("SELECT guid FROM entries")}
        lost = sorted(wanted - stored)
        yield row(
            f"{GOOD} good feeds beside {HOSTILE} hostile, on time", GOOD * _ROUNDS, late, f"slowest {slowest:.1f} s"
        )
        yield row("items of the good feeds stored", len(wanted), [f"{guid} is lost" for guid in lost])
        yield row("ends", 1, [] if status == 0 else [f"exit status {status}"], f"in {seconds:.1f} s")


def _polled(newsroom: Newsroom) -> int:
    """Return how many polls of good feeds succeeded."""
    sql = "SELECT count(*) AS n FROM polls JOIN feeds ON feeds.id = feed_id WHERE url LIKE '%/good/%' AND error IS NULL"
    return int(newsroom.rows(sql)[0]["n"])


def good_feeds(count: int, port: int) -> list[str]:
    """Return the addresses of so many good feeds, each on a host of its own."""
    return [f"http://127.0.{2 + n // 100}.{1 + n % 100}:{port}/good/{n}" for n in range(count)]


@contextlib.contextmanager
def serving(port: int) -> Iterator[None]:
    """Serve the feeds, good and hostile, while the block lasts."""
    server = _Server(("0.0.0.0", port), _Handler)  # all of 127.0.0.0/8
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up on the hostile ones."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, number = self.path.strip("/").split("/")
        if kind == "good":
            self._send(_feed(number, "Ada"))
        elif kind == "quadratic":
            self._send(_feed(number, "A@" * 500_000))
        else:
            self._torment(kind)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _torment(self, kind: str) -> None:
        self.close_connection = True
        if kind == "silent":
            time.sleep(120)
            return
        self.send_response(200)
        self.end_headers()
        chunk, pause_s = (b" ", 1.0) if kind == "drip" else (b"<item>" + b"x" * 100_000, 0.0)
        for _ in range(100_000):
            self.wfile.write(chunk)
            time.sleep(pause_s)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def _feed(number: str, author: str) -> bytes:
    items = "".join(
        f"<item><title>{number}-{n}</title><guid isPermaLink='false'>{number}-{n}</guid><author>{author}</author>"
        f"<description>What item {n} of feed {number} says.</description></item>"
        for n in range(ITEMS)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>".encode()
