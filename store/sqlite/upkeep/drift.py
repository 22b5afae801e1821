"""Sites whose articles are no longer what they were: what the rule is asked, and its alarms while they last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlite_utils import Database

from scraper.model import DRIFT_TEXTS, DRIFT_WINDOW, Drift, Settled, SiteDrift
from store.sqlite.database.columns import ids_json, some_instant, to_text
from store.sqlite.database.connections import Base

#: Hosts of these articles, and those that have an alarm.
_TOUCHED = """
SELECT DISTINCT host_id FROM articles WHERE id IN (SELECT value FROM json_each(?))
UNION SELECT host_id FROM drifts"""
_NEWEST = f"""
SELECT id, status, kind, word_count, section, fetched_at, (
    SELECT max(length(coalesce(e.content_html, e.summary_html, ''))) FROM entries e WHERE e.article_id = articles.id
) AS announced FROM articles
WHERE host_id = ? AND status IN ('full', 'feed_only', 'failed') AND fetched_at IS NOT NULL
ORDER BY fetched_at DESC, id DESC LIMIT {DRIFT_WINDOW}"""
_TEXTS = "SELECT id, text FROM articles WHERE id IN (SELECT value FROM json_each(?))"
#: Characters of a feed's HTML that come on a word.
_HTML_WORD = 7
_DRIFTS = "SELECT d.*, h.name FROM drifts d JOIN hosts h ON h.id = d.host_id ORDER BY d.since DESC, h.name"
#: Articles named to be fetched again.
_NAMED = """
SELECT id FROM articles WHERE host_id = ? AND status IN ('full', 'feed_only', 'failed') AND fetched_at IS NOT NULL
ORDER BY fetched_at DESC, id DESC LIMIT 12"""


class Drifts(Base):
    """Watching sites."""

    def look_for_drift(
        self, rule: Callable[[Sequence[Settled]], Drift | None], article_ids: Collection[int]
    ) -> tuple[SiteDrift, ...]:
        """Look at the sites of articles that were settled, and those with an alarm; return all that have one now."""
        with self._read() as db:
            hosts = [row["host_id"] for row in db.execute(_TOUCHED, (ids_json(article_ids),))]
            known = {row["host_id"] for row in db.execute("SELECT host_id FROM drifts")}
            found = {host: rule(_settled(db, host)) for host in hosts}
        now = to_text(self._now())
        if known or any(found.values()):
            self._write(lambda db: _keep(db, found, now))
        new = {host for host, drift in found.items() if drift is not None} - known
        with self._read() as db:
            return tuple(_site(db, row, is_new=row["host_id"] in new) for row in db.execute(_DRIFTS).fetchall())

    def drifts(self) -> tuple[SiteDrift, ...]:
        """Return the sites that had an alarm at the last look, the newest alarm first."""
        with self._read() as db:
            return tuple(_site(db, row, is_new=False) for row in db.execute(_DRIFTS).fetchall())


def _settled(db: Database, host: int) -> list[Settled]:
    rows = db.execute(_NEWEST, (host,)).fetchall()
    texts = dict(map(tuple, db.execute(_TEXTS, (ids_json([row["id"] for row in rows[:DRIFT_TEXTS]]),))))
    return [
        Settled(
            is_full=row["status"] == "full",
            kind=row["kind"],
            word_count=row["word_count"],
            text=texts.get(row["id"], ""),
            section=row["section"],
            at=some_instant(row["fetched_at"]),
            announced=(row["announced"] or 0) // _HTML_WORD,
        )
        for row in rows
    ]


def _keep(db: Database, found: dict[int, Drift | None], now: str) -> None:
    for host, drift in found.items():
        if drift is None:
            db.execute("DELETE FROM drifts WHERE host_id = ?", (host,))
            continue
        db.execute(
            """INSERT INTO drifts (host_id, since, alarm, detail) VALUES (?, ?, ?, ?)
            ON CONFLICT (host_id) DO UPDATE SET alarm = excluded.alarm, detail = excluded.detail""",
            (host, now, drift.alarm, drift.detail),
        )


def _site(db: Database, row: Any, *, is_new: bool) -> SiteDrift:
    newest = db.execute(_NAMED, (row["host_id"],))
    return SiteDrift(
        host=row["name"],
        since=some_instant(row["since"]),
        drift=Drift(alarm=row["alarm"], detail=row["detail"]),
        article_ids=tuple(article["id"] for article in newest),
        is_new=is_new,
    )
