"""What commands hear from sites outside a poll: what a new feed answered, and pauses that were asked for."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from scraper.model import Block, Hop, Response
from scraper.urls import host_of
from store.sqlite.database.columns import insert, objects, some_instant, storable, strings_json, to_json, to_text
from store.sqlite.database.connections import Base
from store.sqlite.work.claims import hold_domain, refresh_slots
from store.zstd import packed, unpacked

#: An older answer is the first poll of nothing: the feed is asked anew.
ANSWER_LASTS = timedelta(days=1)
#: What a poll looks at; the rest (cookies among it) is not kept.
_HEADERS = frozenset(
    ("content-type", "etag", "last-modified", "cache-control", "expires", "date", "age", "retry-after")
)  # fmt: skip
_IS_POLLED = "SELECT 1 FROM feeds WHERE url = ? AND removed_at IS NULL AND last_polled_at IS NOT NULL"
_ANSWERS = """
SELECT *, NULL AS dictionary FROM answers
WHERE url IN (SELECT value FROM json_each(?)) AND fetched_at BETWEEN ? AND ?"""
_PAUSE = """
SELECT max(until) FROM (
    SELECT held_until AS until FROM feeds WHERE :url IN (url, current_url)
    UNION ALL SELECT until FROM blocks WHERE :host = domain OR :host LIKE '%.' || domain)
WHERE until > :now"""
_HOLD = """
UPDATE feeds SET held_until = max(coalesce(held_until, ''), :until),
    next_poll_reason = CASE WHEN next_poll_at < :until THEN 'the site asked for a pause' ELSE next_poll_reason END,
    next_poll_at = max(next_poll_at, :until)
WHERE :url IN (url, current_url) RETURNING host_id"""


class Answers(Base):
    """Keeping what was heard, and telling it."""

    def keep_answer(self, url: str, response: Response) -> None:
        self._write(lambda db: _keep(db, url, response))

    def kept_answer(self, url: str, *, now: datetime) -> Response | None:
        with self._read() as db:
            return find_answers(db, (url,), now).get(url)

    def hold_feed(self, url: str, until: datetime, block: Block | None, *, now: datetime) -> None:
        self._write(lambda db: _hold(db, url, until, block, now))

    def pause_ends_at(self, url: str, *, now: datetime) -> datetime | None:
        values = {"url": storable(url), "host": host_of(url), "now": to_text(now)}
        with self._read() as db:
            found: str | None = db.execute(_PAUSE, values).fetchone()[0]
        return some_instant(found) if found else None


def find_answers(db: Database, urls: Collection[str], now: datetime) -> dict[str, Response]:
    """Return what the feeds listed as `urls` have answered already, for their first poll; few have."""
    values = (strings_json(urls), to_text(now - ANSWER_LASTS), to_text(now))
    return {row["url"]: _answer(row) for row in db.execute(_ANSWERS, values).fetchall()}


def forget_answer(db: Database, url: str) -> None:
    """Forget what a feed has answered: it has been polled."""
    db.execute("DELETE FROM answers WHERE url = ?", (url,))


def forget_old_answers(db: Database, now: datetime) -> None:
    """Forget answers that are too old to be anybody's first poll."""
    db.execute("DELETE FROM answers WHERE fetched_at < ?", (to_text(now - ANSWER_LASTS),))


def _keep(db: Database, url: str, response: Response) -> None:
    if db.execute(_IS_POLLED, (storable(url),)).fetchone() is not None:
        return
    headers = {name: value for name, value in response.headers.items() if name in _HEADERS}
    values = {
        "url": url,
        "fetched_at": response.fetched_at,
        "final_url": response.url,
        "status": response.status,
        "headers": to_json(headers),
        "hops": response.hops,
        "took_s": response.took_s,
        "wire_bytes": response.wire_bytes,
        "raw_bytes": len(response.body),
        "body": packed(response.body),
    }
    forget_answer(db, storable(url))
    insert(db, "answers", values)


def _answer(row: Any) -> Response:
    return Response(
        url=row["final_url"],
        status=row["status"],
        headers=json.loads(row["headers"]),
        body=unpacked(row),
        hops=tuple(Hop(**hop) for hop in objects(row["hops"])),
        took_s=row["took_s"],
        wire_bytes=row["wire_bytes"],
        fetched_at=some_instant(row["fetched_at"]),
    )


def _hold(db: Database, url: str, until: datetime, block: Block | None, now: datetime) -> None:
    rows = db.execute(_HOLD, {"url": storable(url), "until": to_text(until)}).fetchall()
    refresh_slots(db, "feeds", {row["host_id"] for row in rows})
    hold_domain(db, block, now)
