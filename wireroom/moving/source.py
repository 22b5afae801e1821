"""Which program wrote a file, and what is in it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scraper.errors import WireroomError
from scraper.model import FeedSpec, MovedArticle
from store.foreign import ForeignDatabase, is_database


class NotMovable(WireroomError):
    """A file is of no program that articles can be taken over from; `path` is the file."""

    def __init__(self, message: str, *, path: Path) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What another archive has."""

    #: Of the program, as people write it.
    program: str
    feeds: tuple[FeedSpec, ...]
    #: In the order in which they were filed there; read one by one.
    articles: Iterable[MovedArticle]
    #: What was left out so far, each with its reason; grows while `articles` is read.
    left_out: list[str] = field(default_factory=list)


#: What can be taken over, for `--help` and errors.
PROGRAMS = (
    "FreshRSS (db.sqlite, or its export as .zip or .json), Miniflux (JSON of /v1/entries), newsboat (cache.db), "
    "Wireroom (jsonl)"
)


def read_source(path: Path, *, star_flag: str = "") -> Source:
    """Return what is in a file; the program is told by the file itself.

    `star_flag` is the letter by which newsboat's user marked what Wireroom calls starred.

    Raises:
        NotMovable: it is of none of the programs.
        StoreUnusable: a database that cannot be read.
    """
    if is_database(path):
        return _from_database(path, star_flag)
    if zipfile.is_zipfile(path):
        from wireroom.moving.freshrss import read_export

        return read_export(_zipped(path))
    return _from_json(path)


def _from_database(path: Path, star_flag: str) -> Source:
    database = ForeignDatabase(path)
    tables = database.tables()
    if {"rss_feed", "rss_item"} <= tables:
        from wireroom.moving.newsboat import read_cache

        return read_cache(database, star_flag)
    if {"feed", "entry", "category"} <= tables:
        from wireroom.moving.freshrss import read_database

        return read_database(database)
    raise _unknown(path, f"a database with the tables {', '.join(sorted(tables)[:6])}")


def _from_json(path: Path) -> Source:
    with path.open("rb") as file:
        first = file.readline(50_000_000)
    if (line := _parsed(first)) is not None and {"id", "change_seq"} <= line.keys():
        from wireroom.moving.exported import read_lines

        return read_lines(path)
    document = _parsed(path.read_bytes())
    if document is None:
        raise _unknown(path, "neither a database nor JSON")
    if "items" in document:
        from wireroom.moving.freshrss import read_export

        return read_export([document])
    if "entries" in document:
        from wireroom.moving.miniflux import read_entries

        return read_entries(document)
    raise _unknown(path, f"JSON with {', '.join(list(document)[:6])}")


def _parsed(text: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a text is; a list counts as Miniflux's entries."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if isinstance(found, list):
        return {"entries": found}
    return found if isinstance(found, dict) else None


def _zipped(path: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        found = [_parsed(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
    return [document for document in found if document is not None and "items" in document]


def _unknown(path: Path, what: str) -> NotMovable:
    return NotMovable(f"{path} is {what}. Articles can be taken over from {PROGRAMS}.", path=path)
