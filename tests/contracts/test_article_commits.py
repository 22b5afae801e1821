"""Contract: what one article fetch files, and when two articles turn out to be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from contracts.desk import FEED, HOUR, LEASE, Desk, changed, keyed, new

from scraper.errors import NotFound
from scraper.model import (
    ArticleFilter,
    ArticleJob,
    Draft,
    Extraction,
    FeedSpec,
    HostClaim,
    Image,
    Link,
    RawPage,
    Tombstone,
    Validators,
)

OTHER = "https://other.example/feed"
FOUND = Extraction(
    title="Grüße aus Łódź",
    byline=("Ane Ødegård",),
    section="World",
    site_name="The Paper",
    language="de",
    summary="What it is about.",
    image=Image(url="https://paper.example/a.jpg", alt="A", caption="B", credit="Вальдемар"),
    images=(Image(url="https://paper.example/a.jpg"), Image(url="https://paper.example/b.jpg", caption="“b”")),
    canonical_url="https://paper.example/canonical",
    html="<p>Eins.</p>",
    markdown="Eins.",
    text="Eins zwei drei.",
    related=(Link(url="https://paper.example/c", title="C"),),
    agencies=("dpa",),
    kind="gallery",
    reason="mostly pictures",
)


def claimed(desk: Desk, name: str) -> tuple[HostClaim, int]:
    """Return a claim on the host of the article https://paper.example/NAME, and its id."""
    return desk.claim("articles"), desk.store.find_article_id(f"https://paper.example/{name}")


