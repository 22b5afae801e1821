"""Why: the decisions in the life of an entry and its article."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import TrailStep
from store.columns import ids_json, some_instant, storable
from store.database import Base
from store.listing import article_id_of

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


class Trail(Base):
    """Telling why."""

    def trail(self, what: str) -> tuple[TrailStep, ...]:
        with self._read() as db:
            rows = _steps(db, what)
        if not rows:
            raise NotFound(f"No article or entry answers to {what!r}.", what=what)
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
    article_id = article_id_of(db, what)
    entries = {row["id"]: row for row in db.execute(_ENTRIES.format("e.article_id = ?"), (article_id,))}
    if not what.isdecimal():  # entries of that address without an article: dropped, or their article deleted
        named = db.execute(_ENTRIES.format(_OF_ADDRESS), {"what": storable(what)})
        entries |= {row["id"]: row for row in named}
    values = {"entries": ids_json(entries), "article": article_id}
    return [*entries.values(), *db.execute(_DECISIONS, values)]
