"""Whether two entries tell the same story."""

from datetime import datetime, timedelta

import pytest
from fakes import NOON

from scraper.model import EntryKeys, KnownEntry, ParsedEntry, PastEntry
from scraper.sameness import address_number, counted_guid, is_same_headline, stories_of, tells_the_same


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Crew found alive", "Crew found alive", True),
        ("Crew found alive", "CREW FOUND: ALIVE!", True),
        ("Crew of the Marlin found alive", "Crew of the Marlin found alive and well", True),
        ("Release 2.1 of the tide table", "Release 2.2 of the tide table", False),
        ("Notice one", "Notice two", False),
        ("15 dead in storm", "16 dead in storm", False),
        ("潮汐表", "潮汐表", True),
        ("潮汐表", "浮标", False),
        (None, None, False),
        ("", "Crew", False),
        ("...", "...", False),
    ],
)
def test_headlines(one: str | None, other: str | None, is_same: bool) -> None:
    assert is_same_headline(one, other) is is_same
    assert is_same_headline(other, one) is is_same


@pytest.mark.parametrize(
    ("guid", "link", "counted"),
    [
        ("https://n.example/a#3", "https://n.example/a", "https://n.example/a"),
        ("https://n.example/a#12", None, "https://n.example/a"),
        ("https://n.example/a#3", "https://n.example/a#3", None),
        ("https://n.example/a#2d1", "https://n.example/a", None),
        ("https://n.example/a#161", "https://n.example/a", None),
        ("#3", None, None),
        (None, None, None),
    ],
)
def test_guids_that_count_versions(guid: str | None, link: str | None, counted: str | None) -> None:
    assert counted_guid(ParsedEntry(guid=guid, link=link)) == counted


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("https://n.example/p/crew-81723", "81723"),
        ("https://n.example/2026/11/crew-81723", "81723"),
        ("https://n.example/p?id=700&page=2", "700"),
        ("https://n.example/p/12", None),
        ("https://n1234.example/p", None),
        ("https://n.example/1111/2222", "2222"),
        ("https://[n.example/1111", None),
        (None, None),
    ],
)
def test_numbers_in_addresses(link: str | None, number: str | None) -> None:
    assert address_number(link) == number


LONG = "The tide comes in twice a day and takes the boats with it, as the pilots have always known. " * 4


def past(*, title: str | None = None, published_at: datetime | None = None, **texts) -> PastEntry:
    keys = EntryKeys(content_hash="c")
    known = KnownEntry(entry_id=1, article_id=1, keys=keys, title=title, published_at=published_at)
    return PastEntry(**{"known": known, "link": None, "summary_html": None, "content_html": None, **texts})


@pytest.mark.parametrize(
    ("now", "before", "is_same"),
    [
        ({"title": "Tides", "summary_html": "a"}, {"title": "Tides", "summary_html": "b"}, True),
        ({"title": "Tides", "summary_html": "a"}, {"title": "Boats", "summary_html": "<b>a</b>"}, True),
        ({"title": "Tides", "summary_html": "a"}, {"title": "Boats", "summary_html": "b"}, False),
        ({"title": "Tides", "content_html": LONG}, {"title": "Boats", "content_html": f"{LONG} Sic."}, True),
        ({"title": "Tides"}, {"title": "Boats"}, False),
        ({"title": "Tides", "published_at": NOON}, {"title": "Tides", "published_at": NOON + timedelta(1)}, False),
        ({"published_at": NOON}, {"published_at": NOON}, False),
        ({"summary_html": "a", "published_at": NOON}, {"summary_html": "a", "published_at": NOON}, True),
    ],
)
def test_two_of_headline_text_and_date(now: dict, before: dict, is_same: bool) -> None:
    assert tells_the_same(ParsedEntry(**now), past(**before)) is is_same


def test_entries_of_one_address_are_told_apart_by_words_and_counted_guids() -> None:
    guids = ["a#0", "a#3", "a#4", "a#b", "b#0", None]
    titles = ["Tides", "Tides", "Quite another", "Tides", "Tides", "Tides"]
    entries = [ParsedEntry(guid=guid, title=title) for guid, title in zip(guids, titles, strict=True)]
    assert stories_of(entries, list("uvwxyz")) == [0, 0, 2, 3, 4, 5]
    assert stories_of(entries, list("uuuuuz")) == [0, 0, 0, 0, 0, 5]
