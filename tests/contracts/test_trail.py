"""Contract: why, for entries and articles from first sight to now; what was dropped, and bringing it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from contracts.desk import FEED, HOUR, Desk, changed, dropped, keyed, new, seen

from scraper.errors import NotFound
from scraper.model import Extraction, FeedSpec

FOUND = Extraction(title="Title a", text="Words of a.")


def rules(desk: Desk, what: str) -> list[str]:
    return [step.rule for step in desk.store.trail(what)]


def test_dropped_entries_are_listed_with_rule_value_feed_and_time(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, name="Paper"))
    desk.poll(dropped("b"), new("x"), dropped("a"))
    newest, oldest = desk.store.dropped_entries()
    assert (oldest.title, oldest.link, oldest.feed) == ("Title a", "https://paper.example/a", "Paper")
    assert (newest.title, newest.rule, newest.detail) == ("Title b", "drop-word", "drop: 'horoscope'")
    assert newest.dropped_at == desk.now
    feed_id = desk.store.find_feed_id(FEED)
    assert desk.store.dropped_entries(feed_id=feed_id, since=desk.now, limit=1) == (newest,)
    assert desk.store.dropped_entries(feed_id=feed_id + 1) == ()
    assert desk.store.dropped_entries(since=desk.now + timedelta(seconds=1)) == ()


def test_a_restored_entry_is_filed_and_fetched_and_not_dropped_again(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(dropped("a", summary_html="<p>Short.</p>"))
    (entry,) = desk.store.dropped_entries()
    desk.clock.move(HOUR / 2)
    (article_id,) = desk.store.restore_entries([entry.id], now=desk.now)
    assert desk.store.dropped_entries() == ()
    assert desk.store.article(article_id).summary == "Short."
    job = desk.fetch(FOUND)
    assert (job.id, job.url, job.full_text, job.hints.title) == (
        article_id,
        "https://paper.example/a",
        True,
        "Title a",
    )
    desk.clock.move(HOUR)
    desk.poll(changed("a", entry.id))
    assert rules(desk, f"e{entry.id}") == ["drop-word", "restored", "page-read", "entry-changed"]
    restored = desk.store.trail(str(article_id))[1]
    assert (restored.at, restored.detail) == (
        desk.now - HOUR,
        "by the reader; it was dropped by drop-word (drop: 'horoscope')",
    )
    assert desk.store.article(article_id).feeds[0].url == FEED


def test_a_restored_entry_joins_an_article_that_is_on_file(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    desk.clock.move(HOUR)
    other = replace(keyed("0"), keys=replace(keyed("0").keys, guid="another", link=None))
    desk.poll(replace(dropped("0"), keyed=other))
    (entry,) = desk.store.dropped_entries()
    assert desk.store.restore_entries([entry.id], now=desk.now) == (article_id,)


@pytest.mark.parametrize("link", [None, "https://paper.example/"])
def test_a_restored_entry_without_a_page_is_filed_as_its_feed_gives_it(desk: Desk, link: str | None) -> None:
    desk.subscribe(FEED)
    entry = replace(keyed("a", link=link), article_key=None)
    entry = replace(entry, keys=replace(entry.keys, link=None))
    desk.poll(replace(dropped("a"), keyed=entry))
    (found,) = desk.store.dropped_entries()
    desk.store.restore_entries([found.id], now=desk.now)
    assert not desk.fetch().full_text


def test_restoring_brings_a_deleted_article_back_under_a_new_number(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    desk.store.delete_articles([article_id], now=desk.now)
    (known,) = desk.store.known_entries(desk.store.find_feed_id(FEED), [keyed("0").keys])
    (again,) = desk.store.restore_entries([known.entry_id], now=desk.now)
    assert again > article_id
    assert rules(desk, str(again)) == ["new-entry", "page-read", "deleted", "restored"]


def test_what_is_no_dropped_entry_is_refused_and_nothing_is_brought_back(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(dropped("a"), new("b"))
    (entry,) = desk.store.dropped_entries()
    (kept,) = desk.store.known_entries(desk.store.find_feed_id(FEED), [keyed("b").keys])
    for wrong in (999, kept.entry_id):
        with pytest.raises(NotFound, match="nothing was brought back"):
            desk.store.restore_entries([entry.id, wrong], now=desk.now)
        assert desk.store.dropped_entries() == (entry,)


def test_an_entry_is_found_by_its_number_beside_articles(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("b"), dropped("a"))
    entry, *_ = desk.store.dropped_entries()
    assert rules(desk, f"e{entry.id}") == ["drop-word"]
    assert rules(desk, "1") == ["new-entry"], "an article has this number"
    for nothing in ("e999", "999", "e"):
        with pytest.raises(NotFound):
            desk.store.trail(nothing)


def test_every_retry_is_told_with_its_time(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    for attempt in (1, 2):
        again = desk.now + HOUR
        desk.fetch(
            status="pending", reason="HTTP 500", rule="retry-later", attempts=attempt, next_fetch_at=again, page=None
        )
        desk.clock.move(HOUR)
    steps = [step for step in desk.store.trail("https://paper.example/a") if step.rule == "retry-later"]
    assert [step.detail for step in steps] == [
        "pending: HTTP 500; attempt 1, again at 2026-01-15T13:00Z",
        "pending: HTTP 500; attempt 2, again at 2026-01-15T14:00Z",
    ]


def test_sightings_and_addresses_are_told_with_their_times(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    (known,) = desk.store.known_entries(desk.store.find_feed_id(FEED), [keyed("0").keys])
    for _ in range(2):
        desk.clock.move(HOUR)
        desk.poll(seen("0", known.entry_id))
    desk.store.request_fetches([article_id], now=desk.now)
    desk.clock.move(HOUR)
    desk.fetch(http_status=304, page=None, rule="not-modified", keys=("//paper.example/final",))
    told = [(step.rule, step.at, step.detail) for step in desk.store.trail(str(article_id))][2:]
    assert told == [
        ("last-seen", desk.now - HOUR, "the feed lists it"),
        ("not-modified", desk.now, "full"),
        ("address", desk.now, "//paper.example/final leads to it"),
    ]


def test_numbers_of_articles_that_went_still_tell_why(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("old"))
    desk.fetch(FOUND)
    desk.clock.move(HOUR)
    desk.poll(new("young"))
    young = desk.store.find_article_id("https://paper.example/young")
    desk.fetch(status="failed", reason="none", page=None)
    desk.store.request_fetches([young], now=desk.now)
    desk.fetch(FOUND, keys=("https://paper.example/old",))
    old = desk.store.find_article_id("https://paper.example/old")
    assert desk.store.trail(str(young)) == desk.store.trail(str(old))
    (united,) = [step for step in desk.store.trail(str(young)) if step.rule == "united"]
    assert united.detail.endswith("is the same one: both are found at https://paper.example/old")
    desk.store.delete_articles([old], now=desk.now)
    assert rules(desk, str(old))[-1] == "deleted"
