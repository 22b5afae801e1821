"""FreshRSS: a user's db.sqlite, or its export (JSON in the manner of Google Reader, and the feeds as OPML).

The database holds titles, names and addresses as HTML (FreshRSS, app/Models/Entry.php); the export too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import unescape
from itertools import chain
from typing import Any

from scraper.model import Enclosure, MovedArticle
from store.external import ForeignDatabase
from wireroom.found_feeds import FoundFeed, FoundFeeds, named
from wireroom.importing.base import Importer, ImportOptions, Source
from wireroom.importing.file import ImportFile, has_list, lists_in
from wireroom.importing.item import Item, at, moved
from wireroom.importing.values import Address, Fields, Text, Words, as_object, fit_rows, moved_rows, number
from wireroom.opml import NotOpml, add_opml

_PROGRAM = "FreshRSS"
_FEEDS = """
SELECT f.*, c.name AS category_name FROM feed f LEFT JOIN category c ON c.id = f.category ORDER BY f.id"""
_CATEGORIES = "SELECT * FROM category ORDER BY id"
_LABELS = "SELECT e.id_entry AS entry, t.name FROM entrytag e JOIN tag t ON t.id = e.id_tag"
_ITEMS = "SELECT * FROM entry ORDER BY id"
#: What was fetched last, until FreshRSS puts it among the others.
_NEW_ITEMS = "SELECT * FROM entrytmp ORDER BY id"
#: The category of feeds that were put into none, in the languages it is mostly found in.
_NO_CATEGORY = frozenset(("Uncategorized", "Sans catégorie", "Unkategorisiert", "Default category"))
#: Kinds of feed that are documents to poll: RSS and Atom, however served, and JSON Feed. Others are pages and data
#: that FreshRSS takes apart by its user's rules.
_PLAIN_KINDS = (0, 2, 25, None)
_OF_A_PAGE = "a page that FreshRSS takes apart itself, not a feed"
#: A mark or label, whoever's it is.
_STATE = re.compile(r"user/[^/]{1,100}/state/com\.google/(.*)", re.DOTALL)
_LABEL = re.compile(r"user/[^/]{1,100}/label/(.*)", re.DOTALL)
#: What a feed's attributes say of how it is fetched and filtered.
_SETTINGS = ("filters", "path_entries", "path_entries_filter", "curl_params", "path_entries_conditions")


class _FeedRow(Fields):
    id: int
    url: Address
    name: Text | None = None
    category_name: Text | None = None
    kind: int | None = None
    ttl: Any = None
    pathEntries: Any = None  # FreshRSS's name
    httpAuth: Any = None
    attributes: Any = None


class _CategoryRow(Fields):
    name: Text | None = None
    attributes: Any = None


class _LabelRow(Fields):
    entry: int
    name: Words


class _EntryRow(Fields):
    id: int
    id_feed: int | None = None
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


def read_database(database: ForeignDatabase, *, tags_articles: bool = False) -> Source:
    """Return the feeds and entries of a user's database."""
    database.probe(_ITEMS)
    left_out: list[str] = []
    notes: list[str] = []
    found = FoundFeeds(left_out, no_tags=_NO_CATEGORY, tags_articles=tags_articles)
    feeds: dict[int | None, FoundFeed] = {}
    for _, row in fit_rows("feed", database.rows(_FEEDS), _FeedRow, left_out):
        feeds[row.id] = _found(found, row)
    _name_lists(database, left_out)
    labels = _labels(database, left_out)
    now = datetime.now(UTC)

    def take(row: _EntryRow) -> MovedArticle | None:
        if row.id_feed not in feeds:
            feeds[row.id_feed] = FoundFeed(name=None)
            what = (
                "entries that name no feed"
                if row.id_feed is None
                else f"articles of feed {row.id_feed}, which FreshRSS has not"
            )
            notes.append(f"{what}: kept without a feed")
        return moved(_item(row, feeds[row.id_feed], tuple(labels.get(row.id, ())), now), _PROGRAM)

    tables = (_ITEMS, _NEW_ITEMS) if "entrytmp" in database.tables() else (_ITEMS,)
    given = chain.from_iterable(map(database.rows, tables))
    articles = moved_rows("entry", fit_rows("entry", given, _EntryRow, left_out), take, left_out)
    return Source(program=_PROGRAM, feeds=found.specs(), articles=articles, left_out=left_out, notes=notes)


