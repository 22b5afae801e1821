"""newsboat's cache.db: tables `rss_feed` and `rss_item` (newsboat, src/cache.cpp)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from scraper.errors import StoreUnusable
from scraper.model import Enclosure, MovedArticle
from store.external import ForeignDatabase
from wireroom.found_feeds import FoundFeed, FoundFeeds, named
from wireroom.importing.base import Importer, ImportOptions, Source
from wireroom.importing.file import ImportFile
from wireroom.importing.item import Item, at, moved
from wireroom.importing.values import Address, Fields, Text, Words, fit_rows, moved_rows

_FEEDS = "SELECT * FROM rss_feed ORDER BY rowid"
_ITEMS = "SELECT * FROM rss_item WHERE NOT coalesce(deleted, 0) ORDER BY id"
_DELETED = "SELECT count(*) AS number FROM rss_item WHERE coalesce(deleted, 0)"
#: What addresses in newsboat's `urls` may be beside those of feeds.
_FAULTS = {
    "exec": "newsboat runs a program for it",
    "filter": "newsboat runs a program on it",
    "query": "newsboat makes it of other feeds",
}


class _Feed(Fields):
    rssurl: Address
    title: Text | None = None


class _Row(Fields):
    feedurl: Address | None = None
    guid: Text | None = None
    url: Address | None = None
    title: Words | None = None
    author: Words | None = None
    content: Text | None = None
    flags: Text | None = None
    enclosure_url: Address | None = None
    enclosure_type: Words | None = None
    pubDate: Any = None  # newsboat's name
    unread: Any = None


def read_cache(database: ForeignDatabase, star_flag: str) -> Source:
    """Return the feeds and items of a cache; `star_flag` is a letter of `flags`, empty = nothing is starred."""
    database.probe(_ITEMS)
    left_out: list[str] = []
    notes: list[str] = []
    found = FoundFeeds(left_out)
    feeds: dict[str, FoundFeed] = {}
    for _, feed in fit_rows("feed", database.rows(_FEEDS), _Feed, left_out):
        fault = _FAULTS.get(feed.rssurl.partition(":")[0].lower())
        feeds[feed.rssurl] = found.add(feed.rssurl, feed.title, fault=fault)
    specs = found.specs()
    with suppress(StoreUnusable):  # damaged; the items say so
        if deleted := next(database.rows(_DELETED))["number"]:
            notes.append(f"passed over: deleted in newsboat: {deleted:,}")
    # Items stay when their feed is taken out of newsboat's `urls`.
    unlisted = FoundFeeds([])
    now = datetime.now(UTC)

    def take(row: _Row) -> MovedArticle | None:
        url = row.feedurl or ""
        if url not in feeds:
            feeds[url] = unlisted.add(url)
            what = f"{named(url)}: newsboat lists it no longer" if url else "items that name no feed"
            notes.append(
                f"{what}; not added to feeds.yaml, its articles are kept" if url else f"{what} are kept without one"
            )
        return moved(_item(row, feeds[url], star_flag, now), "newsboat")

    rows = fit_rows("item", database.rows(_ITEMS), _Row, left_out)
    articles = moved_rows("item", rows, take, left_out)
    return Source(program="newsboat", feeds=specs, articles=articles, left_out=left_out, notes=notes)


def _item(row: _Row, feed: FoundFeed, star_flag: str, now: datetime) -> Item:
    published_at = at(row.pubDate)
    file = row.enclosure_url
    return Item(
        feed=feed.name,
        guid=row.guid or None,
        link=row.url or None,
        title=row.title or None,
        authors=(row.author,) if row.author else (),
        html=row.content or None,
        published_at=published_at,
        seen_at=min(published_at or now, now),
        read_at=None if row.unread else now,
        starred_at=now if star_flag and star_flag in (row.flags or "") else None,
        enclosures=(Enclosure(url=file, type=row.enclosure_type or None),) if file else (),
    )


def _recognises(file: ImportFile) -> bool:
    return {"rss_feed", "rss_item"} <= file.tables


def _read(file: ImportFile, options: ImportOptions) -> Source:
    assert file.database is not None
    return read_cache(file.database, options.star_flag)


IMPORTER = Importer(name="newsboat", takes="newsboat (cache.db)", recognises=_recognises, read=_read)
