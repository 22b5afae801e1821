"""One feed over several polls: what it lists is filed once, however it makes its keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contracts.desk import FEED, HOUR, Desk
from fakes import FixedClock

from scraper.decide import decide_entries
from scraper.identity import key_entries
from scraper.model import ArticleFilter, FeedSpec, ParsedEntry, ParsedFeed, PollOutcome
from store import open_store

SITE = "https://paper.example"


class Feed:
    """A feed that is polled hourly; the articles are never fetched."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.spec = FeedSpec(url=FEED)
        desk.subscribe(self.spec)
        self.id = desk.store.find_feed_id(FEED)

    def lists(self, *entries: ParsedEntry) -> PollOutcome:
        self.desk.clock.move(HOUR)
        keyed = key_entries(ParsedFeed(entries=entries, site_url=f"{SITE}/"))
        known = self.desk.store.known_entries(self.id, [entry.keys for entry in keyed])
        return self.desk.poll(*decide_entries(keyed, known, self.spec))


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    clock = FixedClock()
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        yield Feed(Desk(store, clock))


def item(n: int, **changes) -> ParsedEntry:
    fields = {"guid": f"g{n}", "link": f"{SITE}/{n}", "title": f"Title {n}", "summary_html": f"Words of {n}."}
    return ParsedEntry(**{**fields, **changes})


def items(count: int = 5, **changes) -> list[ParsedEntry]:
    return [item(n, **{name: make(n) for name, make in changes.items()}) for n in range(count)]


@pytest.mark.parametrize(
    "then",
    [
        items(guid=lambda n: None),
        items(guid=lambda n: "same"),
        items(guid=lambda n: f"{SITE}/?p={n}"),
        items(link=lambda n: f"{SITE}/{n}?utm_source=rss&utm_content={n}x"),
        items(link=lambda n: f"http://www.paper.example/{n}#top"),
        items(guid=lambda n: f"new-{n}", summary_html=lambda n: f"Other words of {n}."),
        items(link=lambda n: f"{SITE}/archive/{n}"),
        items(guid=lambda n: str(n), link=lambda n: f"{SITE}/x/{n}", summary_html=lambda n: f"Words of {n}."),
    ],
    ids=["no guids", "one guid", "new guids", "tracking", "twins", "new guids and words", "new links", "both new"],
)
def test_a_change_of_keys_publishes_nothing_again(feed: Feed, then: list[ParsedEntry]) -> None:
    long = "It goes on for longer than texts that repeat by chance. " * 5
    pad = [replace(entry, summary_html=f"{entry.summary_html} {long}") for entry in items()]
    assert feed.lists(*pad).entries_new == 5
    for _ in range(2):
        padded = [replace(entry, summary_html=f"{entry.summary_html} {long}") for entry in then]
        assert feed.lists(*padded).entries_new == 0
        assert feed.lists(*pad).entries_new == 0


def test_guids_made_anew_at_each_poll_publish_once(feed: Feed) -> None:
    new = [feed.lists(*items(guid=lambda n, poll=poll: f"{poll}-{n}")).entries_new for poll in range(4)]
    assert new == [5, 0, 0, 0]


def test_keys_may_change_one_after_the_other(feed: Feed) -> None:
    feed.lists(*items())
    assert feed.lists(*items(guid=lambda n: f"new-{n}")).entries_new == 0
    moved = items(guid=lambda n: f"new-{n}", link=lambda n: f"{SITE}/moved/{n}", title=lambda n: f"New title {n}")
    assert feed.lists(*moved).entries_new == 0


def test_guids_by_place_publish_each_entry_once(feed: Feed) -> None:
    def numbered(*numbers: int) -> list[ParsedEntry]:
        return [item(n, guid=str(place)) for place, n in enumerate(numbers)]

    assert feed.lists(*numbered(3, 2, 1)).entries_new == 3
    assert feed.lists(*numbered(4, 3, 2)).entries_new == 1
    assert feed.lists(*numbered(6, 5, 4)).entries_new == 2
    feed.desk.clock.move(HOUR)
    titles = {row.title for row in feed.desk.store.records(ArticleFilter())}
    assert titles == {f"Title {n}" for n in range(1, 7)}


def test_a_collision_that_ends_moves_no_entry(feed: Feed) -> None:
    rest = [item(n) for n in range(10, 60)]
    one, other = item(1, guid="same"), item(2, guid="same")
    assert feed.lists(one, *rest).entries_new == 51
    assert feed.lists(one, other, *rest).entries_new == 1
    outcome = feed.lists(other, *rest)
    assert outcome.entries_new == 0
    assert feed.desk.store.article(feed.desk.store.find_article_id("//paper.example/1")).title == "Title 1"


def test_an_entry_that_prints_the_time_asks_for_no_more_fetches_after_24_changes(feed: Feed) -> None:
    feed.lists(item(1))
    job = feed.desk.fetch(status="failed", reason="none", page=None)
    for n in range(24):
        feed.lists(item(1, summary_html=f"It is {n} o'clock."))
        assert feed.desk.fetch(status="failed", reason="none", page=None).id == job.id
    feed.lists(item(1, summary_html="It is late."))
    assert feed.desk.store.claim_hosts(feed.desk.now, 10, HOUR) == ()


@pytest.mark.parametrize("changes", [{}, {"guid": "new"}, {"link": f"{SITE}/moved"}, {"title": "Stars"}])
def test_dropped_entries_stay_dropped_whatever_becomes_of_a_key(feed: Feed, changes: dict) -> None:
    feed.spec = FeedSpec(url=FEED, drop=("horoscope",))
    feed.lists(item(1, title="Horoscope"))
    feed.spec = FeedSpec(url=FEED)
    outcome = feed.lists(item(1, **changes))
    assert (outcome.entries_new, outcome.articles_new) == (0, 0)
