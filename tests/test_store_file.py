"""The database file: its modes, what is refused and how that is said, copies, the process lock."""

from __future__ import annotations

import multiprocessing
import multiprocessing.synchronize
import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from contracts.desk import FEED, Desk
from fakes import NOON, FixedClock
from patience import LONG_S

from scraper.errors import StoreBusy, StoreTooNew, StoreUnusable
from scraper.model import Extraction, RawPage
from store import ProcessLock, lock_owner, open_store
from store.sqlite.database.connections import connect
from store.sqlite.schema.migrations import migrations


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "wireroom.db"
    with open_store(path) as store, ProcessLock(path):
        store.save_address("https://a.example/", "https://a.example/", now=NOON)
        store.backup(tmp_path / "copy.db")
        files = [*path.parent.iterdir(), tmp_path / "copy.db"]
        assert {file.name for file in files} == {
            "wireroom.db",
            "wireroom.db-wal",
            "wireroom.db-shm",
            "wireroom.db.lock",
            "copy.db",
        }
        assert {mode(file) for file in files} == {0o600}
    assert mode(path.parent) == 0o700


def test_closed_store_leaves_one_file_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    store = open_store(path)
    store.save_address("https://a.example/", "https://a.example/", now=NOON)
    store.close()
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["wireroom.db"]
    with pytest.raises(StoreUnusable, match="closed"):
        store.change_seq()
    with pytest.raises(StoreUnusable, match="closed"):
        store.clear_leases()


def test_archive_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path) as store:
        Desk(store, FixedClock()).file("text")
    with open_store(path, create=False) as store:
        assert store.article(1).text == "text"
        assert store.integrity() == ()


def test_missing_archive_is_not_made_when_it_should_exist(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"no archive at .*wireroom run"):
        open_store(tmp_path / "wireroom.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    path.touch()
    with open_store(path, create=False) as store:
        assert store.change_seq() == 0


def test_newer_schema_is_refused_and_named(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('wireroom', 'x_ray', '')")
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=r"later version of Wireroom \(migration x_ray\)"):
        open_store(path)
    assert path.read_bytes() == before


def test_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    path.write_text("feeds:\n" * 1000)
    with pytest.raises(StoreUnusable, match=r"not a database.*restore"):
        open_store(path)
    assert path.read_text() == "feeds:\n" * 1000


def test_other_programs_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "places.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(StoreUnusable, match=r"another program's database.*bookmarks"):
        open_store(path)
    with closing(sqlite3.connect(path)) as db:
        assert [row[0] for row in db.execute("SELECT name FROM sqlite_master")] == ["bookmarks"]


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_damaged_archive_is_refused_or_reported(tmp_path: Path, place: float) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path) as store:
        Desk(store, FixedClock()).file(*("words " * 500 for _ in range(30)))
    data = bytearray(path.read_bytes())
    start = int(len(data) * place)
    data[start : start + 40_000] = bytes(40_000)
    path.write_bytes(data)
    found = complaints(path)
    assert found
    assert all("Restore a backup" in line for line in found if str(path) in line)


@pytest.mark.parametrize("index", ["articles_fts", "articles_stems", "articles_words"])
def test_a_damaged_index_is_told_like_any_other_damage(tmp_path: Path, index: str) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path) as store:
        Desk(store, FixedClock()).file("words 船は")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE {index}_config SET v = 0 WHERE k = 'version'")
    assert any(f"{path}: invalid fts5 file format" in line or index in line for line in complaints(path))


def complaints(path: Path) -> tuple[str, ...]:
    try:
        with open_store(path) as store:
            return store.integrity()
    except StoreUnusable as exc:
        return (str(exc),)


@pytest.mark.parametrize("place", ["file/below.db", "directory"])
def test_impossible_places_are_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "directory").mkdir()
    with pytest.raises(StoreUnusable, match=str(tmp_path)):
        open_store(tmp_path / place)


def test_database_moved_away_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    open_store(path).close()
    with open_store(path) as store:
        path.unlink()
        with pytest.raises(StoreUnusable, match="unable to open"):
            store.clear_leases()
    assert not path.exists()


def test_sqlite_without_fts5_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutFts5:
        def execute(self, sql: str) -> None:
            raise sqlite3.OperationalError("no such module: fts5")

        def close(self) -> None:
            pass

    monkeypatch.setattr(sqlite3, "connect", lambda *_args, **_more: WithoutFts5())
    with pytest.raises(StoreUnusable, match=r"without FTS5.*Use a Python"):
        open_store(tmp_path / "wireroom.db")


