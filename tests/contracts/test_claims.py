"""Contract: claims by host, leases, fences and gates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from contracts.desk import FEED, HOUR, LEASE, Desk, new

from scraper.errors import LeaseLost
from scraper.model import MISSED, ArticleFilter, Block, HostClaim, NextPoll, RobotsRecord

FEEDS = [f"https://host{number}.example/feed" for number in range(5)]


def test_slot_is_held_by_one_claim_at_a_time(desk: Desk) -> None:
    desk.subscribe(*FEEDS)
    first = desk.store.claim_hosts(desk.now, 3, LEASE)
    second = desk.store.claim_hosts(desk.now, 100, LEASE)
    assert (len(first), len(second)) == (3, 2)
    assert len({claim.host_id for claim in (*first, *second)}) == 5
    assert desk.store.claim_hosts(desk.now, 100, LEASE) == ()


def test_claims_from_many_threads_never_meet(desk: Desk) -> None:
    desk.subscribe(*(f"https://host{number}.example/feed" for number in range(40)))
    with ThreadPoolExecutor(8) as threads:
        taken = threads.map(lambda _: desk.store.claim_hosts(desk.now, 3, LEASE), range(20))
    hosts = [claim.host for claims in taken for claim in claims]
    assert len(hosts) == len(set(hosts)) == 40


def test_polls_from_many_threads_are_all_filed(desk: Desk) -> None:
    desk.subscribe(*(f"https://host{number}.example/feed" for number in range(40)))

    def poll(claim: HostClaim) -> int:
        (feed,) = desk.store.due_feeds(claim, desk.now)
        return desk.store.commit_poll(claim, desk.poll_commit(feed, new("same"), new(claim.host))).articles_new

    with ThreadPoolExecutor(8) as threads:
        made = threads.map(poll, desk.store.claim_hosts(desk.now, 40, LEASE))
    assert sum(made) == 41
    desk.clock.move(HOUR)
    assert desk.store.count_articles(ArticleFilter()) == 41
    assert len(desk.store.article(desk.store.find_article_id("https://paper.example/same")).feeds) == 40


def test_claim_names_host_slot_and_lease(desk: Desk) -> None:
    desk.subscribe("https://Paper.EXAMPLE:8443/feed")
    (claim,) = desk.store.claim_hosts(desk.now, 1, LEASE)
    assert (claim.host, claim.slot, claim.leased_until) == ("paper.example", "feeds", desk.now + LEASE)


def test_all_feeds_of_a_host_are_one_claim_the_longest_waiting_first(desk: Desk) -> None:
    desk.subscribe("https://paper.example/late")
    desk.poll()
    desk.clock.move(timedelta(minutes=30))
    desk.subscribe("https://paper.example/late", "https://paper.example/early")
    desk.clock.move(HOUR)
    (claim,) = desk.store.claim_hosts(desk.now, 10, LEASE)
    due = desk.store.due_feeds(claim, desk.now)
    assert [feed.spec.url for feed in due] == ["https://paper.example/early", "https://paper.example/late"]


def test_longest_waiting_host_is_claimed_first(desk: Desk) -> None:
    desk.subscribe(FEEDS[0])
    desk.clock.move(HOUR)
    desk.subscribe(*FEEDS)
    (claim,) = desk.store.claim_hosts(desk.now, 1, LEASE)
    assert claim.host == "host0.example"


def test_released_slot_can_be_claimed_at_once_with_a_higher_fence(desk: Desk) -> None:
    desk.subscribe(FEED)
    first = desk.claim()
    desk.store.release(first)
    second = desk.claim()
    assert second.fence > first.fence


def test_lease_that_ended_can_be_claimed_and_the_old_claim_is_refused(desk: Desk) -> None:
    desk.subscribe(FEED)
    old = desk.claim()
    (feed,) = desk.store.due_feeds(old, desk.now)
    desk.clock.move(LEASE)
    taken_over = desk.claim()
    with pytest.raises(LeaseLost):
        desk.store.commit_poll(old, desk.poll_commit(feed, new("a")))
    assert desk.store.count_articles(ArticleFilter()) == 0
    assert desk.store.feeds()[0].last_status is None
    desk.store.release(old)  # ignored
    assert desk.store.claim_hosts(desk.now, 1, LEASE) == ()
    assert desk.store.commit_poll(taken_over, desk.poll_commit(feed, new("a"))).articles_new == 1


def test_lost_lease_files_no_article(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    old = desk.claim("articles")
    desk.clock.move(LEASE)
    desk.claim("articles")
    job = desk.store.next_article(old, desk.now)
    assert job is not None
    with pytest.raises(LeaseLost):
        desk.store.commit_article(old, desk.article_commit(job.id))
    assert desk.store.article(job.id).status == "pending"


def test_cleared_leases_are_free(desk: Desk) -> None:
    desk.subscribe(*FEEDS)
    desk.store.claim_hosts(desk.now, 100, LEASE)
    desk.store.clear_leases()
    assert len(desk.store.claim_hosts(desk.now, 100, LEASE)) == 5


@pytest.mark.parametrize("ends", [False, True])
def test_a_claim_that_ends_with_its_commit_needs_no_release(desk: Desk, ends: bool) -> None:
    desk.subscribe(FEED)
    claim = replace(desk.claim(), ends_with_commit=ends)
    (feed,) = desk.store.due_feeds(claim, desk.now)
    desk.store.commit_poll(claim, desk.poll_commit(feed, new("a"), new("b")))
    pages = replace(desk.claim("articles"), ends_with_commit=ends)
    job = desk.store.next_article(pages, desk.now)
    assert job is not None
    desk.store.commit_article(pages, desk.article_commit(job.id))
    desk.store.request_polls(None, now=desk.now)
    free = {claim.slot for claim in desk.store.claim_hosts(desk.now, 10, LEASE)}
    assert free == ({"feeds", "articles"} if ends else set())


def test_feed_and_article_slots_of_a_host_are_claimed_apart(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    desk.store.request_polls(None, now=desk.now)
    claims = desk.store.claim_hosts(desk.now, 10, LEASE)
    assert {(claim.host, claim.slot) for claim in claims} == {("paper.example", "feeds"), ("paper.example", "articles")}


@pytest.mark.parametrize(
    ("one", "other"),
    [("paper.example", "Paper.Example."), ("xn--bcher-kva.example", "bücher.example"), ("a.example", "a.example:8080")],
)
def test_a_host_has_one_slot_however_it_is_written(desk: Desk, one: str, other: str) -> None:
    desk.subscribe(f"https://{one}/feed", f"https://{other}/second")
    (claim,) = desk.store.claim_hosts(desk.now, 10, LEASE)
    assert len(desk.store.due_feeds(claim, desk.now)) == 2
    assert claim.host == one


def test_article_is_work_of_its_own_host(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a", host="www.elsewhere.example"))
    assert desk.claim("articles").host == "www.elsewhere.example"


def test_scope_limits_feeds_and_articles(desk: Desk) -> None:
    desk.subscribe("https://one.example/feed", "https://one.example/second", "https://two.example/feed")
    ids = {row.url: row.id for row in desk.store.feeds()}
    scope = frozenset({ids["https://one.example/second"]})
    (claim,) = desk.store.claim_hosts(desk.now, 10, LEASE, scope=scope)
    (feed,) = desk.store.due_feeds(claim, desk.now, scope=scope)
    assert feed.id in scope
    desk.store.commit_poll(claim, desk.poll_commit(feed, new("in", host="one.example")))
    desk.store.release(claim)
    for claim in desk.store.claim_hosts(desk.now, 10, LEASE):
        for other in desk.store.due_feeds(claim, desk.now):
            desk.store.commit_poll(claim, desk.poll_commit(other, new(f"out-{other.id}", host="one.example")))
        desk.store.release(claim)
    (claim,) = desk.store.claim_hosts(desk.now, 10, LEASE, scope=scope)
    job = desk.store.next_article(claim, desk.now, scope=scope)
    assert job is not None
    assert job.url == "https://one.example/in"
    desk.store.commit_article(claim, desk.article_commit(job.id))
    assert desk.store.next_article(claim, desk.now, scope=scope) is None
    desk.store.release(claim)
    assert desk.store.claim_hosts(desk.now, 10, LEASE, scope=scope) == ()
    assert desk.store.claim_hosts(desk.now, 10, LEASE, scope=frozenset()) == ()


def test_blocked_host_is_not_claimed_before_its_time_whatever_is_asked(desk: Desk) -> None:
    desk.subscribe(FEED)
    opens_at = desk.now + 2 * HOUR
    desk.poll(new("a"), block=Block(domain="paper.example", until=opens_at))
    desk.store.request_polls(None, now=desk.now)
    desk.clock.move(HOUR)
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    assert desk.store.gate_opens_at(desk.now) == opens_at
    desk.clock.move(HOUR)
    assert {claim.slot for claim in desk.store.claim_hosts(desk.now, 10, LEASE)} == {"feeds", "articles"}


def test_a_block_holds_for_the_whole_domain_and_for_hosts_that_come_later(desk: Desk) -> None:
    desk.subscribe("https://www.paper.example/feed", "https://newspaper.example/feed", FEED)
    block = Block(domain="paper.example", until=desk.now + HOUR)
    claims = {claim.host: claim for claim in desk.store.claim_hosts(desk.now, 10, LEASE)}
    (feed,) = desk.store.due_feeds(claims["www.paper.example"], desk.now)
    desk.store.commit_poll(
        claims["www.paper.example"], desk.poll_commit(feed, new("a", host="img.paper.example"), block=block)
    )
    for claim in claims.values():
        desk.store.release(claim)
    assert {claim.host for claim in desk.store.claim_hosts(desk.now, 10, LEASE)} == {"newspaper.example"}
    desk.clock.move(HOUR)
    opened = {claim.host for claim in desk.store.claim_hosts(desk.now, 10, LEASE)}
    assert opened >= {"paper.example", "img.paper.example"}


def test_a_host_that_comes_into_a_blocked_domain_later_is_blocked_with_it(desk: Desk) -> None:
    desk.subscribe(FEED, "https://other.example/feed")
    desk.poll(block=Block(domain="paper.example", until=desk.now + HOUR))
    desk.poll(new("a", host="img.paper.example"), new("b", host="paper.example.other"))
    desk.subscribe(
        FEED, "https://other.example/feed", "https://blog.paper.example/feed", "https://newspaper.example/feed"
    )
    claims = desk.store.claim_hosts(desk.now, 10, LEASE)
    assert {claim.host for claim in claims} == {"newspaper.example", "paper.example.other"}
    desk.clock.move(HOUR)
    opened = {(claim.host, claim.slot) for claim in desk.store.claim_hosts(desk.now, 10, LEASE)}
    assert opened >= {("img.paper.example", "articles"), ("blog.paper.example", "feeds")}


def test_a_claim_that_broke_off_may_hold_its_slot_and_a_lost_one_holds_nothing(desk: Desk) -> None:
    desk.subscribe(FEED)
    lost = desk.claim()
    desk.clock.move(LEASE)
    claim = desk.claim()
    desk.store.release(lost, hold_until=desk.now + 9 * HOUR)
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    desk.store.release(claim, hold_until=desk.now + HOUR)
    desk.store.request_polls(None, now=desk.now)
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    assert desk.store.gate_opens_at(desk.now) == desk.now + HOUR
    desk.clock.move(HOUR)
    assert len(desk.store.claim_hosts(desk.now, 10, LEASE)) == 1


def test_polls_that_are_put_off_are_due_later_and_the_others_now(desk: Desk) -> None:
    desk.subscribe(FEED, "https://paper.example/other")
    claim = desk.claim()
    first, second = desk.store.due_feeds(claim, desk.now)
    desk.store.put_off_polls(claim, {first.id: desk.now + HOUR})
    assert [feed.id for feed in desk.store.due_feeds(claim, desk.now)] == [second.id]
    desk.store.put_off_polls(claim, {second.id: desk.now + 2 * HOUR})
    desk.store.release(claim)
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    desk.clock.move(HOUR)
    claim = desk.claim()
    assert [feed.id for feed in desk.store.due_feeds(claim, desk.now)] == [first.id]
    with pytest.raises(LeaseLost):
        desk.store.put_off_polls(replace(claim, fence=claim.fence - 1), {first.id: desk.now + HOUR})


def test_a_feed_knows_whether_a_person_asked_for_it(desk: Desk) -> None:
    def is_asked_for() -> bool:
        state = desk.store.feed_state(FEED)
        assert state is not None
        return state.is_asked_for

    desk.subscribe(FEED)
    assert not is_asked_for()
    desk.store.request_polls(None, now=desk.now)
    assert is_asked_for()
    desk.poll()
    assert not is_asked_for()
    desk.store.request_polls(None, now=desk.now, reason=MISSED)
    assert not is_asked_for()


def test_asking_for_a_poll_does_not_lift_what_a_feed_s_own_server_asked_for(desk: Desk) -> None:
    desk.subscribe("http://192.168.1.9/feed")
    held = NextPoll(at=desk.now + 2 * HOUR, interval=HOUR, reason="HTTP 429", held_until=desk.now + HOUR)
    desk.poll(next_poll=held)
    desk.store.request_polls(None, now=desk.now)
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    desk.clock.move(HOUR)
    assert len(desk.store.claim_hosts(desk.now, 10, LEASE)) == 1


def test_gap_between_articles_never_shortens_a_block(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"), new("b"))
    claim = desk.claim("articles")
    job = desk.store.next_article(claim, desk.now)
    assert job is not None
    desk.store.request_polls(None, now=desk.now)
    desk.poll(block=Block(domain="paper.example", until=desk.now + HOUR))
    soon = desk.now + timedelta(seconds=1)
    desk.store.commit_article(claim, desk.article_commit(job.id, next_allowed_at=soon))
    desk.store.release(claim)
    assert desk.store.gate_opens_at(desk.now) == desk.now + HOUR


def test_gate_waits_for_the_gap_between_articles(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"), new("b"))
    assert desk.store.gate_opens_at(desk.now) == desk.now
    gap = timedelta(seconds=1)
    desk.fetch(next_allowed_at=desk.now + gap)
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    assert desk.store.gate_opens_at(desk.now) == desk.now + gap
    desk.clock.move(gap)
    desk.fetch()
    assert desk.store.gate_opens_at(desk.now) is None


def test_gate_ignores_leased_slots_and_what_is_out_of_scope(desk: Desk) -> None:
    desk.subscribe(FEED)
    feed_id = desk.store.find_feed_id(FEED)
    assert desk.store.gate_opens_at(desk.now, scope=frozenset({feed_id})) == desk.now
    assert desk.store.gate_opens_at(desk.now, scope=frozenset({feed_id + 1})) is None
    desk.claim()
    assert desk.store.gate_opens_at(desk.now) is None
    assert desk.store.gate_opens_at(desk.now + LEASE) == desk.now


def test_nothing_is_claimed_when_nothing_is_due(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll()
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    assert desk.store.gate_opens_at(desk.now) is None


def test_robots_record_is_kept_per_origin(desk: Desk) -> None:
    assert desk.store.robots("https://paper.example") is None
    for record in (
        RobotsRecord(fetched_at=desk.now, status=200, body=b"User-agent: *\n\xff"),
        RobotsRecord(fetched_at=desk.now + HOUR, status=None),
    ):
        desk.store.save_robots("https://paper.example", record)
        assert desk.store.robots("https://paper.example") == record
    assert desk.store.robots("http://paper.example") is None
    assert desk.store.robots("https://paper.example:8443") is None
