"""Miniflux: what its API answers to `GET /v1/entries` (https://miniflux.app/docs/api.html#endpoint-get-entries)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from scraper.model import Enclosure
from wireroom.found_feeds import FoundFeed, FoundFeeds
from wireroom.importing.base import Importer, ImportOptions, Page, Source
from wireroom.importing.file import ImportFile, has_list, lists_in
from wireroom.importing.item import Item, instant, moved
from wireroom.importing.values import Address, Fields, Text, Words, as_object, fit_rows, moved_rows, number

#: The category of feeds that were put into none.
_NO_CATEGORY = "All"
_LOGIN = ("username", "password", "cookie")
_SETTINGS = (
    "scraper_rules", "rewrite_rules", "urlrewrite_rules", "blocklist_rules", "keeplist_rules",
    "block_filter_entry_rules", "keep_filter_entry_rules", "user_agent", "proxy_url",
)  # fmt: skip


class _Category(Fields):
    title: Text | None = None


class _Feed(Fields):
    feed_url: Address
    title: Text | None = None
    category: _Category | None = None
    disabled: Any = None


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


def read_answers(
    answers: Sequence[tuple[list[Any], object]], left_out: list[str], *, tags_articles: bool = False
) -> Source:
    """Return the feeds and entries of answers, each with the total that it names.

    What Miniflux calls removed is passed over.
    """
    entries = [entry for listed, _ in answers for entry in listed]
    feeds = FoundFeeds(left_out, tags_articles=tags_articles)
    usable: list[tuple[int, tuple[_Entry, FoundFeed]]] = []
    removed = 0
    for place, entry in fit_rows("entry", entries, _Entry, left_out):
        feed = _found(feeds, entry.feed, as_object(entries[place - 1]).get("feed"))
        if entry.status == "removed":
            removed += 1
        else:
            usable.append((place, (entry, feed)))
    usable.sort(key=lambda found: _found_at(found[1][0]))
    now = datetime.now(UTC)
    return Source(
        program="Miniflux",
        feeds=feeds.specs(),
        articles=moved_rows("entry", usable, lambda found: moved(_item(*found, now), "Miniflux"), left_out),
        left_out=left_out,
        notes=[f"passed over: removed in Miniflux: {removed:,}"] if removed else [],
        pages=_pages(answers),
    )


def _pages(answers: Sequence[tuple[list[Any], object]]) -> tuple[Page, ...]:
    pages, place = [], 0
    for entries, said in answers:
        given = [as_object(entry) for entry in entries]
        owner = next((str(entry["user_id"])[:50] for entry in given if "user_id" in entry), "")
        ids = frozenset(str(entry.get("id", f"at {at}"))[:50] for at, entry in enumerate(given, place))
        place += len(given)
        if total := number(said):
            pages.append(Page(owner=owner, total=total, count=len(given), ids=ids))
    return tuple(pages)


def _found(feeds: FoundFeeds, feed: _Feed, given: object) -> FoundFeed:
    category = feed.category.title if feed.category else None
    tags = (category,) if category and category != _NO_CATEGORY else ()
    if feeds.has(feed.feed_url):
        return feeds.add(feed.feed_url, tags=tags)
    found = feeds.add(feed.feed_url, feed.title, tags, paused=feed.disabled in (True, "true"))
    said = as_object(given)
    has = [name for name in _LOGIN if said.get(name) and isinstance(said[name], str)]
    feeds.lacks(feed.feed_url, has, "its login, not copied: write auth or cookies at the feed in feeds.yaml")
    rules = [name for name in _SETTINGS if said.get(name) and isinstance(said[name], str)]
    feeds.lacks(feed.feed_url, rules, "its settings in Miniflux, not taken over")
    return found


def _found_at(entry: _Entry) -> str:
    return next((at for at in (entry.created_at, entry.published_at) if at and isinstance(at, str)), "")


def _item(entry: _Entry, feed: FoundFeed, now: datetime) -> Item:
    published_at = instant(entry.published_at)
    changed_at = instant(entry.changed_at) or now
    return Item(
        feed=feed.name,
        site_name=feed.title,
        guid=None,
        link=entry.url or None,
        title=entry.title or None,
        authors=(entry.author,) if entry.author else (),
        html=entry.content or None,
        published_at=published_at,
        seen_at=instant(entry.created_at) or published_at or now,
        read_at=changed_at if entry.status == "read" else None,
        starred_at=changed_at if entry.starred else None,
        tags=feed.tags,
        categories=tuple(filter(None, entry.tags or ())),
        enclosures=tuple(
            Enclosure(url=file.url, type=file.mime_type or None, length=number(file.size))
            for file in entry.enclosures or ()
            if file.url
        ),
        comments_url=entry.comments_url or None,
    )


def _recognises(file: ImportFile) -> bool:
    return has_list(file.json.documents, "entries", "feed")


def _read(file: ImportFile, options: ImportOptions) -> Source:
    left_out = [*file.json.left_out]
    answers = lists_in(file.json.documents, "entries", "feed", left_out)
    return read_answers(answers, left_out, tags_articles=options.tags_articles)


IMPORTER = Importer(name="miniflux", takes="Miniflux (JSON of /v1/entries)", recognises=_recognises, read=_read)
