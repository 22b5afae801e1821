"""Looking after the archive: counts, copies, checks, export cursors."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from scraper.errors import StoreBusy, StoreDamaged, StoreUnusable
from scraper.model import ArchiveStatus
from store.sqlite.database.columns import ids_json, to_instant, to_text
from store.sqlite.database.connections import connect
from store.sqlite.database.errors import fault
from store.sqlite.database.packing import Packing
from store.sqlite.database.rows import bare_address, feed_condition, feed_row
from store.sqlite.opening import create_file, mark_as_archive
from store.sqlite.schema.migrations import migrations
from store.sqlite.search.index import lacking, reopen_index
from store.sqlite.work.answers import forget_old_answers
from store.sqlite.work.outages import error_of, present_outage
from store.sqlite.work.stories import forget_keys

#: Whole index against its rows; the terms have no rows to be held against.
_INDEX_CHECKS = (
    ("articles_fts", "INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)"),
    ("articles_stems", "INSERT INTO articles_stems (articles_stems) VALUES ('integrity-check')"),
    ("articles_words", "INSERT INTO articles_words (articles_words) VALUES ('integrity-check')"),
)
#: How long the poll log is kept: polls that brought nothing, and all others.
_KEEP_IDLE_POLLS = timedelta(days=14)
_KEEP_POLLS = timedelta(days=366)
#: Rows deleted in one unit of work: others wait for it.
_BATCH = 2000
_OLD_POLLS = f"""
SELECT id FROM polls WHERE started_at < ? OR (started_at < ? AND status IN ('not_modified', 'unchanged'))
LIMIT {_BATCH}"""
_UNREAD = """
SELECT count(*) FROM articles a
WHERE id NOT IN (SELECT id FROM articles WHERE status = 'pending' AND first_seen_at > ?)
AND NOT EXISTS (SELECT 1 FROM marks WHERE article_id = a.id AND read_at IS NOT NULL)"""


class Upkeep(Packing):
    """Upkeep."""

    def export_cursor(self, name: str) -> int | None:
        with self._read() as db:
            row = db.execute("SELECT change_seq FROM export_cursors WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_export_cursor(self, name: str, change_seq: int) -> None:
        sql = """INSERT INTO export_cursors (name, change_seq, updated_at) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET change_seq = excluded.change_seq, updated_at = excluded.updated_at"""
        self._write(lambda db: db.execute(sql, (name, change_seq, to_text(self._now()))))

    def status(self) -> ArchiveStatus:
        with self._read() as db:
            feeds = db.execute("SELECT * FROM feeds ORDER BY name COLLATE NOCASE").fetchall()
            listed = [row for row in feeds if row["removed_at"] is None]
            outage = present_outage(db)
            return ArchiveStatus(
                schema=migrations.applied(db)[-1].name,
                feeds=Counter(map(feed_condition, feeds)),
                articles=dict(db.execute("SELECT status, count(*) FROM articles GROUP BY status").fetchall()),
                entries=_number(db, "SELECT count(*) FROM entries"),
                unread=_number(db, _UNREAD, to_text(self._settled_before())),
                size_bytes=self._size_bytes(),
                last_poll_at=to_instant(max((row["last_polled_at"] or "" for row in feeds), default="") or None),
                next_poll_at=to_instant(
                    min((row["next_poll_at"] for row in feeds if row["next_poll_at"]), default=None)
                ),
                failing=tuple(
                    (bare_address(row["name"]), error_of(row, outage) or "")
                    for row in listed
                    if row["last_status"] == "failed"
                ),
                losing=tuple((bare_address(row["name"]), risk) for row in listed if (risk := feed_row(row, None).risk)),
                not_indexed=lacking(db)[0],
                outage=outage,
                extra={
                    "deleted": _number(db, "SELECT count(*) FROM tombstones"),
                    "edits": _number(db, "SELECT count(*) FROM edits"),
                    "removed": _number(db, "SELECT count(*) FROM removed_articles"),
                },
            )

    def backup(self, path: Path) -> None:
        partial = path.with_name(path.name + ".partial")
        try:
            if path.exists():
                raise StoreUnusable(f"{path} exists already. Name another file, or move it away.", path=path)
            if not path.parent.is_dir():
                raise StoreUnusable(
                    f"Cannot write {path}: there is no directory {path.parent}. Make it, or name another file.",
                    path=path,
                )
            _remove(partial)  # what a kill left
            create_file(partial)
            self._copy_to(partial)
            os.replace(partial, path)  # under its name only when it is whole
        except (sqlite3.Error, OSError) as exc:
            raise _backup_fault(exc, path, self.path) from exc
        finally:
            with suppress(OSError):
                _remove(partial)

    def try_writing(self) -> None:
        """Write what is there already, down to the disk.

        Raises:
            StoreError: the archive cannot be written.
        """
        self._write(mark_as_archive)

    def maintain(self, *, keep_pages: timedelta | None = None) -> None:
        """Shorten what need not be kept, pack pages better, empty the write-ahead log. Called every few hours.

        Pages that were fetched longer ago than `keep_pages` go; None = all stay.
        """
        self._write(reopen_index)
        now = self._now()
        limits = (to_text(now - _KEEP_POLLS), to_text(now - _KEEP_IDLE_POLLS))
        while ids := self._old_polls(limits):
            self._forget_polls(ids)
        while self._write(lambda db: forget_keys(db, now)):
            pass  # a batch at a time: others wait for it
        self._write(lambda db: forget_old_answers(db, now))
        if keep_pages is not None:
            self.forget_pages(keep_pages)
        if self.train():
            self.repack()
        db = connect(self.path)
        try:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            db.close()

    def _old_polls(self, limits: tuple[str, str]) -> list[int]:
        with self._read() as db:
            return [row[0] for row in db.execute(_OLD_POLLS, limits)]

    def _forget_polls(self, ids: list[int]) -> None:
        sql = "DELETE FROM polls WHERE id IN (SELECT value FROM json_each(?))"
        self._write(lambda db: db.execute(sql, (ids_json(ids),)))

    def integrity(self) -> tuple[str, ...]:
        """Return what is wrong with the database, one line each; empty = sound. Reads all of it."""
        with self._read() as db:
            faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
            for table, row_id, parent, _ in db.execute("PRAGMA foreign_key_check"):
                faults.append(f"{table} {row_id} names a row of {parent} that does not exist")
        return (*faults, *self._write(_index_faults))

    def _copy_to(self, path: Path) -> None:
        failure = None
        with closing(connect(path)) as copy, self._read() as db:
            try:
                db.conn.backup(copy.conn)
            except sqlite3.Error as exc:  # not for `_read` to translate: it may be the copy that cannot be written
                failure = exc
        if failure is not None:
            raise failure

    def _size_bytes(self) -> int:
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _backup_fault(exc: sqlite3.Error | OSError, path: Path, archive: Path) -> BaseException:
    """Return what is wrong with the archive, or else with the place of the backup."""
    error = fault(exc, archive)
    if error is exc or isinstance(error, (StoreBusy, StoreDamaged)):
        return error
    reason = exc.strerror if isinstance(exc, OSError) else exc
    return StoreUnusable(
        f"Cannot write {path}: {reason}. Nothing of the backup is left there. "
        "Check the directory's permissions and its free space, or name another file.",
        path=path,
    )


def _index_faults(db: Database) -> list[str]:
    faults = []
    for name, check in _INDEX_CHECKS:
        try:
            db.execute(check)
        except sqlite3.DatabaseError as exc:
            faults.append(f"the search index {name} does not match the articles: {exc}")
    return faults


def _number(db: Database, sql: str, *values: object) -> int:
    number: int = db.execute(sql, values).fetchone()[0]
    return number
