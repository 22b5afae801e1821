"""Contract: by whatever road an article gets on file or changes, searches find it by all that it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from contracts.desk import FEED, Desk, dropped, new
from fakes import NOON

from scraper.model import (
    ArticleRecord,
    EntryKeys,
    Extraction,
    FeedName,
    FeedSpec,
    Image,
    KeyedEntry,
    MovedArticle,
    ParsedEntry,
    Rereading,
    Twin,
)
from store.sqlite.upkeep.reprocessing import Reprocessing

#: What every road brings in, and queries that must find it: stems, a phrase, fields, dates, `has:`.
FOUND = Extraction(
    title="Lighthouses reopen",
    byline=("Ann Otter",),
    text="The keepers were painting the old lantern room.",
    language="en",
    site_name="The Paper",
    section="Coast",
    image=Image(url="https://paper.example/i.jpg"),
    published_at=None,
)
QUERIES = (
    "keeper", "paint*", '"old lantern room"', "title:lighthouse", "by:otter", "section:coast", "lang:en", "has:image",
    "after:2020-01-01 keepers", "site:paper.example", "feed:paper", "tag:coast",
)  # fmt: skip
FEED_SPEC = FeedSpec(url=FEED, name="The Paper", tags=("coast",))


def moved(number: int = 1, **fields: Any) -> MovedArticle:
    """Return the article as another archive would hand it over."""
    address = f"https://paper.example/{number}"
    record = ArticleRecord(
        id=number,
        url=address,
        canonical_url=address,
        title=FOUND.title,
        byline=FOUND.byline,
        agencies=(),
        published_at=None,
        updated_at=None,
        first_seen_at=NOON,
        fetched_at=NOON,
        site_name=FOUND.site_name,
        section=FOUND.section,
        language=FOUND.language,
        summary=None,
        image=FOUND.image,
        images=(),
        text=FOUND.text,
        html=f"<p>{FOUND.text}</p>",
        markdown=FOUND.text,
        related=(),
        enclosures=(),
        comments_url=None,
        categories=(),
        feeds=(FeedName(name="The Paper", url=FEED),),
        tags=("coast",),
        read_at=None,
        starred_at=None,
        story_id=None,
        revision=1,
        word_count=8,
        kind="article",
        status="full",
        reason=None,
        change_seq=1,
    )
    entry = ParsedEntry(guid=f"g{number}", link=address, title=FOUND.title)
    keys = EntryKeys(guid=f"g{number}", link=address, content_hash=f"h{number}")
    keyed = KeyedEntry(entry=entry, keys=keys, article_key=f"//paper.example/{number}")
    return MovedArticle(record=replace(record, **fields), entry=keyed)


def by_poll(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.poll(new("1"))
    desk.fetch(FOUND)


def without_a_page(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.poll(new("1"))
    desk.fetch(FOUND, status="feed_only", reason="robots", page=None)


def by_import(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.store.file_moved([moved()], fetch=False, now=desk.now)


def by_import_of_what_fetching_mends(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.store.file_moved([moved(status="feed_only")], fetch=True, now=desk.now)


def by_import_of_what_another_feed_has(desk: Desk) -> None:
    other = FeedName(name="Other", url="https://other.example/feed")
    desk.subscribe(FEED_SPEC)
    desk.store.file_moved([moved(feeds=(other,), tags=())], fetch=False, now=desk.now)
    desk.store.file_moved([moved()], fetch=False, now=desk.now)


def by_saving(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.store.save_address("https://paper.example/1", "https://paper.example/1", now=desk.now)
    desk.fetch(FOUND)
    desk.poll(new("1"))


def by_restoring_an_entry(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.poll(dropped("1"))
    [entry] = desk.store.dropped_entries()
    desk.store.restore_entries([entry.id], now=desk.now)
    desk.fetch(FOUND)


def by_refreshing(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.poll(new("1"))
    job = desk.fetch(Extraction(title="Nothing", text="Not yet."))
    desk.store.request_fetches([job.id], now=desk.now)
    desk.fetch(FOUND, rule="page-edited")


def by_import_then_an_edit(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.store.file_moved([moved(title="Nothing", text="Not yet.", section=None)], fetch=False, now=desk.now)
    desk.store.request_fetches([1], now=desk.now)
    desk.fetch(FOUND, rule="page-edited")


def by_merging(desk: Desk) -> None:
    desk.store.save_address("https://paper.example/first", "https://paper.example/first", now=desk.now)
    first = desk.fetch(FOUND)
    desk.subscribe(FEED_SPEC)
    desk.poll(new("1"))
    twin = Twin(article_id=first.id, cause="the same text")
    desk.fetch(FOUND, twins=(twin,))


def reread(desk: Desk, article_id: int, found: Extraction) -> int:
    """Read the page of an article's first version again, as `reprocess` does; return the number of the run."""
    assert isinstance(desk.store, Reprocessing)
    run_id = desk.store.begin_run("everything")
    version = desk.store.kept_version(article_id, 1)
    assert desk.store.refile(run_id, Rereading(version=version, found=found, changed=("text",), rules_version="1"))
    desk.store.end_run(run_id, 1)
    return run_id


def by_reprocessing(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.poll(new("1"))
    job = desk.fetch(Extraction(title="Nothing", text="Not yet."))
    reread(desk, job.id, FOUND)


def by_undoing_a_reprocess(desk: Desk) -> None:
    by_poll(desk)
    run_id = reread(desk, 1, Extraction(title="Nothing", text="Not yet."))
    assert desk.search('"not yet"') == [1]
    assert isinstance(desk.store, Reprocessing)
    assert desk.store.undo_run(run_id) == (1, 0)


ROADS = (
    by_poll, without_a_page, by_import, by_import_of_what_fetching_mends, by_import_of_what_another_feed_has, by_saving,
    by_restoring_an_entry, by_refreshing, by_import_then_an_edit, by_merging,
    by_reprocessing, by_undoing_a_reprocess,
)  # fmt: skip


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
def test_what_is_on_file_is_found(desk: Desk, road: Callable[[Desk], None]) -> None:
    road(desk)
    [article] = desk.listed()
    assert {query: desk.search(query) for query in QUERIES} == {query: [article] for query in QUERIES}
    assert desk.search('"not yet"') == []
    assert (desk.store.status().not_indexed, desk.store.reopen_index()) == (0, 0)


def test_what_waits_for_its_page_is_found_once_it_is_shown(desk: Desk) -> None:
    desk.subscribe(FEED_SPEC)
    desk.store.file_moved([moved(status="pending", revision=0)], fetch=False, now=desk.now)
    assert (desk.store.status().not_indexed, desk.search("keeper")) == (0, [])
    desk.clock.move(timedelta(hours=1))
    while desk.store.index_more():
        pass
    assert desk.search("keeper") == desk.listed() == [1]
