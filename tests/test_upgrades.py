"""Archives of every schema there was (`scripts/keep_schema.py`) are carried on with all that is in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from sqlite_utils import Database

from scraper.errors import StoreUnusable
from scraper.model import ArticleFilter
from store import open_store
from store.sqlite.schema.migrations import migrations

KEPT = sorted((Path(__file__).parent / "schemas").glob("*.db.zst"))
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def unpack(kept: Path, folder: Path) -> Path:
    path = folder / "wireroom.db"
    path.write_bytes(zstandard.decompress(kept.read_bytes()))
    return path


def layout(path: Path) -> dict[str, object]:
    """Return tables with their columns, and all else by its SQL."""
    with closing(sqlite3.connect(path)) as db:
        found: dict[str, object] = {}
        for kind, name, sql in db.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            if kind == "table" and not name.startswith("articles_"):
                found[name] = sorted(row[1:6] for row in db.execute(f"PRAGMA table_xinfo({name})"))
            else:
                found[name] = " ".join(sql.split())
        return found


def test_there_is_an_archive_of_every_schema_but_the_newest() -> None:
    numbers = [int(kept.name[:2]) for kept in KEPT]
    count = len(migrations.pending(Database(memory=True)))
    assert numbers[: count - 1] == list(range(1, count)), (
        "run scripts/keep_schema.py on the commit before the migration"
    )


def test_one_that_is_not_to_be_migrated_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = unpack(KEPT[-1], tmp_path)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="has to be migrated"):
        open_store(path, create=False, migrate=False)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name[:2])
def test_it_opens_and_nothing_is_lost(kept: Path, tmp_path: Path) -> None:
    with open_store(unpack(kept, tmp_path)) as store:
        one, two, three = sorted(store.records(ArticleFilter()), key=lambda record: record.id)
        assert [one.title, two.title, three.title] == ["Story 1", "Story 2", "第三の記事"]
        assert one.text.startswith("Version 2. Number 1 of the harbour. The ferry")
        assert (one.revision, two.revision, one.status) == (2, 1, "full")
        assert (one.starred_at is None, two.read_at is None, three.read_at) == (False, False, None)
        assert [feed.name for feed in one.feeds] == ["Harbour"]
        assert [revision.number for revision in store.revisions(one.id)] == [1, 2]
        assert store.version(one.id, 1).text.startswith("Version 1.")
        (page,) = store.pages(two.id)
        assert b"Number 2 of the harbour" in page.body
        assert store.pages(two.id, two.revision) == (page,), "it is that of the version on file"
        (newest,) = store.pages(one.id, one.revision)
        assert b"Version 2. Number 1" in newest.body
        found = [summary.id for summary in store.find_articles(ArticleFilter(query="ferry"))]
        assert found == [2, 1]
        assert [summary.id for summary in store.find_articles(ArticleFilter(query="修理"))] == [3]
        assert store.trail("http://127.0.0.1:8499/1")


#: Two names of one host, each with work, pauses and an alarm of its own; and what was kept by the host's name.
_TWO_NAMES = """
INSERT INTO hosts (id, name) VALUES (11, 'paper.example'), (12, 'paper.example.'), (13, 'bücher.example');
INSERT INTO slots (host_id, slot, due_at, allowed_at, leased_until, fence) VALUES
    (11, 'feeds', '2026-02-03', '2026-02-01', NULL, 4), (11, 'articles', '2026-02-05', NULL, NULL, 1),
    (12, 'feeds', '2026-02-01', '2026-02-02', '2026-01-31', 7), (12, 'articles', '2026-02-04', '2026-02-01', NULL, 0),
    (13, 'feeds', NULL, NULL, NULL, 0), (13, 'articles', NULL, NULL, NULL, 0);
INSERT INTO feeds (id, name, url, current_url, host_id, added_at, next_poll_at) VALUES
    (21, 'One', 'https://paper.example/1', 'https://paper.example/1', 11, '2026-01-01', '2026-02-03'),
    (22, 'Two', 'https://paper.example./2', 'https://paper.example./2', 12, '2026-01-01', '2026-02-01');
