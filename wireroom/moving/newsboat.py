"""newsboat's cache.db: tables `rss_feed` and `rss_item` (newsboat, src/cache.cpp)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scraper.model import Enclosure, FeedName, FeedSpec, MovedArticle
from store.foreign import ForeignDatabase
from wireroom.moving.item import Item, at, moved
from wireroom.moving.source import Source

_FEEDS = "SELECT rssurl, title FROM rss_feed ORDER BY rowid"
_ITEMS = "SELECT * FROM rss_item WHERE NOT coalesce(deleted, 0) ORDER BY id"


def read_cache(database: ForeignDatabase, star_flag: str) -> Source:
    """Return the feeds and items of a cache; `star_flag` is a letter of `flags`, empty = nothing is starred."""
    left_out: list[str] = []
    feeds = {}
    for row in database.rows(_FEEDS):
        if str(row["rssurl"]).startswith(("http://", "https://")):
            feeds[row["rssurl"]] = FeedSpec(url=row["rssurl"], name=row["title"] or None)
        else:
            left_out.append(f"{row['rssurl']}: no address that can be polled")
    articles = _articles(database, feeds, star_flag)
    return Source(program="newsboat", feeds=tuple(feeds.values()), articles=articles, left_out=left_out)


def _articles(database: ForeignDatabase, feeds: dict[str, FeedSpec], star_flag: str) -> Iterator[MovedArticle]:
    now = datetime.now(UTC)
    for row in database.rows(_ITEMS):
        if row["feedurl"] in feeds:
            yield moved(_item(row, feeds[row["feedurl"]], star_flag, now), "newsboat")


def _item(row: dict[str, Any], feed: FeedSpec, star_flag: str, now: datetime) -> Item:
    is_starred = bool(star_flag) and star_flag in (row.get("flags") or "")
    published_at = at(row["pubDate"])
    file = row.get("enclosure_url")
    return Item(
        feed=FeedName(name=feed.name or feed.url, url=feed.url),
        guid=row["guid"] or None,
        link=row["url"] or None,
        title=row["title"] or None,
        authors=tuple(filter(None, [(row["author"] or "").strip()])),
        html=row["content"] or None,
        published_at=published_at,
        seen_at=min(published_at or now, now),
        read_at=None if row["unread"] else now,
        starred_at=now if is_starred else None,
        enclosures=(Enclosure(url=file, type=row.get("enclosure_type") or None),) if file else (),
    )
