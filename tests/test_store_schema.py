"""The tables as people, Datasette and SQLite's planner see them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import CliRunner
from contracts.desk import Desk, changed, keyed, new
from fakes import NOON, FixedClock
from sqlite_utils import Database
from sqlite_utils.cli import cli

from scraper.model import ArticleFilter, Extraction, HostClaim, RobotsRecord
from store import Store, open_store
from store.sqlite.schema.migrations import INDEXED, migrations
from store.sqlite.work.claims import _EARLIEST, _READY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "wireroom.db", clock=FixedClock(NOON + timedelta(days=1))) as store:
        yield store


@pytest.fixture
def db(store: Store) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(store.path)) as db:
        yield db


def test_an_archive_of_the_first_schema_is_carried_on(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="robots_by_origin")
    old.execute("INSERT INTO hosts (name, robots_status, robots) VALUES ('n.example', 200, x'00')")
    old.close()
    with open_store(tmp_path / "old.db") as store:
        assert store.robots("https://n.example") is None
        record = RobotsRecord(fetched_at=NOON, status=200, body=b"User-agent: *")
        store.save_robots("https://n.example", record)
        assert store.robots("https://n.example") == record
    with closing(sqlite3.connect(tmp_path / "old.db")) as db:
        assert db.execute("SELECT * FROM hosts").fetchall() == [(1, "n.example")]


def plan(db: sqlite3.Connection, sql: str, **values: object) -> str:
    return "\n".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values))


def test_search_index_is_found_by_datasette(db: sqlite3.Connection) -> None:
    (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_fts'").fetchone()
    assert re.search(r'content\s*=\s*("articles"|\[articles\])', sql)
    assert "remove_diacritics 2" in sql


def test_sqlite_utils_counts_and_reads_every_table(store: Store) -> None:
    Desk(store, FixedClock()).file("A ferry came.", "船は港に戻った。")
    told = sqlite_utils_says("tables", store.path, "--counts", "--columns", "--schema")
    counts = {table["table"]: table["count"] for table in told}
    assert (counts["articles_fts"], counts["articles_stems"], counts["articles_words"]) == (2, 2, 1)
    views = sqlite_utils_says("views", store.path, "--counts")
    assert {view["view"]: view["count"] for view in views}["indexed_stems"] == 2
    for table in counts:
        assert len(sqlite_utils_says("rows", store.path, table)) == counts[table], table
    (found,) = sqlite_utils_says("search", store.path, "articles", "ferry")
    assert found["text"] == "A ferry came."


def sqlite_utils_says(*words: object) -> Any:
    """Return the answer of the command `sqlite-utils`."""
    done = CliRunner().invoke(cli, [*map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_update_trigger_fires_on_indexed_columns_alone(db: sqlite3.Connection) -> None:
    (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_au'").fetchone()
    (columns,) = re.findall(r"AFTER UPDATE OF (.*?) ON articles", sql)
    assert tuple(columns.split(", ")) == INDEXED


def test_marks_do_not_touch_the_search_index(store: Store, db: sqlite3.Connection) -> None:
    ids = Desk(store, FixedClock()).file(*"abc")
    before = db.execute("SELECT * FROM articles_fts_data ORDER BY id").fetchall()
    store.set_read(ids, True, now=NOON)
    store.set_starred(ids, True, now=NOON)
    store.request_fetches(ids, now=NOON)
    assert db.execute("SELECT * FROM articles_fts_data ORDER BY id").fetchall() == before


def test_foreign_keys_are_real_and_indexed(db: sqlite3.Connection) -> None:
    tables = [
        row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%'")
    ]
    assert {"articles", "entries", "polls", "revisions", "pages", "marks", "decisions"} <= set(tables)
    for table in tables:
        for _, _, parent, column, *_ in db.execute(f"PRAGMA foreign_key_list({table})"):
            if parent == "articles":  # the only rows that are ever deleted
                found = plan(db, f"SELECT 1 FROM {table} WHERE {column} = 1")
                assert "SEARCH" in found, (table, column, found)


def test_times_sort_as_text(store: Store, db: sqlite3.Connection) -> None:
    Desk(store, FixedClock()).file("text")
    (first_seen,) = db.execute("SELECT first_seen_at FROM articles").fetchone()
    assert first_seen == "2026-01-15T12:00:00.000000Z"
    assert db.execute("SELECT date(first_seen_at), unixepoch(first_seen_at) FROM articles").fetchone() == (
        "2026-01-15",
        int(NOON.timestamp()),
    )


@pytest.mark.parametrize("view", ["unread_articles", "articles_today", "feed_health", "dropped_entries"])
def test_views_can_be_read(store: Store, db: sqlite3.Connection, view: str) -> None:
    Desk(store, FixedClock()).file("text")
    rows = db.execute(f"SELECT * FROM {view}").fetchall()
    assert len(rows) == (1 if view in ("unread_articles", "feed_health") else 0)


def test_claims_read_indexes_only(db: sqlite3.Connection) -> None:
    found = plan(db, _READY.format(scope="TRUE"), now="", limit=1)
    assert "slots_by_ready (ready_at<?)" in found
    assert "TEMP B-TREE" not in found
    for slot, index in (("feeds", "feeds_by_due"), ("articles", "articles_by_due")):
        sql = f"SELECT ({_EARLIEST[slot]}) FROM slots"  # type: ignore[index]  # a Literal in a loop
        assert f"{index} (host_id=? AND" in plan(db, sql)
        assert "TEMP B-TREE" not in plan(db, sql)


def test_slots_agree_with_what_is_due(store: Store, db: sqlite3.Connection) -> None:
    desk = Desk(store, FixedClock())
    ids = desk.file(*"abc")
    (entry,) = store.known_entries(1, [keyed("0").keys])
    desk.clock.move(timedelta(hours=1))
    desk.poll(changed("0", entry.entry_id))
    store.request_fetches(ids[1:2], now=desk.now)
    store.delete_articles(ids[2:], now=desk.now)
    store.save_address("https://x.example/", "https://x.example/", now=desk.now)
    expected = db.execute(
        """SELECT host_id, 'articles', min(next_fetch_at) FROM articles GROUP BY host_id
        UNION SELECT host_id, 'feeds', min(next_poll_at) FROM feeds GROUP BY host_id"""
    ).fetchall()
    stored = db.execute("SELECT host_id, slot, due_at FROM slots WHERE due_at IS NOT NULL").fetchall()
    assert sorted(stored) == sorted(row for row in expected if row[2] is not None)


def test_revisions_keep_what_was_replaced(store: Store, db: sqlite3.Connection) -> None:
    desk = Desk(store, FixedClock())
    (article_id,) = desk.file("first words")
    store.request_fetches([article_id], now=desk.now)
    desk.fetch(Extraction(title="Other title", text="second"), rule="page-edited")
    rows = db.execute("SELECT number, rule, title, word_count, snapshot FROM revisions ORDER BY number").fetchall()
    assert [row[:4] for row in rows] == [(1, "page-read", "Title 0", 2), (2, "page-edited", "Other title", 1)]
    assert b'"text":"first words"' in zstandard.decompress(rows[0][4])
    assert rows[1][4] is None  # it is the one in `articles`


def test_article_that_goes_takes_its_rows_along(store: Store, db: sqlite3.Connection) -> None:
    desk = Desk(store, FixedClock())
    ids = desk.file("東京 one", "two")
    store.set_read(ids, True, now=NOON)
    store.delete_articles(ids, now=NOON)
    for table in ("articles", "article_keys", "revisions", "pages", "marks"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM entries WHERE article_id IS NULL").fetchone() == (2,)
    assert store.integrity() == ()


def test_feed_passwords_stay_out_of_records(store: Store) -> None:
    desk = Desk(store, FixedClock())
    desk.subscribe("https://me:secret@paper.example/feed")
    claim: HostClaim = desk.claim()
    (feed,) = store.due_feeds(claim, desk.now)
    store.commit_poll(claim, desk.poll_commit(feed, new("a")))
    (record,) = store.records(ArticleFilter())
    assert [name.url for name in record.feeds] == ["https://paper.example/feed"]
