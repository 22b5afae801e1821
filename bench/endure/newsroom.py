"""A folder with a feeds.yaml, the daemon that runs in it as a process of its own, and its archive."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.errors import StoreError
from store import Store, open_store

ROOT = Path(__file__).parent.parent.parent
STOP_S = 10.0
START_WITHIN_S = 600.0


class Newsroom:
    """Runs the daemon on some feeds. Only loopback is allowed it."""

    def __init__(self, folder: Path, feeds: Sequence[str], *, full_text: bool = True, timeout: str = "30s") -> None:
        self.folder = folder.absolute()
        self.config = self.folder / "feeds.yaml"
        self.database = self.folder / "wireroom.db"
        self.log = self.folder / "wireroom.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._full_text, self._timeout = full_text, timeout
        #: Lines of the log that earlier runs wrote.
        self._older = 0
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write_feeds(feeds)

    def write_feeds(self, feeds: Sequence[str]) -> None:
        """Write feeds.yaml anew, in one move."""
        lines = [
            "settings:",
            f"  database: {self.database}",
            "  network: {allow_private: ['127.0.0.0/8']}",
            "  listen: 127.0.0.1:0",
            f"defaults: {{full_text: {str(self._full_text).lower()}, timeout: {self._timeout}}}",
            "feeds:",
            *(f"  - {json.dumps(url)}" for url in feeds),
        ]
        beside = self.folder / "feeds.new"
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
        beside.replace(self.config)

    def start(self, *, through: Sequence[str] = (), shell: str = "") -> subprocess.Popen[bytes]:
        """Start the daemon in a session of its own, `through` another command, or after what a `shell` does first."""
        command = [
            *through,
            sys.executable,
            "-m",
            "wireroom",
            "--config",
            str(self.config),
            "--log-format",
            "json",
            "run",
        ]
        if shell:
            command = ["sh", "-c", f'{shell}; exec "$@"', "sh", *command]
        self._older = len(self.lines())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, start_new_session=True)
        return self.process

    def kill(self) -> None:
        """End the daemon as a power cut would, if it is still running."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self, *, within_s: float = 4 * STOP_S) -> tuple[int | None, float]:
        """Ask the daemon to end; return its exit status, None if it did not end, and how many seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status: int | None = self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            status = None
            self.kill()
        self.process = None
        return status, time.monotonic() - started

    @contextlib.contextmanager
    def running(self, *, shell: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """Run the daemon while the block lasts; whatever happens, it is gone afterwards."""
        process = self.start(shell=shell)
        try:
            wait_until(lambda: "started" in self.events()[self._older :], START_WITHIN_S)
            yield process
        finally:
            self.kill()

    def lines(self) -> list[dict[str, Any]]:
        """Return the log so far; a line that is none of ours is the event `other`."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        return [_line(line) for line in lines if not line.startswith("reading room: ")]

    def events(self) -> list[str]:
        """Return the events of the log so far."""
        return [str(line["event"]) for line in self.lines()]

    def ask(self, *, attempts: int = 1) -> bool:
        """Ask for a poll of every feed; return whether the archive took it."""
        for _ in range(attempts):
            with contextlib.suppress(StoreError), self.archive() as store:
                store.request_polls(None, now=datetime.now(UTC))
                return True
            time.sleep(0.1)
        return False

    @contextlib.contextmanager
    def archive(self) -> Iterator[Store]:
        """Open the archive beside the daemon."""
        with open_store(self.database, create=False) as store:
            yield store

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Ask the database."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=60)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(sql, values).fetchall()

    def faults(self) -> list[str]:
        """Return what SQLite finds wrong with the database."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=60)) as db:
            faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
            faults += [f"foreign key: {tuple(row)}" for row in db.execute("PRAGMA foreign_key_check")]
            try:
                db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError as exc:
                if "no such table" in str(exc) and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
                    return faults  # killed before the first table was made
                faults.append(f"search index: {exc}")
        return faults


def _line(line: str) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        found = json.loads(line)
        if isinstance(found, dict) and "event" in found:
            return found
    return {"event": "other", "level": "ERROR", "text": line}


def wait_until(is_so: Callable[[], object], seconds: float, every: float = 0.2) -> bool:
    """Wait until something holds; return whether it came to be in time."""
    ends_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends_at:
            return False
        time.sleep(every)
    return True


def session_of(pid: int) -> list[int]:
    """Return the processes of a session that are still there (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[3]) == pid and fields[0] != "Z":
                found.append(int(entry.parent.name))
    return [each for each in found if each != os.getpid()]
