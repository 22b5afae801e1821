"""Contract: the stored feed list and what is due on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from contracts.desk import FEED, HOUR, LEASE, Desk, new

from scraper.model import FeedHints, FeedSpec, NextPoll, PollRecord, SyncResult, Validators

OTHER = "https://other.example/feed"


def due_urls(desk: Desk) -> set[str]:
    claims = desk.store.claim_hosts(desk.now, 100, LEASE)
    urls = {feed.spec.url for claim in claims for feed in desk.store.due_feeds(claim, desk.now)}
    for claim in claims:
        desk.store.release(claim)
    return urls


def test_sync_says_what_it_changed(desk: Desk) -> None:
    sync = desk.store.sync_feeds
    assert sync([FeedSpec(url=FEED), FeedSpec(url=OTHER)], now=desk.now) == SyncResult(added=(FEED, OTHER))
    assert sync([FeedSpec(url=FEED), FeedSpec(url=OTHER)], now=desk.now) == SyncResult()
    result = sync([FeedSpec(url=FEED, tags=("news",))], now=desk.now)
    assert result == SyncResult(removed=(OTHER,), changed=(FEED,))


def test_spec_comes_back_as_it_was_given(desk: Desk) -> None:
    spec = FeedSpec(
        url=FEED,
        name="日刊",
        tags=("b", "a"),
        interval=timedelta(minutes=30),
        schedule="*/10 6-22 * * mon-fri",
        time_zone="Asia/Tokyo",
        full_text=False,
        keep=("eins",),
        drop=("two", "three"),
    )
    desk.subscribe(spec)
    (feed,) = desk.store.due_feeds(desk.claim(), desk.now)
    assert feed.spec == spec
    assert (feed.current_url, feed.failures, feed.gone, feed.entry_times) == (FEED, 0, False, ())


def test_new_feeds_are_due_at_once(desk: Desk) -> None:
    desk.subscribe(FEED, OTHER)
    assert due_urls(desk) == {FEED, OTHER}


def test_removed_feed_is_not_polled_and_its_articles_stay(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    desk.subscribe(OTHER)
    desk.clock.move(2 * HOUR)
    assert due_urls(desk) == {OTHER}
    assert [(row.url, row.state) for row in desk.store.feeds()] == [(OTHER, "active"), (FEED, "removed")]
    assert desk.listed() == [article_id]


def test_feed_that_comes_back_is_the_same_feed(desk: Desk) -> None:
    desk.file("text")
    before = desk.store.find_feed_id(FEED)
    desk.subscribe(OTHER)
    result = desk.store.sync_feeds([FeedSpec(url=FEED)], now=desk.now)
    assert result == SyncResult(added=(FEED,), removed=(OTHER,))
    assert desk.store.find_feed_id(FEED) == before
    assert due_urls(desk) == {FEED}


def test_paused_feed_is_never_due(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, paused=True), OTHER)
    assert due_urls(desk) == {OTHER}
    paused = desk.store.find_feed_id(FEED)
    assert desk.store.request_polls([paused], now=desk.now) == 0
    assert desk.store.request_polls(None, now=desk.now) == 1
    assert due_urls(desk) == {OTHER}
    assert {row.state for row in desk.store.feeds()} == {"paused", "active"}


def test_feed_paused_during_its_poll_stays_paused(desk: Desk) -> None:
    desk.subscribe(FEED)
    claim = desk.claim()
    (feed,) = desk.store.due_feeds(claim, desk.now)
    desk.subscribe(FeedSpec(url=FEED, paused=True))
    desk.store.commit_poll(claim, desk.poll_commit(feed))
    desk.store.release(claim)
    desk.clock.move(2 * HOUR)
    assert due_urls(desk) == set()


def test_unpaused_feed_is_due(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, paused=True))
    desk.subscribe(FEED)
    assert due_urls(desk) == {FEED}


def test_changed_interval_makes_due_and_changed_tags_do_not(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll()
    desk.subscribe(FeedSpec(url=FEED, tags=("news",)))
    assert due_urls(desk) == set()
    desk.subscribe(FeedSpec(url=FEED, tags=("news",), interval=HOUR))
    assert due_urls(desk) == {FEED}


def test_poll_replaces_the_state_whole(desk: Desk) -> None:
    desk.subscribe(FEED)
    claim = desk.claim()
    (feed,) = desk.store.due_feeds(claim, desk.now)
    state = replace(
        feed,
        current_url="https://paper.example/new-feed",
        validators=Validators(etag='W/"1"', last_modified="Thu, 15 Jan 2026 12:00:00 GMT"),
        body_hash="ab12",
        hints=FeedHints(ttl=HOUR, update_period=timedelta(days=1), skip_hours=(3, 4), skip_days=(6,)),
        title="The Paper",
        last_polled_at=desk.now,
        last_body_at=desk.now,
        failures=2,
        redirect_target="https://paper.example/third",
        redirect_since=desk.now - HOUR,
    )
    desk.store.commit_poll(claim, desk.poll_commit(feed, state=state))
    desk.store.release(claim)
    desk.clock.move(HOUR)
    (after,) = desk.store.due_feeds(desk.claim(), desk.now)
    assert after == state


def test_entry_times_are_derived_newest_first(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a", published_at=desk.now - HOUR), new("b"), new("c", published_at=desk.now - 3 * HOUR))
    filed_at = desk.now
    desk.clock.move(HOUR)
    (feed,) = desk.store.due_feeds(desk.claim(), desk.now)
    assert feed.entry_times == (filed_at, filed_at - HOUR, filed_at - 3 * HOUR)


def test_permanently_moved_feed_is_work_of_its_new_host(desk: Desk) -> None:
    desk.subscribe(FEED)
    claim = desk.claim()
    (feed,) = desk.store.due_feeds(claim, desk.now)
    state = replace(feed, current_url="https://New.example/feed")
    desk.store.commit_poll(claim, desk.poll_commit(feed, state=state))
    desk.store.release(claim)
    desk.clock.move(HOUR)
    assert desk.claim().host == "new.example"


def test_gone_feed_is_polled_again_only_when_named(desk: Desk) -> None:
    desk.subscribe(FEED)
    claim = desk.claim()
    (feed,) = desk.store.due_feeds(claim, desk.now)
    never = NextPoll(at=None, interval=HOUR, reason="410 Gone")
    desk.store.commit_poll(claim, desk.poll_commit(feed, state=replace(feed, gone=True), next_poll=never))
    desk.store.release(claim)
    desk.clock.move(1000 * HOUR)
    assert desk.store.request_polls(None, now=desk.now) == 0
    assert due_urls(desk) == set()
    assert desk.store.request_polls([feed.id], now=desk.now) == 1
    assert due_urls(desk) == {FEED}


def test_feeds_tell_their_health_and_counts(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, name="Paper", tags=("x",)))
    record = PollRecord(started_at=desk.now, finished_at=desk.now, status="failed", error="HTTP 500")
    desk.poll(new("a"), new("b"), record=record)
    first = desk.fetch().id
    desk.fetch()
    desk.store.set_read([first], True, now=desk.now)
    (row,) = desk.store.feeds()
    assert (row.name, row.tags, row.state, row.articles, row.unread) == ("Paper", ("x",), "active", 2, 1)
    assert (row.last_status, row.last_error, row.next_poll_reason) == ("failed", "HTTP 500", "every hour")
    assert row.next_poll_at == desk.now + HOUR
    assert desk.store.status().failing == (("Paper", "HTTP 500"),)


def test_feed_is_named_by_its_document_until_the_user_names_it(desk: Desk) -> None:
    desk.subscribe(FEED)
    assert desk.store.feeds()[0].name == FEED
    desk.poll()
    assert desk.store.feeds()[0].name == "The Paper"
    desk.subscribe(FeedSpec(url=FEED, name="Mine"))
    assert desk.store.feeds()[0].name == "Mine"


def test_state_of_a_feed_is_had_by_its_listed_address_without_a_claim(desk: Desk) -> None:
    assert desk.store.feed_state(FEED) is None
    desk.subscribe(FEED)
    desk.poll(new("1"))
    state = desk.store.feed_state(FEED)
    assert state is not None
    assert (state.spec.url, state.title, state.last_polled_at) == (FEED, "The Paper", desk.now)
    assert len(state.entry_times) == 1
    desk.subscribe(OTHER)  # a removed feed is on file, too
    assert desk.store.feed_state(FEED) is not None
