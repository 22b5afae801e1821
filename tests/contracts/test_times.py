"""Contract: due times as a whole: spread, and put right after a clock that was ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from contracts.desk import FEED, HOUR, LEASE, Desk, new

from scraper.model import Block, Exchange, FeedSpec, NextPoll
from scraper.polling.spread import AT_ONCE, spread

MANY = [FeedSpec(url=f"https://host{number}.example/feed") for number in range(AT_ONCE + 30)]
AHEAD = timedelta(days=10)


def due(desk: Desk) -> int:
    claims = desk.store.claim_hosts(desk.now, 1000, LEASE)
    for claim in claims:
        desk.store.release(claim)
    return len(claims)


def test_first_polls_of_a_long_list_are_spread_and_the_first_start_at_once(desk: Desk) -> None:
    desk.store.sync_feeds(MANY, now=desk.now, spread=spread)
    assert due(desk) == AT_ONCE
    rows = desk.store.feeds()
    assert sum("hosts take turns" in (row.next_poll_reason or "") for row in rows) == 30
    desk.clock.move(timedelta(seconds=2))
    assert due(desk) == AT_ONCE + 30


def test_a_list_that_grows_by_few_starts_them_at_once(desk: Desk) -> None:
    desk.store.sync_feeds(MANY, now=desk.now, spread=spread)
    desk.clock.move(HOUR)
    desk.store.sync_feeds([*MANY, FeedSpec(url=FEED)], now=desk.now, spread=spread)
    assert due(desk) == AT_ONCE + 31


def test_a_long_sleep_is_no_stampede_and_nothing_is_forgotten(desk: Desk) -> None:
    desk.store.sync_feeds(MANY, now=desk.now)
    desk.clock.move(timedelta(days=3))
    assert desk.store.spread_due(spread, now=desk.now) == 30
    assert due(desk) == AT_ONCE
    desk.clock.move(timedelta(minutes=1))
    assert desk.store.spread_due(spread, now=desk.now) == 30
    desk.clock.move(timedelta(minutes=1))
    assert due(desk) == AT_ONCE + 30


def test_a_right_clock_needs_no_mending(desk: Desk) -> None:
    desk.file("text")
    assert desk.store.mend_times(now=desk.now) == 0
    desk.clock.move(-timedelta(seconds=30))
    assert desk.store.mend_times(now=desk.now) == 0


def test_what_was_planned_by_a_clock_ahead_is_as_far_away_as_it_was_then(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.clock.move(AHEAD)
    desk.poll(new("a"), new("b"))
    second = timedelta(seconds=1)
    desk.fetch(next_allowed_at=desk.now + second)
    desk.clock.move(second)
    asked = (Exchange(host="paper.example", started_at=desk.now, ended_at=desk.now, status=500),)
    gap, again = desk.now + second, desk.now + HOUR
    late = desk.fetch(next_allowed_at=gap, next_fetch_at=again, status="pending", exchanges=asked)
    desk.clock.move(-AHEAD)
    assert desk.store.mend_times(now=desk.now) > 0
    assert desk.store.mend_times(now=desk.now) == 0
    (row,) = desk.store.feeds()
    assert row.next_poll_at == desk.now + HOUR
    assert due(desk) == 0
    desk.clock.move(HOUR)
    assert due(desk) == 2
    assert desk.fetch().id == late.id


def test_a_pause_asked_for_under_a_clock_ahead_is_kept_but_not_for_ten_days(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.clock.move(AHEAD)
    until = desk.now + 2 * HOUR
    plan = NextPoll(at=desk.now + 2 * HOUR, interval=HOUR, reason="HTTP 429", held_until=until)
    desk.poll(next_poll=plan, block=Block(domain="paper.example", until=until))
    desk.clock.move(-AHEAD)
    desk.store.mend_times(now=desk.now)
    desk.store.request_polls(None, now=desk.now)
    assert due(desk) == 0
    desk.clock.move(HOUR)
    assert due(desk) == 0
    desk.clock.move(7 * HOUR)
    assert due(desk) == 1


def test_a_claim_of_a_clock_ahead_ends(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.clock.move(AHEAD)
    desk.claim()
    desk.clock.move(-AHEAD)
    desk.store.mend_times(now=desk.now)
    desk.clock.move(timedelta(minutes=16))
    assert due(desk) == 1


@pytest.mark.parametrize("jump", [AHEAD, timedelta(hours=3), timedelta(days=400)])
def test_a_new_feed_of_a_clock_ahead_is_due(desk: Desk, jump: timedelta) -> None:
    desk.clock.move(jump)
    desk.subscribe(FEED)
    desk.clock.move(-jump)
    desk.store.mend_times(now=desk.now)
    desk.clock.move(min(jump, 9 * HOUR))
    assert due(desk) == 1


def test_refused_articles_are_tried_again_on_other_terms_alone(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    refused = desk.fetch(status="feed_only", reason="not public", page=None, refused_on="networks: none").id
    assert desk.store.retry_refused(["networks: none", "HTML"], now=desk.now) == 0
    assert desk.store.retry_refused(["networks: 10.0.0.0/8", "HTML"], now=desk.now) == 1
    assert desk.store.retry_refused(["networks: 10.0.0.0/8", "HTML"], now=desk.now) == 0, "it is due already"
    assert [step.rule for step in desk.store.trail(str(refused))][-1] == "configuration-changed"
    assert desk.fetch().id == refused
    assert desk.store.retry_refused(["networks: everything"], now=desk.now) == 0
