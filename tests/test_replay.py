"""One feed over several polls: what it lists is filed once, however it makes its keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from contracts.desk import FEED, HOUR, Desk
from fakes import NOON, FixedClock

from scraper.model import ArticleFilter, FeedSpec, FeedState, ParsedEntry, ParsedFeed, PollOutcome
from scraper.pipeline import decide_document
from scraper.urls import article_key
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
        state = FeedState(id=self.id, spec=self.spec, current_url=FEED, last_polled_at=self.desk.now)
        parsed = ParsedFeed(entries=entries, site_url=f"{SITE}/")
        return self.desk.poll(*decide_document(state, parsed, self.desk.store))


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


def dated(n: int, **changes) -> ParsedEntry:
    summary = f"After {n} days at sea the crew was seen from a helicopter."
    return item(n, **{"published_at": NOON + timedelta(hours=n), "summary_html": summary, **changes})


@pytest.mark.parametrize(
    ("link", "then"),
    [
        ("/p/crew-found-81723", "/p/crew-found-alive-81723"),
        ("/2026/11/24/crew-found_81723.html", "/2026/11/24/crew-alive_81723.html"),
        ("/n?slug=crew-found&id=81723", "/n?slug=crew-alive&id=81723"),
        ("/81723/crew-found", "/81723/crew-of-2-found"),
    ],
)
@pytest.mark.parametrize("has_guid", [True, False])
def test_a_headline_that_changes_guid_and_link_is_an_update(feed: Feed, link: str, then: str, has_guid: bool) -> None:
    def crew(link: str, title: str, **changes) -> ParsedEntry:
        return dated(1, guid=SITE + link if has_guid else None, link=SITE + link, title=title, **changes)

    rest = [dated(n) for n in range(2, 5)]
    feed.lists(crew(link, "Crew found"), *rest)
    outcome = feed.lists(*rest, crew(then, "Crew found alive and well"))
    assert (outcome.entries_new, outcome.articles_new) == (0, 0)
    assert feed.lists(*rest, crew(then, "Crew found alive and well")).entries_new == 0
    for address in (link, then):
        record = feed.desk.store.article(feed.desk.store.find_article_id(article_key(SITE + address)))
        assert (record.title, record.url) == ("Crew found alive and well", SITE + then)


@pytest.mark.parametrize(
    "changes",
    [
        {"link": f"{SITE}/p/other-81724"},
        {"link": f"{SITE}/p/other"},
        {"link": "https://another.example/p/other-81723"},
        {"published_at": NOON},
        {"summary_html": "Another summary altogether."},
        {"summary_html": None},
    ],
    ids=["number", "no number", "site", "date", "words", "no words"],
)
def test_another_headline_at_another_address_is_new_where_anything_differs(feed: Feed, changes: dict) -> None:
    feed.lists(dated(1, link=f"{SITE}/p/crew-found-81723"))
    other = {"guid": "new", "title": "Crew is well", "link": f"{SITE}/p/other-81723", **changes}
    assert feed.lists(dated(1, **other)).entries_new == 1


def test_another_headline_beside_the_first_is_new(feed: Feed) -> None:
    one = dated(1, link=f"{SITE}/p/crew-found-81723")
    feed.lists(one)
    assert feed.lists(one, dated(1, guid="new", title="Crew is well", link=f"{SITE}/p/well-81723")).entries_new == 1


def test_a_guid_with_its_own_words_is_right_whatever_the_links_say(feed: Feed) -> None:
    feed.lists(item(1, link=f"{SITE}/latest"))
    outcome = feed.lists(item(2, link=f"{SITE}/latest"), item(1, link=f"{SITE}/archive/1"))
    assert outcome.entries_new == 1
    feed.desk.clock.move(HOUR)
    titles = {record.title: record.url for record in feed.desk.store.records(ArticleFilter())}
    assert titles == {"Title 1": f"{SITE}/archive/1", "Title 2": f"{SITE}/latest"}


@pytest.mark.parametrize(
    ("changes", "is_new"),
    [
        ({"title": "Title 1, corrected"}, False),
        ({"title": "Quite another"}, False),
        ({"published_at": NOON}, False),
        ({"published_at": NOON, "title": "Title 1, corrected"}, False),
        ({"summary_html": "Quite another text."}, False),
        ({"title": "Quite another", "summary_html": "Quite another text."}, True),
        ({"published_at": NOON, "summary_html": "Quite another text."}, True),
        ({"published_at": NOON, "title": "Title 2"}, True),
    ],
)
def test_an_address_under_another_guid_is_the_same_where_two_of_headline_text_and_date_are(
    feed: Feed, changes: dict, is_new: bool
) -> None:
    feed.lists(dated(1))
    assert feed.lists(dated(1, **{"guid": "new", **changes})).entries_new == is_new


@pytest.mark.parametrize(("rewritten", "new"), [(1, 0), (2, 0), (3, 3), (5, 5)])
def test_new_guids_are_those_of_the_links_entries_where_most_of_these_have_their_words(
    feed: Feed, rewritten: int, new: int
) -> None:
    feed.lists(*(dated(n) for n in range(5)))
    other = {"title": "Quite another", "summary_html": "Quite another text."}
    then = [dated(n, guid=f"new-{n}", **(other if n < rewritten else {})) for n in range(5)]
    assert feed.lists(*then).entries_new == new


@pytest.mark.parametrize("changes", [{}, {"guid": "new"}, {"link": f"{SITE}/moved"}, {"title": "Stars"}])
def test_dropped_entries_stay_dropped_whatever_becomes_of_a_key(feed: Feed, changes: dict) -> None:
    feed.spec = FeedSpec(url=FEED, drop=("horoscope",))
    feed.lists(item(1, title="Horoscope"))
    feed.spec = FeedSpec(url=FEED)
    outcome = feed.lists(item(1, **changes))
    assert (outcome.entries_new, outcome.articles_new) == (0, 0)
