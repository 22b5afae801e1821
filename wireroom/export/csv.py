"""CSV for spreadsheets and data frames: one row an article, every cell flat."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TextIO

from scraper.model import ArticleRecord, Image, Tombstone
from wireroom.export.base import Format
from wireroom.export.record import RECORD_FIELDS, rfc3339

#: A spreadsheet takes a cell that starts with one of these for a formula and may run it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_IMAGE_PARTS = ("url", "alt", "caption", "credit")

# How the fields that are not one value become cells: lists of names are joined with "; ", of addresses with a blank.
_FLAT: dict[str, dict[str, Callable[[ArticleRecord], str | None]]] = {
    "byline": {"byline": lambda record: "; ".join(record.byline)},
    "agencies": {"agencies": lambda record: "; ".join(record.agencies)},
    "image": {f"image_{part}": lambda record, part=part: _image_part(record.image, part) for part in _IMAGE_PARTS},  # type: ignore[misc]  # mypy infers no type for a lambda with a default
    "images": {"images": lambda record: " ".join(image.url for image in record.images)},
    "related": {
        "related_urls": lambda record: " ".join(link.url for link in record.related),
        "related_titles": lambda record: "; ".join(link.title for link in record.related),
    },
    "enclosures": {"enclosures": lambda record: " ".join(enclosure.url for enclosure in record.enclosures)},
    "categories": {"categories": lambda record: "; ".join(record.categories)},
    "feeds": {
        "feeds": lambda record: "; ".join(feed.name for feed in record.feeds),
        "feed_urls": lambda record: " ".join(feed.url for feed in record.feeds),
    },
    "tags": {"tags": lambda record: "; ".join(record.tags)},
}

#: The columns, in their order.
COLUMNS: tuple[str, ...] = tuple(column for name in RECORD_FIELDS for column in _FLAT.get(name, {name: None}))


def write(items: Iterable[ArticleRecord | Tombstone], stream: TextIO) -> None:
    """Write a heading and one row for each article; deletions have no row.

    Lines end with CR LF (RFC 4180). Cells that a spreadsheet would take for a formula start with an apostrophe.
    """
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for item in items:
        if not isinstance(item, Tombstone):
            writer.writerow(_row(item))


def _row(record: ArticleRecord) -> list[str]:
    row: list[str] = []
    for name in RECORD_FIELDS:
        columns = _FLAT.get(name)
        values = [getattr(record, name)] if columns is None else [value(record) for value in columns.values()]
        row.extend(map(_cell, values))
    return row


def _cell(value: str | int | datetime | None) -> str:
    if value is None:
        return ""
    text = rfc3339(value) if isinstance(value, datetime) else str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _image_part(image: Image | None, part: str) -> str | None:
    return getattr(image, part) if image else None


FORMAT = Format(name="csv", summary="one row an article, lists joined", extension="csv", write=write)
