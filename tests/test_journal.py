"""The log of outcomes."""

import logging

import pytest

from scraper.journal import Journal
from scraper.model import ArticleOutcome, PollOutcome


def poll(feed_id: int, *, reached: bool = True) -> PollOutcome:
    url = f"https://user:secret@n{feed_id}.example/feed"
    if reached:
        return PollOutcome(feed_id=feed_id, url=url, status="new", entries_new=2)
    return PollOutcome(feed_id=feed_id, url=url, status="failed", error="no connection", is_unreachable=True)


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage().partition(":")[0]) for record in caplog.records]


def test_one_line_an_outcome_without_credentials(caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(feeds=9)
    journal.write(poll(1))
    journal.write(
        ArticleOutcome(article_id=5, url="https://n.example/a", status="feed_only", kind="paywalled", reason="wall")
    )
    assert lines(caplog) == [("INFO", "feed polled"), ("INFO", "article filed")]
    assert vars(caplog.records[0])["url"] == "https://n1.example/feed"
    assert (vars(caplog.records[1])["kind"], vars(caplog.records[1])["reason"]) == ("paywalled", "wall")


def test_an_outage_is_one_line_and_its_feeds_are_repeated_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(feeds=9)
    assert [journal.write(poll(n, reached=False)) for n in (1, 2, 3, 4, 1)] == [()] * 5
    assert lines(caplog) == [("WARNING", "the web is out of reach")]
    assert "make demo" in caplog.text
    assert (journal.in_outage, journal.unreached) == (True, (1, 2, 3, 4))
    assert journal.write(poll(5)) == (1, 2, 3, 4)
    assert lines(caplog)[1:] == [("INFO", "the web is in reach again"), ("INFO", "feed polled")]
    assert (journal.in_outage, journal.unreached) == (False, ())


def test_single_failures_are_told_one_by_one(caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(feeds=9)
    journal.write(poll(1, reached=False))
    assert journal.write(poll(2)) == ()
    assert lines(caplog) == [("WARNING", "feed failed"), ("INFO", "feed polled")]


def test_a_single_feed_that_is_out_of_reach_says_so_at_once(caplog: pytest.LogCaptureFixture) -> None:
    Journal(feeds=1).write(poll(1, reached=False))
    assert lines(caplog) == [("WARNING", "the web is out of reach")]


def test_an_article_is_told_when_its_last_page_is_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    article = ArticleOutcome(article_id=5, url="https://n.example/a", status="pending", goes_on=True)
    Journal(feeds=1).write(article)
    assert lines(caplog) == [("DEBUG", "article goes on")]
