"""JSON Lines: one article, or one deletion, a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from scraper.model import ArticleRecord, Tombstone
from wireroom.export.base import Format
from wireroom.export.record import record_to_json, tombstone_to_json


def write(items: Iterable[ArticleRecord | Tombstone], stream: TextIO) -> None:
    """Write each item as one line of JSON."""
    for item in items:
        stream.write(line(item) + "\n")


def line(item: ArticleRecord | Tombstone) -> str:
    """Return an item as JSON without line breaks."""
    plain = tombstone_to_json(item) if isinstance(item, Tombstone) else record_to_json(item)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


FORMAT = Format(name="jsonl", summary="one JSON object a line", extension="jsonl", write=write, tells_deleted=True)