def _found(found: FoundFeeds, row: _FeedRow) -> FoundFeed:
    url, fault = _plain(row.url) or "", None if row.kind in _PLAIN_KINDS else _OF_A_PAGE
    feed = found.add(url, _plain(row.name), (_plain(row.category_name),), paused=_is_muted(row.ttl), fault=fault)
    if fault is None:
        has_login = isinstance(row.httpAuth, str) and row.httpAuth
        found.lacks(
            url, ("httpAuth",) if has_login else (), "its login, not copied: write auth at the feed in feeds.yaml"
        )
        attributes = _attributes(row.attributes)
        rules = [name for name in _SETTINGS if attributes.get(name)]
        rules += ["pathEntries"] if isinstance(row.pathEntries, str) and row.pathEntries else []
        found.lacks(url, rules, "its settings in FreshRSS, not taken over")
    return feed


def _name_lists(database: ForeignDatabase, left_out: list[str]) -> None:
    """Say which categories are lists that FreshRSS fetches from elsewhere."""
    for _, row in fit_rows("category", database.rows(_CATEGORIES), _CategoryRow, left_out):
        address = _attributes(row.attributes).get("opml_url")
        if isinstance(address, str) and address:
            told = "a list that FreshRSS fetches anew; the feeds that are in it now are taken over"
            left_out.append(f"{named(address, _plain(row.name))}: {told}")


def _is_muted(ttl: object) -> bool:
    return isinstance(ttl, (int, float)) and ttl < 0


def _labels(database: ForeignDatabase, left_out: list[str]) -> dict[int, list[str]]:
    """Return the user's labels by entry."""
    labels: dict[int, list[str]] = {}
    if {"tag", "entrytag"} <= database.tables():
        for _, row in fit_rows("label", database.rows(_LABELS), _LabelRow, left_out):
            labels.setdefault(row.entry, []).append(_plain(row.name) or "")
    return labels


def _item(row: _EntryRow, feed: FoundFeed, labels: Sequence[str], now: datetime) -> Item:
    return Item(
        feed=feed.name,
        site_name=feed.title,
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
        tags=tuple(filter(None, (*feed.tags, *labels))),
        categories=tuple(name.strip() for name in (_plain(row.tags) or "").split("#") if name.strip()),
        enclosures=_enclosures(row.attributes),
    )


def _enclosures(attributes: str | None) -> tuple[Enclosure, ...]:
    listed = _attributes(attributes).get("enclosures")
    return _files(listed if isinstance(listed, list) else (), "url")


def _attributes(text: object) -> dict[str, Any]:
    if not isinstance(text, str) or len(text) < len('{"":1}'):  # most have none
        return {}
    try:
        return as_object(json.loads(text))
    except (ValueError, RecursionError):
        return {}


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
    timestampUsec: Any = None  # Google Reader's name


