"""The runner's job boundary: no error ends a slot or keeps a claim."""

from datetime import timedelta

import pytest
from patience import LONG_S
from test_pipeline import Newsroom, newsroom, publish  # noqa: F401  # the fixture

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
