"""Dates that move for all entries at each poll are believed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import NOON
from test_pipeline import PARAGRAPH, Newsroom, newsroom, page, rss  # noqa: F401 - a fixture

from scraper.identity import key_entries
from scraper.model import FeedSpec, KnownEntry, ParsedEntry, ParsedFeed
from scraper.polling.decide_entries import decide_entries

SPEC = FeedSpec(url="https://n.example/feed")
LATER = timedelta(hours=26)


def entry(n: int, at: datetime | None = NOON, text: str = "") -> ParsedEntry:
    return ParsedEntry(
        guid=f"g{n}",
        link=f"https://n.example/{n}",
        title=f"Paper {n}",
        published_at=at,
        summary_html=f"On silt {n}.{text}",
    )


def decided(before: list[ParsedEntry], now: list[ParsedEntry]) -> list[tuple[str, str]]:
    """What becomes of entries in a feed whose document was another one before."""
    on_file = [
        KnownEntry(
            entry_id=n, article_id=n, keys=keyed.keys, title=keyed.entry.title, published_at=keyed.entry.published_at
        )
        for n, keyed in enumerate(key_entries(ParsedFeed(entries=tuple(before))), start=1)
    ]
    found = decide_entries(key_entries(ParsedFeed(entries=tuple(now))), on_file, SPEC)
    return [(decision.action, decision.rule) for decision in found]


SEEN, MOVED, CHANGED, NEW = (
    ("seen", "known-guid"),
    ("seen", "dates-move"),
    ("update", "entry-changed"),
    ("file", "new-entry"),
)


def test_where_all_dates_move_the_first_ones_stay() -> None:
    before = [entry(n) for n in range(5)]
    assert decided(before, [entry(n, NOON + LATER) for n in range(5)]) == [MOVED] * 5
    assert decided(before, [entry(n, NOON + n * LATER) for n in range(5)]) == [SEEN, *[CHANGED] * 4]


@pytest.mark.parametrize(
    ("count", "still", "result"), [(20, 2, MOVED), (20, 3, CHANGED), (2, 0, MOVED), (2, 1, CHANGED), (1, 0, CHANGED)]
)
def test_nearly_all_is_nine_of_ten(count: int, still: int, result: tuple[str, str]) -> None:
    before = [entry(n) for n in range(count)]
    now = [entry(n, NOON + LATER) for n in range(still, count)]
    assert decided(before, before[:still] + now) == [SEEN] * still + [result] * (count - still)


def test_new_entries_are_new_and_other_changes_are_changes() -> None:
    before = [entry(n) for n in range(10)]
    now = [entry(n, NOON + LATER) for n in range(10)]
    assert decided(before, [entry(11, NOON + LATER), *now]) == [NEW, *[MOVED] * 10]
    now[3] = replace(now[3], summary_html="Sand, on second thoughts.")
    assert decided(before, now) == [*[MOVED] * 3, CHANGED, *[MOVED] * 6]
    assert decided(before, [entry(n, NOON + LATER, "!") for n in range(10)]) == [CHANGED] * 10


def test_a_first_date_is_news() -> None:
    assert decided([entry(n, None) for n in range(3)], [entry(n) for n in range(3)]) == [CHANGED] * 3
    assert decided([entry(n) for n in range(3)], [entry(n, None) for n in range(3)]) == [CHANGED] * 3


def test_no_version_and_no_fetch_for_dates_that_move(newsroom: Newsroom) -> None:  # noqa: F811
    def publish(day: int, text: str = "Summary.") -> None:
        items = (
            f"<item><title>Paper {n}</title><link>{newsroom.origin.url(f'/{n}')}</link>"
            f"<pubDate>Thu, {day} Jan 2026 0{n}:00:00 GMT</pubDate><description>{text}</description></item>"
            for n in (1, 2, 3)
        )
        newsroom.origin.routes["/feed"] = rss(*items)

    for n in (1, 2, 3):
        newsroom.origin.routes[f"/{n}"] = page(f"Paper {n}", f"Number {n}. {PARAGRAPH}", PARAGRAPH)
    publish(12)
    newsroom.subscribe()
    newsroom.work()
    first = newsroom.articles()
    for day in (13, 14, 15):
        publish(day)
        newsroom.store.request_polls(None, now=newsroom.clock.now())
        assert [type(outcome).__name__ for outcome in newsroom.work()] == ["PollOutcome"]
    assert newsroom.articles() == first
    publish(16, "Another summary.")
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    assert len(newsroom.work()) == 4
