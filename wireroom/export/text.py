"""Plain text: what a person would file, a short heading and the paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from scraper.model import ArticleRecord, Tombstone
from wireroom.export.base import Format
from wireroom.export.record import rfc3339

#: Stands between articles that share one stream.
SEPARATOR = "\n" + "=" * 72 + "\n\n"


def write(items: Iterable[ArticleRecord | Tombstone], stream: TextIO) -> None:
    """Write all articles one after the other, a ruled line between them."""
    separator = ""
    for item in items:
        if not isinstance(item, Tombstone):
            stream.write(separator + page(item))
            separator = SEPARATOR


def page(record: ArticleRecord) -> str:
    """Return one article: title, byline, site, date and address, then its text."""
    source = ", ".join(filter(None, (record.site_name, _date(record))))
    heading = (record.title or record.url, "; ".join(record.byline), source, record.url)
    return "\n".join(filter(None, heading)) + "\n\n" + record.text.strip() + "\n"


def _date(record: ArticleRecord) -> str:
    return rfc3339(record.published_at or record.first_seen_at)


FORMAT = Format(name="text", summary="one .txt file an article", extension="txt", write=write, page=page)
