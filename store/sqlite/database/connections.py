"""The database file: making it, opening it, its connections."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from scraper.errors import StoreUnusable
from scraper.ports import Clock
from store.sqlite.database.errors import fault
from store.sqlite.database.pending import PENDING_HIDDEN
from store.sqlite.database.readonly import Place
from store.sqlite.database.writer import Writer

T = TypeVar("T")
_BUSY_TIMEOUT_S = 30.0


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


def connect(path: Path) -> Database:
    """Open the existing database at `path`; the connection may be used from any thread, one at a time."""
    return open_place(Place(path=path))


def open_place(place: Place) -> Database:
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
    db = open_place(place)
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