UPDATE articles SET host_id = 11, next_fetch_at = '2026-02-05' WHERE id = 1;
UPDATE articles SET host_id = 12, next_fetch_at = '2026-02-04', recheck_at = '2026-02-09' WHERE id = 2;
INSERT INTO drifts VALUES (11, '2026-01-20', 'wall', 'later'), (12, '2026-01-10', 'short texts', 'first');
INSERT INTO ledger (host, since, requests, wire_bytes, least_gap_s, last_request_at) VALUES
    ('paper.example', '2026-01-02', 3, 100, NULL, '2026-01-30'),
    ('paper.example.', '2026-01-01', 2, 50, 5.5, '2026-01-29'), ('bücher.example', '2026-01-01', 1, 10, NULL, NULL);
INSERT INTO blocks VALUES
    ('bücher.example', '2026-03-02'), ('xn--bcher-kva.example', '2026-03-01'), ('other.example', '2026-03-01');
INSERT INTO robots VALUES
    ('https://bücher.example', '2026-01-01', 200, ''), ('https://paper.example', '2026-01-01', 200, '');
"""


def test_hosts_that_are_one_are_joined_with_the_strictest_of_both(tmp_path: Path) -> None:
    path = unpack(Path(__file__).parent / "schemas" / "20.db.zst", tmp_path)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_TWO_NAMES)
    with open_store(path):
        pass
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT id, name FROM hosts WHERE id > 10").fetchall() == [
            (11, "paper.example"),
            (13, "xn--bcher-kva.example"),
        ]
        slots = "SELECT slot, due_at, recheck_at, allowed_at, leased_until, fence FROM slots WHERE host_id = ?"
        assert sorted(db.execute(slots, (11,))) == [
            ("articles", "2026-02-04", "2026-02-09", "2026-02-01", None, 2),
            ("feeds", "2026-02-01", None, "2026-02-02", "2026-01-31", 8),
        ]
        assert {row[3] for row in db.execute(slots, (13,))} == {"2026-03-02"}
        assert db.execute("SELECT host_id FROM feeds WHERE id > 20").fetchall() == [(11,), (11,)]
        assert db.execute("SELECT host_id FROM articles WHERE id < 3").fetchall() == [(11,), (11,)]
        assert db.execute("SELECT * FROM drifts").fetchall() == [(11, "2026-01-10", "short texts", "first")]
        ledger = "SELECT host, since, requests, wire_bytes, least_gap_s, last_request_at FROM ledger"
        assert db.execute(f"{ledger} WHERE host LIKE '%example' ORDER BY host").fetchall() == [
            ("paper.example", "2026-01-01", 5, 150, 5.5, "2026-01-30"),
            ("xn--bcher-kva.example", "2026-01-01", 1, 10, None, None),
        ]
        assert db.execute("SELECT count(*) FROM ledger WHERE host LIKE '%example.'").fetchone() == (0,)
        assert db.execute("SELECT * FROM blocks ORDER BY domain").fetchall() == [
            ("other.example", "2026-03-01"),
            ("xn--bcher-kva.example", "2026-03-02"),
        ]
        assert db.execute("SELECT origin FROM robots WHERE origin LIKE '%example'").fetchall() == [
            ("https://paper.example",)
        ]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name[:2])
def test_it_is_laid_out_like_a_new_one_afterwards(kept: Path, tmp_path: Path) -> None:
    old = unpack(kept, tmp_path)
    with open_store(old), open_store(tmp_path / "new.db"):
        pass
    assert layout(old) == layout(tmp_path / "new.db")


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name[:2])
def test_its_search_index_and_foreign_keys_are_sound(kept: Path, tmp_path: Path) -> None:
    path = unpack(kept, tmp_path)
    with open_store(path):
        pass
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        for name in ("articles_stems", "articles_words"):
            db.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")
        rows = {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in db.execute(_TABLES)}
        assert (rows["articles_fts"], rows["articles_stems"], rows["articles_words"]) == (3, 3, 1)
