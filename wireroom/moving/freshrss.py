"""FreshRSS: a user's db.sqlite, or the articles of its export (JSON in the manner of Google Reader).

The database holds titles, names and addresses as HTML (FreshRSS, app/Models/Entry.php); the export too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

from scraper.model import Enclosure, FeedName, FeedSpec, MovedArticle
from store.foreign import ForeignDatabase
from wireroom.moving.item import Item, at, moved
from wireroom.moving.source import Source

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


def read_database(database: ForeignDatabase) -> Source:
    """Return the feeds and entries of a user's database."""
    left_out: list[str] = []
    feeds: dict[int, FeedSpec] = {}
    for row in database.rows(_FEEDS):
        url = _plain(row["url"]) or ""
        if row.get("kind") in _PLAIN_KINDS and url.startswith(("http://", "https://")):
            feeds[row["id"]] = _spec(row, url)
        else:
            left_out.append(f"{url or row['name']}: no document that can be polled")
    return Source(program=_PROGRAM, feeds=tuple(feeds.values()), articles=_entries(database, feeds), left_out=left_out)


def _spec(row: dict[str, Any], url: str) -> FeedSpec:
    category = _plain(row["category_name"])
    tags = (category,) if category and category not in _NO_CATEGORY else ()
    return FeedSpec(url=url, name=_plain(row["name"]), tags=tags, paused=int(row.get("ttl") or 0) < 0)


def _entries(database: ForeignDatabase, feeds: dict[int, FeedSpec]) -> Iterator[MovedArticle]:
    labels: dict[int, list[str]] = {}
    if {"tag", "entrytag"} <= database.tables():
        for row in database.rows(_LABELS):
            labels.setdefault(row["entry"], []).append(_plain(row["name"]) or "")
    now = datetime.now(UTC)
    for row in database.rows(_ITEMS):
        if row["id_feed"] in feeds:
            yield moved(_item(row, feeds[row["id_feed"]], tuple(labels.get(row["id"], ())), now), _PROGRAM)


def _item(row: dict[str, Any], feed: FeedSpec, labels: tuple[str, ...], now: datetime) -> Item:
    # An entry's id is the time it was found at, in microseconds.
    seen_at = at(int(row["id"]) / 1_000_000) or now
    return Item(
        feed=FeedName(name=feed.name or feed.url, url=feed.url),
        guid=row["guid"] or None,
        link=_plain(row["link"]),
        title=_plain(row["title"]),
        authors=_names(row["author"]),
        html=row.get("content") or None,
        published_at=at(row["date"]),
        seen_at=seen_at,
        read_at=now if row["is_read"] else None,
        starred_at=now if row["is_favorite"] else None,
        tags=labels,
        categories=tuple(name.strip() for name in (_plain(row["tags"]) or "").split("#") if name.strip()),
        enclosures=_enclosures(row.get("attributes")),
    )


def _enclosures(attributes: str | None) -> tuple[Enclosure, ...]:
    try:
        found = json.loads(attributes or "{}")
    except ValueError:
        return ()
    listed = found.get("enclosures") if isinstance(found, dict) else None
    return tuple(
        Enclosure(url=str(one["url"]), type=one.get("type") or None, length=one.get("length") or None)
        for one in listed or ()
        if isinstance(one, dict) and one.get("url")
    )


def _names(text: str | None) -> tuple[str, ...]:
    """Return the names of a field that lists them behind semicolons."""
    return tuple(name.strip() for name in (_plain(text) or "").split(";") if name.strip())


def _plain(markup: str | None) -> str | None:
    return unescape(markup).strip() or None if markup else None


# --------------------------------------------------------------------------- the export


def read_export(documents: list[dict[str, Any]]) -> Source:
    """Return what the JSON files of an export hold; an article in several of them is taken once."""
    left_out: list[str] = []
    feeds: dict[str, FeedSpec] = {}
    items: dict[str, tuple[dict[str, Any], str]] = {}
    for number, item in enumerate((item for document in documents for item in document["items"]), 1):
        origin = item.get("origin") or {}
        stream = str(origin.get("streamId") or "").removeprefix("feed/")
        url = _plain(origin.get("feedUrl")) or stream
        if not url.startswith(("http://", "https://")):
            left_out.append(f"item {number}: its feed has no http address")
            continue
        feeds.setdefault(url, FeedSpec(url=url, name=_plain(origin.get("title"))))
        items.setdefault(str(item.get("frss:id") or item.get("id") or number), (item, url))
    return Source(
        program=_PROGRAM,
        feeds=tuple(feeds.values()),
        articles=_exported(list(items.values()), feeds),
        left_out=left_out,
    )


def _exported(items: list[tuple[dict[str, Any], str]], feeds: dict[str, FeedSpec]) -> Iterator[MovedArticle]:
    now = datetime.now(UTC)
    for item, url in sorted(items, key=lambda found: float(found[0].get("published") or 0)):
        yield moved(_exported_item(item, feeds[url], now), _PROGRAM)


def _exported_item(item: dict[str, Any], feed: FeedSpec, now: datetime) -> Item:
    names = [str(name) for name in item.get("categories") or ()]
    states = {name.removeprefix(_STATE) for name in names if name.startswith(_STATE)}
    body = item.get("content") or item.get("summary") or {}
    links = [*(item.get("canonical") or ()), *(item.get("alternate") or ())]
    published_at = at(item.get("published"))
    return Item(
        feed=FeedName(name=feed.name or feed.url, url=feed.url),
        guid=item.get("guid") or None,
        link=next((_plain(link.get("href")) for link in links), None),
        title=_plain(item.get("title")),
        authors=_names(item.get("author")),
        html=body.get("content") if isinstance(body, dict) else str(body),
        published_at=published_at,
        updated_at=at(item.get("updated")),
        seen_at=min(published_at or now, now),
        read_at=now if "read" in states else None,
        starred_at=now if "starred" in states else None,
        tags=tuple(name.removeprefix(_LABEL) for name in names if name.startswith(_LABEL)),
        categories=tuple(name for name in names if not name.startswith("user/")),
        enclosures=tuple(
            Enclosure(url=file["href"], type=file.get("type") or None, length=file.get("length") or None)
            for file in item.get("enclosure") or ()
            if file.get("href")
        ),
    )
