"""Readings of a version by later rules, beside what was filed: added, found, taken back.

Of each version there is what was filed (`revisions`) and what runs over its pages made of it (`readings`); the newest
is shown. Of the newest version, what is shown is in `articles`: the row that it comes from has no snapshot.

Functions for use inside a unit of work, `find_version` apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.model import Hints, Rereading
from store.sqlite.database.columns import insert, to_json
from store.sqlite.database.rows import extraction_columns
from store.sqlite.database.snapshots import Version, packed_hints, packed_version, snapshot, version_columns, version_of
from store.sqlite.search.index import refresh_earlier, update_article
from store.sqlite.work.lifecycle import next_changes

_NEWEST = """
SELECT run_id, snapshot FROM readings
WHERE article_id = ? AND revision = ? AND run_id < ? ORDER BY run_id DESC LIMIT 1"""
_ANY_RUN = 2**62
_FILED = "SELECT snapshot FROM revisions WHERE article_id = ? AND number = ?"
_OF_ENTRY = "SELECT min(id) FROM entries WHERE article_id = ?"


def find_version(db: Database, article: Any, number: int, *, as_filed: bool = False) -> Version | None:
    """Return a version as it is shown, or as it was filed; None = the article has no such version."""
    row = db.execute(_FILED, (article["id"], number)).fetchone()
    if row is None:
        return None
    newest = None if as_filed else _newest(db, article["id"], number)
    packed = (newest or row)["snapshot"]
    return version_of(article) if packed is None else packed_version(packed)


def read_by(db: Database, article_id: int, number: int) -> int | None:
    """Return the run whose reading of a version is shown; None = it is shown as it was filed."""
    newest = _newest(db, article_id, number)
    return None if newest is None else newest["run_id"]


def _newest(db: Database, article_id: int, number: int, before: int = _ANY_RUN) -> Any:
    return db.execute(_NEWEST, (article_id, number, before)).fetchone()


def put_away(db: Database, article: Mapping[str, Any]) -> None:
    """Keep what the row of an article shows as a snapshot, because the row will show something else."""
    place = (snapshot(version_of(article)), article["id"], article["revision"])
    sql = "UPDATE readings SET snapshot = ? WHERE article_id = ? AND revision = ? AND snapshot IS NULL"
    if article["revision"] and not db.execute(sql, place).rowcount:
        sql = "UPDATE revisions SET snapshot = ? WHERE article_id = ? AND number = ? AND snapshot IS NULL"
        db.execute(sql, place)


def add_reading(db: Database, article: Any, run_id: int, reading: Rereading, now: datetime) -> None:
    """Keep what was read beside what is there, and show it."""
    assert reading.found is not None
    number = reading.version.revision
    is_newest = number == article["revision"]
    version = Version(extraction=reading.found, status="full", reason=None)
    if is_newest:
        put_away(db, article)
    shown = extraction_columns(reading.found)
    values = {"article_id": article["id"], "revision": number, "run_id": run_id, "at": now}
    told = {"changed": to_json(reading.changed), "title": shown["title"], "word_count": shown["word_count"]}
    kept = {"rules_version": reading.rules_version, "snapshot": None if is_newest else snapshot(version)}
    insert(db, "readings", {**values, **told, **kept})
    if is_newest:
        update_article(db, article, {**version_columns(version), "change_seq": next_changes(db)[0]})
    else:
        refresh_earlier(db, article["id"])


def remove_reading(db: Database, article: Any, run_id: int, number: int) -> bool:
    """Take back what a run made of a version; return whether that was what is shown of it."""
    is_shown = read_by(db, article["id"], number) == run_id
    is_newest = number == article["revision"]
    if is_shown and is_newest:
        _show_again(db, article, number, _newest(db, article["id"], number, run_id))
    sql = "DELETE FROM readings WHERE article_id = ? AND revision = ? AND run_id = ?"
    db.execute(sql, (article["id"], number, run_id))
    if is_shown and not is_newest:
        refresh_earlier(db, article["id"])
    return is_shown


def _show_again(db: Database, article: Any, number: int, before: Any) -> None:
    """Let the article show the reading before, or what was filed where there is none."""
    place = (article["id"], number)
    packed = (before or db.execute(_FILED, place).fetchone())["snapshot"]
    update_article(db, article, {**version_columns(packed_version(packed)), "change_seq": next_changes(db)[0]})
    if before is None:
        db.execute("UPDATE revisions SET snapshot = NULL WHERE article_id = ? AND number = ?", place)
    else:
        sql = "UPDATE readings SET snapshot = NULL WHERE article_id = ? AND revision = ? AND run_id = ?"
        db.execute(sql, (*place, before["run_id"]))


def forget_readings(db: Database, article: Any) -> None:
    """Forget what was made of the newest version's pages: the version has been read from others."""
    place = (article["id"], article["revision"])
    db.execute("DELETE FROM readings WHERE article_id = ? AND revision = ?", place)
    db.execute("UPDATE revisions SET snapshot = NULL, hints = NULL WHERE article_id = ? AND number = ?", place)


def keep_hints(db: Database, entry: Any, hints: Hints) -> None:
    """Keep with the versions of an article what its feed has said so far; `entry` is about to say something else.

    Without effect unless the entry is the article's first, which alone is heard.
    """
    article_id = entry["article_id"]
    if article_id is not None and db.execute(_OF_ENTRY, (article_id,)).fetchone()[0] == entry["id"]:
        sql = "UPDATE revisions SET hints = ? WHERE article_id = ? AND hints IS NULL"
        db.execute(sql, (packed_hints(hints), article_id))
