"""FreshRSS: a user's db.sqlite, or the articles of its export (JSON in the manner of Google Reader).

The database holds titles, names and addresses as HTML (FreshRSS, app/Models/Entry.php); the export too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

from scraper.model import Enclosure, FeedName, FeedSpec, MovedArticle
from store.foreign import ForeignDatabase
from wireroom.moving.feeds import FoundFeeds
from wireroom.moving.item import Item, at, moved
from wireroom.moving.source import Source
from wireroom.moving.values import Address, Fields, Text, Words, as_object, fit_rows, moved_rows, number, one_line

_PROGRAM = "FreshRSS"
_FEEDS = """
SELECT f.*, c.name AS category_name FROM feed f LEFT JOIN category c ON c.id = f.category ORDER BY f.id"""
_LABELS = "SELECT e.id_entry AS entry, t.name FROM entrytag e JOIN tag t ON t.id = e.id_tag"
_ITEMS = "SELECT * FROM entry ORDER BY id"
#: The category of feeds that were put into none, in the languages it is mostly found in.
_NO_CATEGORY = frozenset(("Uncategorized", "Sans catégorie", "Unkategorisiert", "Default category"))
#: Kinds of feed that are no documents to poll: pages that FreshRSS scrapes itself.
_PLAIN_KINDS = (0, 2, None)
_STATE = "user/-/state/com.google/"
_LABEL = "user/-/label/"


class _FeedRow(Fields):
    id: int
    url: Address
    name: Text | None = None
    category_name: Text | None = None
    kind: int | None = None
    ttl: Any = None


class _LabelRow(Fields):
    entry: int
    name: Words


class _EntryRow(Fields):
    id: int
    id_feed: int
    guid: Text | None = None
    link: Address | None = None
    title: Words | None = None
    author: Words | None = None
    content: Text | None = None
    tags: Words | None = None
    attributes: Text | None = None
    date: Any = None
    is_read: Any = None
    is_favorite: Any = None


def read_database(database: ForeignDatabase) -> Source:
    """Return the feeds and entries of a user's database."""
    database.probe(_ITEMS)
    left_out: list[str] = []
    found = FoundFeeds(left_out)
    feeds: dict[int, FeedSpec] = {}
    for _, row in fit_rows("feed", database.rows(_FEEDS), _FeedRow, left_out):
        url = _plain(row.url) or ""
        if row.kind not in _PLAIN_KINDS:
            left_out.append(f"{url or one_line(row.name or '')}: no document that can be polled")
        elif spec := found.add(url, _plain(row.name), _category(row), paused=_is_muted(row.ttl)):
            feeds[row.id] = spec
    labels = _labels(database, left_out)
    now = datetime.now(UTC)

    def take(row: _EntryRow) -> MovedArticle | None:
        feed = feeds.get(row.id_feed)
        return moved(_item(row, feed, tuple(labels.get(row.id, ())), now), _PROGRAM) if feed else None

    rows = fit_rows("entry", database.rows(_ITEMS), _EntryRow, left_out)
    articles = moved_rows("entry", rows, take, left_out)
    return Source(program=_PROGRAM, feeds=found.specs(), articles=articles, left_out=left_out)


def _category(row: _FeedRow) -> tuple[str, ...]:
    category = _plain(row.category_name)
    return (category,) if category and category not in _NO_CATEGORY else ()


def _is_muted(ttl: object) -> bool:
    return isinstance(ttl, (int, float)) and ttl < 0


def _labels(database: ForeignDatabase, left_out: list[str]) -> dict[int, list[str]]:
    """Return the user's labels by entry."""
    labels: dict[int, list[str]] = {}
    if {"tag", "entrytag"} <= database.tables():
        for _, row in fit_rows("label", database.rows(_LABELS), _LabelRow, left_out):
            labels.setdefault(row.entry, []).append(_plain(row.name) or "")
    return labels


def _item(row: _EntryRow, feed: FeedSpec, labels: Sequence[str], now: datetime) -> Item:
    return Item(
        feed=FeedName(name=feed.name or feed.url, url=feed.url),
        guid=row.guid or None,
        link=_plain(row.link),
        title=_plain(row.title),
        authors=_names(row.author),
        html=row.content or None,
        published_at=at(row.date),
        # An entry's id is the time it was found at, in microseconds.
        seen_at=at(row.id / 1_000_000) or now,
        read_at=now if row.is_read else None,
        starred_at=now if row.is_favorite else None,
        tags=tuple(filter(None, labels)),
        categories=tuple(name.strip() for name in (_plain(row.tags) or "").split("#") if name.strip()),
        enclosures=_enclosures(row.attributes),
    )


