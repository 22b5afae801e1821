"""The log of outcomes."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOON

from scraper.engine.outages import Journal, probe_wait
from scraper.model import ArticleOutcome, Outage, PollOutcome


def address(feed_id: int) -> str:
    return f"https://user:secret@n{feed_id}.example/feed"


def journal_of(feeds: int) -> Journal:
    return Journal([address(number) for number in range(1, feeds + 1)])


def poll(feed_id: int, *, reached: bool = True) -> PollOutcome:
    url = address(feed_id)
    if reached:
        return PollOutcome(feed_id=feed_id, url=url, status="new", entries_new=2)
    return PollOutcome(feed_id=feed_id, url=url, status="failed", error="no connection", is_unreachable=True)


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage().partition(":")[0]) for record in caplog.records]


def test_one_line_an_outcome_without_credentials(caplog: pytest.LogCaptureFixture) -> None:
    journal = journal_of(9)
    journal.write(poll(1), NOON)
    journal.write(
        ArticleOutcome(article_id=5, url="https://n.example/a", status="feed_only", kind="paywalled", reason="wall"),
        NOON,
    )
    assert lines(caplog) == [("INFO", "feed polled"), ("INFO", "article filed")]
    assert vars(caplog.records[0])["url"] == "https://n1.example/feed"
    assert (vars(caplog.records[1])["kind"], vars(caplog.records[1])["reason"]) == ("paywalled", "wall")


@pytest.mark.parametrize(("resolved", "said"), [(0, "names cannot be looked up"), (1, "the web is out of reach")])
def test_name_servers_that_are_down_are_told_as_such(
    caplog: pytest.LogCaptureFixture, resolved: int, said: str
) -> None:
    journal = journal_of(9)
    for number in (1, 2, 3, 4):
        journal.write(replace(poll(number, reached=False), is_unresolved=number > resolved), NOON)
    assert lines(caplog) == [("WARNING", said)]


def test_an_outage_is_one_line_and_its_feeds_are_repeated_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    journal = journal_of(9)
    assert [journal.write(poll(n, reached=False), NOON) for n in (1, 2, 3, 4, 1)] == [()] * 5
    assert lines(caplog) == [("WARNING", "the web is out of reach")]
    assert "make demo" in caplog.text
    assert (journal.in_outage, journal.probe(NOON + timedelta(minutes=1))) == (True, 2)
    assert journal.write(poll(5), NOON) == (2, 3, 4, 1), "the longest waiting first"
    assert lines(caplog)[1:] == [("INFO", "the web is in reach again"), ("INFO", "feed polled")]
    assert (journal.in_outage, journal.probe(NOON + timedelta(days=1))) == (False, None)


def test_single_failures_are_told_one_by_one(caplog: pytest.LogCaptureFixture) -> None:
    journal = journal_of(9)
    journal.write(poll(1, reached=False), NOON)
    assert journal.write(poll(2), NOON) == ()
    assert lines(caplog) == [("WARNING", "feed failed"), ("INFO", "feed polled")]


def test_a_single_feed_that_is_out_of_reach_says_so_at_once(caplog: pytest.LogCaptureFixture) -> None:
    journal_of(1).write(poll(1, reached=False), NOON)
    assert lines(caplog) == [("WARNING", "the web is out of reach")]


def test_an_article_is_told_when_its_last_page_is_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    article = ArticleOutcome(article_id=5, url="https://n.example/a", status="pending", goes_on=True)
    journal_of(1).write(article, NOON)
    assert lines(caplog) == [("DEBUG", "article goes on")]


def test_hosts_that_are_down_by_themselves_make_no_second_outage(caplog: pytest.LogCaptureFixture) -> None:
    journal = journal_of(9)
    for n in (1, 2, 3):
        journal.write(poll(n, reached=False), NOON)
    assert journal.write(poll(4), NOON) == (1, 2, 3)
    for n in (1, 2, 3):
        assert journal.write(poll(n, reached=False), NOON) == ()
    assert not journal.in_outage
    assert lines(caplog)[3:] == [("WARNING", "feed failed")] * 3
    assert journal.write(poll(5), NOON) == (), "nothing is repeated for ever"
    journal.write(poll(1), NOON)
    for n in (1, 6, 7):
        journal.write(poll(n, reached=False), NOON)
    assert journal.in_outage, "one that has answered is a witness again"


def test_feeds_of_one_dead_host_are_no_outage() -> None:
    journal = Journal(
        [*(f"https://one.example/{n}" for n in range(5)), "https://two.example/", "https://three.example/"]
    )
    for n in range(5):
        outcome = replace(poll(n, reached=False), url=f"https://one.example/{n}")
        journal.write(outcome, NOON)
    assert not journal.in_outage


def test_a_list_that_grew_needs_more_witnesses() -> None:
    journal = journal_of(1)
    journal.take_list([address(n) for n in range(1, 9)])
    journal.write(poll(1, reached=False), NOON)
    assert not journal.in_outage


def test_probes_grow_rarer_within_bounds() -> None:
    minutes = [probe_wait(timedelta(minutes=m)) / timedelta(minutes=1) for m in (0, 5, 60, 10_000)]
    assert minutes == [1, 1, 6, 15]
    journal = journal_of(1)
    journal.write(poll(1, reached=False), NOON)
    asked = [journal.probe(NOON + timedelta(minutes=m)) for m in range(121)]
    assert (asked[0], asked[1]) == (None, 1)
    assert 20 <= sum(probe is not None for probe in asked) <= 50
    assert journal.probe(NOON - timedelta(days=10)) == 1, "a clock that was set back does not silence it"


def test_an_outage_is_told_when_it_begins_and_when_it_is_over() -> None:
    told: list[Outage | None] = []
    journal = Journal([address(number) for number in range(1, 10)], on_change=told.append)
    for number in (1, 2, 3, 4):
        journal.write(poll(number, reached=False), NOON + timedelta(minutes=number))
    assert told == [Outage(since=NOON + timedelta(minutes=1), is_retried=True)], "since the first poll that failed"
    journal.write(poll(5), NOON + timedelta(hours=1))
    assert told[1:] == [None]
    for number in (6, 7, 8):
        journal.write(replace(poll(number, reached=False), is_unresolved=True), NOON + timedelta(hours=2))
    assert told[2:] == [Outage(since=NOON + timedelta(hours=2), is_unresolved=True, is_retried=True)]
