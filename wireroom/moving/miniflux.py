"""Miniflux: what its API answers to `GET /v1/entries` (https://miniflux.app/docs/api.html#endpoint-get-entries)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scraper.model import Enclosure, FeedName, FeedSpec
from wireroom.moving.feeds import FoundFeeds
from wireroom.moving.item import Item, instant, moved
from wireroom.moving.source import Source
from wireroom.moving.values import Address, Fields, Text, Words, fit_rows, moved_rows, number

#: The category of feeds that were put into none.
_NO_CATEGORY = "All"


class _Category(Fields):
    title: Text | None = None


class _Feed(Fields):
    feed_url: Address
    title: Text | None = None
    category: _Category | None = None


class _File(Fields):
    url: Address | None = None
    mime_type: Words | None = None
    size: Any = None


class _Entry(Fields):
    feed: _Feed
    status: Words | None = None
    starred: bool | None = None
    title: Words | None = None
    url: Address | None = None
    author: Words | None = None
    content: Text | None = None
    comments_url: Address | None = None
    tags: tuple[Words, ...] | None = None
    enclosures: tuple[_File, ...] | None = None
    published_at: Any = None
    created_at: Any = None
    changed_at: Any = None


def read_entries(entries: list[Any]) -> Source:
    """Return the feeds and entries of an answer; what Miniflux calls removed is left out."""
    left_out: list[str] = []
    feeds = FoundFeeds(left_out)
    usable: list[tuple[int, tuple[_Entry, FeedSpec]]] = []
    for place, entry in fit_rows("entry", entries, _Entry, left_out):
        category = entry.feed.category.title if entry.feed.category else None
        tags = (category,) if category != _NO_CATEGORY else ()
        if (feed := feeds.add(entry.feed.feed_url, entry.feed.title, tags)) and entry.status != "removed":
            usable.append((place, (entry, feed)))
    usable.sort(key=lambda found: _found_at(found[1][0]))
    now = datetime.now(UTC)
    articles = moved_rows("entry", usable, lambda found: moved(_item(*found, now), "Miniflux"), left_out)
    return Source(program="Miniflux", feeds=feeds.specs(), articles=articles, left_out=left_out)


def _found_at(entry: _Entry) -> str:
    return next((at for at in (entry.created_at, entry.published_at) if at and isinstance(at, str)), "")


def _item(entry: _Entry, feed: FeedSpec, now: datetime) -> Item:
    published_at = instant(entry.published_at)
    changed_at = instant(entry.changed_at) or now
    return Item(
        feed=FeedName(name=feed.name or feed.url, url=feed.url),
        guid=None,
        link=entry.url or None,
        title=entry.title or None,
        authors=(entry.author,) if entry.author else (),
        html=entry.content or None,
        published_at=published_at,
        seen_at=instant(entry.created_at) or published_at or now,
        read_at=changed_at if entry.status == "read" else None,
        starred_at=changed_at if entry.starred else None,
        categories=tuple(filter(None, entry.tags or ())),
        enclosures=tuple(
            Enclosure(url=file.url, type=file.mime_type or None, length=number(file.size))
            for file in entry.enclosures or ()
            if file.url
        ),
        comments_url=entry.comments_url or None,
    )