def test_backup_is_a_whole_archive_beside_a_working_one(tmp_path: Path) -> None:
    with open_store(tmp_path / "wireroom.db") as store:
        desk = Desk(store, FixedClock())
        desk.file("東京で alpha")
        store.backup(tmp_path / "copy.db")
        store.delete_articles([1], now=NOON)
    with open_store(tmp_path / "copy.db", create=False) as copy:
        assert copy.article(1).text == "東京で alpha"
        assert Desk(copy, FixedClock()).search("東京") == [1]
        assert copy.integrity() == ()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "wireroom.db"]


def test_page_is_kept_as_it_was_received(tmp_path: Path) -> None:
    body = b"<!doctype html>\xff\0" + b"<p>again</p>" * 5000
    page = RawPage(url="https://a.example/x", content_type="text/html; charset=x", body=body, fetched_at=NOON)
    with open_store(tmp_path / "wireroom.db") as store:
        desk = Desk(store, FixedClock())
        store.save_address("https://a.example/", "https://a.example/", now=NOON)
        desk.fetch(Extraction(text="x"), page=page)
        assert store.pages(1) == (page,)
    assert (tmp_path / "wireroom.db").stat().st_size < 1_000_000


def test_integrity_sees_an_index_that_does_not_match(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path) as store:
        Desk(store, FixedClock()).file("alpha")
        assert store.integrity() == ()
        with closing(connect(path)) as db:
            db.execute("DROP TRIGGER articles_au")
            db.execute("UPDATE articles SET text = 'beta'")
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute("UPDATE entries SET feed_id = 99")
        index, key = sorted(store.integrity(), reverse=True)
        assert "articles_fts" in index
        assert "feeds" in key


def test_maintenance_shortens_the_poll_log(tmp_path: Path) -> None:
    clock = FixedClock()
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        desk.subscribe(FEED)
        for status in ("new", "not_modified", "unchanged", "failed"):
            store.request_polls(None, now=desk.now)
            claim = desk.claim()
            (feed,) = store.due_feeds(claim, desk.now)
            commit = desk.poll_commit(feed)
            store.commit_poll(claim, replace(commit, record=replace(commit.record, status=status)))
            store.release(claim)
        store.maintain()
        assert len(polls(store.path)) == 4
        clock.move(timedelta(days=15))
        store.maintain()
        assert polls(store.path) == ["new", "failed"]
        assert (tmp_path / "wireroom.db-wal").stat().st_size == 0


def polls(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT status FROM polls ORDER BY id")]


# --------------------------------------------------------------------------- the process lock


def test_lock_is_held_by_one_and_names_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    assert lock_owner(path) is None
    with ProcessLock(path):
        assert lock_owner(path) == os.getpid()
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"), ProcessLock(path):
            pass
        assert lock_owner(path) == os.getpid()
    assert lock_owner(path) is None
    with ProcessLock(path):
        pass


def _hold_lock(path: Path, held: multiprocessing.synchronize.Event) -> None:
    with ProcessLock(path):
        held.set()
        multiprocessing.Event().wait()


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    spawn = multiprocessing.get_context("spawn")
    held = spawn.Event()
    process = spawn.Process(target=_hold_lock, args=(path, held))
    process.start()
    try:
        assert held.wait(LONG_S)
        assert lock_owner(path) == process.pid
        with pytest.raises(StoreBusy, match=f"process {process.pid}"), ProcessLock(path):
            pass
    finally:
        process.kill()
        process.join()
        process.close()
    assert lock_owner(path) is None
    with ProcessLock(path):
        assert lock_owner(path) == os.getpid()


def test_lock_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"lock file"), ProcessLock(tmp_path / "nowhere" / "wireroom.db"):
        pass


def test_two_stores_on_one_file_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path) as first, open_store(path) as second:
        one = first.save_address("https://a.example/1", "https://a.example/1", now=NOON)
        two = second.save_address("https://a.example/2", "https://a.example/2", now=NOON)
        assert (one, two) == (1, 2)
        assert first.change_seq() == second.change_seq() == 2


def test_pages_of_an_archive_that_knew_one_an_article_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    path.touch()
    with closing(connect(path)) as db, db.atomic():
        migrations.apply(db, stop_before="numbered_pages")
        db.execute("INSERT INTO hosts (id, name) VALUES (1, 'a.example')")
        db.execute(
            """INSERT INTO articles (id, status, first_seen_at, change_seq, host_id, url, article_key)
            VALUES (1, 'full', ?, 1, 1, 'https://a.example/', '//a.example/')""",
            (NOON.isoformat(),),
        )
        db.execute(
            "INSERT INTO pages VALUES (1, 'https://a.example/', 'text/html', ?, 3, ?)",
            (NOON.isoformat(), zstandard.compress(b"<p>")),
        )
    with open_store(path) as store:
        (page,) = store.pages(1)
        assert (page.url, page.body, page.number, page.is_whole) == ("https://a.example/", b"<p>", 1, False)
        assert store.integrity() == ()
