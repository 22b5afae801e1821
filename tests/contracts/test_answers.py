"""Contract: what commands hear outside polls is there for the first poll, and pauses hold."""

from __future__ import annotations

from datetime import timedelta

from contracts.desk import FEED, HOUR, Desk

from scraper.model import Block, FeedState, Hop, Response

MINUTE = timedelta(minutes=1)


def answer(desk: Desk, body: bytes = b"<rss/>") -> Response:
    return Response(
        url="https://paper.example/there",
        status=200,
        headers={"etag": '"1"', "content-type": "text/xml"},
        body=body,
        hops=(Hop(url=FEED, status=302),),
        took_s=0.25,
        wire_bytes=3,
        fetched_at=desk.now,
    )


def due_feed(desk: Desk) -> FeedState:
    claim = desk.claim()
    feed, *_ = desk.store.due_feeds(claim, desk.now)
    desk.store.release(claim)
    return feed


def test_it_comes_with_the_feed_until_that_was_polled(desk: Desk) -> None:
    kept = answer(desk)
    desk.store.keep_answer(FEED, kept)
    assert desk.store.kept_answer(FEED, now=desk.now) == kept
    desk.subscribe(FEED, "https://other.example/feed")
    assert due_feed(desk).answer == kept
    desk.poll()
    desk.clock.move(HOUR)
    assert due_feed(desk).answer is None
    assert desk.store.kept_answer(FEED, now=desk.now) is None


def test_the_newest_is_kept(desk: Desk) -> None:
    for body in (b"one", b"two"):
        desk.store.keep_answer(FEED, answer(desk, body))
    desk.subscribe(FEED)
    found = due_feed(desk).answer
    assert found is not None
    assert found.body == b"two"


def test_after_a_day_or_from_a_time_to_come_it_is_nobody_s(desk: Desk) -> None:
    desk.store.keep_answer(FEED, answer(desk))
    assert desk.store.kept_answer(FEED, now=desk.now - MINUTE) is None
    assert desk.store.kept_answer(FEED, now=desk.now + 24 * HOUR) is not None
    assert desk.store.kept_answer(FEED, now=desk.now + 24 * HOUR + MINUTE) is None


def test_a_feed_that_was_polled_needs_none_unless_it_was_removed(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll()
    desk.store.keep_answer(FEED, answer(desk))
    assert desk.store.kept_answer(FEED, now=desk.now) is None
    desk.subscribe()
    desk.store.keep_answer(FEED, answer(desk))
    desk.subscribe(FEED)
    assert due_feed(desk).answer is not None


def test_a_held_feed_is_not_due_whatever_is_asked_for(desk: Desk) -> None:
    desk.subscribe(FEED)
    until = desk.now + HOUR
    desk.store.hold_feed(FEED, until, None, now=desk.now)
    assert desk.store.pause_ends_at(FEED, now=desk.now) == until
    desk.store.hold_feed(FEED, until - MINUTE, None, now=desk.now)
    desk.store.request_polls(None, now=desk.now)
    assert desk.store.claim_hosts(until - MINUTE, 10, HOUR) == ()
    assert len(desk.store.claim_hosts(until, 10, HOUR)) == 1
    assert desk.store.pause_ends_at(FEED, now=until) is None


def test_a_pause_of_a_domain_is_one_of_every_address_in_it(desk: Desk) -> None:
    block = Block(domain="paper.example", until=desk.now + HOUR)
    desk.store.hold_feed(FEED, block.until, block, now=desk.now)
    for url in (FEED, "https://news.paper.example/else"):
        assert desk.store.pause_ends_at(url, now=desk.now) == block.until
    assert desk.store.pause_ends_at("https://wallpaper.example/", now=desk.now) is None
