"""JSON: one array of articles and deletions, written as they come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from scraper.model import ArticleRecord, Tombstone
from wireroom.export.base import Format
from wireroom.export.jsonl import line


def write(items: Iterable[ArticleRecord | Tombstone], stream: TextIO) -> None:
    """Write all items as one JSON array, an item a line."""
    separator = "[\n"
    for item in items:
        stream.write(separator + line(item))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


FORMAT = Format(name="json", summary="one JSON array", extension="json", write=write, tells_deleted=True)
