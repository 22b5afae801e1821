"""Contract: lists, records, marks, deletions, cursors, trails, counts and copies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from contracts.desk import FEED, HOUR, Desk, changed, keyed, new, titles

from scraper.errors import NotFound, StoreUnusable
from scraper.model import ArticleFilter, Extraction

QUARTER = timedelta(minutes=15)


def test_pending_articles_are_hidden_for_a_quarter_of_an_hour(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    everything = ArticleFilter()
    desk.clock.move(QUARTER - timedelta(seconds=1))
    assert desk.listed() == []
    assert list(desk.store.records(everything)) == []
    assert desk.store.count_articles(everything) == 0
    assert (desk.store.index_more(), desk.search("title")) == (0, [])
    assert desk.store.article(1).status == "pending"
    desk.clock.move(timedelta(seconds=1))
    assert desk.listed() == [1]
    assert titles(list(desk.store.records(everything))) == ["Title a"]
    assert desk.store.count_articles(everything) == 1
    assert (desk.store.index_more(), desk.store.index_more(), desk.search("title")) == (1, 0, [1])


def test_a_pass_indexes_what_it_leaves_pending(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    assert desk.store.index_more() == 0
    assert desk.store.index_more(hidden_too=True) == 1
    desk.clock.move(QUARTER)
    assert (desk.store.index_more(), desk.search("title")) == (0, [1])
    desk.fetch(Extraction(title="Another", text="words"))
    assert (desk.search("title"), desk.search("another")) == ([], [1])


def test_lists_are_newest_first_and_paged_by_id(desk: Desk) -> None:
    ids = sorted(desk.file(*"abcde"), reverse=True)
    assert desk.listed() == ids
    assert desk.listed(limit=2) == ids[:2]
    assert desk.listed(limit=2, before_id=ids[1]) == ids[2:4]
    assert desk.listed(query="title", limit=2, before_id=ids[1]) == ids[2:4]
    assert desk.store.count_articles(ArticleFilter(limit=2, before_id=ids[1])) == 5
    assert desk.listed(limit=0) == []


def test_line_of_a_list_says_what_it_is_about(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    desk.store.set_starred([article_id], True, now=desk.now)
    (line,) = desk.store.find_articles(ArticleFilter())
    assert (line.id, line.title, line.url) == (article_id, "Title 0", "https://paper.example/0")
    assert (line.feed_name, line.status, line.snippet) == ("The Paper", "full", None)
    assert (line.is_read, line.is_starred, line.first_seen_at) == (False, True, desk.now)


def test_filters_narrow_lists_records_and_counts_alike(desk: Desk) -> None:
    first, second = desk.file("one", "two")
    desk.clock.move(HOUR)
    later = desk.now
    third = desk.store.save_address("https://x.example/", "https://x.example/", now=later)
    desk.fetch(Extraction(text="three"))
    desk.store.set_read([first], True, now=desk.now)
    desk.store.set_starred([second], True, now=desk.now)
    expected = {
        ArticleFilter(feed_id=desk.store.find_feed_id(FEED)): {first, second},
        ArticleFilter(since=later): {third},
        ArticleFilter(unread=True): {second, third},
        ArticleFilter(starred=True): {second},
        ArticleFilter(unread=True, query="two OR"): set(),
        ArticleFilter(unread=True, query="two"): {second},
        ArticleFilter(tag="nope"): set(),
        ArticleFilter(feed_id=99): set(),
    }
    for wanted, ids in expected.items():
        assert {found.id for found in desk.store.find_articles(wanted)} == ids
        assert {record.id for record in desk.store.records(wanted)} == ids
        assert desk.store.count_articles(wanted) == len(ids)


def test_records_come_in_order_of_id_or_of_change(desk: Desk) -> None:
    ids = sorted(desk.file(*"abc"))
    assert [record.id for record in desk.store.records(ArticleFilter())] == ids
    reached = desk.store.change_seq()
    desk.store.set_read([ids[2]], True, now=desk.now)
    desk.store.set_read([ids[0]], True, now=desk.now)
    changes = list(desk.store.records(ArticleFilter(changed_after=reached)))
    assert [record.id for record in changes] == [ids[2], ids[0]]
    assert [record.change_seq for record in changes] == [reached + 1, reached + 2]
    assert desk.store.change_seq() == reached + 2
    assert [record.id for record in desk.store.records(ArticleFilter(changed_after=reached, limit=1))] == [ids[2]]


def test_records_may_be_left_half_read(desk: Desk) -> None:
    desk.file(*"abc")
    records = desk.store.records(ArticleFilter())
    next(records)
    desk.store.set_read([1], True, now=desk.now)
    assert len(list(records)) == 2


def test_every_change_gets_a_number_of_its_own(desk: Desk) -> None:
    ids = desk.file(*"abc")
    numbers = [desk.store.article(number).change_seq for number in ids]
    desk.store.set_read(ids, True, now=desk.now)
    numbers += [desk.store.article(number).change_seq for number in ids]
    desk.store.delete_articles(ids[:1], now=desk.now)
    numbers += [stone.change_seq for stone in desk.store.tombstones(0)]
    assert len(set(numbers)) == 7
    assert max(numbers) == desk.store.change_seq()


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 2**63, 10**30])
def test_unknown_article_is_not_found(desk: Desk, number: int) -> None:
    with pytest.raises(NotFound) as caught:
        desk.store.article(number)
    assert caught.value.what == str(number)
    with pytest.raises(NotFound):
        desk.store.find_article_id(str(number))
    with pytest.raises(NotFound):
        desk.store.set_read([number], True, now=desk.now)


def test_article_is_found_by_id_and_any_address(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a", link="https://paper.example/a?utm_source=feed"))
    job = desk.fetch(Extraction(text="x"), keys=("https://paper.example/final",))
    for what in (str(job.id), "https://paper.example/a", job.url, "https://paper.example/final"):
        assert desk.store.find_article_id(what) == job.id
    for what in ("", "https://paper.example/b", "a", "1.5", "٣"):
        with pytest.raises(NotFound):
            desk.store.find_article_id(what)


def test_marks_are_counted_when_they_change_something(desk: Desk) -> None:
    ids = desk.file(*"ab")
    assert desk.store.set_read(ids, True, now=desk.now) == 2
    reached = desk.store.change_seq()
    desk.clock.move(HOUR)
    assert desk.store.set_read(ids, True, now=desk.now) == 0
    assert desk.store.change_seq() == reached
    assert desk.store.article(ids[0]).read_at == desk.now - HOUR
    assert desk.store.set_starred(ids[:1], True, now=desk.now) == 1
    assert desk.store.set_read(ids[:1], False, now=desk.now) == 1
    record = desk.store.article(ids[0])
    assert (record.read_at, record.starred_at) == (None, desk.now)
    assert desk.store.set_starred(ids, False, now=desk.now) == 1
    assert desk.store.set_read([], True, now=desk.now) == 0


def test_one_unknown_article_leaves_all_unmarked(desk: Desk) -> None:
    (article_id,) = desk.file("a")
    with pytest.raises(NotFound):
        desk.store.set_starred([article_id, 99], True, now=desk.now)
    assert desk.store.article(article_id).starred_at is None


def test_deleted_article_leaves_a_tombstone(desk: Desk) -> None:
    first, second = desk.file("one", "two")
    reached = desk.store.change_seq()
    assert desk.store.delete_articles([first, 99], now=desk.now) == 1
    with pytest.raises(NotFound):
        desk.store.article(first)
    assert desk.search("one") == []
    assert desk.listed() == [second]
    (stone,) = desk.store.tombstones(reached)
    assert (stone.id, stone.deleted_at, stone.change_seq) == (first, desk.now, reached + 1)
    assert desk.store.tombstones(stone.change_seq) == ()
    assert desk.store.delete_articles([first], now=desk.now) == 0


def test_export_cursors_are_kept_by_name(desk: Desk) -> None:
    assert desk.store.export_cursor("nightly") is None
    desk.store.set_export_cursor("nightly", 5)
    desk.store.set_export_cursor("nightly", 7)
    desk.store.set_export_cursor("other", 1)
    assert (desk.store.export_cursor("nightly"), desk.store.export_cursor("other")) == (7, 1)


def test_incremental_exports_miss_nothing(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    reached = desk.store.change_seq()  # an export now sees nothing: the article is hidden
    desk.fetch(Extraction(text="x"))
    assert [record.id for record in desk.store.records(ArticleFilter(changed_after=reached))] == [1]


def test_trail_tells_the_life_of_an_article(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    (known,) = desk.store.known_entries(desk.store.find_feed_id(FEED), [keyed("0").keys])
    desk.clock.move(HOUR)
    desk.poll(changed("0", known.entry_id))
    desk.clock.move(HOUR)
    desk.fetch(status="failed", reason="HTTP 404", rule="final-failure")
    desk.clock.move(HOUR)
    told = [(step.about, step.rule, step.detail) for step in desk.store.trail(str(article_id))]
    assert told == [
        ("entry", "new-entry", "first seen"),
        ("article", "page-read", "full"),
        ("entry", "entry-changed", "its text"),
        ("article", "final-failure", "failed: HTTP 404"),
    ]
    assert desk.store.trail("https://paper.example/0") == desk.store.trail(str(article_id))
    desk.store.delete_articles([article_id], now=desk.now)
    steps = desk.store.trail("https://paper.example/0")
    assert steps[-1].rule == "deleted"
    assert len(steps) == 5
    assert [step.at for step in steps] == sorted(step.at for step in steps)


@pytest.mark.parametrize("what", ["", "99", "https://paper.example/nothing", "'"])
def test_trail_of_nothing_is_not_found(desk: Desk, what: str) -> None:
    desk.file("text")
    with pytest.raises(NotFound):
        desk.store.trail(what)


def test_status_counts(desk: Desk) -> None:
    ids = desk.file(*"abc")
    desk.store.set_read(ids[:1], True, now=desk.now)
    desk.store.request_polls(None, now=desk.now)
    desk.poll(new("later"))
    found = desk.store.status()
    assert dict(found.feeds) == {"active": 1}
    assert dict(found.articles) == {"full": 3, "pending": 1}
    assert (found.entries, found.unread, found.failing) == (4, 2, ())
    assert (found.last_poll_at, found.next_poll_at) == (desk.now, desk.now + HOUR)
    assert found.size_bytes > 0
    assert found.schema


def test_empty_archive_has_a_status_too(desk: Desk) -> None:
    found = desk.store.status()
    assert (dict(found.feeds), dict(found.articles), found.last_poll_at) == ({}, {}, None)
    assert (desk.store.change_seq(), desk.listed(), desk.store.feeds()) == (0, [], ())


def test_backup_is_never_written_over_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.file("text")
    copy = tmp_path / "copy"
    desk.store.backup(copy)
    assert copy.stat().st_size > 0
    with pytest.raises(StoreUnusable):
        desk.store.backup(copy)
    with pytest.raises(StoreUnusable):
        desk.store.backup(tmp_path / "copy" / "impossible")
