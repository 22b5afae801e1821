"""The migration that makes one of hosts, and of all that is kept by host, whose names lead to one server."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from scraper.urls import origin_of, standard_host

#: Of all the slots that become one, what asks for the most patience; no claim made before holds any longer.
_JOIN_SLOTS = """
UPDATE slots SET (allowed_at, leased_until, fence) = (
    SELECT max(s.allowed_at), max(s.leased_until), max(s.fence) + 1 FROM slots s JOIN joined_hosts j ON j.id = s.host_id
    WHERE j.kept_id = slots.host_id AND s.slot = slots.slot)
WHERE host_id IN (SELECT kept_id FROM joined_hosts);
DELETE FROM slots WHERE host_id IN (SELECT id FROM joined_hosts WHERE id <> kept_id);
"""
_MOVE = """
UPDATE {table} SET host_id = (SELECT kept_id FROM joined_hosts j WHERE j.id = host_id)
WHERE host_id IN (SELECT id FROM joined_hosts WHERE id <> kept_id);
"""
#: The alarm that was raised first stands for the site.
_JOIN_DRIFTS = """
DELETE FROM drifts WHERE EXISTS (
    SELECT 1 FROM joined_hosts own JOIN joined_hosts j ON j.kept_id = own.kept_id JOIN drifts d ON d.host_id = j.id
    WHERE own.id = drifts.host_id AND (d.since, d.host_id) < (drifts.since, drifts.host_id));
"""
_REFRESH_SLOTS = """
UPDATE slots SET due_at = (SELECT min(next_poll_at) FROM feeds f WHERE f.host_id = slots.host_id)
WHERE slot = 'feeds' AND host_id IN (SELECT kept_id FROM joined_hosts);
UPDATE slots SET
    due_at = (SELECT min(next_fetch_at) FROM articles a WHERE a.host_id = slots.host_id),
    recheck_at = (SELECT min(recheck_at) FROM articles a WHERE a.host_id = slots.host_id)
WHERE slot = 'articles' AND host_id IN (SELECT kept_id FROM joined_hosts);
"""
#: A name that was not in the form of its domain was not held back with it.
_HOLD = """
UPDATE slots SET allowed_at = max(coalesce(allowed_at, ''), (
    SELECT max(b.until) FROM blocks b JOIN hosts h ON h.name = b.domain OR h.name LIKE '%.' || b.domain
    WHERE h.id = slots.host_id))
WHERE host_id IN (SELECT h.id FROM hosts h JOIN blocks b ON h.name = b.domain OR h.name LIKE '%.' || b.domain);
"""
_JOIN_BLOCKS = "INSERT INTO blocks VALUES (?, ?) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)"
_JOIN_LEDGER = """
UPDATE ledger SET (since, requests, wire_bytes, not_modified, pauses_asked, pauses_broken, robots_refusals, least_gap_s,
    last_request_at, last_page_at) = (
    SELECT min(since), sum(requests), sum(wire_bytes), sum(not_modified), sum(pauses_asked), sum(pauses_broken),
        sum(robots_refusals), min(least_gap_s), max(last_request_at), max(last_page_at)
    FROM ledger WHERE host IN (SELECT value FROM json_each(json_array(:kept, :name))))
WHERE host = :kept"""


def join_hosts(db: Database) -> None:
    """Give all names of hosts the form of `scraper.urls.host_of`, and make one of those that are then the same.

    `paper.example` and `paper.example.`, a name in Unicode and in punycode had two slots each: two fetches at once
    from one server.
    """
    _join_rows(db)
    for host, name in _misspelled(db, "SELECT host FROM ledger", standard_host):
        if db.execute("SELECT 1 FROM ledger WHERE host = ?", (name,)).fetchone():
            db.execute(_JOIN_LEDGER, {"kept": name, "name": host})
            db.execute("DELETE FROM ledger WHERE host = ?", (host,))
        else:
            db.execute("UPDATE ledger SET host = ? WHERE host = ?", (name, host))
    for domain, name in _misspelled(db, "SELECT domain FROM blocks", standard_host):
        (until,) = db.execute("SELECT until FROM blocks WHERE domain = ?", (domain,)).fetchone()
        db.execute("DELETE FROM blocks WHERE domain = ?", (domain,))
        db.execute(_JOIN_BLOCKS, (name, until))
    db.execute(_HOLD)
    for origin, _ in _misspelled(db, "SELECT origin FROM robots", origin_of):  # asked anew under the name it has now
        db.execute("DELETE FROM robots WHERE origin = ?", (origin,))


def _join_rows(db: Database) -> None:
    """Let everything refer to the first of the rows of a host, and drop the others."""
    groups: dict[str, list[int]] = {}
    for host_id, name in db.execute("SELECT id, name FROM hosts ORDER BY id").fetchall():
        groups.setdefault(standard_host(name), []).append(host_id)
    joined = [(host_id, ids[0]) for ids in groups.values() if len(ids) > 1 for host_id in ids]
    db.execute("CREATE TEMP TABLE joined_hosts (id INTEGER PRIMARY KEY, kept_id INTEGER NOT NULL)")
    db.conn.executemany("INSERT INTO joined_hosts VALUES (?, ?)", joined)
    if joined:
        moves = (_MOVE.format(table=table) for table in ("feeds", "articles", "drifts"))
        for script in (_JOIN_SLOTS, _JOIN_DRIFTS, *moves, _REFRESH_SLOTS):
            db.executescript(script)
        db.execute("DELETE FROM hosts WHERE id IN (SELECT id FROM joined_hosts WHERE id <> kept_id)")
    db.conn.executemany("UPDATE hosts SET name = ? WHERE id = ?", [(name, ids[0]) for name, ids in groups.items()])
    db.execute("DROP TABLE joined_hosts")


def _misspelled(db: Database, sql: str, standard: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return the names that are not in their standard form, each with that form."""
    return [(name, standard(name)) for (name,) in db.execute(sql).fetchall() if standard(name) != name]
