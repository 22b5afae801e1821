"""Hosts and their slots: what is due, what is allowed, who works on it.

`slots.due_at` is the earliest due time among the host's feeds (or articles) and is kept right inside each transaction
that moves one, so that a claim reads one index and nothing that is idle.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from scraper.errors import LeaseLost
from scraper.model import Block, HostClaim, RobotsRecord, Slot
from scraper.ports import Scope
from store.sqlite.database.columns import ids_json, insert, some_instant, storable, to_instant, to_text
from store.sqlite.database.connections import Base

_FREE = "(leased_until IS NULL OR leased_until <= :now)"
_IN_SCOPE = """
CASE slot WHEN 'feeds' THEN EXISTS (
    SELECT 1 FROM feeds f WHERE f.host_id = slots.host_id AND f.next_poll_at <= :now
    AND f.id IN (SELECT value FROM json_each(:scope)))
ELSE EXISTS (
    SELECT 1 FROM articles a WHERE a.host_id = slots.host_id AND a.next_fetch_at <= :now
    AND a.origin_feed_id IN (SELECT value FROM json_each(:scope)))
END"""
_RECHECK_IN_SCOPE = """
EXISTS (SELECT 1 FROM articles a WHERE a.host_id = slots.host_id AND a.recheck_at <= :now
    AND a.origin_feed_id IN (SELECT value FROM json_each(:scope)))"""
_READY = f"""
SELECT host_id, hosts.name, slot, fence + 1 AS fence FROM slots CROSS JOIN hosts ON hosts.id = slots.host_id
WHERE ready_at <= :now AND {_FREE} AND {{scope}} ORDER BY ready_at LIMIT :limit"""
#: Hosts where nothing is due but articles to be looked at again.
_RECHECKS = f"""
SELECT host_id, hosts.name, slot, fence + 1 AS fence FROM slots CROSS JOIN hosts ON hosts.id = slots.host_id
WHERE recheck_at IS NOT NULL AND recheck_ready_at <= :now AND (due_at IS NULL OR due_at > :now)
    AND {_FREE} AND {{scope}}
