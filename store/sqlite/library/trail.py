"""Why: the decisions in the life of an entry and its article."""

from __future__ import annotations

import re
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import TrailStep
from store.sqlite.database.columns import ids_json, some_instant, storable
from store.sqlite.database.connections import Base
from store.sqlite.library.listing import article_id_of

_ENTRIES = """
SELECT e.id, e.article_id, e.first_seen_at AS at, 'entry' AS about, e.rule, e.detail, f.name AS feed
FROM entries e JOIN feeds f ON f.id = e.feed_id WHERE {} ORDER BY e.first_seen_at, e.id"""
#: By address, key or guid; through all feeds, since that is how the last two are indexed.
_OF_ADDRESS = """e.id IN (
    SELECT id FROM entries WHERE link = :what
    UNION SELECT id FROM entries WHERE feed_id IN (SELECT id FROM feeds) AND link_key = :what
    UNION SELECT id FROM entries WHERE feed_id IN (SELECT id FROM feeds) AND guid_key = :what)"""
_DECISIONS = """
SELECT d.at, d.about, d.rule, d.detail, f.name AS feed FROM decisions d LEFT JOIN feeds f ON f.id = d.feed_id
WHERE d.entry_id IN (SELECT value FROM json_each(:entries)) OR d.article_id = :article ORDER BY d.at, d.id"""

_ADDRESSES = """
SELECT k.first_seen_at AS at, 'article' AS about, 'address' AS rule, k.key || ' leads to it' AS detail, NULL AS feed
FROM article_keys k JOIN articles a ON a.id = k.article_id
WHERE k.article_id = :article AND k.key <> a.article_key AND k.first_seen_at IS NOT NULL ORDER BY 1, k.key"""
#: When the feed had the entry last; told if nothing was decided about it then.
_SIGHTINGS = """
SELECT e.last_seen_at AS at, 'entry' AS about, 'last-seen' AS rule, 'the feed lists it' AS detail, f.name AS feed
FROM entries e JOIN feeds f ON f.id = e.feed_id
WHERE e.id IN (SELECT value FROM json_each(:entries)) AND e.last_seen_at > e.first_seen_at ORDER BY e.id"""


class Trail(Base):
    """Telling why."""

    def trail(self, what: str) -> tuple[TrailStep, ...]:
        with self._read() as db:
            rows = _steps(db, what)
        if not rows:
            raise NotFound(f"There is no article and no entry {what!r}.", what=what)
        steps = [
            TrailStep(
                at=some_instant(row["at"]),
                about=row["about"],
                rule=row["rule"],
                detail=row["detail"],
                feed=row["feed"],
            )
            for row in rows
        ]
        return tuple(sorted(steps, key=lambda step: step.at))  # stable: an entry's filing comes before what followed


def _steps(db: Database, what: str) -> list[Any]:
    article_id, entry_id = _meant(db, what)
    entries = {row["id"]: row for row in db.execute(_ENTRIES.format("e.article_id = ?"), (article_id,))}
    if entry_id is not None:
        entries |= {row["id"]: row for row in db.execute(_ENTRIES.format("e.id = ?"), (entry_id,))}
    elif article_id is None or not what.isdecimal():
        # Entries of that address without an article: dropped, or their article deleted.
        named = db.execute(_ENTRIES.format(_OF_ADDRESS), {"what": storable(what)})
        entries |= {row["id"]: row for row in named}
    values = {"entries": ids_json(entries), "article": article_id}
    steps = [*entries.values(), *db.execute(_DECISIONS, values), *db.execute(_ADDRESSES, values)]
    told = {row["at"] for row in steps}
    return [*steps, *(row for row in db.execute(_SIGHTINGS, values) if row["at"] not in told)]


def _meant(db: Database, what: str) -> tuple[int | None, int | None]:
    """Return the article and the entry that `what` means: an article, one that went, or an entry."""
    if number := re.fullmatch("e([0-9]{1,15})", what):
        row = db.execute("SELECT article_id, id FROM entries WHERE id = ?", (int(number[1]),)).fetchone()
        return tuple(row) if row else (None, None)
    article_id = article_id_of(db, what)
    if article_id is not None or not re.fullmatch("[0-9]{1,15}", what):
        return article_id, None
    row = db.execute("SELECT united_with, entry_id FROM tombstones WHERE id = ?", (int(what),)).fetchone()
    if row and row["united_with"] is not None:
        return _meant(db, str(row["united_with"]))
    if row is None or row["entry_id"] is None:
        row = db.execute("SELECT article_id, id FROM entries WHERE id = ?", (int(what),)).fetchone()
        return tuple(row) if row else (None, None)
    return None, row["entry_id"]
