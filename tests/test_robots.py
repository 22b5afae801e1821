"""robots.txt."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOON

from scraper import robots
from scraper.model import RobotsRecord

URL = "https://n.example:8080/private/a?b=1"


def judge(body: str, status: int | None = 200, url: str = URL) -> robots.RobotsVerdict:
    return robots.judge(RobotsRecord(fetched_at=NOON, status=status, body=body.encode()), url, "Wireroom")


def test_rules_address() -> None:
    assert robots.robots_url(URL) == "https://n.example:8080/robots.txt"


def test_our_group_goes_before_everybody_s() -> None:
    body = "User-agent: *\nDisallow: /\n\nUser-agent: wireroom\nAllow: /\nCrawl-delay: 7\n"
    assert judge(body) == robots.RobotsVerdict(allowed=True, crawl_delay=timedelta(seconds=7))
    assert not judge("User-agent: *\nDisallow: /private\nCrawl-delay: 9999").allowed
    assert judge("User-agent: *\nCrawl-delay: 9999").crawl_delay == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("status", "allowed", "wait"), [(404, True, False), (403, True, False), (500, False, True), (None, False, True)]
)
def test_missing_rules_allow_and_broken_ones_mean_wait(status: int | None, allowed: bool, wait: bool) -> None:
    verdict = judge("", status)
    assert (verdict.allowed, verdict.wait) == (allowed, wait)


def test_records_are_kept_a_day_but_failures_half_an_hour() -> None:
    good, bad = RobotsRecord(fetched_at=NOON, status=404), RobotsRecord(fetched_at=NOON, status=None)
    assert robots.is_fresh(good, NOON + timedelta(hours=23, minutes=59))
    assert not robots.is_fresh(good, NOON + timedelta(hours=24))
    assert robots.is_fresh(bad, NOON + timedelta(minutes=29))
    assert not robots.is_fresh(bad, NOON + timedelta(minutes=30))


def test_a_record_of_a_clock_that_was_ahead_is_asked_anew() -> None:
    record = RobotsRecord(fetched_at=NOON + timedelta(days=10), status=200)
    assert not robots.is_fresh(record, NOON)
    assert robots.is_fresh(replace(record, fetched_at=NOON + timedelta(seconds=30)), NOON)


def test_a_line_that_is_no_rule_does_not_end_a_group() -> None:
    assert not judge("User-agent: Wireroom\nMood: bad\nUser-agent: *\nDisallow: /\n").allowed


def test_a_name_ends_at_its_first_space_and_the_file_may_begin_with_a_byte_order_mark() -> None:
    assert not judge("\ufeffUser-agent: Wireroom Reader 2\nDisallow: /\n\nUser-agent: *\nAllow: /\n").allowed
