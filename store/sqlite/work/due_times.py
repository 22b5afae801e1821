"""Due times as a whole: spread out where many are due at once, put right where a wrong clock made them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from scraper.model import ASKED_FOR, BY_OUTAGE
from scraper.ports import Spread
from store.sqlite.database.columns import some_instant, to_instant, to_text, update
from store.sqlite.database.connections import Base
from store.sqlite.work.claims import refresh_slots

#: Clocks are set by so much without anybody meaning it.
_TOLERANCE = timedelta(minutes=1)
#: No pause that a server asks for is kept longer, nor is an article put off for longer, nor a claim leased.
_LONGEST_PAUSE = timedelta(hours=8)
_LONGEST_RETRY = timedelta(hours=25)
_LONGEST_LEASE = timedelta(minutes=15)
#: Why a feed that was never polled, or is wanted now, is due.
_AT_ONCE = ("new feed", ASKED_FOR, "its schedule was changed", "back in the list", *BY_OUTAGE)
_DUE = """
SELECT feeds.id, feeds.host_id, hosts.name AS host FROM feeds JOIN hosts ON hosts.id = host_id
WHERE next_poll_at <= ? ORDER BY next_poll_at, feeds.id"""


class Times(Base):
    """Moving due times."""

    def spread_due(self, spread: Spread, *, now: datetime) -> int:
        return self._write(lambda db: put_off(db, db.execute(_DUE, (to_text(now),)).fetchall(), spread, now))

    def mend_times(self, *, now: datetime) -> int:
        """See the port; reads first, as nearly always there is nothing to mend."""
        with self._read() as db:
            if not _is_ahead(db, now):
                return 0
        return self._write(lambda db: _mend(db, now))


def put_off(db: Database, feeds: Sequence[Any], spread: Spread, now: datetime) -> int:
    """Let some of these feeds (id, host_id, host) wait a little; return how many."""
    waits = spread([feed["host"] for feed in feeds])
    late = [(feed, wait) for feed, wait in zip(feeds, waits, strict=True) if wait]
    db.conn.executemany(
        """UPDATE feeds SET next_poll_at = ?, next_poll_reason = coalesce(next_poll_reason, 'due')
        || '; many are due at once, hosts take turns' WHERE id = ?""",
        [(to_text(now + wait), feed["id"]) for feed, wait in late],
    )
    refresh_slots(db, "feeds", {feed["host_id"] for feed, _ in late})
    return len(late)


# --------------------------------------------------------------------------- a clock that was ahead


def _is_ahead(db: Database, now: datetime) -> bool:
    """Say whether anything on file is from a time still to come."""
    late = {"later": to_text(now + _TOLERANCE), "pause": to_text(now + _LONGEST_PAUSE + _TOLERANCE)}
    late["retry"] = to_text(now + _LONGEST_RETRY)
    sql = """SELECT EXISTS (SELECT 1 FROM feeds WHERE last_polled_at > :later OR added_at > :later)
        OR EXISTS (SELECT 1 FROM ledger WHERE last_request_at > :later)
        OR EXISTS (SELECT 1 FROM slots WHERE allowed_at > :pause OR leased_until > :pause)
        OR EXISTS (SELECT 1 FROM articles WHERE next_fetch_at > :retry)"""
    return bool(db.execute(sql, late).fetchone()[0])


def _mend(db: Database, now: datetime) -> int:
    moved = _mend_slots(db, now)
    moved += _mend_feeds(db, now) + _mend_articles(db, now)
    db.execute("UPDATE blocks SET until = min(until, ?)", (to_text(now + _LONGEST_PAUSE),))
    for column in ("last_request_at", "last_page_at"):
        db.execute(f"UPDATE ledger SET {column} = min({column}, ?) WHERE {column} > ?", (to_text(now), to_text(now)))
    return moved


def _moved(time: datetime | None, planned_at: datetime, now: datetime) -> datetime | None:
    """Return a time as far from now as it was from when it was planned."""
    return None if time is None else now + max(time - planned_at, timedelta(0))


def _mend_feeds(db: Database, now: datetime) -> int:
    later = to_text(now + _TOLERANCE)
    rows = db.execute(
        "SELECT * FROM feeds WHERE last_polled_at > ?1 OR added_at > ?1 OR next_poll_at > ?1", (later,)
    ).fetchall()
    changed = [(row, changes) for row in rows if (changes := _feed_changes(row, now))]
    for row, changes in changed:
        update(db, "feeds", row["id"], changes)
    refresh_slots(db, "feeds", {row["host_id"] for row, _ in changed})
    return len(changed)


def _feed_changes(row: Any, now: datetime) -> dict[str, object]:
    changes: dict[str, object] = {}
    polled_at, due_at = to_instant(row["last_polled_at"]), to_instant(row["next_poll_at"])
    if some_instant(row["added_at"]) > now:
        changes["added_at"] = now
    if polled_at is not None and polled_at > now:
        changes["last_polled_at"] = now
        changes["held_until"] = _moved(to_instant(row["held_until"]), polled_at, now)
        changes["next_poll_at"] = _moved(due_at, polled_at, now)
    elif due_at is not None and due_at > now + _LONGEST_PAUSE and str(row["next_poll_reason"]).startswith(_AT_ONCE):
        changes["next_poll_at"] = now
    return changes


def _mend_articles(db: Database, now: datetime) -> int:
    rows = db.execute(
        "SELECT id, host_id, next_fetch_at, last_checked_at, first_seen_at FROM articles WHERE next_fetch_at > ?",
        (to_text(now),),
    ).fetchall()
    changed = [(row, changes) for row in rows if (changes := _article_changes(row, now))]
    for row, changes in changed:
        update(db, "articles", row["id"], changes)
    refresh_slots(db, "articles", {row["host_id"] for row, _ in changed})
    return len(changed)


def _article_changes(row: Any, now: datetime) -> dict[str, object]:
    due_at = some_instant(row["next_fetch_at"])
    checked_at = to_instant(row["last_checked_at"])
    if checked_at is not None and checked_at > now:
        return {"last_checked_at": now, "next_fetch_at": _moved(due_at, checked_at, now)}
    is_new = checked_at is None and some_instant(row["first_seen_at"]) > now
    return {"next_fetch_at": now} if is_new or due_at > now + _LONGEST_RETRY else {}


def _mend_slots(db: Database, now: datetime) -> int:
    """Move what hosts are not to be asked before; the ledger knows when each was asked last."""
    lease = to_text(now + _LONGEST_LEASE)
    db.execute("UPDATE slots SET leased_until = ? WHERE leased_until > ?", (lease, lease))
    rows: Iterable[Any] = db.execute(
        """SELECT host_id, slot, allowed_at, last_request_at FROM slots JOIN hosts ON hosts.id = host_id
        LEFT JOIN ledger ON ledger.host = hosts.name WHERE allowed_at > ?""",
        (to_text(now),),
    ).fetchall()
    moved = 0
    for row in rows:
        asked_at, allowed_at = to_instant(row["last_request_at"]), some_instant(row["allowed_at"])
        fair = _moved(allowed_at, asked_at, now) if asked_at is not None and asked_at > now else allowed_at
        fair = min(fair or now, now + _LONGEST_PAUSE)
        if fair != allowed_at:
            moved += 1
            sql = "UPDATE slots SET allowed_at = ? WHERE host_id = ? AND slot = ?"
            db.execute(sql, (to_text(fair), row["host_id"], row["slot"]))
    return moved
