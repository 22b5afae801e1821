"""What the reader does to articles: read, starred, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from scraper.errors import NotFound
from store.sqlite.database.columns import ids_json, to_text
from store.sqlite.database.connections import Base
from store.sqlite.work.claims import refresh_slots
from store.sqlite.work.lifecycle import bury, existing, mark_changed
from store.sqlite.work.stories import leave_story

_Mark = Literal["read_at", "starred_at"]


class Marks(Base):
    """The reader's marks."""

    def set_read(self, article_ids: Sequence[int], is_read: bool, *, now: datetime) -> int:
        return self._write(lambda db: _set(db, "read_at", article_ids, now if is_read else None))

    def set_starred(self, article_ids: Sequence[int], is_starred: bool, *, now: datetime) -> int:
        return self._write(lambda db: _set(db, "starred_at", article_ids, now if is_starred else None))

    def delete_articles(self, article_ids: Sequence[int], *, now: datetime) -> int:
        return self._write(lambda db: _delete(db, article_ids, now))


def _set(db: Database, mark: _Mark, article_ids: Sequence[int], at: datetime | None) -> int:
    found = existing(db, article_ids)
    if missing := set(article_ids) - set(found):
        number = min(missing)
        raise NotFound(f"There is no article {number}; nothing was marked.", what=str(number))
    marked = {
        row[0]
        for row in db.execute(
            f"SELECT article_id FROM marks WHERE {mark} IS NOT NULL AND article_id IN (SELECT value FROM json_each(?))",
            (ids_json(found),),
        )
    }
    changed = [number for number in found if (number in marked) is (at is None)]
    db.conn.executemany(
        f"INSERT INTO marks (article_id, {mark}) VALUES (?, ?) ON CONFLICT DO UPDATE SET {mark} = excluded.{mark}",
        [(number, at and to_text(at)) for number in changed],
    )
    mark_changed(db, changed)
    return len(changed)


def _delete(db: Database, article_ids: Sequence[int], now: datetime) -> int:
    found = existing(db, article_ids)
    rows = db.execute(
        "SELECT host_id, story_id FROM articles WHERE id IN (SELECT value FROM json_each(?))", (ids_json(found),)
    ).fetchall()
    for number in found:
        bury(db, number, now, "by the reader")
    for story_id in {row["story_id"] for row in rows}:
        leave_story(db, story_id)
    refresh_slots(db, "articles", {row["host_id"] for row in rows})
    return len(found)
