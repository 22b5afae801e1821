"""Another program holds the database's lock for longer than the daemon waits: said, and made up for afterwards."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from bench.endure.beside import ITEMS, good_feeds, serving
from bench.endure.newsroom import Newsroom, wait_until
from bench.endure.verdict import Row, row

_FEEDS = 20
#: After the lock: the archive is left alone for at most five minutes once it has refused, less after a single refusal.
_RECOVERS_WITHIN_S = 90.0


def locked(folder: Path, port: int, seconds: float) -> Iterator[Row]:
    """Lock the database under a daemon that is about to file news; then let go, and look for all of it."""
    with serving(port):
        feeds = good_feeds(_FEEDS, port)
        newsroom = Newsroom(folder, feeds[: _FEEDS // 2], full_text=False)
        with newsroom.running() as process:
            wait_until(lambda: _stored(newsroom) == ITEMS * _FEEDS // 2, 60)
            with contextlib.closing(sqlite3.connect(newsroom.database, isolation_level=None, timeout=30)) as other:
                other.execute("BEGIN IMMEDIATE")
                newsroom.write_feeds(feeds)
                time.sleep(seconds)
                alive = process.poll() is None
                other.execute("ROLLBACK")
            started = time.monotonic()
            is_made_up = wait_until(lambda: _stored(newsroom) == ITEMS * _FEEDS, _RECOVERS_WITHIN_S)
            took_s = time.monotonic() - started
            status, _ = newsroom.stop()
    told = [line for line in newsroom.lines() if line["level"] == "ERROR"]
    wrong = [] if alive and status == 0 else [f"exit status {status}"]
    wrong += [] if len(told) <= 3 else [f"said {len(told)} times"]
    wrong += [f"not said clearly: {line}" for line in told if "Another process is writing" not in str(line)]
    yield row(f"locked for {seconds:.0f} s: stays up, says so", 1, wrong, f"said {len(told)} times")
    lost = [] if is_made_up else [f"{_stored(newsroom)} of {ITEMS * _FEEDS} items"]
    yield row("all items stored afterwards", ITEMS * _FEEDS, lost, f"after {took_s:.1f} s")
    yield row("integrity, foreign keys, search index", 1, newsroom.faults())


def _stored(newsroom: Newsroom) -> int:
    return len({each["guid"] for each in newsroom.rows("SELECT guid FROM entries")})