def _enclosures(attributes: str | None) -> tuple[Enclosure, ...]:
    try:
        listed = as_object(json.loads(attributes or "{}")).get("enclosures")
    except (ValueError, RecursionError):
        return ()
    return _files(listed if isinstance(listed, list) else (), "url")


def _files(listed: Iterable[object], address: str) -> tuple[Enclosure, ...]:
    """Return the files among a program's objects, whose `address` is where each lies."""
    objects = [as_object(one) for one in listed]
    return tuple(
        Enclosure(url=one[address], type=kind if isinstance(kind, str) else None, length=number(one.get("length")))
        for one in objects
        if isinstance(one.get(address), str)
        for kind in [one.get("type") or None]
    )


def _names(text: str | None) -> tuple[str, ...]:
    """Return the names of a field that lists them behind semicolons."""
    return tuple(name.strip() for name in (_plain(text) or "").split(";") if name.strip())


def _plain(markup: str | None) -> str | None:
    return unescape(markup).strip() or None if markup else None


# --------------------------------------------------------------------------- the export


class _Origin(Fields):
    streamId: Text | None = None  # Google Reader's names
    feedUrl: Address | None = None
    title: Text | None = None


class _Link(Fields):
    href: Address | None = None


class _Body(Fields):
    content: Text | None = None


class _ExportedItem(Fields):
    origin: _Origin
    id: Text | int | None = None
    guid: Text | None = None
    canonical: tuple[_Link, ...] | None = None
    alternate: tuple[_Link, ...] | None = None
    title: Words | None = None
    author: Words | None = None
    content: _Body | Text | None = None
    summary: _Body | Text | None = None
    categories: tuple[Words, ...] | None = None
    enclosure: tuple[Any, ...] | None = None
    published: Any = None
    updated: Any = None


def read_export(documents: Iterable[list[Any]], left_out: list[str]) -> Source:
    """Return what the JSON files of an export hold, each a list of items; an article in several is taken once."""
    feeds = FoundFeeds(left_out)
    items: dict[str, tuple[int, tuple[_ExportedItem, FeedSpec]]] = {}
    given = (_with_id(item) for document in documents for item in document)
    for place, item in fit_rows("item", given, _ExportedItem, left_out):
        stream = (item.origin.streamId or "").removeprefix("feed/")
        if feed := feeds.add(_plain(item.origin.feedUrl) or stream, _plain(item.origin.title)):
            items.setdefault(str(item.id or place), (place, (item, feed)))
    now = datetime.now(UTC)
    in_order = sorted(items.values(), key=lambda found: at(found[1][0].published) or datetime.min.replace(tzinfo=UTC))
    articles = moved_rows("item", in_order, lambda found: moved(_exported_item(*found, now), _PROGRAM), left_out)
    return Source(program=_PROGRAM, feeds=feeds.specs(), articles=articles, left_out=left_out)


def _with_id(item: object) -> object:
    """Return an item with FreshRSS's own id, which is the same in all files, as its id."""
    return {**item, "id": item["frss:id"]} if isinstance(item, dict) and item.get("frss:id") else item


def _exported_item(item: _ExportedItem, feed: FeedSpec, now: datetime) -> Item:
    names = item.categories or ()
    states = {name.removeprefix(_STATE) for name in names if name.startswith(_STATE)}
    body = item.content or item.summary
    links = [*(item.canonical or ()), *(item.alternate or ())]
    published_at = at(item.published)
    return Item(
        feed=FeedName(name=feed.name or feed.url, url=feed.url),
        guid=item.guid or None,
        link=next((_plain(link.href) for link in links if link.href), None),
        title=_plain(item.title),
        authors=_names(item.author),
        html=body.content if isinstance(body, _Body) else body,
        published_at=published_at,
        updated_at=at(item.updated),
        seen_at=min(published_at or now, now),
        read_at=now if "read" in states else None,
        starred_at=now if "starred" in states else None,
        tags=tuple(tag for name in names if (tag := name.removeprefix(_LABEL)) != name and tag),
        categories=tuple(name for name in names if name and not name.startswith("user/")),
        enclosures=_files(item.enclosure or (), "href"),
    )
