"""Contract: what one poll files."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from contracts.desk import FEED, HOUR, LEASE, Desk, changed, dropped, keyed, new, seen, titles

from scraper.model import ArticleFilter, Doubts, Enclosure, EntryDecision, EntryKeys, FeedName, FeedSpec, KnownEntry

OTHER = "https://other.example/feed"


def entry_ids(desk: Desk, *names: str) -> list[int]:
    feed_id = desk.store.find_feed_id(FEED)
    return [desk.store.known_entries(feed_id, [keyed(name).keys])[0].entry_id for name in names]


def test_poll_counts_what_it_filed(desk: Desk) -> None:
    desk.subscribe(FEED)
    outcome = desk.poll(new("a"), new("b"), dropped("c"))
    assert (outcome.url, outcome.status) == (FEED, "new")
    assert (outcome.entries_new, outcome.articles_new, outcome.entries_dropped) == (2, 2, 1)


def test_first_entry_of_a_document_gets_the_highest_number(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("newest"), new("middle"), new("oldest"))
    desk.clock.move(HOUR)
    found = desk.store.find_articles(ArticleFilter())
    assert titles(found) == ["Title newest", "Title middle", "Title oldest"]


def test_new_article_is_filled_from_its_feed(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, tags=("news", "world")))
    enclosure = Enclosure(url="https://paper.example/a.mp3", type="audio/mpeg", length=5)
    desk.poll(
        new(
            "a",
            authors=("Anna Kern", "李明"),
            published_at=desk.now - HOUR,
            updated_at=desk.now,
            summary_html="<p>Fish &amp; <b>chips</b></p><script>alert(1)</script>",
            categories=("Food",),
            enclosures=(enclosure,),
            comments_url="https://paper.example/a#talk",
            image_url="https://paper.example/a.jpg",
            language="en",
        )
    )
    (record,) = [desk.store.article(desk.store.find_article_id("https://paper.example/a"))]
    assert (record.status, record.revision, record.text, record.title) == ("pending", 0, "", "Title a")
    assert record.byline == ("Anna Kern", "李明")
    assert (record.published_at, record.updated_at) == (desk.now - HOUR, desk.now)
    assert (record.first_seen_at, record.fetched_at) == (desk.now, None)
    assert (record.summary, record.language, record.site_name) == ("Fish & chips", "en", "The Paper")
    assert record.image is not None
    assert record.image.url == "https://paper.example/a.jpg"
    assert (record.enclosures, record.categories) == ((enclosure,), ("Food",))
    assert record.comments_url == "https://paper.example/a#talk"
    assert (record.tags, record.feeds) == (("news", "world"), (FeedName(name="The Paper", url=FEED),))
    assert (record.url, record.canonical_url) == ("https://paper.example/a", "https://paper.example/a")


def test_known_entries_match_on_any_key(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"), new("b"))
    feed_id = desk.store.find_feed_id(FEED)
    mine = keyed("a").keys
    nothing = EntryKeys(guid="x", link="x", content_hash="x")
    (expected,) = desk.store.known_entries(feed_id, [mine])
    assert expected == KnownEntry(
        entry_id=expected.entry_id, article_id=expected.article_id, keys=mine, title="Title a"
    )
    for keys in (
        replace(nothing, guid=mine.guid),
        replace(nothing, link=mine.link),
        replace(nothing, content_hash=mine.content_hash, guid=None, link=None),
    ):
        assert desk.store.known_entries(feed_id, [keys, nothing]) == (expected,)
    assert desk.store.known_entries(feed_id, [nothing]) == ()
    assert desk.store.known_entries(feed_id + 1, [mine]) == ()
    assert desk.store.known_entries(feed_id, []) == ()


def test_the_past_of_a_feed_is_told_by_entry_by_date_and_by_address(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(
        new("a", published_at=desk.now - 2 * HOUR, summary_html="<p>Words.</p>"),
        new("b", updated_at=desk.now - HOUR, content_html="<p>More.</p>"),
        shared("c", "/page"),
    )
    feed_id = desk.store.find_feed_id(FEED)
    a, b, c = entry_ids(desk, "a", "b", "c")

    def found(**doubts) -> tuple[list[int], frozenset[str]]:
        past = desk.store.past(feed_id, Doubts(**doubts))
        return [entry.known.entry_id for entry in past.entries], past.shared

    assert found(entry_ids=(c,)) == ([c], frozenset())
    assert found(dates=(desk.now - 2 * HOUR, desk.now - HOUR)) == (sorted([a, b]), frozenset())
    addresses = ("/page", "/pag", "/page/2", "https://paper.example/a")
    assert found(article_keys=addresses) == ([], frozenset({"/page"}))
    assert found() == ([], frozenset())
    (first,) = desk.store.past(feed_id, Doubts(entry_ids=(a,))).entries
    assert (first.known.title, first.link, first.summary_html) == (
        "Title a",
        "https://paper.example/a",
        "<p>Words.</p>",
    )
    assert (first.dated, first.known.shares_address) == (desk.now - 2 * HOUR, False)
    desk.subscribe(FEED, OTHER)
    other_id = desk.store.find_feed_id(OTHER)
    past = desk.store.past(other_id, Doubts(dates=(desk.now - HOUR,), article_keys=addresses))
    assert (past.entries, past.shared) == ((), frozenset())


def shared(name: str, address: str, **fields) -> EntryDecision:
    own = replace(keyed(name, **fields), article_key=None, own_key=f"{address}|{name}")
    return EntryDecision(keyed=own, action="file", rule="new-entry")


def test_entries_that_share_an_address_have_articles_without_a_page(desk: Desk) -> None:
    desk.subscribe(FEED)
    assert desk.poll(shared("a", "/page"), shared("b", "/page")).articles_new == 2
    jobs = []
    for _ in range(2):
        jobs.append(desk.fetch(status="feed_only", page=None))
    assert {(job.url, job.full_text) for job in jobs} == {
        ("https://paper.example/a", False), ("https://paper.example/b", False),
    }  # fmt: skip
    assert {record.canonical_url for record in desk.store.records(ArticleFilter())} == {None}


@pytest.mark.parametrize("is_in_two_feeds", [False, True])
def test_an_article_whose_address_others_share_has_no_page_any_more(desk: Desk, is_in_two_feeds: bool) -> None:
    desk.subscribe(FEED, OTHER)
    desk.poll(new("a"))
    desk.poll(*([new("a")] if is_in_two_feeds else []))
    desk.clock.move(HOUR)
    (entry_id, *_) = entry_ids(desk, "a")
    known = EntryDecision(
        keyed=shared("a", "https://paper.example/a").keyed, action="seen", entry_id=entry_id, rule="k"
    )
    desk.poll(known, shared("b", "https://paper.example/a"))
    jobs = {job.url: job.full_text for job in (desk.fetch(status="feed_only", page=None) for _ in range(2))}
    assert jobs == {"https://paper.example/a": is_in_two_feeds, "https://paper.example/b": False}


def test_article_in_several_feeds_is_one_with_each_feed_named(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, tags=("a",)), FeedSpec(url=OTHER, name="Other", tags=("b",)))
    desk.poll(new("same", categories=("One",)))
    before = desk.store.change_seq()
    outcome = desk.poll(new("same", categories=("Two",)))
    assert (outcome.entries_new, outcome.articles_new) == (1, 0)
    desk.clock.move(HOUR)
    (article_id,) = desk.listed()
    record = desk.store.article(article_id)
    assert [feed.name for feed in record.feeds] == ["The Paper", "Other"]
    assert (record.tags, record.categories) == (("a", "b"), ("One", "Two"))
    assert record.change_seq > before
    for feed in (FEED, OTHER):
        assert desk.listed(feed_id=desk.store.find_feed_id(feed)) == [article_id]
    for tag in ("a", "b"):
        assert desk.listed(tag=tag) == [article_id]


def test_dropped_entry_is_on_file_without_an_article(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(dropped("stars"))
    desk.clock.move(HOUR)
    assert desk.listed() == []
    (known,) = desk.store.known_entries(desk.store.find_feed_id(FEED), [keyed("stars").keys])
    assert known.article_id is None
    (step,) = desk.store.trail("https://paper.example/stars")
    assert (step.about, step.rule, step.detail, step.feed) == ("entry", "drop-word", "drop: 'horoscope'", "The Paper")


def test_seen_entry_changes_nothing_visible(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    before = desk.store.change_seq()
    (entry_id,) = entry_ids(desk, "a")
    desk.clock.move(HOUR)
    outcome = desk.poll(seen("a", entry_id))
    assert (outcome.entries_new, outcome.articles_new) == (0, 0)
    assert desk.store.change_seq() == before


def test_changed_entry_of_a_settled_article_asks_for_a_fetch_at_once(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    assert desk.store.gate_opens_at(desk.now) is None
    (entry_id,) = entry_ids(desk, "0")
    desk.clock.move(HOUR)
    desk.poll(changed("0", entry_id))
    claim = desk.claim("articles")
    job = desk.store.next_article(claim, desk.now)
    assert job is not None
    assert (job.id, job.status) == (article_id, "full")
    assert job.current is not None
    assert job.current.text == "text"
    assert [step.rule for step in desk.store.trail(str(article_id))] == ["new-entry", "page-read", "entry-changed"]


def test_changed_entry_of_a_pending_article_changes_what_it_shows(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"))
    (entry_id,) = entry_ids(desk, "a")
    desk.clock.move(HOUR)
    assert desk.store.index_more() == 1
    desk.poll(changed("a", entry_id, title="Better title"))
    (record,) = desk.store.records(ArticleFilter())
    assert record.title == "Better title"
    assert desk.search("better") == [record.id]
    assert desk.fetch().hints.title == "Better title"


def test_entry_that_moves_takes_its_article_along(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    (entry_id,) = entry_ids(desk, "0")
    desk.clock.move(HOUR)
    moved = keyed("new-slug", host="www.paper.example")
    moved = replace(moved, keys=replace(moved.keys, guid="guid-0"))
    desk.poll(EntryDecision(keyed=moved, action="update", entry_id=entry_id, rule="entry-changed"))
    assert desk.claim("articles").host == "www.paper.example"
    for address in ("https://paper.example/0", "https://www.paper.example/new-slug"):
        assert desk.store.find_article_id(address) == article_id


@pytest.mark.parametrize("link", [None, "https://paper.example/"])
def test_entry_without_a_page_is_an_article_of_its_own(desk: Desk, link: str | None) -> None:
    desk.subscribe(FEED)
    entries = [
        EntryDecision(
            keyed=replace(keyed(name, link=link), keys=EntryKeys(guid=guid, content_hash=name), article_key=None),
            action="file",
            rule="new-entry",
        )
        for name, guid in (("a", "guid-a"), ("b", None))
    ]
    assert desk.poll(*entries).articles_new == 2
    claim = desk.claim("articles")
    job = desk.store.next_article(claim, desk.now)
    assert job is not None
    assert not job.full_text
    assert job.hints.title == "Title a"
    record = desk.store.article(job.id)
    assert (record.url, record.canonical_url) == (link or FEED, None)


def test_feed_that_wants_its_own_text_only_says_so_in_the_job(desk: Desk) -> None:
    desk.subscribe(FeedSpec(url=FEED, full_text=False))
    desk.poll(new("a", summary_html="<p>short</p>", content_html="<p>long</p>", authors=("X",)))
    job = desk.fetch()
    assert not job.full_text
    assert (job.hints.summary_html, job.hints.content_html) == ("<p>short</p>", "<p>long</p>")
    assert (job.hints.authors, job.hints.site_name) == (("X",), "The Paper")


def test_deleted_article_does_not_come_back(desk: Desk) -> None:
    (article_id,) = desk.file("text")
    desk.store.delete_articles([article_id], now=desk.now)
    desk.subscribe(FEED, OTHER)
    outcome = desk.poll(new("0"))
    assert (outcome.entries_new, outcome.articles_new) == (1, 0)
    desk.clock.move(HOUR)
    assert desk.listed() == []
    assert "tombstone" in [step.rule for step in desk.store.trail("https://paper.example/0")]


def test_failing_poll_files_nothing_at_all(desk: Desk) -> None:
    desk.subscribe(FEED)
    claim = desk.claim()
    (feed,) = desk.store.due_feeds(claim, desk.now)
    keys = EntryKeys(guid="b", content_hash=None)  # type: ignore[arg-type]  # the point
    broken = replace(new("b"), keyed=replace(keyed("b"), keys=keys))
    with pytest.raises(sqlite3.IntegrityError, match="content_hash"):
        desk.store.commit_poll(claim, desk.poll_commit(feed, new("a"), broken, new("c")))
    assert desk.store.known_entries(feed.id, [keyed("c").keys]) == ()
    assert desk.store.due_feeds(claim, desk.now) == (feed,)
    assert desk.store.commit_poll(claim, desk.poll_commit(feed, new("a"), new("c"))).articles_new == 2


def test_poll_repeated_after_a_crash_doubles_nothing(desk: Desk) -> None:
    desk.subscribe(FEED)
    desk.poll(new("a"), new("b"))
    desk.store.request_polls(None, now=desk.now)
    assert desk.poll(new("a"), new("b")).articles_new == 0
    desk.clock.move(HOUR)
    assert len(desk.listed()) == 2
    assert len(desk.store.claim_hosts(desk.now, 10, LEASE)) == 2
