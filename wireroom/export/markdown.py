"""Markdown with YAML front matter: notes that Obsidian, Pandoc and static site generators take as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TextIO

from scraper.model import ArticleRecord, Tombstone
from wireroom.export.base import Format
from wireroom.export.record import rfc3339

# JSON strings are YAML strings but for what YAML calls not printable, or folds as a line break, and JSON leaves bare.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write(items: Iterable[ArticleRecord | Tombstone], stream: TextIO) -> None:
    """Write all articles one after the other, each after a comment that names its id."""
    for item in items:
        if not isinstance(item, Tombstone):
            stream.write(f"<!-- wireroom article {item.id} -->\n{page(item)}\n")


def page(record: ArticleRecord) -> str:
    """Return one article as front matter and body."""
    front = "".join(f"{name}: {value}\n" for name, value in _front_matter(record))
    return f"---\n{front}---\n\n{record.markdown.strip()}\n"


def _front_matter(record: ArticleRecord) -> Iterator[tuple[str, str]]:
    yield "id", str(record.id)
    values: tuple[tuple[str, str | datetime | None], ...] = (
        ("title", record.title or record.url),
        ("url", record.url),
        ("published", record.published_at),
        ("updated", record.updated_at),
        ("filed", record.first_seen_at),
        ("site", record.site_name),
        ("section", record.section),
        ("language", record.language),
        ("summary", record.summary),
        ("image", record.image.url if record.image else None),
    )
    for name, value in values:
        if value is not None:
            yield name, rfc3339(value) if isinstance(value, datetime) else yaml_string(value)
    for name, texts in (("authors", record.byline), ("tags", record.tags)):
        yield name, "[" + ", ".join(map(yaml_string, texts)) + "]"
    yield "status", record.status


def yaml_string(text: str) -> str:
    """Return `text` as a double-quoted YAML scalar on one line."""
    return _NOT_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


FORMAT = Format(
    name="markdown",
    summary="one .md file an article, with YAML front matter",
    extension="md",
    write=write,
    page=page,
)
