"""Which program wrote a file, and what is in it."""

from __future__ import annotations

import json
import zipfile
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from scraper.errors import StoreUnusable
from scraper.text.lines import one_line, shown
from store.external import ForeignDatabase, is_database
from wireroom.importing.base import MAX_LINE, NotMovable, Source
from wireroom.importing.unpack import MAX_BYTES, Unreadable, members, read_documents, read_json
from wireroom.importing.values import as_object

_FIRST_LINES = 20
_OTHER_SHAPE = "JSON of another shape"

#: What can be taken over, for `--help` and errors.
PROGRAMS = (
    "FreshRSS (db.sqlite, or its export as .zip or .json), Miniflux (JSON of /v1/entries), newsboat (cache.db), "
    "Wireroom (jsonl)"
)


def read_source(path: Path, *, star_flag: str = "", tags_articles: bool = False) -> Source:
    """Return what is in a file; the program is told by the file itself.

    `star_flag` is the letter by which newsboat's user marked what Wireroom calls starred. With `tags_articles` they
    have the tags of their feeds themselves, because those are not added to feeds.yaml.

    Raises:
        NotMovable: it is of none of the programs, or damaged from its beginning.
    """
    try:
        if is_database(path):
            return _from_database(ForeignDatabase(path), star_flag, tags_articles)
        if zipfile.is_zipfile(path):
            return _from_zip(path, tags_articles)
        return _from_json(path, tags_articles)
    except (Unreadable, StoreUnusable) as exc:
        what = str(exc).removeprefix(f"{path} ").removesuffix(".")
        told = f"{path} is not an export that Wireroom knows: {what}. Articles can be taken over from {PROGRAMS}."
        raise NotMovable(told, path=path) from exc


def _from_database(database: ForeignDatabase, star_flag: str, tags_articles: bool) -> Source:
    tables = database.tables()
    if {"rss_feed", "rss_item"} <= tables:
        from wireroom.importing.newsboat import read_cache

        return read_cache(database, star_flag)
    if {"feed", "entry", "category"} <= tables:
        from wireroom.importing.freshrss import read_database

        return read_database(database, tags_articles=tags_articles)
    named = ", ".join(shown(one_line(name)) for name in sorted(tables)[:6])
    raise Unreadable(f"a database with the tables {named}" if named else "a database without tables")


def _from_zip(path: Path, tags_articles: bool) -> Source:
    from wireroom.importing.freshrss import read_export

    left_out: list[str] = []
    items: list[list[Any]] = []
    feed_lists: list[tuple[str, bytes]] = []
    for name, data in members(path, (".json", ".opml", ".xml"), left_out):
        if not name.lower().endswith(".json"):
            feed_lists.append((name, data))
            continue
        said: list[str] = []
        try:
            documents = read_documents(data, said)
        except Unreadable as exc:
            said.append(str(exc))
            documents = []
        listed = [_list_in(one, "items", "origin") for one in documents]
        items += (found for found in listed if found is not None)
        said += [_OTHER_SHAPE] * listed.count(None)
        left_out += (f"{name}: {what}" for what in said)
    if not items and not any(b"<opml" in data.lower() for _, data in feed_lists):
        raise Unreadable(f"a ZIP archive without articles of FreshRSS{''.join(f'; {told}' for told in left_out[:3])}")
    return read_export(items, left_out, feed_lists=feed_lists, tags_articles=tags_articles)


def _from_json(path: Path, tags_articles: bool) -> Source:
    if _has_records(path):
        from wireroom.importing.wireroom_jsonl import read_lines

        return read_lines(path)
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES // 2**20} MiB, and not Wireroom's jsonl; export it in parts")
    left_out: list[str] = []
    data = path.read_bytes()
    if found := _seems(data):
        raise Unreadable(found)
    documents = _flat(read_documents(data, left_out))
    if left_out and not any(part for one in documents for part in as_object(one).values() or [one]):
        raise Unreadable(left_out[0])
    if items := _all_in(documents, "items", "origin", left_out):
        from wireroom.importing.freshrss import read_export

        return read_export([listed for listed, _ in items], left_out, tags_articles=tags_articles)
    if answers := _all_in(documents, "entries", "feed", left_out):
        from wireroom.importing.miniflux import read_answers

        return read_answers(answers, left_out, tags_articles=tags_articles)
    names = ", ".join(shown(one_line(str(name))) for name in list(as_object(documents[0]))[:6])
    raise Unreadable(f"JSON with {names}" if names else _OTHER_SHAPE)


def _seems(data: bytes) -> str | None:
    """Say what else a file is that people take for an export."""
    if data.startswith(b"PK\x03\x04"):
        return "a ZIP archive that is cut off or damaged"
    head = data[:1000].decode(json.detect_encoding(data[:1000]), "replace").lower()
    return "a list of feeds (OPML), for `wireroom feeds import`" if "<opml" in head else None


def _flat(documents: list[object]) -> list[object]:
    """Return documents, those in a list of answers one by one."""
    first = documents[0] if len(documents) == 1 else None
    is_list = isinstance(first, list) and any({"entries", "items"} & as_object(one).keys() for one in first)
    return first if is_list and isinstance(first, list) else documents


def _all_in(documents: list[object], name: str, mark: str, left_out: list[str]) -> list[tuple[list[Any], object]]:
    """Return the lists of a program's items, each with the total that stands beside it; say which have none."""
    listed = [(_list_in(one, name, mark), as_object(one).get("total")) for one in documents]
    found = [(items, total) for items, total in listed if items is not None]
    if found:
        left_out += [_OTHER_SHAPE] * (len(listed) - len(found))
    return found


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
