"""The runner's job boundary: no error ends a slot or keeps a claim."""

from datetime import timedelta

import pytest
from test_pipeline import Newsroom, newsroom, publish  # noqa: F401  # the fixture

from scraper.runner import EmbeddedRunner


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
        newsroom.clock.move(timedelta(minutes=1))
        runner.tick()
        assert runner.wait(timedelta(seconds=20))
    assert runner.stop(timedelta(seconds=20))
    assert len(told) >= 2, "the slot lives on"
    assert "claim crashed" in caplog.text
    newsroom.clock.move(timedelta(minutes=1))
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    assert newsroom.store.claim_hosts(newsroom.clock.now(), 5, timedelta(minutes=1)), "nothing was left claimed"
