"""Our own export as JSON Lines, read back."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from html import escape
from itertools import islice
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from scraper.clean.reader import MAX_FRAGMENT_CHARS, clean_body, sanitised
from scraper.identity import content_hash
from scraper.model import ArticleRecord, EntryKeys, FeedName, KeyedEntry, MovedArticle, ParsedEntry
from scraper.text.lines import fit, one_line
from scraper.urls import absolute_address, article_key
from wireroom.found_feeds import FoundFeeds
from wireroom.importing.base import Importer, ImportOptions, Source
from wireroom.importing.file import ImportFile
from wireroom.importing.markdown import safe_markdown
from wireroom.importing.unpack import Unreadable, read_json
from wireroom.importing.values import LONGEST_ADDRESS, as_object, faults

#: Bytes of one record; lines at the head of a file among which one must be a record.
_MAX_LINE, _FIRST_LINES = 50_000_000, 20

#: No archive has so many of anything.
_TOO_MUCH = 2**53


def read_lines(path: Path) -> Source:
    """Return the articles of a file, in its order; deletions are passed over, lines that are no record left out."""
    left_out: list[str] = []
    notes: list[str] = []
    # One that cannot be polled was not polled there either.
    feeds = FoundFeeds(notes)
    for record in _records(path, []):
        for feed in record.feeds:
            feeds.add(feed.url, feed.name if feed.name != feed.url else None)
    articles = map(_moved, _records(path, left_out))
    return Source(program="Wireroom", feeds=feeds.specs(), articles=articles, left_out=left_out, notes=notes)


@cache
def _adapter() -> TypeAdapter[ArticleRecord]:
    return TypeAdapter(ArticleRecord)


def _records(path: Path, left_out: list[str]) -> Iterator[ArticleRecord]:
    for number, line in _lines(path):
        if not line.strip() or b'"deleted_at":' in line[:200]:
            continue
        try:
            record = _adapter().validate_json(line)
        except ValidationError as exc:
            left_out.append(f"line {number}: {faults(exc)}")
            continue
        if fault := _address_fault(record) or _range_fault(record):
            left_out.append(f"line {number}: {fault}")
        else:
            yield _safe(record)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines with their numbers; of one without end, no more than its beginning."""
    with path.open("rb") as file:
        number, is_rest = 0, False
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        while line := file.readline(_MAX_LINE):
            if not is_rest:
                number += 1
                yield number, line
            is_rest = not line.endswith(b"\n")


def _address_fault(record: ArticleRecord) -> str | None:
    """Return what is wrong with the addresses of a record; a file from elsewhere may hold anything."""
    images = [*record.images, *([record.image] if record.image else [])]
    addresses = {
        "url": [record.url],
        "canonical_url": [record.canonical_url] if record.canonical_url else [],
        "image": [image.url for image in images],
        "related": [link.url for link in record.related],
        "enclosures": [file.url for file in record.enclosures],
        "comments_url": [record.comments_url] if record.comments_url else [],
    }
    if any(not 0 < len(one_line(feed.url)) <= LONGEST_ADDRESS for feed in record.feeds):
        return "feeds: an address is missing or endless"
    for name, given in addresses.items():
        for address in given:
            if absolute_address(address, "") is None:
                return f"{name}: {address[:100]!r} is no http address"
    return None


def _range_fault(record: ArticleRecord) -> str | None:
    """Return what lies beyond all numbers of an archive, and all times that have a name everywhere."""
    numbers = {
        "id": [record.id],
        "change_seq": [record.change_seq],
        "revision": [record.revision],
        "word_count": [record.word_count],
        "story_id": [record.story_id or 0],
        "enclosures.length": [file.length or 0 for file in record.enclosures],
    }
    times = ("published_at", "updated_at", "first_seen_at", "fetched_at", "read_at", "starred_at")
    is_sure = record.confidence is None or 0 <= record.confidence <= 1
    wrong = [] if is_sure else ["confidence"]
    wrong += [name for name, given in numbers.items() if any(not 0 <= number < _TOO_MUCH for number in given)]
    wrong += [name for name in times if (at := getattr(record, name)) and not 1 < at.year < 9999]
    return f"{wrong[0]}: out of range" if wrong else None


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
    # Without a page of its own it is told from others by its words alone.
    words = entry if has_page else replace(entry, content_html=record.html)
    also = (article_key(record.canonical_url),) if record.canonical_url else ()
    keys = EntryKeys(link=key, content_hash=content_hash(words))
    return MovedArticle(record=record, entry=KeyedEntry(entry=entry, keys=keys, article_key=key), keys=also)


def _safe(record: ArticleRecord) -> ArticleRecord:
    """Return the record with its HTML through the allow-list, its Markdown made of that, and texts that can be stored.

    What was exported comes out as it went in.
    """
    record = cast("ArticleRecord", _fit(record))
    html = sanitised(record.html)
    if html and len(html) <= MAX_FRAGMENT_CHARS:
        markdown = clean_body(html, base_url=record.url).markdown
    else:
        markdown = safe_markdown(record.markdown)
    feeds = tuple(FeedName(name=one_line(feed.name), url=one_line(feed.url)) for feed in record.feeds)
    title = one_line(record.title) if record.title else None
    return replace(record, html=html, markdown=markdown, title=title, feeds=feeds)


def _fit(value: object) -> object:
    """Return a value with all texts in it fit to be stored, and all instants in UTC."""
    if isinstance(value, str):
        return fit(value)
    if isinstance(value, tuple):
        return tuple(map(_fit, value))
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _fit(getattr(value, field.name)) for field in fields(value)})
    return value


def _recognises(file: ImportFile) -> bool:
    """Say whether a file has records of ours; its first lines may be damaged."""
    if file.is_packed:
        return False
    with file.path.open("rb") as lines:
        for line in islice(iter(partial(lines.readline, _MAX_LINE), b""), _FIRST_LINES):
            try:
                if {"id", "change_seq"} <= as_object(read_json(line)).keys():
                    return True
            except Unreadable:
                continue
    return False


def _read(file: ImportFile, options: ImportOptions) -> Source:
    return read_lines(file.path)


IMPORTER = Importer(name="wireroom", takes="Wireroom (jsonl)", recognises=_recognises, read=_read)
