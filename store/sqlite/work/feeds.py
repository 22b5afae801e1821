"""The feed list: what the user configured, what is known of each feed, when it is polled."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import ASKED_FOR, FeedRow, FeedSpec, FeedState, HostClaim, Response, SyncResult
from scraper.ports import Scope, Spread
from scraper.urls import host_of
from store.sqlite.database.columns import ids_json, insert, strings_json, to_column, to_text, update
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import feed_row, feed_state
from store.sqlite.search.feed_names import find_feed
from store.sqlite.work.answers import find_answers
from store.sqlite.work.claims import check_fence, host_id, refresh_slots
from store.sqlite.work.due_times import put_off
from store.sqlite.work.outages import error_of, present_outage

#: Columns that decide when a feed is polled: a change of one makes it due.
_TIMING = ("interval_s", "schedule", "time_zone", "paused")
_COUNTS = """
SELECT e.feed_id, count(DISTINCT e.article_id) AS articles,
    count(DISTINCT CASE WHEN m.read_at IS NULL THEN e.article_id END) AS unread
FROM entries e LEFT JOIN marks m ON m.article_id = e.article_id
WHERE e.article_id IS NOT NULL
AND e.article_id NOT IN (SELECT id FROM articles WHERE status = 'pending' AND first_seen_at > ?)
GROUP BY e.feed_id"""
_ENTRY_TIMES = """
SELECT coalesce(published_at, updated_at, first_seen_at) FROM entries WHERE feed_id = ?
ORDER BY coalesce(published_at, updated_at, first_seen_at) DESC LIMIT 50"""


class Feeds(Base):
    """The stored feed list."""

    def sync_feeds(self, specs: Sequence[FeedSpec], *, now: datetime, spread: Spread | None = None) -> SyncResult:
        return self._write(lambda db: _sync(db, specs, now, spread))

    def request_polls(self, feed_ids: Sequence[int] | None, *, now: datetime, reason: str = ASKED_FOR) -> int:
        return self._write(lambda db: _request_polls(db, feed_ids, now, reason))

    def due_feeds(self, claim: HostClaim, now: datetime, *, scope: Scope = None) -> tuple[FeedState, ...]:
        sql = "SELECT * FROM feeds WHERE host_id = ? AND next_poll_at <= ? ORDER BY next_poll_at, id"
        with self._read() as db:
            rows = db.execute(sql, (claim.host_id, to_text(now))).fetchall()
            wanted = [row for row in rows if scope is None or row["id"] in scope]
            answers = find_answers(db, [row["url"] for row in wanted], now)
            return tuple(_state(db, row, answers.get(row["url"])) for row in wanted)

    def put_off_polls(self, claim: HostClaim, until: Mapping[int, datetime]) -> None:
        self._write(lambda db: _put_off(db, claim, until))

    def feed_state(self, url: str) -> FeedState | None:
        with self._read() as db:
            row = db.execute("SELECT * FROM feeds WHERE url = ?", (url,)).fetchone()
            return _state(db, row) if row else None

    def feeds(self) -> tuple[FeedRow, ...]:
        with self._read() as db:
            rows = db.execute("SELECT * FROM feeds ORDER BY removed_at IS NOT NULL, name COLLATE NOCASE, id").fetchall()
            counts = {row["feed_id"]: row for row in db.execute(_COUNTS, (to_text(self._settled_before()),))}
            outage = present_outage(db)
        found = (feed_row(row, counts.get(row["id"])) for row in rows)
        return tuple(replace(shown, last_error=error_of(row, outage)) for shown, row in zip(found, rows, strict=True))

    def find_feed_id(self, what: str) -> int:
        with self._read() as db:
            feed_id, fault = find_feed(db, what)
        if feed_id is None:
            raise NotFound(f"{fault[:1].upper()}{fault[1:]}.", what=what)
        return feed_id


def _state(db: Database, row: Any, answer: Response | None = None) -> FeedState:
    return feed_state(row, [time for (time,) in db.execute(_ENTRY_TIMES, (row["id"],))], answer)


def _sync(db: Database, specs: Sequence[FeedSpec], now: datetime, spread: Spread | None) -> SyncResult:
    stored = {row["url"]: row for row in db.execute("SELECT * FROM feeds")}
    hosts: set[int] = set()
    added: list[str] = []
    changed: list[str] = []
    for spec in specs:
        row = stored.get(spec.url)
        if row is None:
            hosts.add(_add(db, spec, now))
        elif values := _changes(row, spec, now):
            update(db, "feeds", row["id"], values)
            hosts.add(row["host_id"])
        else:
            continue
        (changed if row is not None and row["removed_at"] is None else added).append(spec.url)
    listed = {spec.url for spec in specs}
    removed = [row for row in stored.values() if row["url"] not in listed and row["removed_at"] is None]
    for row in removed:
        update(db, "feeds", row["id"], {"removed_at": now, "next_poll_at": None})
        hosts.add(row["host_id"])
    refresh_slots(db, "feeds", hosts)
    if spread is not None:
        put_off(db, _due_among(db, added, now), spread, now)
    return SyncResult(added=tuple(added), removed=tuple(row["url"] for row in removed), changed=tuple(changed))


def _due_among(db: Database, urls: Collection[str], now: datetime) -> list[Any]:
    """Return those of the feeds that are due, in the order of the list."""
    rows = db.execute(
        """SELECT feeds.id, host_id, url, hosts.name AS host FROM feeds JOIN hosts ON hosts.id = host_id
        WHERE next_poll_at <= ? AND url IN (SELECT value FROM json_each(?))""",
        (to_text(now), strings_json(urls)),
    ).fetchall()
    places = {url: place for place, url in enumerate(urls)}
    return sorted(rows, key=lambda row: places[row["url"]])


def _add(db: Database, spec: FeedSpec, now: datetime) -> int:
    host = host_id(db, host_of(spec.url))
    values = {
        **_spec_columns(spec),
        "name": spec.name or spec.url,
        "url": spec.url,
        "current_url": spec.url,
        "host_id": host,
        "added_at": now,
        "next_poll_at": None if spec.paused else now,
        "next_poll_reason": "new feed",
    }
    insert(db, "feeds", values)
    return host


def _changes(row: sqlite3.Row, spec: FeedSpec, now: datetime) -> dict[str, object]:
    """Return the columns in which a stored feed must change to be what the user configured."""
    new = _spec_columns(spec)
    changes: dict[str, object] = {name: value for name, value in new.items() if to_column(value) != row[name]}
    if "given_name" in changes:
        changes["name"] = spec.name or row["title"] or row["url"]
    if row["removed_at"] is not None:
        changes |= {"removed_at": None, "gone": False, "failures": 0}
        changes |= {"next_poll_at": now, "next_poll_reason": "back in the list"}
    elif any(name in changes for name in _TIMING) and not row["gone"]:
        changes |= {"next_poll_at": now, "next_poll_reason": "its schedule was changed"}
    if spec.paused and changes:
        changes["next_poll_at"] = None
    return changes


def _spec_columns(spec: FeedSpec) -> dict[str, object]:
    return {
        "given_name": spec.name,
        "tags": spec.tags,
        "interval_s": spec.interval,
        "schedule": spec.schedule,
        "time_zone": spec.time_zone,
        "full_text": spec.full_text,
        "paused": spec.paused,
        "recheck": spec.recheck,
        "stories": spec.stories,
        "keep_words": spec.keep,
        "drop_words": spec.drop,
    }


def _put_off(db: Database, claim: HostClaim, until: Mapping[int, datetime]) -> None:
    check_fence(db, claim)
    for feed_id, at in until.items():
        update(db, "feeds", feed_id, {"next_poll_at": at})
    refresh_slots(db, "feeds", (claim.host_id,))


def _request_polls(db: Database, feed_ids: Sequence[int] | None, now: datetime, reason: str) -> int:
    wanted = "gone = 0" if feed_ids is None else "id IN (SELECT value FROM json_each(:ids))"
    rows = db.execute(
        f"""UPDATE feeds SET next_poll_reason = :reason, next_poll_at = max(
            min(coalesce(next_poll_at, :now), :now), coalesce(held_until, ''))
        WHERE removed_at IS NULL AND paused = 0 AND {wanted} RETURNING host_id""",
        {"now": to_text(now), "ids": ids_json(feed_ids or ()), "reason": reason},
    ).fetchall()
    refresh_slots(db, "feeds", {row["host_id"] for row in rows})
    return len(rows)
