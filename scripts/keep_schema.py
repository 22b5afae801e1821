"""Keeps an archive of today's schema, filed by today's program, for `tests/test_upgrades.py`.

    .venv/bin/python scripts/keep_schema.py        # on the last commit before a migration is added

Polls a small feed on loopback, fetches its three articles, one of them twice with an edit between, stars one, marks one
read, and writes tests/schemas/NN.db.zst, NN being the number of migrations.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parent.parent
#: Part of the articles' addresses, so that all archives hold the same.
PORT = 8499
_BASE = f"http://127.0.0.1:{PORT}"
_PROSE = "The ferry between the harbour and the islands sails again after nine weeks of repairs, the company said. " * 3
_JAPANESE = "船は港に戻った。修理には九週間かかったと会社は金曜日に述べた。" * 8
_CONFIG = f"""settings:
  database: archive.db
  network:
    allow_private: ["127.0.0.1:{PORT}"]
feeds:
  - url: {_BASE}/feed.xml
    name: Harbour
    tags: [sea]
"""


class _Origin(BaseHTTPRequestHandler):
    """A feed of three stories; the first tells another version each time it is asked for."""

    versions = 0

    def do_GET(self) -> None:
        content_type, body = self._answer()
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def _answer(self) -> tuple[str, bytes | None]:
        if self.path == "/feed.xml":
            return "text/xml", _feed().encode()
        if self.path == "/robots.txt":
            return "text/plain", b""
        if self.path == "/3":
            return "text/html; charset=utf-8", _page("ja", "第三の記事", _JAPANESE).encode()
        if self.path not in ("/1", "/2"):
            return "text/plain", None
        type(self).versions += self.path == "/1"
        told = f"Version {self.versions}. " if self.path == "/1" else ""
        prose = f"{told}Number {self.path[1]} of the harbour. {_PROSE}</p><p>{_PROSE}"
        return "text/html; charset=utf-8", _page("en", f"Story {self.path[1]}", prose).encode()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _feed() -> str:
    items = "".join(
        f"<item><title>Story {n}</title><link>{_BASE}/{n}</link><guid isPermaLink='false'>id-{n}</guid>"
        f"<pubDate>Thu, 15 Jan 2026 0{n}:00:00 GMT</pubDate><description>Summary of story {n}.</description></item>"
        for n in (3, 2, 1)
    )
    return f"<rss version='2.0'><channel><title>Harbour</title><link>{_BASE}/</link>{items}</channel></rss>"


def _page(language: str, title: str, prose: str) -> str:
    body = f"<article><h1>{title}</h1><p>By Ann Lee</p><p>{prose}</p></article>"
    return f"<html lang={language}><head><title>{title}</title></head><body>{body}</body></html>"


def main() -> None:
    """Make the archive and keep it."""
    server = ThreadingHTTPServer(("127.0.0.1", PORT), _Origin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        config, backup = Path(folder) / "feeds.yaml", Path(folder) / "backup.db"
        config.write_text(_CONFIG, encoding="utf-8")
        for command in ("poll", "refresh 1", "refresh 2", "refresh 3", "star 1", "read 2", f"backup {backup}"):
            line = [sys.executable, "-m", "wireroom", "--config", str(config), *command.split()]
            subprocess.run(line, cwd=ROOT, check=True, timeout=60)
        with closing(sqlite3.connect(backup, isolation_level=None)) as db:
            db.execute("VACUUM")
            count = db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]
        path = ROOT / "tests" / "schemas" / f"{count:02}.db.zst"
        path.write_bytes(zstandard.compress(backup.read_bytes(), 19))
    sys.stdout.write(f"{path.relative_to(ROOT)} written ({path.stat().st_size:,} bytes)\n")


if __name__ == "__main__":
    main()
