"""The one writer: units of work from any thread, committed in groups.

A commit waits for the disk, a savepoint does not: units that queue up while one group is being committed share the next
commit. Each unit keeps its own fate: an exception undoes its savepoint and goes to the thread that asked.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlite_utils import Database

from scraper.errors import StoreError, StoreUnusable
from store.sqlite.database.errors import fault
from store.sqlite.database.waiting import say_and_wait

T = TypeVar("T")

#: Units in one transaction: enough to share the wait for the disk, few enough that nobody waits long.
_GROUP = 64


class _Unit:
    """One unit of work and the thread waiting for it."""

    __slots__ = ("_pending", "error", "result", "work")

    def __init__(self, work: Callable[[Database], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        # Held until the unit is settled. A Future is three locks, which a poll that brings nothing notices.
        self._pending = threading.Lock()
        self._pending.acquire()

    def settle(self) -> None:
        """Wake the thread that waits: `result` or `error` is what came of it."""
        self._pending.release()

    def wait(self) -> Any:
        with self._pending:
            if self.error is not None:
                raise self.error
            return self.result


class Writer:
    """Runs units of work in one thread, which starts with the first unit and ends with `close`."""

    def __init__(self, connect: Callable[[], Database], path: Path) -> None:
        self._connect = connect
        self._path = path
        self._queue: SimpleQueue[_Unit | None] = SimpleQueue()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._db: Database | None = None

    def write(self, work: Callable[[Database], T]) -> T:
        """Run `work` inside the next group's transaction; return its result once that is on disk.

        `work` runs in the writer's thread, in a savepoint of its own; it must not call `write` itself.

        Raises:
            StoreBusy: another process kept the database locked.
            StoreUnusable: the transaction could not be begun or committed; nothing of `work` was written.
            Exception: whatever `work` raised; nothing of it was written.
        """
        unit = _Unit(work)
        with self._guard:
            if self._is_closed:
                raise StoreUnusable(f"{self._path} has been closed.", path=self._path)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
            self._queue.put(unit)
        result: T = unit.wait()
        return result

    def close(self) -> None:
        """Commit what is waiting and end the thread; may be called again."""
        with self._guard:
            self._is_closed = True
            thread = self._thread
            self._thread = None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _run(self) -> None:
        while group := self._take():
            self._commit(group)
        self._disconnect()

    def _take(self) -> list[_Unit]:
        """Wait for a unit and return it with those behind it; nothing at the end."""
        group: list[_Unit] = []
        unit = self._queue.get()
        while unit is not None:
            group.append(unit)
            if len(group) == _GROUP:
                return group
            try:
                unit = self._queue.get_nowait()
            except Empty:
                return group
        if group:
            self._queue.put(None)  # the end again, for the next call
        return group

    def _commit(self, group: list[_Unit]) -> None:
        try:
            db = self._begin()
            for unit in group:
                self._attempt(db, unit)
            db.execute("COMMIT")
        except (sqlite3.Error, StoreError) as exc:
            self._disconnect()
            for unit in group:
                unit.error = unit.error or fault(exc, self._path)
        for unit in group:
            unit.settle()

    def _begin(self) -> Database:
        if self._db is None:
            self._db = self._connect()
        db = self._db
        say_and_wait(db, lambda: db.execute("BEGIN IMMEDIATE"))
        return db

    def _attempt(self, db: Database, unit: _Unit) -> None:
        try:
            db.execute("SAVEPOINT unit")
            unit.result = unit.work(db)
            db.execute("RELEASE unit")
        except BaseException as exc:  # handed over to the thread that waits for this unit, bugs included
            unit.error = fault(exc, self._path)
            if not db.conn.in_transaction:  # SQLite undid the whole group (disk full, I/O error)
                message = f"{self._path}: the transaction was undone ({exc}). What was in it will be repeated."
                raise StoreUnusable(message, path=self._path) from exc
            db.execute("ROLLBACK TO unit")
            db.execute("RELEASE unit")

    def _disconnect(self) -> None:
        """Close the connection, undoing an open transaction; the next group gets a fresh one."""
        if self._db is not None:
            self._db.close()
            self._db = None
