"""What a run left behind, read into plain data."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scraper.urls import without_credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint with its expectation (the origin's catalogue explains the words)."""

    id: str
    kind: str
    url: str
    path: str
    vhost: str
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the origin saw of one path."""

    requests: int = 0
    conditional: int = 0
    max_seconds: float = 0.0
    max_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry, with the article it became."""

    guid: str | None
    title: str | None
    link: str | None
    #: full, feed_only, failed, pending; None = it was dropped.
    status: str | None
    reason: str | None
    text: str
    html: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFeed:
    """One feed and its polls, the oldest first."""

    statuses: tuple[str, ...]
    errors: tuple[str | None, ...]
    new_entries: tuple[int, ...]
    longest_poll_s: float
    current_url: str
    next_poll_at: str | None
    entries: tuple[StoredEntry, ...]

    @property
    def polls(self) -> int:
        """How often it was polled."""
        return len(self.statuses)

    @property
    def is_ok(self) -> bool:
        """Whether the last poll succeeded."""
        return self.statuses[-1:] not in ((), ("failed",), ("gone",))

    @property
    def outcome(self) -> str:
        """A line about it."""
        error = next((error for error in reversed(self.errors) if error), None)
        said = f"{', '.join(self.statuses) or 'never polled'}; {len(self.entries)} entries"
        return said if self.is_ok or not error else f"{said}; {without_address(error)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process and the most memory it had resident."""

    name: str
    peak_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that is judged."""

    endpoints: tuple[Endpoint, ...]
    paths: Mapping[str, Seen]
    feeds: Mapping[str, StoredFeed]
    processes: tuple[Process, ...] = ()
    canary_hits: Sequence[Any] = ()
    leaks: Sequence[Any] = ()
    agents: Mapping[str, int] = field(default_factory=dict)
    #: One mapping a request: t, host, target ...
    requests: Sequence[Mapping[str, Any]] = ()
    run: Mapping[str, Any] = field(default_factory=dict)
    #: What SQLite says of the archive; empty = all is well.
    database_faults: Sequence[str] = ()
    log_lines: Sequence[str] = ()

    def seen(self, endpoint: Endpoint) -> Seen:
        """Return what the origin saw of an endpoint."""
        key = endpoint.path.partition("?")[0]
        return self.paths.get(key if endpoint.vhost == "www" else f"{endpoint.vhost}:{key}", Seen())

    def article(self, endpoint: Endpoint) -> StoredEntry | None:
        """Return the entry whose page an article endpoint is."""
        found = (feed for url, feed in self.feeds.items() if url.endswith("/feed/articles-all"))
        return next((entry for feed in found for entry in feed.entries if entry.guid == endpoint.id), None)

    def article_outcome(self, endpoint: Endpoint) -> str:
        """Return a line about an article endpoint."""
        entry = self.article(endpoint)
        if entry is None:
            return "not stored"
        return f"{entry.status}; {len(entry.text)} characters; {without_address(entry.reason or '')}"


def without_address(text: str) -> str:
    """Return a message without the address it begins with."""
    return text.split(": ", 1)[-1] if text.startswith("http") else text


def collect(folder: Path) -> Evidence:
    """Read what a run left in `folder`."""
    catalogue, stats, facts, requests = (
        json.loads((folder / f"chaos.{name}.json").read_text("utf-8"))
        for name in ("catalogue", "stats", "facts", "log")
    )
    seen = ("requests", "conditional", "max_seconds", "max_bytes")
    with closing(sqlite3.connect(folder / "chaos.db")) as db:
        db.row_factory = sqlite3.Row
        feeds = {without_credentials(row["url"]): _feed(db, row) for row in db.execute("SELECT * FROM feeds")}
        faults = _faults(db)
    return Evidence(
        endpoints=tuple(
            Endpoint(**{name: endpoint[name] for name in ("id", "kind", "url", "path", "vhost", "expect")})
            for endpoint in catalogue["endpoints"]
        ),
        paths={path: Seen(**{name: figures[name] for name in seen}) for path, figures in stats["paths"].items()},
        feeds=feeds,
        processes=tuple(Process(name=name, peak_mb=peak) for peak, name in facts.pop("processes")),
        canary_hits=stats["canary_hits"],
        leaks=stats["leaks"],
        agents=stats["agents"],
        requests=requests,
        run=facts,
        database_faults=faults,
        log_lines=(folder / "chaos.log").read_text("utf-8").splitlines(),
    )


def _feed(db: sqlite3.Connection, row: sqlite3.Row) -> StoredFeed:
    polls = db.execute("SELECT * FROM polls WHERE feed_id = ? ORDER BY id", (row["id"],)).fetchall()
    entries = db.execute(
        """SELECT e.guid, e.title, e.link, a.status, a.reason, coalesce(a.text, '') AS text,
        coalesce(a.html, '') AS html, coalesce(a.url, '') AS url
        FROM entries e LEFT JOIN articles a ON a.id = e.article_id WHERE e.feed_id = ?""",
        (row["id"],),
    )
    return StoredFeed(
        statuses=tuple(poll["status"] for poll in polls),
        errors=tuple(poll["error"] for poll in polls),
        new_entries=tuple(poll["entries_new"] for poll in polls),
        longest_poll_s=max((_seconds(poll) for poll in polls), default=0.0),
        current_url=row["current_url"],
        next_poll_at=row["next_poll_at"],
        entries=tuple(StoredEntry(**dict(entry)) for entry in entries),
    )


def _seconds(poll: sqlite3.Row) -> float:
    started, finished = (datetime.fromisoformat(poll[name]) for name in ("started_at", "finished_at"))
    return (finished - started).total_seconds()


def _faults(db: sqlite3.Connection) -> list[str]:
    faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    faults += [f"foreign key: {tuple(row)}" for row in db.execute("PRAGMA foreign_key_check")]
    try:
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as exc:
        faults.append(f"search index: {exc}")
    return faults
