"""The versions of an article, and the removals of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import ArticleCommit, Extraction, Missing, Removal, Revision
from store.columns import ids_json, insert, some_instant, strings, to_instant, to_json, update
from store.database import Base
from store.records import extraction, extraction_columns
from store.versions import packed_version, snapshot

_REMOVALS = """
SELECT r.*, a.title, a.url, a.site_name FROM removals r JOIN articles a ON a.id = r.article_id
WHERE r.article_id IN (SELECT value FROM json_each(?)) AND r.removed_at IS NOT NULL ORDER BY r.removed_at, r.id"""
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
            rows = db.execute("SELECT * FROM revisions WHERE article_id = ? ORDER BY number", (article_id,)).fetchall()
        return tuple(_revision(row) for row in rows)

    def version(self, article_id: int, number: int) -> Extraction:
        with self._read() as db:
            article = _find(db, article_id)
            sql = "SELECT snapshot FROM revisions WHERE article_id = ? AND number = ?"
            row = db.execute(sql, (article_id, number)).fetchone()
        if row is None:
            message = f"Article {article_id} has no version {number}; `wireroom revisions {article_id}` lists them."
            raise NotFound(message, what=str(number))
        return extraction(article) if row["snapshot"] is None else packed_version(row["snapshot"])

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
    return Revision(
        article_id=row["article_id"],
        number=row["number"],
        at=some_instant(row["at"]),
        changed=None if row["changed"] is None else strings(row["changed"]),
        rule=row["rule"],
        title=row["title"],
        word_count=row["word_count"],
        run_id=row["run_id"],
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


def add_revision(db: Database, row: Mapping[str, Any], commit: ArticleCommit, run_id: int | None = None) -> int:
    """Record a new version and put the old one, whose row is given, away whole; return the new number.

    A version of a run over stored pages is no edit.
    """
    assert commit.extraction is not None
    number: int = row["revision"] + 1
    if number > 1:
        db.execute(
            "UPDATE revisions SET snapshot = ? WHERE article_id = ? AND number = ?",
            (snapshot(row), row["id"], row["revision"]),
        )
    if run_id is None and ("title" in commit.changed or "text" in commit.changed):
        # What had changed in the feed was not a hash alone.
        db.execute("UPDATE entries SET changes = 0 WHERE article_id = ?", (row["id"],))
    shown = extraction_columns(commit.extraction)
    values = {"article_id": row["id"], "number": number, "at": commit.checked_at, "rule": commit.rule, "run_id": run_id}
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
