"""The versions of an article, and the removals of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import ArticleCommit, Extraction, Missing, Reading, Removal, Revision
from store.sqlite.database.columns import ids_json, insert, some_instant, strings, to_instant, to_json, update
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import extraction_columns
from store.sqlite.work.readings import find_version, put_away

_REMOVALS = """
SELECT r.*, a.title, a.url, a.site_name FROM removals r JOIN articles a ON a.id = r.article_id
WHERE r.article_id IN (SELECT value FROM json_each(?)) AND r.removed_at IS NOT NULL ORDER BY r.removed_at, r.id"""
#: Each with the newest reading of its pages, if any.
_REVISIONS = """
SELECT r.*, g.run_id AS reading_run_id, g.at AS reading_at, g.rules_version, g.changed AS reading_changed,
    g.title AS reading_title, g.word_count AS reading_word_count
FROM revisions r LEFT JOIN readings g ON g.article_id = r.article_id AND g.revision = r.number AND g.run_id = (
    SELECT max(run_id) FROM readings WHERE article_id = r.article_id AND revision = r.number)
WHERE r.article_id = ? ORDER BY r.number"""
#: Newest revisions in a row without new words; what was not recorded counts as such words.
_SLIGHT_EDITS = """
SELECT count(*) FROM revisions WHERE article_id = :id AND run_id IS NULL AND number > (
    SELECT coalesce(max(number), 0) FROM revisions WHERE article_id = :id AND run_id IS NULL
    AND (changed IS NULL OR changed = '[]' OR changed LIKE '%"title"%' OR changed LIKE '%"text"%'))"""


class Revisions(Base):
    """Reading versions and removals."""

    def revisions(self, article_id: int) -> tuple[Revision, ...]:
        with self._read() as db:
            _find(db, article_id)
            rows = db.execute(_REVISIONS, (article_id,)).fetchall()
        return tuple(_revision(row) for row in rows)

    def version(self, article_id: int, number: int, *, as_filed: bool = False) -> Extraction:
        with self._read() as db:
            found = find_version(db, _find(db, article_id), number, as_filed=as_filed)
        if found is None:
            message = f"Article {article_id} has no version {number}; `wireroom revisions {article_id}` lists them."
            raise NotFound(message, what=str(number))
        return found.extraction

    def removals(self, article_ids: Sequence[int]) -> tuple[Removal, ...]:
        with self._read() as db:
            rows = db.execute(_REMOVALS, (ids_json(article_ids),)).fetchall()
        return tuple(_removal(row) for row in rows)


def _find(db: Database, article_id: int) -> Any:
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no article {article_id}.", what=str(article_id))
    return row


def _revision(row: Any) -> Revision:
    reading = _reading(row)
    return Revision(
        article_id=row["article_id"],
        number=row["number"],
        at=some_instant(row["at"]),
        changed=None if row["changed"] is None else strings(row["changed"]),
        rule=row["rule"],
        title=row["reading_title"] if reading else row["title"],
        word_count=row["reading_word_count"] if reading else row["word_count"],
        reading=reading,
        run_id=row["run_id"],
    )


def _reading(row: Any) -> Reading | None:
    if row["reading_run_id"] is None:
        return None
    return Reading(
        run_id=row["reading_run_id"],
        at=some_instant(row["reading_at"]),
        rules_version=row["rules_version"],
        changed=strings(row["reading_changed"]),
    )


def _removal(row: Any) -> Removal:
    return Removal(
        article_id=row["article_id"],
        title=row["title"],
        url=row["url"],
        site_name=row["site_name"],
        missing_at=some_instant(row["missing_at"]),
        removed_at=some_instant(row["removed_at"]),
        back_at=to_instant(row["back_at"]),
        cause=row["cause"],
        reason=row["reason"],
    )


# --------------------------------------------------------------------------- for the unit of work that files a fetch


def add_revision(db: Database, row: Mapping[str, Any], commit: ArticleCommit) -> int:
    """Record a new version and put the old one, whose row is given, away whole; return the new number."""
    assert commit.extraction is not None
    number: int = row["revision"] + 1
    put_away(db, row)
    if "title" in commit.changed or "text" in commit.changed:
        # What had changed in the feed was not a hash alone.
        db.execute("UPDATE entries SET changes = 0 WHERE article_id = ?", (row["id"],))
    shown = extraction_columns(commit.extraction)
    values = {"article_id": row["id"], "number": number, "at": commit.checked_at, "rule": commit.rule}
    told = {"changed": to_json(commit.changed), "title": shown["title"], "word_count": shown["word_count"]}
    insert(db, "revisions", {**values, **told})
    return number


def slight_edits(db: Database, row: Mapping[str, Any]) -> int:
    """Return how many of the newest revisions in a row brought other facts but the same words."""
    if row["revision"] < 2:
        return 0
    number: int = db.execute(_SLIGHT_EDITS, {"id": row["id"]}).fetchone()[0]
    return number


def find_missing(db: Database, article_id: int) -> Missing | None:
    """Return what is known of an article's page being away; None = it is not."""
    row = _open_removal(db, article_id)
    if row is None:
        return None
    since, is_confirmed = some_instant(row["missing_at"]), row["removed_at"] is not None
    return Missing(since=since, cause=row["cause"], reason=row["reason"], is_confirmed=is_confirmed)


def keep_missing(db: Database, article_id: int, missing: Missing | None, now: datetime) -> None:
    """Keep what a look found out about an article's page being away, confirmed or not, or being there again."""
    row = _open_removal(db, article_id)
    if missing is None:
        if row is not None and row["removed_at"] is None:
            db.execute("DELETE FROM removals WHERE id = ?", (row["id"],))
        elif row is not None:
            update(db, "removals", row["id"], {"back_at": now})
        return
    removed_at = now if missing.is_confirmed else None
    if row is None:
        values = {"article_id": article_id, "missing_at": missing.since, "removed_at": removed_at}
        insert(db, "removals", {**values, "cause": missing.cause, "reason": missing.reason})
    elif row["removed_at"] is None:
        told = {"removed_at": removed_at, "cause": missing.cause, "reason": missing.reason}
        update(db, "removals", row["id"], told)


def _open_removal(db: Database, article_id: int) -> Any:
    sql = "SELECT * FROM removals WHERE article_id = ? AND back_at IS NULL ORDER BY id DESC LIMIT 1"
    return db.execute(sql, (article_id,)).fetchone()