def test_fetched_article_is_shown_in_full(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = desk.fetch(FOUND)
    record = desk.store.article(job.id)
    for name in ("title", "byline", "section", "language", "summary", "image", "images", "html", "markdown", "text"):
        assert getattr(record, name) == getattr(FOUND, name)
    assert (record.related, record.agencies, record.kind) == (FOUND.related, FOUND.agencies, "gallery")
    assert (record.status, record.reason, record.revision, record.word_count) == ("full", None, 1, 3)
    assert (record.canonical_url, record.fetched_at) == (FOUND.canonical_url, desk.now)


def test_version_on_file_comes_back_in_the_next_job(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    first = desk.fetch(FOUND, validators=Validators(etag='"1"'), next_fetch_at=desk.now + HOUR)
    assert (first.current, first.status, first.attempts, first.validators) == (None, "pending", 0, Validators())
    desk.clock.move(HOUR)
    second = desk.fetch()
    assert (second.current, second.status, second.validators) == (FOUND, "full", Validators(etag='"1"'))
    assert second.first_seen_at == first.first_seen_at


def test_newest_of_one_poll_is_fetched_first(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("newest"), new("older"))
    assert [desk.fetch().url for _ in range(2)] == ["https://paper.example/newest", "https://paper.example/older"]


def test_failed_fetch_is_due_again_when_it_says(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    ten_minutes = timedelta(minutes=10)
    job = desk.fetch(
        status="pending", reason="HTTP 500", attempts=1, next_fetch_at=desk.now + ten_minutes, http_status=500
    )
    assert desk.store.claim_hosts(desk.now, 10, LEASE) == ()
    desk.clock.move(ten_minutes)
    again = desk.fetch(status="failed", reason="HTTP 500", page=None)
    assert (again.id, again.attempts, again.current) == (job.id, 1, None)
    record = desk.store.article(job.id)
    assert (record.status, record.reason, record.revision) == ("failed", "HTTP 500", 0)


def test_unchanged_recheck_is_no_change(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    desk.store.request_fetches([article_id], now=desk.now)
    before = desk.store.article(article_id)
    desk.clock.move(HOUR)
    desk.fetch(http_status=304, page=None)
    assert desk.store.article(article_id) == before
    assert desk.store.change_seq() == before.change_seq


def test_validators_outlive_a_failed_recheck(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = desk.fetch(FOUND, validators=Validators(etag='"1"'))
    for status in (500, 304):
        desk.store.request_fetches([job.id], now=desk.now)
        desk.fetch(http_status=status, page=None)
    desk.store.request_fetches([job.id], now=desk.now)
    assert desk.fetch().validators == Validators(etag='"1"')


def test_edit_is_a_revision_and_a_change(desk: Desk) -> None:
    (article_id,) = desk.file("old words")
    before = desk.store.article(article_id)
    desk.store.request_fetches([article_id], now=desk.now)
    desk.fetch(Extraction(title="Title 0", text="new words"))
    after = desk.store.article(article_id)
    assert (after.revision, after.text) == (before.revision + 1, "new words")
    assert after.change_seq > before.change_seq
    assert (desk.search("old"), desk.search("new")) == ([], [article_id])


def test_touch_up_is_a_change_but_no_revision(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    before = desk.store.article(article_id)
    desk.store.request_fetches([article_id], now=desk.now)
    other_links = Extraction(title="Title 0", text="text", related=(Link(url="https://x.example/", title="X"),))
    desk.fetch(other_links, is_revision=False)
    after = desk.store.article(article_id)
    assert (after.revision, after.related) == (before.revision, other_links.related)
    assert after.change_seq > before.change_seq


def test_key_of_an_older_article_makes_the_two_one(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, tags=("a",)), FeedSpec(url=OTHER, tags=("b",)))
    desk.poll(new("old"))
    desk.poll(new("young"))
    older, younger = (desk.store.find_article_id(f"https://paper.example/{name}") for name in ("old", "young"))
    claim = desk.claim("articles")
    commit = desk.article_commit(younger, FOUND, keys=("https://paper.example/old", "https://paper.example/final"))
    assert desk.store.commit_article(claim, commit) == older
    for name in ("old", "young", "final"):
        assert desk.store.find_article_id(f"https://paper.example/{name}") == older
    record = desk.store.article(older)
    assert (record.tags, len(record.feeds)) == (("a", "b"), 2)
    assert (
        desk.store.count_articles(ArticleFilter(feed_id=desk.store.find_feed_id(OTHER))) == 1
    )  # by the page just read
    assert desk.store.tombstones(0) == ()  # nobody can have exported it
    assert "united" in [step.rule for step in desk.store.trail(str(older))]


def test_key_of_a_younger_article_brings_it_in(desk: Desk) -> None:
    desk.subscribe(FEED, OTHER)
    desk.poll(new("old"))
    desk.poll(new("young"))
    claim, younger = claimed(desk, "young")
    desk.store.commit_article(claim, desk.article_commit(younger, Extraction(text="young words")))
    desk.store.set_starred([younger], True, now=desk.now)
    desk.store.set_read([younger], True, now=desk.now)
    older = desk.store.find_article_id("https://paper.example/old")
    commit = desk.article_commit(older, Extraction(text="old words"), keys=("https://paper.example/young",))
    assert desk.store.commit_article(claim, commit) is None
    record = desk.store.article(older)
    assert (record.text, record.read_at, record.starred_at) == ("old words", desk.now, desk.now)
    assert desk.listed() == [older]
    assert desk.search("young") == []
    (stone,) = desk.store.tombstones(0)
    assert stone == Tombstone(id=younger, deleted_at=desk.now, change_seq=stone.change_seq)


def test_fetch_of_an_article_that_went_meanwhile_is_lost_quietly(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    claim, article_id = claimed(desk, "a")
    desk.store.delete_articles([article_id], now=desk.now)
    assert desk.store.commit_article(claim, desk.article_commit(article_id, FOUND)) is None
    desk.clock.move(HOUR)
    assert desk.listed() == []


def test_another_way_to_a_deleted_article_is_deleted_too(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    desk.store.delete_articles([article_id], now=desk.now)
    desk.subscribe(FEED, OTHER)
    desk.poll(new("alias"))
    claim, alias = claimed(desk, "alias")
    commit = desk.article_commit(alias, FOUND, keys=("https://paper.example/0",))
    assert desk.store.commit_article(claim, commit) == article_id
    desk.clock.move(HOUR)
    assert desk.listed() == []


def test_saved_address_is_an_article_without_a_feed(desk: Desk) -> None:
    address, key = "https://paper.example/x?utm_source=y", "https://paper.example/x"
    article_id = desk.store.save_address(address, key, now=desk.now)
    assert desk.store.save_address(key, key, now=desk.now) == article_id
    job = desk.fetch(FOUND)
    assert (job.id, job.url, job.full_text, job.hints.title) == (article_id, address, True, None)
    record = desk.store.article(article_id)
    assert (record.feeds, record.tags, record.text) == ((), (), FOUND.text)
    assert [step.rule for step in desk.store.trail(address)] == ["saved", "page-read"]


def test_saving_a_deleted_address_brings_it_back_under_a_new_number(desk: Desk) -> None:
    key = "https://paper.example/x"
    first = desk.store.save_address(key, key, now=desk.now)
    desk.fetch(FOUND, keys=("https://paper.example/final",))
    desk.store.delete_articles([first], now=desk.now)
    second = desk.store.save_address(key, key, now=desk.now)
    desk.fetch(FOUND, keys=("https://paper.example/final",))
    assert second > first
    assert desk.store.article(second).status == "full"
    assert [stone.id for stone in desk.store.tombstones(0)] == [first]


def test_requested_fetches_are_due_now(desk: Desk) -> None:
    first, second = desk.file("one", "two")
    desk.clock.move(HOUR)
    assert desk.store.request_fetches([first, second, 999], now=desk.now) == 2
    assert {desk.fetch().id, desk.fetch().id} == {first, second}


def test_article_numbers_stay_small_and_are_not_used_again(desk: Desk) -> None:
    ids = desk.file("one", "two")
    desk.store.delete_articles(ids, now=desk.now)
    fresh = desk.store.save_address("https://paper.example/x", "https://paper.example/x", now=desk.now)
    assert max(ids) < fresh < 2**31


def test_other_fields_of_a_commit_do_not_reach_other_articles(desk: Desk) -> None:
    first, second = desk.file("one", "two")
    before = desk.store.article(second)
    desk.store.request_fetches([first], now=desk.now)
    desk.fetch(replace(FOUND, title="changed"))
    assert desk.store.article(second) == before


# --------------------------------------------------------------------------- articles of several pages

PART = Extraction(title="Part", text="One.", html="<p>One.</p>", markdown="One.", images=FOUND.images)
DRAFT = Draft(
    next_url="https://paper.example/a/2",
    urls=("https://paper.example/a",),
    extraction=replace(PART, next_page="https://paper.example/a/2"),
    keys=("//paper.example/a",),
)


def raw(desk: Desk, number: int, body: bytes = b"<p>", *, is_whole: bool = False) -> RawPage:
    url = f"https://paper.example/a/{number}"
    return RawPage(url=url, content_type="text/html", body=body, fetched_at=desk.now, number=number, is_whole=is_whole)


def read_part(desk: Desk, draft: Draft = DRAFT, body: bytes = b"<p>", **changes: Any) -> ArticleJob:
    """Fetch a page of the article that is next; `draft` is the reading with it."""
    page = raw(desk, len(draft.urls), body)
    return desk.fetch(draft=draft, status="pending", page=page, next_fetch_at=desk.now, rule="page-goes-on", **changes)


def test_reading_page_by_page_goes_on_where_it_stood(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    before = desk.store.change_seq()
    first = read_part(desk)
    assert (first.draft, first.page_url, first.due_at) == (None, "https://paper.example/a", desk.now)
    second = read_part(desk, replace(DRAFT, next_url="https://paper.example/a/3", urls=("a", "b"), is_whole=True))
    assert (second.draft, second.page_url, second.url) == (DRAFT, DRAFT.next_url, "https://paper.example/a")
    assert desk.store.change_seq() == before, "nothing to see yet"
    third = desk.fetch(FOUND, page=raw(desk, 3), detail="3 pages joined")
    assert third.draft is not None
    assert (third.draft.urls, third.draft.is_whole) == (("a", "b"), True)
    assert desk.store.article(first.id).text == FOUND.text
    assert [page.number for page in desk.store.pages(first.id)] == [1, 2, 3]
    assert [(step.rule, step.detail) for step in desk.store.trail(str(first.id))][-1] == (
        "page-read",
        "full: 3 pages joined",
    )
    desk.store.request_fetches([first.id], now=desk.now)
    assert desk.fetch().draft is None


def test_pages_come_back_as_they_were_received(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = read_part(desk, body=b"\xff\0one")
    desk.fetch(FOUND, page=raw(desk, 2, b"two", is_whole=True))
    assert desk.store.pages(job.id) == (raw(desk, 1, b"\xff\0one"), raw(desk, 2, b"two", is_whole=True))


def test_no_pages_are_kept_before_the_first_version(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = read_part(desk)
    with pytest.raises(NotFound):
        desk.store.pages(job.id)


def test_pages_of_the_version_on_file_stay_until_another_is_filed(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = read_part(desk, body=b"old 1")
    desk.fetch(FOUND, page=raw(desk, 2, b"old 2"))

    def bodies() -> list[bytes]:
        return [page.body for page in desk.store.pages(job.id)]

    for ending in ({}, {"extraction": PART}):
        desk.store.request_fetches([job.id], now=desk.now)
        read_part(desk, body=b"new 1")
        assert bodies() == [b"old 1", b"old 2"]
        desk.fetch(page=None, **ending)
    assert bodies() == [b"new 1"]


def test_a_part_that_is_filed_early_is_completed_later(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = read_part(desk)
    desk.fetch(PART, page=None, draft=DRAFT, attempts=1, next_fetch_at=desk.now + HOUR)
    assert (desk.store.article(job.id).text, len(desk.store.pages(job.id))) == ("One.", 1)
    desk.clock.move(HOUR)
    again = desk.fetch(FOUND, page=raw(desk, 2))
    assert (again.draft, again.attempts, again.status) == (DRAFT, 1, "full")
    assert [page.number for page in desk.store.pages(job.id)] == [1, 2]


def test_pages_follow_an_article_that_turns_out_to_be_an_older_one(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("old"))
    desk.fetch(Extraction(text="feed"), status="feed_only", page=raw(desk, 1, b"wall"))
    desk.clock.move(HOUR)
    desk.poll(new("young"))
    read_part(desk, body=b"one")
    desk.fetch(FOUND, page=raw(desk, 2, b"two"), keys=("https://paper.example/old",))
    older = desk.store.find_article_id("https://paper.example/young")
    assert older == desk.store.find_article_id("https://paper.example/old")
    assert [page.body for page in desk.store.pages(older)] == [b"one", b"two"]
    assert desk.store.article(older).text == FOUND.text


def test_next_page_on_another_host_is_that_host_s_work(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = read_part(desk, replace(DRAFT, next_url="https://pages.example/a/2"))
    claim = desk.claim("articles")
    assert claim.host == "pages.example"
    desk.store.release(claim)
    desk.store.request_fetches([job.id], now=desk.now)
    (claim,) = desk.store.claim_hosts(desk.now, 10, LEASE)
    assert claim.host == "paper.example", "it begins anew"


def test_changed_entry_begins_the_reading_anew(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    job = read_part(desk)
    desk.fetch(PART, page=None, draft=DRAFT, attempts=1, next_fetch_at=desk.now + 9 * HOUR)
    (entry,) = desk.store.known_entries(1, [keyed("a").keys])
    desk.clock.move(HOUR)
    desk.poll(changed("a", entry.entry_id))
    assert (desk.fetch().draft, job.id) == (None, job.id)
