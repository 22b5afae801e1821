"""The one writer: groups, savepoints, and faults that reach everybody and end nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from patience import LONG_S
from sqlite_utils import Database

from scraper.errors import LeaseLost, StoreBusy, StoreUnusable
from store.sqlite.database.writer import Writer

Work = Callable[[Database], Any]


class Bench:
    """A writer whose units are made to queue up behind one that waits, so that they share a transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.statements: list[str] = []
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, line TEXT UNIQUE)")
        self.writer = Writer(self.connect, path)
        self.threads = ThreadPoolExecutor(16)

    def connect(self) -> Database:
        connection = sqlite3.connect(self.path, timeout=0, check_same_thread=False)
        connection.set_trace_callback(self.statements.append)
        return Database(connection, execute_plugins=False)

    def together(self, *units: Work) -> list[Future[Any]]:
        """Write the units in one group and return what became of each."""
        entered, leave = threading.Event(), threading.Event()

        def wait(_: Database) -> None:
            entered.set()
            assert leave.wait(LONG_S)

        gate = self.threads.submit(self.writer.write, wait)
        assert entered.wait(LONG_S)
        before = self.writer._queue.qsize()
        futures = []
        for number, unit in enumerate(units, start=1):
            futures.append(self.threads.submit(self.writer.write, unit))
            while self.writer._queue.qsize() < before + number:
                pass
        leave.set()
        gate.result()
        for future in futures:
            future.exception()
        return futures

    def lines(self) -> list[str]:
        with closing(sqlite3.connect(self.path)) as db:
            return [row[0] for row in db.execute("SELECT line FROM lines ORDER BY id")]

    def close(self) -> None:
        self.writer.close()
        self.threads.shutdown()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "lines.db")
    yield bench
    bench.close()


def add(line: str) -> Work:
    return lambda db: db.execute("INSERT INTO lines (line) VALUES (?)", (line,)).lastrowid


def add_then_fail(line: str, error: Exception) -> Work:
    def work(db: Database) -> None:
        add(line)(db)
        raise error

    return work


def test_units_that_wait_share_a_commit(bench: Bench) -> None:
    futures = bench.together(*(add(str(number)) for number in range(10)))
    assert [future.result() for future in futures] == list(range(1, 11))
    assert bench.lines() == [str(number) for number in range(10)]
    assert bench.statements.count("COMMIT") == 2  # the one that waited, and all others


def test_failing_unit_is_alone(bench: Bench) -> None:
    lost = LeaseLost("gone")
    before, failing, doubled, after = bench.together(
        add("before"), add_then_fail("never", lost), add("before"), add("after")
    )
    assert before.result() == 1
    assert failing.exception() is lost
    assert isinstance(doubled.exception(), sqlite3.IntegrityError)  # a bug stays what it is
    assert after.exception() is None
    assert bench.lines() == ["before", "after"]


def test_locked_database_is_told_to_all_and_the_writer_lives_on(bench: Bench) -> None:
    with closing(sqlite3.connect(bench.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for future in [bench.threads.submit(bench.writer.write, add(line)) for line in "ab"]:
            error = future.exception()
            assert isinstance(error, StoreBusy)
            assert "Another process is writing" in str(error)
            assert error.path == bench.path
        other.execute("ROLLBACK")
    bench.writer.write(add("c"))
    assert bench.lines() == ["c"]


def test_full_disk_is_told_and_the_writer_lives_on(bench: Bench) -> None:
    def fill(db: Database) -> None:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        db.execute("INSERT INTO lines (line) VALUES (?)", ("x" * 100_000,))

    with pytest.raises(StoreUnusable, match=r"full.*Free some space"):
        bench.writer.write(fill)
    bench.writer.write(lambda db: db.execute("PRAGMA max_page_count = 1000000"))
    bench.writer.write(add("y" * 100_000))
    assert len(bench.lines()) == 1


def test_failing_commit_reaches_every_unit_of_its_group(bench: Bench) -> None:
    def defer(db: Database) -> None:  # a foreign key that is checked at COMMIT only
        db.execute("CREATE TABLE child (line INTEGER REFERENCES lines(id) DEFERRABLE INITIALLY DEFERRED)")
        db.execute("INSERT INTO child VALUES (99)")

    def strict() -> Database:
        db = bench.connect()
        db.execute("PRAGMA foreign_keys = ON")
        return db

    bench.writer.close()
    bench.writer = Writer(strict, bench.path)
    for future in bench.together(add("a"), defer, add("b")):
        assert isinstance(future.exception(), sqlite3.IntegrityError)
    assert bench.lines() == []
    bench.writer.write(add("c"))
    assert bench.lines() == ["c"]


def test_unit_that_undoes_the_transaction_fails_its_group(bench: Bench) -> None:
    def undo(db: Database) -> None:
        db.execute("ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")

    first, second, third = bench.together(add("a"), undo, add("b"))
    assert isinstance(first.exception(), StoreUnusable)
    assert isinstance(second.exception(), sqlite3.OperationalError)
    assert isinstance(third.exception(), StoreUnusable)
    assert bench.lines() == []
    bench.writer.write(add("c"))
    assert bench.lines() == ["c"]


def test_connection_that_cannot_be_made_is_told_and_tried_again(bench: Bench) -> None:
    def refuse() -> Database:
        if is_away:
            raise sqlite3.OperationalError("unable to open database file")
        return bench.connect()

    is_away = True
    writer = Writer(refuse, bench.path)
    with pytest.raises(sqlite3.OperationalError):
        writer.write(add("a"))
    is_away = False
    writer.write(add("b"))
    writer.close()
    assert bench.lines() == ["b"]


def test_close_commits_what_waits_and_refuses_more(bench: Bench) -> None:
    entered, leave = threading.Event(), threading.Event()

    def wait(db: Database) -> None:
        entered.set()
        leave.wait(LONG_S)

    gate = bench.threads.submit(bench.writer.write, wait)
    assert entered.wait(LONG_S)
    waiting = bench.threads.submit(bench.writer.write, add("a"))
    while not bench.writer._queue.qsize():
        pass
    closing_it = bench.threads.submit(bench.writer.close)
    leave.set()
    closing_it.result()
    gate.result()
    assert waiting.result() == 1
    with pytest.raises(StoreUnusable, match="closed"):
        bench.writer.write(add("b"))
    assert "store-writer" not in {thread.name for thread in threading.enumerate()}


def test_no_thread_before_the_first_unit(tmp_path: Path) -> None:
    def never() -> Database:
        raise AssertionError("not connected before it is needed")

    Writer(never, tmp_path / "x.db").close()
    assert "store-writer" not in {thread.name for thread in threading.enumerate()}
