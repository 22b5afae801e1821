"""The runner's job boundary: no error ends a slot or keeps a claim."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from origin import Answer, Origin
from patience import LONG_S, held_back
from test_pipeline import PARAGRAPH, Newsroom, item, newsroom, page, publish, rss  # noqa: F401  # the fixture

from scraper.engine.embedded import AFTER_CRASH, LEASE, EmbeddedRunner
from scraper.model import FeedSpec


def test_an_error_past_all_care_costs_one_claim_only(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    publish(newsroom, 1)
    newsroom.subscribe()
    told = []

    def tell(outcome: object) -> None:
        told.append(outcome)
        raise ZeroDivisionError("a bug in the listener")

    runner = EmbeddedRunner(newsroom.services(), slots=1, on_outcome=tell)
    for _ in range(2):
        newsroom.store.request_polls(None, now=newsroom.clock.now())
        newsroom.clock.move(AFTER_CRASH)
        runner.tick()
        assert runner.wait(timedelta(seconds=LONG_S))
    assert runner.stop(timedelta(seconds=LONG_S))
    assert len(told) >= 2, "the slot lives on"
    assert "claim crashed" in caplog.text
    newsroom.clock.move(AFTER_CRASH)
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    assert newsroom.store.claim_hosts(newsroom.clock.now(), 5, timedelta(minutes=1)), "nothing was left claimed"


@pytest.mark.parametrize(("slots", "looks"), [(4, 2), (3, 2), (1, 1)])
def test_looks_at_known_pages_never_take_the_last_slots(newsroom: Newsroom, slots: int, looks: int) -> None:  # noqa: F811
    with ExitStack() as stack:
        others = [stack.enter_context(Origin(address=f"127.0.0.{number}")) for number in range(2, 7)]
        for other in others:
            other.routes["/1"] = page("Story 1", f"Number 1. {PARAGRAPH}", PARAGRAPH)
        links = [item(n, other.url("/1")) for n, other in enumerate(others, start=1)]
        newsroom.origin.routes["/feed"] = rss(*links)
        newsroom.subscribe(recheck=True, interval=timedelta(days=300))
        newsroom.work()
        newsroom.clock.move(timedelta(hours=3))
        wait = stack.enter_context(held_back())
        for other in others:
            other.routes["/1"] = lambda request: wait() or Answer(status=304)
        runner = EmbeddedRunner(newsroom.services(), slots=slots, on_outcome=lambda outcome: None)
        assert runner.tick() == looks
        assert runner.tick() == 0, "those under way count"
    assert runner.stop(timedelta(seconds=LONG_S))


def test_a_lease_that_runs_out_leaves_the_rest_to_the_next_claim(newsroom: Newsroom) -> None:  # noqa: F811
    feeds = [FeedSpec(url=newsroom.origin.url(f"/feed{n}")) for n in range(3)]
    newsroom.store.sync_feeds(feeds, now=newsroom.clock.now())
    polled: list[object] = []

    def take_long(outcome: object) -> None:
        polled.append(outcome)
        newsroom.clock.move(timedelta(minutes=5))

    runner = EmbeddedRunner(newsroom.services(), slots=1, on_outcome=take_long)
    (claim,) = newsroom.store.claim_hosts(newsroom.clock.now(), 1, LEASE)
    runner._work(claim, None, newsroom.open_fetcher())
    assert len(polled) == 1
    assert newsroom.store.claim_hosts(newsroom.clock.now(), 1, LEASE), "the other two are still due"
