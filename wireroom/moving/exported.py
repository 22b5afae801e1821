"""Our own export as JSON Lines, read back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.addresses import absolute_address
from scraper.clean import sanitised
from scraper.identity import article_key, content_hash
from scraper.model import ArticleRecord, EntryKeys, FeedSpec, KeyedEntry, MovedArticle, ParsedEntry
from wireroom.moving.source import Source

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_SHOWN_ERRORS = 3


def read_lines(path: Path) -> Source:
    """Return the articles of a file, in its order; deletions are passed over, lines that are no record left out."""
    left_out: list[str] = []
    feeds: dict[str, FeedSpec] = {}
    for record in _records(path, []):
        for feed in record.feeds:
            feeds.setdefault(feed.url, FeedSpec(url=feed.url, name=feed.name if feed.name != feed.url else None))
    return Source(
        program="Wireroom",
        feeds=tuple(feeds.values()),
        articles=map(_moved, _records(path, left_out)),
        left_out=left_out,
    )


@cache
def _adapter() -> TypeAdapter[ArticleRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(ArticleRecord)


def _records(path: Path, left_out: list[str]) -> Iterator[ArticleRecord]:
    from pydantic import ValidationError

    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or b'"deleted_at":' in line[:200]:
                continue
            try:
                record = _adapter().validate_json(line)
            except ValidationError as exc:
                faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors()[:_SHOWN_ERRORS]]
                left_out.append(f"line {number}: {'; '.join(faults)}")
                continue
            if fault := _address_fault(record):
                left_out.append(f"line {number}: {fault}")
            else:
                yield record


def _address_fault(record: ArticleRecord) -> str | None:
    """Return what is wrong with the addresses of a record; a file from elsewhere may hold anything."""
    images = [*record.images, *([record.image] if record.image else [])]
    addresses = {
        "url": [record.url],
        "canonical_url": [record.canonical_url] if record.canonical_url else [],
        "feeds": [feed.url for feed in record.feeds],
        "image": [image.url for image in images],
        "related": [link.url for link in record.related],
        "enclosures": [file.url for file in record.enclosures],
        "comments_url": [record.comments_url] if record.comments_url else [],
    }
    for name, given in addresses.items():
        for address in given:
            if absolute_address(address, "") is None:
                return f"{name}: {address[:100]!r} is no http address"
    return None


def _moved(record: ArticleRecord) -> MovedArticle:
    has_page = record.canonical_url is not None
    entry = ParsedEntry(
        link=record.url if has_page else None,
        title=record.title,
        authors=record.byline,
        published_at=record.published_at,
        updated_at=record.updated_at,
        summary_html=escape(record.summary) if record.summary else None,
        categories=record.categories,
        enclosures=record.enclosures,
        comments_url=record.comments_url,
        language=record.language,
    )
    key = article_key(record.url) if has_page else None
    also = (article_key(record.canonical_url),) if record.canonical_url else ()
    keys = EntryKeys(link=key, content_hash=content_hash(entry))
    return MovedArticle(record=_safe(record), entry=KeyedEntry(entry=entry, keys=keys, article_key=key), keys=also)


def _safe(record: ArticleRecord) -> ArticleRecord:
    """Return the record with its HTML through the allow-list: what was exported comes out as it went in."""
    from dataclasses import replace

    html = sanitised(record.html)
    return record if html == record.html else replace(record, html=html)
