"""newsboat's cache.db: tables `rss_feed` and `rss_item` (newsboat, src/cache.cpp)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scraper.model import Enclosure, FeedName, FeedSpec, MovedArticle
from store.foreign import ForeignDatabase
from wireroom.moving.feeds import FoundFeeds
from wireroom.moving.item import Item, at, moved
from wireroom.moving.source import Source
from wireroom.moving.values import Address, Fields, Text, Words, fit_rows, moved_rows

_FEEDS = "SELECT * FROM rss_feed ORDER BY rowid"
_ITEMS = "SELECT * FROM rss_item WHERE NOT coalesce(deleted, 0) ORDER BY id"


class _Feed(Fields):
    rssurl: Address
    title: Text | None = None


class _Row(Fields):
    feedurl: Address
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
    found = FoundFeeds(left_out)
    feeds: dict[str, FeedSpec] = {}
    for _, feed in fit_rows("feed", database.rows(_FEEDS), _Feed, left_out):
        if spec := found.add(feed.rssurl, feed.title):
            feeds[feed.rssurl] = spec
    now = datetime.now(UTC)

    def take(row: _Row) -> MovedArticle | None:
        feed = feeds.get(row.feedurl)
        return moved(_item(row, feed, star_flag, now), "newsboat") if feed else None

    rows = fit_rows("item", database.rows(_ITEMS), _Row, left_out)
    articles = moved_rows("item", rows, take, left_out)
    return Source(program="newsboat", feeds=found.specs(), articles=articles, left_out=left_out)


def _item(row: _Row, feed: FeedSpec, star_flag: str, now: datetime) -> Item:
    published_at = at(row.pubDate)
    file = row.enclosure_url
    return Item(
        feed=FeedName(name=feed.name or feed.url, url=feed.url),
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