ORDER BY recheck_ready_at LIMIT :limit"""
_GATE = f"""
SELECT min(opens_at) FROM (
    SELECT min(ready_at) AS opens_at FROM slots WHERE due_at <= :now AND {_FREE} AND {{scope}}
    UNION ALL SELECT min(recheck_ready_at) FROM slots WHERE recheck_at <= :now AND {_FREE} AND {{recheck_scope}})"""

#: The earliest due time of a slot's host, by index.
_EARLIEST: dict[Slot, str] = {
    "feeds": """SELECT next_poll_at FROM feeds
        WHERE host_id = slots.host_id AND next_poll_at IS NOT NULL ORDER BY next_poll_at LIMIT 1""",
    "articles": """SELECT next_fetch_at FROM articles
        WHERE host_id = slots.host_id AND next_fetch_at IS NOT NULL ORDER BY next_fetch_at LIMIT 1""",
}
_EARLIEST_RECHECK = """SELECT recheck_at FROM articles
    WHERE host_id = slots.host_id AND recheck_at IS NOT NULL ORDER BY recheck_at LIMIT 1"""
_HOLD = "UPDATE slots SET allowed_at = max(coalesce(allowed_at, ''), ?)"


class Claims(Base):
    """Claiming hosts and letting them go."""

    def clear_leases(self) -> None:
        self._write(lambda db: db.execute("UPDATE slots SET leased_until = NULL WHERE leased_until IS NOT NULL"))

    def claim_hosts(
        self, now: datetime, limit: int, lease: timedelta, *, scope: Scope = None, rechecks: int | None = None
    ) -> tuple[HostClaim, ...]:
        most = limit if rechecks is None else rechecks
        with self._read() as db:  # most ticks find nothing and must not write
            if not _ready(db, now, 1, most, scope):
                return ()
        return self._write(lambda db: _claim(db, _ready(db, now, limit, most, scope), now + lease))

    def release(self, claim: HostClaim, *, hold_until: datetime | None = None) -> None:
        self._write(lambda db: _release(db, claim, hold_until))

    def gate_opens_at(self, now: datetime, *, scope: Scope = None) -> datetime | None:
        with self._read() as db:
            return to_instant(db.execute(_scoped(_GATE, scope), _scope_values(now, scope)).fetchone()[0])

    def robots(self, origin: str) -> RobotsRecord | None:
        with self._read() as db:
            row = db.execute("SELECT * FROM robots WHERE origin = ?", (storable(origin),)).fetchone()
        if row is None:
            return None
        return RobotsRecord(fetched_at=some_instant(row["fetched_at"]), status=row["status"], body=row["body"])

    def save_robots(self, origin: str, record: RobotsRecord) -> None:
        values = (storable(origin), to_text(record.fetched_at), record.status, record.body)
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", values))


def _claim(db: Database, ready: Sequence[Any], until: datetime) -> tuple[HostClaim, ...]:
    claims = tuple(
        HostClaim(host_id=row["host_id"], host=row["name"], slot=row["slot"], fence=row["fence"], leased_until=until)
        for row in ready
    )
    db.conn.executemany(
        "UPDATE slots SET fence = ?, leased_until = ? WHERE host_id = ? AND slot = ?",
        [(claim.fence, to_text(until), claim.host_id, claim.slot) for claim in claims],
    )
    return claims


def _release(db: Database, claim: HostClaim, hold_until: datetime | None) -> None:
    if is_held(db, claim):
        hold_slot(db, claim, hold_until)
        end_claim(db, claim)


# --------------------------------------------------------------------------- for other units of work


def host_id(db: Database, name: str) -> int:
    """Return the id of the host called `name`, made with its two slots if need be."""
    row = db.execute("SELECT id FROM hosts WHERE name = ?", (name,)).fetchone()
    if row is not None:
        return int(row[0])
    new_id = insert(db, "hosts", {"name": name})
    blocked = db.execute(
        "SELECT max(until) FROM blocks WHERE :name = domain OR :name LIKE '%.' || domain", {"name": name}
    )
    until = blocked.fetchone()[0]
    db.conn.executemany(
        "INSERT INTO slots (host_id, slot, allowed_at) VALUES (?, ?, ?)",
        [(new_id, "feeds", until), (new_id, "articles", until)],
    )
    return new_id


def is_held(db: Database, claim: HostClaim) -> bool:
    """Say whether nobody has claimed the slot since `claim`."""
    sql = "SELECT fence FROM slots WHERE host_id = ? AND slot = ?"
    row = db.execute(sql, (claim.host_id, claim.slot)).fetchone()
    return row is not None and bool(row[0] == claim.fence)


def check_fence(db: Database, claim: HostClaim) -> None:
    """Refuse to go on when the slot was claimed anew since `claim`.

    Raises:
        LeaseLost: it was.
    """
    if not is_held(db, claim):
        raise LeaseLost(f"The claim on {claim.host} ({claim.slot}) was taken over; its work will be repeated.")


def end_claim(db: Database, claim: HostClaim) -> None:
    """Let the slot be claimed again; a claim that was taken over changes nothing."""
    sql = "UPDATE slots SET leased_until = NULL WHERE host_id = ? AND slot = ? AND fence = ?"
    db.execute(sql, (claim.host_id, claim.slot, claim.fence))


def refresh_slots(db: Database, slot: Slot, host_ids: Collection[int]) -> None:
    """Set the due times of these hosts' slots by what is due on them now."""
    recheck = f", recheck_at = ({_EARLIEST_RECHECK})" if slot == "articles" else ""
    sql = f"UPDATE slots SET due_at = ({_EARLIEST[slot]}){recheck} WHERE slot = '{slot}' AND host_id = ?"
    db.conn.executemany(sql, [(host,) for host in host_ids])


def hold_slot(db: Database, claim: HostClaim, until: datetime | None) -> None:
    """Allow no claim of the same slot before `until`; never shortens a pause."""
    if until is not None:
        db.execute(f"{_HOLD} WHERE host_id = ? AND slot = ?", (to_text(until), claim.host_id, claim.slot))


def hold_domain(db: Database, block: Block | None, now: datetime) -> None:
    """Allow no claim of any host of a domain before its time, hosts that are not known yet included."""
    if block is None:
        return
    domain, until = storable(block.domain), to_text(block.until)
    db.execute("DELETE FROM blocks WHERE until <= ?", (to_text(now),))
    db.execute(
        "INSERT INTO blocks VALUES (?, ?) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)", (domain, until)
    )
    hosts = "SELECT id FROM hosts WHERE name = ? OR name LIKE '%.' || ?"
    db.execute(f"{_HOLD} WHERE host_id IN ({hosts})", (until, domain, domain))


def _ready(db: Database, now: datetime, limit: int, rechecks: int, scope: Scope) -> list[Any]:
    """Return the slots that may be claimed, those with new work first."""
    values = _scope_values(now, scope)
    ready: list[Any] = db.execute(_scoped(_READY, scope), {**values, "limit": limit}).fetchall()
    if rest := min(limit - len(ready), rechecks):
        ready += db.execute(_scoped(_RECHECKS, scope), {**values, "limit": rest}).fetchall()
    return ready


def _scoped(sql: str, scope: Scope) -> str:
    if scope is None:
        return sql.format(scope="TRUE", recheck_scope="TRUE")
    return sql.format(scope=_RECHECK_IN_SCOPE if sql is _RECHECKS else _IN_SCOPE, recheck_scope=_RECHECK_IN_SCOPE)


def _scope_values(now: datetime, scope: Scope) -> dict[str, str]:
    values = {"now": to_text(now)}
    if scope is not None:
        values["scope"] = ids_json(scope)
    return values
