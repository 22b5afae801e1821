"""The politeness ledger: one row a host, kept in the transaction of the work that it records."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from scraper.model import Exchange, HostLedger, Slot
from store.sqlite.database.columns import some_instant, to_text
from store.sqlite.database.connections import Base

_ADD = "INSERT INTO ledger (host, since) VALUES (:host, :at) ON CONFLICT DO NOTHING"
#: The gap is from the end of one request to the start of the next of the same slot; robots.txt and redirects on the way
#: to a page belong to that page's request.
_COUNT = """
UPDATE ledger SET
    requests = requests + 1,
    wire_bytes = wire_bytes + :bytes,
    not_modified = not_modified + :not_modified,
    pauses_asked = pauses_asked + :asked,
    pauses_broken = pauses_broken + coalesce((SELECT max(allowed_at) > :at FROM slots JOIN hosts ON hosts.id = host_id
        WHERE hosts.name = :host AND slot = 'feeds'), 0),
    last_request_at = max(coalesce(last_request_at, ''), :ended)
WHERE host = :host"""
_GAP = """
UPDATE ledger SET
    least_gap_s = min(coalesce(least_gap_s, 1e9), max(0, (julianday(:began) - julianday(last_page_at)) * 86400))
WHERE host = :host AND last_page_at IS NOT NULL"""
_PAGE = "UPDATE ledger SET last_page_at = :ended WHERE host = :host"
_REFUSED = "UPDATE ledger SET robots_refusals = robots_refusals + 1 WHERE host = :host"


class Ledger(Base):
    """Reading the ledger."""

    def ledger(self) -> tuple[HostLedger, ...]:
        with self._read() as db:
            rows = db.execute("SELECT * FROM ledger ORDER BY requests DESC, host").fetchall()
        return tuple(
            HostLedger(
                host=row["host"],
                since=some_instant(row["since"]),
                requests=row["requests"],
                wire_bytes=row["wire_bytes"],
                not_modified=row["not_modified"],
                pauses_asked=row["pauses_asked"],
                pauses_broken=row["pauses_broken"],
                robots_refusals=row["robots_refusals"],
                least_gap_s=None if row["least_gap_s"] is None else round(row["least_gap_s"], 3),
            )
            for row in rows
        )


def enter(db: Database, slot: Slot, exchanges: Iterable[Exchange], refused_host: str | None = None) -> None:
    """Add one unit of work to the ledger; `refused_host` has a robots.txt that refused the page."""
    made = list(exchanges)
    for exchange in made:
        values = {
            "host": exchange.host,
            "at": to_text(exchange.started_at),
            "ended": to_text(exchange.ended_at),
            "bytes": exchange.wire_bytes,
            "not_modified": exchange.status == 304,
            "asked": exchange.asked_to_wait,
        }
        db.execute(_ADD, {"host": exchange.host, "at": values["at"]})
        db.execute(_COUNT, values)
    if slot == "articles":
        for host in {exchange.host for exchange in made}:
            times = [(e.started_at, e.ended_at) for e in made if e.host == host]
            db.execute(_GAP, {"host": host, "began": to_text(times[0][0])})
            db.execute(_PAGE, {"host": host, "ended": to_text(times[-1][1])})
    if refused_host is not None:
        db.execute(_REFUSED, {"host": refused_host})
