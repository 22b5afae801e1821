"""Miniflux: what its API answers to `GET /v1/entries` (https://miniflux.app/docs/api.html#endpoint-get-entries)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scraper.model import Enclosure, FeedName, FeedSpec, MovedArticle
from wireroom.moving.item import Item, instant, moved
from wireroom.moving.source import Source

#: The category of feeds that were put into none.
_NO_CATEGORY = "All"


def read_entries(document: dict[str, Any]) -> Source:
    """Return the feeds and entries of an answer; what Miniflux calls removed is left out."""
    left_out: list[str] = []
    feeds: dict[str, FeedSpec] = {}
    usable: list[dict[str, Any]] = []
    for number, entry in enumerate(document["entries"], 1):
        feed = entry.get("feed") if isinstance(entry, dict) else None
        url = feed.get("feed_url") if isinstance(feed, dict) else None
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            left_out.append(f"entry {number}: its feed has no http address")
        elif entry.get("status") != "removed":
            feeds.setdefault(url, _spec(url, feed))
            usable.append(entry)
    usable.sort(key=lambda entry: str(entry.get("created_at") or entry.get("published_at") or ""))
    return Source(program="Miniflux", feeds=tuple(feeds.values()), articles=_articles(usable), left_out=left_out)


def _spec(url: str, feed: Any) -> FeedSpec:
    category = (feed.get("category") or {}).get("title")
    tags = (category,) if category and category != _NO_CATEGORY else ()
    return FeedSpec(url=url, name=feed.get("title") or None, tags=tags)


def _articles(entries: list[dict[str, Any]]) -> Iterator[MovedArticle]:
    now = datetime.now(UTC)
    for entry in entries:
        yield moved(_item(entry, now), "Miniflux")


def _item(entry: dict[str, Any], now: datetime) -> Item:
    feed = entry["feed"]
    published_at = instant(entry.get("published_at"))
    changed_at = instant(entry.get("changed_at")) or now
    return Item(
        feed=FeedName(name=feed.get("title") or feed["feed_url"], url=feed["feed_url"]),
        guid=None,
        link=entry.get("url") or None,
        title=entry.get("title") or None,
        authors=tuple(filter(None, [(entry.get("author") or "").strip()])),
        html=entry.get("content") or None,
        published_at=published_at,
        seen_at=instant(entry.get("created_at")) or published_at or now,
        read_at=changed_at if entry.get("status") == "read" else None,
        starred_at=changed_at if entry.get("starred") else None,
        categories=tuple(name for name in entry.get("tags") or () if isinstance(name, str)),
        enclosures=tuple(
            Enclosure(url=found["url"], type=found.get("mime_type") or None, length=found.get("size") or None)
            for found in entry.get("enclosures") or ()
            if found.get("url")
        ),
        comments_url=entry.get("comments_url") or None,
    )
