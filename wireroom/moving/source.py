"""Which program wrote a file, and what is in it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from scraper.errors import StoreUnusable, WireroomError
from scraper.model import FeedSpec, MovedArticle
from store.foreign import ForeignDatabase, is_database
from wireroom.moving.unpack import MAX_BYTES, Unreadable, json_members, read_json
from wireroom.moving.values import as_object, one_line, shown

#: Bytes of one record; lines at the head of a file among which one must be a record.
MAX_LINE = 50_000_000
_FIRST_LINES = 20


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
        NotMovable: it is of none of the programs, or damaged from its beginning.
    """
    try:
        if is_database(path):
            return _from_database(ForeignDatabase(path), star_flag)
        if zipfile.is_zipfile(path):
            return _from_zip(path)
        return _from_json(path)
    except (Unreadable, StoreUnusable) as exc:
        what = str(exc).removeprefix(f"{path} ").removesuffix(".")
        told = f"{path} is not an export that Wireroom knows: {what}. Articles can be taken over from {PROGRAMS}."
        raise NotMovable(told, path=path) from exc


def _from_database(database: ForeignDatabase, star_flag: str) -> Source:
    tables = database.tables()
    if {"rss_feed", "rss_item"} <= tables:
        from wireroom.moving.newsboat import read_cache

        return read_cache(database, star_flag)
    if {"feed", "entry", "category"} <= tables:
        from wireroom.moving.freshrss import read_database

        return read_database(database)
    named = ", ".join(shown(one_line(name)) for name in sorted(tables)[:6])
    raise Unreadable(f"a database with the tables {named}" if named else "a database without tables")


def _from_zip(path: Path) -> Source:
    from wireroom.moving.freshrss import read_export

    left_out: list[str] = []
    given = (_list_in(found, "items", "origin") for found in json_members(path, left_out))
    documents = [items for items in given if items is not None]
    if not documents:
        raise Unreadable(f"a ZIP archive without articles of FreshRSS{''.join(f'; {told}' for told in left_out[:3])}")
    return read_export(documents, left_out)


def _from_json(path: Path) -> Source:
    if _has_records(path):
        from wireroom.moving.exported import read_lines

        return read_lines(path)
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES // 2**20} MiB, and not Wireroom's jsonl; export it in parts")
    document = read_json(path.read_bytes())
    if (items := _list_in(document, "items", "origin")) is not None:
        from wireroom.moving.freshrss import read_export

        return read_export([items], [])
    if (entries := _list_in(document, "entries", "feed")) is not None:
        from wireroom.moving.miniflux import read_entries

        return read_entries(entries)
    names = ", ".join(shown(one_line(str(name))) for name in list(as_object(document))[:6])
    raise Unreadable(f"JSON with {names}" if names else "JSON of another shape")


def _has_records(path: Path) -> bool:
    """Say whether a file has records of ours; its first lines may be damaged."""
    with path.open("rb") as file:
        for line in islice(iter(partial(file.readline, MAX_LINE), b""), _FIRST_LINES):
            try:
                if {"id", "change_seq"} <= as_object(read_json(line)).keys():
                    return True
            except Unreadable:
                continue
    return False


def _list_in(document: object, name: str, mark: str) -> list[Any] | None:
    """Return the list of a program's items: objects with a `mark`; None = there is none."""
    found = as_object(document).get(name)
    if name == "entries" and isinstance(document, list) and document:
        found = document
    if not isinstance(found, list):
        return None
    return found if not found or any(isinstance(as_object(one).get(mark), dict) for one in found) else None