def read_export(
    documents: Iterable[list[Any]],
    left_out: list[str],
    *,
    feed_lists: Sequence[tuple[str, bytes]] = (),
    tags_articles: bool = False,
) -> Source:
    """Return what the files of an export hold: JSON files, each a list of items, and feed lists with their names.

    An article in several files is taken once.
    """
    feeds = FoundFeeds(left_out, no_tags=_NO_CATEGORY, tags_articles=tags_articles)
    notes: list[str] = []
    for name, document in feed_lists:
        mended: list[str] = []
        try:
            add_opml(document, feeds, left_out, mended)
        except NotOpml as exc:
            left_out.append(f"{name}: {exc}")
        notes += (f"{name}: mended: {what}" for what in mended)
    items: dict[str, tuple[int, tuple[_ExportedItem, FoundFeed]]] = {}
    given = (_with_id(item) for document in documents for item in document)
    for place, item in fit_rows("item", given, _ExportedItem, left_out):
        key = str(item.id or f"at {place}")
        if key not in items:
            stream = (item.origin.streamId or "").removeprefix("feed/")
            url = _plain(item.origin.feedUrl) or ("" if stream.isdecimal() else stream)
            items[key] = (place, (item, feeds.add(url, _plain(item.origin.title))))
    now = datetime.now(UTC)
    in_order = sorted(items.values(), key=lambda found: _found_at(found[1][0]) or datetime.min.replace(tzinfo=UTC))
    articles = moved_rows("item", in_order, lambda found: moved(_exported_item(*found, now), _PROGRAM), left_out)
    return Source(program=_PROGRAM, feeds=feeds.specs(), articles=articles, left_out=left_out, notes=notes)


def _with_id(item: object) -> object:
    """Return an item with FreshRSS's own id, which is the same in all files, as its id."""
    return {**item, "id": item["frss:id"]} if isinstance(item, dict) and item.get("frss:id") else item


def _found_at(item: _ExportedItem) -> datetime | None:
    """Return when FreshRSS found an item, or else when it was published."""
    microseconds = number(item.timestampUsec)
    return (at(microseconds / 1_000_000) if microseconds else None) or at(item.published)


def _exported_item(item: _ExportedItem, feed: FoundFeed, now: datetime) -> Item:
    names = item.categories or ()
    states = {found[1] for name in names if (found := _STATE.fullmatch(name))}
    labels = tuple(found[1] for name in names if (found := _LABEL.fullmatch(name)) and found[1])
    body = item.content or item.summary
    links = [*(item.canonical or ()), *(item.alternate or ())]
    return Item(
        feed=feed.name,
        site_name=feed.title,
        guid=item.guid or None,
        link=next((_plain(link.href) for link in links if link.href), None),
        title=_plain(item.title),
        authors=_names(item.author),
        html=body.content if isinstance(body, _Body) else body,
        published_at=at(item.published),
        updated_at=at(item.updated),
        seen_at=min(_found_at(item) or now, now),
        read_at=now if "read" in states else None,
        starred_at=now if "starred" in states else None,
        tags=(*feed.tags, *labels),
        categories=tuple(name for name in names if name and not name.startswith("user/")),
        enclosures=_files(item.enclosure or (), "href"),
    )


def _recognises(file: ImportFile) -> bool:
    if file.database is not None:
        return {"feed", "entry", "category"} <= file.tables
    if file.is_zip:
        has_feeds = any(b"<opml" in data.lower() for _, data in file.members.feed_lists)
        return has_feeds or any(has_list(found.documents, "items", "origin") for _, found in file.members.documents)
    return has_list(file.json.documents, "items", "origin")


def _read(file: ImportFile, options: ImportOptions) -> Source:
    if file.database is not None:
        return read_database(file.database, tags_articles=options.tags_articles)
    if not file.is_zip:
        left_out = [*file.json.left_out]
        return read_export(_items(file.json.documents, left_out), left_out, tags_articles=options.tags_articles)
    items: list[list[Any]] = []
    left_out = [*file.members.left_out]
    for name, found in file.members.documents:
        said = [*found.left_out, *([found.fault] if found.fault else [])]
        items += _items(found.documents, said)
        left_out += (f"{name}: {what}" for what in said)
    feed_lists = file.members.feed_lists
    return read_export(items, left_out, feed_lists=feed_lists, tags_articles=options.tags_articles)


def _items(documents: Sequence[object], left_out: list[str]) -> list[list[Any]]:
    return [listed for listed, _ in lists_in(documents, "items", "origin", left_out)]


IMPORTER = Importer(
    name="freshrss",
    takes="FreshRSS (db.sqlite, or its export as .zip or .json)",
    recognises=_recognises,
    read=_read,
)
