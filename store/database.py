"""The database file: making it, opening it, its connections."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from scraper.errors import StoreTooNew, StoreUnusable
from scraper.ports import Clock
from store.faults import fault
from store.filing import PENDING_HIDDEN
from store.indexing import is_prepared, prepare_index
from store.readonly import Place, place_of
from store.schema import migrations
from store.waiting import say_and_wait
from store.writer import Writer

T = TypeVar("T")

#: RETURNING came with 3.35; Debian 12's 3.40 is what we test with.
_OLDEST_SQLITE = (3, 35)
_BUSY_TIMEOUT_S = 30.0
#: "WIRE": what `file` and SQLite's tools know the archive by.
_APPLICATION_ID = 0x57495245


class Base:
    """What every part of the store stands on: reading from a pool of connections, writing through the one writer."""

    def __init__(self, path: Path, clock: Clock | None = None, place: Place | None = None) -> None:
        self.path = path
        self._place = place or Place(path=path)
        self._now: Callable[[], datetime] = clock.now if clock else _utc_now
        self._readers = _Readers(self._place, path)
        self._writer = Writer(lambda: _writing_connection(path), path)

    def _read(self) -> AbstractContextManager[Database]:
        """Lend a connection that sees one moment of the database; from any thread, several at once too."""
        return self._readers.lend()

    def _write(self, work: Callable[[Database], T]) -> T:
        """Run one unit of work in a transaction and return its result once it is on disk."""
        return self._writer.write(work)

    def _settled_before(self) -> datetime:
        """Return when an article must have been first seen to be shown although it is still pending."""
        return self._now() - PENDING_HIDDEN

    def close(self) -> None:
        """Finish what is being written and close every connection; may be called again."""
        self._writer.close()
        self._readers.close()
        self._place.forget()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Readers:
    """Read connections, as many as are in use at once; the last one returned is lent first, its cache being warm."""

    def __init__(self, place: Place, path: Path) -> None:
        self._place = place
        self._path = path
        self._guard = threading.Lock()
        self._idle: list[Database] = []
        self._is_closed = False

    @contextmanager
    def lend(self) -> Iterator[Database]:
        db = self._take()
        try:
            db.execute("BEGIN")
            yield db
        except sqlite3.Error as exc:
            error = fault(exc, self._path)
            if error is exc:
                raise
            raise error from exc
        finally:
            self._return(db)

    def close(self) -> None:
        with self._guard:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for db in idle:
            db.close()

    def _take(self) -> Database:
        with self._guard:
            if self._is_closed:
                raise StoreUnusable(f"{self._path} has been closed.", path=self._path)
            if self._idle:
                return self._idle.pop()
        return _reading_connection(self._place)

    def _return(self, db: Database) -> None:
        db.rollback()
        with self._guard:
            if not self._is_closed:
                self._idle.append(db)
                return
        db.close()


# --------------------------------------------------------------------------- connections


def connect(path: Path) -> Database:
    """Open the existing database at `path`; the connection may be used from any thread, one at a time."""
    return _connect(Place(path=path))


def _connect(place: Place) -> Database:
    connection = sqlite3.connect(
        place.address,
        uri=True,
        timeout=_BUSY_TIMEOUT_S,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def _reading_connection(place: Place) -> Database:
    db = _connect(place)
    db.conn.row_factory = sqlite3.Row
    db.execute("PRAGMA query_only = ON")
    db.execute("PRAGMA cache_size = -8192")
    return db


def _writing_connection(path: Path) -> Database:
    db = connect(path)
    db.conn.row_factory = sqlite3.Row
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -16384")
    db.execute("PRAGMA journal_size_limit = 67108864")
    return db


# --------------------------------------------------------------------------- opening and making


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
    db = _connect(place)
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
