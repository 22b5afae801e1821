"""Which feed is meant: one table of cases for names of feeds and for `feed:` in searches."""

from __future__ import annotations

import pytest
from contracts.desk import Desk, new

from scraper.errors import NotFound
from scraper.model import Extraction, FeedSpec
from wireroom.operations.select import find_feed

FEEDS = (
    FeedSpec(url="https://seconds.example/feed", name="First Paper"),
    FeedSpec(url="https://reader:word@two.example/feed", name="Second Paper"),
    FeedSpec(url="https://three.example/feed", name="Paper"),
    FeedSpec(url="https://harbour.example/rss"),
    FeedSpec(url="https://twin.example/a", name="Twin"),
    FeedSpec(url="https://twin.example/b", name="Twin"),
)
#: What is written, and the place in FEEDS of each feed that it could mean.
CASES = [
    ("First Paper", [0]),
    ("FIRST PAPER", [0]),
    ("  first paper ", [0]),
    ("https://seconds.example/feed", [0]),
    # All of a name comes before a part of others.
    ("paper", [2]),
    # A part of a name.
    ("first", [0]),
    ("pape", [0, 1, 2]),
    # A part of a name comes before a part of an address ...
    ("second", [1]),
    # ... which counts where no name has it.
    ("seconds.example", [0]),
    ("/FEED", [0, 1, 2]),
    # A feed without a name is called by its address.
    ("https://harbour.example/rss", [3]),
    ("harbour", [3]),
    # With its login and without.
    ("https://reader:word@two.example/feed", [1]),
    ("https://two.example/feed", [1]),
    ("Twin", [4, 5]),
    ("https://twin.example/b", [5]),
    ("nothing", []),
    ("", []),
    ("99", []),
    ("' OR 1=1", []),
]


@pytest.fixture
def articles(desk: Desk) -> dict[int, int]:
    """Return an article of each feed, by the feed's id."""
    desk.subscribe(*FEEDS)
    found = {}
    for number in range(len(FEEDS)):
        claim = desk.claim()
        feed, *_ = desk.store.due_feeds(claim, desk.now)
        # The state as it was: the document states no title, so that a feed without a name is called by its address.
        desk.store.commit_poll(claim, desk.poll_commit(feed, new(str(number)), state=feed))
        desk.store.release(claim)
        found[feed.id] = desk.fetch(Extraction(text="words")).id
    return found


def ids(desk: Desk, places: list[int]) -> list[int]:
    """Return the ids of feeds by their places in FEEDS."""
    states = [desk.store.feed_state(FEEDS[place].url) for place in places]
    return [state.id for state in states if state is not None]


@pytest.mark.parametrize(("written", "places"), CASES)
def test_both_roads_lead_to_the_same_feed(
    desk: Desk, articles: dict[int, int], written: str, places: list[int]
) -> None:
    wanted = ids(desk, places)
    faults = desk.store.query_faults(f'feed:"{written}"') if written else ("",)
    if len(wanted) == 1:
        assert desk.store.find_feed_id(written) == find_feed(desk.store, written) == wanted[0]
        assert (faults, desk.search(f'feed:"{written}"')) == ((), [articles[wanted[0]]])
        return
    with pytest.raises(NotFound) as caught:
        desk.store.find_feed_id(written)
    told = str(caught.value)
    assert all(f"({number})" in text for number in wanted for text in (told, faults[0]))
    assert faults[0].casefold() in told.casefold()
    assert desk.search(f'feed:"{written}"') == []


def test_a_number_is_a_feed_s_own(desk: Desk, articles: dict[int, int]) -> None:
    for feed_id, article_id in articles.items():
        assert desk.store.find_feed_id(str(feed_id)) == feed_id
        assert desk.search(f"feed:{feed_id}") == [article_id]


def test_several_are_listed_up_to_a_few(desk: Desk) -> None:
    desk.subscribe(*(FeedSpec(url=f"https://x{number}.example/", name=f"Gazette {number}") for number in range(12)))
    with pytest.raises(NotFound, match=r'"gaz" could be "Gazette .* and 4 more; write the number of one'):
        desk.store.find_feed_id("gaz")
