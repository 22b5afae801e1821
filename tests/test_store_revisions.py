"""Versions, removals and the queue of looks in the database itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from contracts.desk import FEED, HOUR, LEASE, Desk, new
from contracts.test_article_commits import FOUND
from fakes import NOON, FixedClock

from scraper.errors import LeaseLost, NotFound
from scraper.model import Missing
from store import open_store
from store.sqlite.database.columns import to_json
from store.sqlite.database.connections import connect
from store.sqlite.schema.migrations import migrations


@pytest.fixture
def desk(tmp_path: Path):
    with open_store(tmp_path / "wireroom.db", clock=FixedClock(NOON + timedelta(days=1))) as store:
        desk = Desk(store, FixedClock())
        desk.subscribe(FEED)
        desk.poll(new("a"))
        yield desk


def rows(store: Any, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(store.path)) as db:
        return db.execute(sql).fetchall()


def test_every_field_of_an_old_version_comes_back(desk: Desk) -> None:
    first = replace(FOUND, published_at=NOON, updated_at=NOON + HOUR, title="lone \ud800 surrogate")
    job = desk.fetch(first, next_fetch_at=desk.now)
    desk.fetch(replace(FOUND, title="Other"), changed=("title",))
    assert desk.store.version(job.id, 1) == replace(first, title="lone ? surrogate")
    assert desk.store.version(job.id, 2) == replace(FOUND, title="Other")
    for article_id, number in ((job.id, 0), (job.id, 3), (99, 1)):
        with pytest.raises(NotFound):
            desk.store.version(article_id, number)
    with pytest.raises(NotFound):
        desk.store.revisions(99)


def test_old_versions_are_compressed_by_the_migration(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    path.touch()
    with closing(connect(path)) as db, db.atomic():
        migrations.apply(db, stop_before="revisions_and_removals")
        db.execute("INSERT INTO hosts (id, name) VALUES (1, 'a.example')")
        db.execute(
            """INSERT INTO articles (id, status, first_seen_at, change_seq, host_id, url, article_key, revision)
            VALUES (1, 'full', ?, 1, 1, 'https://a.example/', '//a.example/', 2)""",
            (NOON.isoformat(),),
        )
        told = {name: getattr(FOUND, name) for name in FOUND.__slots__ if name not in ("next_page", "single_page")}
        for number, snapshot in ((1, to_json({**told, "status": "full"})), (2, None)):
            db.execute(
                "INSERT INTO revisions VALUES (1, ?, ?, 'page-read', 'T', 3, ?)", (number, NOON.isoformat(), snapshot)
            )
    with open_store(path) as store:
        assert store.version(1, 1) == FOUND
        assert [revision.changed for revision in store.revisions(1)] == [(), None]
        assert store.integrity() == ()
        ((packed,),) = rows(store, "SELECT snapshot FROM revisions WHERE number = 1")
        assert b"Grenzen" not in packed
        assert "Łódź".encode() in zstandard.decompress(packed)
        assert rows(store, "SELECT revision FROM edits") == [(2,)], "what changed was not recorded, that it did was"


def test_a_look_is_in_the_queue_of_its_own(desk: Desk) -> None:
    desk.fetch(FOUND, recheck_at=desk.now + HOUR, rechecks=3)
    assert desk.store.claim_hosts(desk.now, 9, LEASE) == ()
    desk.clock.move(HOUR)
    assert desk.store.gate_opens_at(desk.now) is not None
    (feeds, looks) = desk.store.claim_hosts(desk.now, 9, LEASE)
    assert (feeds.slot, looks.slot) == ("feeds", "articles"), "what is new comes first"
    job = desk.store.next_article(looks, desk.now)
    assert job is not None
    assert (job.is_recheck, job.rechecks, job.due_at) == (True, 3, desk.now)
    desk.store.commit_article(looks, desk.article_commit(job.id, None, page=None))
    assert desk.store.next_article(looks, desk.now) is None
    assert rows(desk.store, "SELECT due_at, recheck_at FROM slots WHERE slot = 'articles'") == [(None, None)]


def test_looks_are_limited_to_the_feeds_of_a_pass(desk: Desk) -> None:
    desk.fetch(FOUND, recheck_at=desk.now)
    assert desk.store.gate_opens_at(desk.now, scope=frozenset({1})) == desk.now
    assert desk.store.gate_opens_at(desk.now, scope=frozenset({2})) is None
    assert desk.store.claim_hosts(desk.now, 9, LEASE, scope=frozenset({2})) == ()
    assert len(desk.store.claim_hosts(desk.now, 9, LEASE, scope=frozenset({1}))) == 1


def test_looks_obey_the_gap_of_their_host(desk: Desk) -> None:
    desk.fetch(FOUND, recheck_at=desk.now, next_allowed_at=desk.now + timedelta(seconds=5))
    assert desk.store.claim_hosts(desk.now, 9, LEASE) == ()
    assert desk.store.gate_opens_at(desk.now) == desk.now + timedelta(seconds=5)
    desk.clock.move(timedelta(seconds=5))
    assert len(desk.store.claim_hosts(desk.now, 9, LEASE)) == 1


def test_a_claim_for_looks_ends_the_one_before_it(desk: Desk) -> None:
    desk.fetch(FOUND, recheck_at=desk.now + timedelta(minutes=1))
    desk.clock.move(timedelta(minutes=1))
    (old,) = desk.store.claim_hosts(desk.now, 9, LEASE)
    job = desk.store.next_article(old, desk.now)
    assert job is not None
    desk.clock.move(LEASE)
    (new_claim,) = desk.store.claim_hosts(desk.now, 9, LEASE)
    assert new_claim.fence > old.fence
    with pytest.raises(LeaseLost):
        desk.store.commit_article(old, desk.article_commit(job.id, None, page=None))
    desk.store.commit_article(new_claim, desk.article_commit(job.id, None, page=None))


def test_claims_of_looks_read_an_index(desk: Desk) -> None:
    plan = rows(
        desk.store,
        """EXPLAIN QUERY PLAN SELECT host_id FROM slots WHERE recheck_at IS NOT NULL AND recheck_ready_at <= 'x'
        ORDER BY recheck_ready_at LIMIT 1""",
    )
    assert "slots_by_recheck" in plan[0][3]
    plan = rows(
        desk.store,
        "EXPLAIN QUERY PLAN SELECT * FROM articles WHERE host_id = 1 AND recheck_at <= 'x' ORDER BY recheck_at LIMIT 1",
    )
    assert "articles_by_recheck" in plan[0][3]


def test_an_unconfirmed_absence_leaves_no_trace_when_the_page_is_there(desk: Desk) -> None:
    suspect = Missing(since=desk.now, cause="404", reason="nothing there")
    job = desk.fetch(FOUND, next_fetch_at=desk.now)
    desk.fetch(page=None, missing=suspect, next_fetch_at=desk.now)
    assert desk.store.removals([job.id]) == ()
    again = desk.fetch(page=None, next_fetch_at=desk.now)
    assert again.missing == suspect
    assert rows(desk.store, "SELECT * FROM removals") == []
    sure = replace(suspect, is_confirmed=True)
    desk.fetch(page=None, missing=sure, next_fetch_at=desk.now)
    assert desk.fetch(page=None, next_fetch_at=desk.now).missing == sure
    assert desk.fetch(page=None).missing is None
    (removal,) = desk.store.removals([job.id])
    assert removal.back_at == desk.now


def test_what_changed_without_words_is_counted_from_the_last_words(desk: Desk) -> None:
    expected = [0, 1, 2, 0, 1]
    desk.fetch(FOUND, next_fetch_at=desk.now)
    for what in (("byline",), ("figures", "picture"), ("title", "byline"), ("section",), ("text",)):
        job = desk.fetch(FOUND, changed=what, next_fetch_at=desk.now)
        assert job.slight_edits == expected.pop(0)
