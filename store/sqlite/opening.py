"""Opening an archive's file: made, migrated or refused."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from scraper.errors import StoreTooNew, StoreUnusable
from store.sqlite.database.connections import connect, open_place
from store.sqlite.database.errors import fault
from store.sqlite.database.readonly import Place, place_of
from store.sqlite.database.waiting import say_and_wait
from store.sqlite.schema.migrations import migrations
from store.sqlite.search.index import is_prepared, prepare_index

#: RETURNING came with 3.35; Debian 12's 3.40 is what we test with.
_OLDEST_SQLITE = (3, 35)
#: "WIRE": what `file` and SQLite's tools know the archive by.
_APPLICATION_ID = 0x57495245


def prepare_file(path: Path, *, create: bool, migrate: bool = True) -> Place:
    """Make sure that `path` is an archive with today's schema: create it, migrate it, or say why not.

    Returns where it is read. One that cannot be written, and any without `migrate`, is left as it is; it must have
    today's schema.

    Raises:
        StoreTooNew: a later version wrote it.
        StoreUnusable: it is missing (without `create`), no archive, damaged, or cannot be written.
        StoreBusy: another process kept it locked.
    """
    _check_sqlite(path)
    if not create and not path.exists():
        raise StoreUnusable(
            f"There is no archive at {path}. `wireroom run` or `wireroom poll` makes one; --db names another.",
            path=path,
        )
    place = Place(path=path)
    try:
        if create and not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_file(path)
        place = place_of(path)
        _migrate(path) if migrate and not place.is_read_only else _check_readable(place, path)
    except (sqlite3.Error, OSError) as exc:
        place.forget()
        raise fault(exc, path) from exc
    except StoreUnusable:
        place.forget()
        raise
    return place


def create_file(path: Path) -> None:
    """Create an empty file that only its owner can read, unless there is one; its WAL gets the same mode from SQLite.

    Raises:
        OSError: it cannot be made.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _check_sqlite(path: Path) -> None:
    with_remedy = "Use a Python whose sqlite3 module has both: python.org's, Debian's or Homebrew's do."
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreUnusable(
            f"This Python's SQLite is {sqlite3.sqlite_version}; 3.35 is needed. {with_remedy}", path=path
        )
    memory = sqlite3.connect(":memory:")
    try:
        memory.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.OperationalError as exc:
        message = f"This Python's SQLite ({sqlite3.sqlite_version}) was built without FTS5, which search needs."
        raise StoreUnusable(f"{message} {with_remedy}", path=path) from exc
    finally:
        memory.close()


def _check_readable(place: Place, path: Path) -> None:
    """Raise unless an archive that is not to be written has today's schema."""
    db = open_place(place)
    try:
        _refuse_strangers(db, path, {migration.name for migration in migrations.applied(db)})
        if migrations.pending(db):
            raise StoreUnusable(
                f"{path} was written by an earlier version of Wireroom and has to be migrated, but it is read-only. "
                "Copy it to where it can be written.",
                path=path,
            )
    finally:
        db.close()


def _migrate(path: Path) -> None:
    db = connect(path)
    try:
        say_and_wait(db, lambda: _check_file(db, path))
        if migrations.pending(db) or not is_prepared(db):
            # Two processes may start at once; the second then finds nothing pending.
            say_and_wait(db, lambda: db.execute("BEGIN IMMEDIATE"))
            with db.atomic():
                migrations.apply(db)
                mark_as_archive(db)
                db.conn.row_factory = sqlite3.Row
                prepare_index(db)  # the newest at once, the rest by the daemon or `poll`
            db.execute("COMMIT")
    finally:
        db.close()


def mark_as_archive(db: Database) -> None:
    """Write by what tools know the archive; also when it stands there already."""
    db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")


def _check_file(db: Database, path: Path) -> None:
    """Raise unless it is an archive of ours, or empty, and can be put in WAL mode."""
    applied = {migration.name for migration in migrations.applied(db)}
    _refuse_strangers(db, path, applied)
    if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreUnusable(
            f"{path} cannot be put in WAL mode: its file system lacks shared memory (a network share?). "
            "Keep the archive on a local disk.",
            path=path,
        )


def _refuse_strangers(db: Database, path: Path, applied: set[str]) -> None:
    if unknown := applied - _known_migrations():
        raise StoreTooNew(
            f"{path} was written by a later version of Wireroom (migration {min(unknown)}). "
            "Install that version, or name another database with --db.",
            path=path,
        )
    if not applied and (tables := db.table_names()):
        raise StoreUnusable(
            f"{path} is another program's database (it has a table {tables[0]}). Name another file with --db.",
            path=path,
        )


def _known_migrations() -> set[str]:
    nothing_applied = Database(memory=True, execute_plugins=False)
    try:
        return {migration.name for migration in migrations.pending(nothing_applied)}
    finally:
        nothing_applied.close()
