"""A file to import, taken apart once for all importers that ask what it is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scraper.text.lines import one_line, shown
from store.external import ForeignDatabase, is_database
from wireroom.importing.unpack import MAX_BYTES, Unreadable, members, read_documents
from wireroom.importing.values import as_object

_OTHER_SHAPE = "JSON of another shape"
_PACKED = (".json", ".opml", ".xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The JSON documents of a file."""

    documents: Sequence[object] = ()
    #: What of it could not be read.
    left_out: Sequence[str] = ()
    #: Why none was read; None = some were.
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """What is in a ZIP archive, by name."""

    documents: Sequence[tuple[str, Documents]]
    feed_lists: Sequence[tuple[str, bytes]]
    #: What could not be unpacked.
    left_out: Sequence[str]


class ImportFile:
    """A file that somebody wants to import; nothing of it is read before it is asked for, and nothing twice."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def database(self) -> ForeignDatabase | None:
        """The SQLite database that it is; None = it is none."""
        return ForeignDatabase(self.path) if is_database(self.path) else None

    @cached_property
    def tables(self) -> frozenset[str]:
        """The names of the database's tables; none if it is no database.

        Raises:
            StoreUnusable: it is a database that cannot be read.
        """
        return self.database.tables() if self.database else frozenset()

    @cached_property
    def is_zip(self) -> bool:
        """Whether it is a ZIP archive."""
        return self.database is None and zipfile.is_zipfile(self.path)

    @property
    def is_packed(self) -> bool:
        """Whether it is a database or an archive, so that its own bytes are no text."""
        return self.database is not None or self.is_zip

    @cached_property
    def members(self) -> Members:
        """The JSON documents and feed lists (OPML) in a ZIP archive; none if it is no archive.

        Raises:
            Unreadable: it is a damaged archive, or larger than any export.
        """
        left_out: list[str] = []
        documents: list[tuple[str, Documents]] = []
        feed_lists: list[tuple[str, bytes]] = []
        for name, data in members(self.path, _PACKED, left_out) if self.is_zip else ():
            if name.lower().endswith(".json"):
                documents.append((name, _documents(data)))
            else:
                feed_lists.append((name, data))
        return Members(documents=documents, feed_lists=feed_lists, left_out=left_out)

    @cached_property
    def json(self) -> Documents:
        """The JSON documents that stand in it one behind the other, those in a list of answers one by one."""
        if self.is_packed:
            return Documents()
        if self.path.stat().st_size > MAX_BYTES:
            larger = f"larger than {MAX_BYTES // 2**20} MiB, and not Wireroom's jsonl; export it in parts"
            return Documents(fault=larger)
        data = self.path.read_bytes()
        if fault := _seems(data):
            return Documents(fault=fault)
        found = _documents(data)
        flat = _flat(found.documents)
        if found.left_out and not any(part for one in flat for part in as_object(one).values() or [one]):
            return Documents(fault=found.left_out[0])
        return Documents(documents=flat, left_out=found.left_out, fault=found.fault)

    def description(self) -> str:
        """Say what it is, for whoever took it for an export."""
        if self.database:
            named = ", ".join(shown(one_line(name)) for name in sorted(self.tables)[:6])
            return f"a database with the tables {named}" if named else "a database without tables"
        if self.is_zip:
            said = [*self.members.left_out]
            said += [f"{name}: {found.fault or _OTHER_SHAPE}" for name, found in self.members.documents]
            return f"a ZIP archive without articles of FreshRSS{''.join(f'; {what}' for what in said[:3])}"
        if self.json.fault:
            return self.json.fault
        names = ", ".join(shown(one_line(str(name))) for name in list(as_object(self.json.documents[0]))[:6])
        return f"JSON with {names}" if names else _OTHER_SHAPE


def lists_in(documents: Sequence[object], name: str, mark: str, left_out: list[str]) -> list[tuple[list[Any], object]]:
    """Return the lists of a program's items, objects with a `mark`, each with the total that stands beside it.

    `left_out` is told of the documents that have none.
    """
    listed = [(_list_in(one, name, mark), as_object(one).get("total")) for one in documents]
    found = [(items, total) for items, total in listed if items is not None]
    left_out += [_OTHER_SHAPE] * (len(listed) - len(found))
    return found


def has_list(documents: Sequence[object], name: str, mark: str) -> bool:
    """Say whether any document has a list of a program's items."""
    return any(_list_in(one, name, mark) is not None for one in documents)


def _list_in(document: object, name: str, mark: str) -> list[Any] | None:
    """Return the list of a program's items: objects with a `mark`; None = there is none."""
    found = as_object(document).get(name)
    if name == "entries" and isinstance(document, list) and document:
        found = document
    if not isinstance(found, list):
        return None
    return found if not found or any(isinstance(as_object(one).get(mark), dict) for one in found) else None


def _documents(data: bytes) -> Documents:
    left_out: list[str] = []
    try:
        return Documents(documents=read_documents(data, left_out), left_out=left_out)
    except Unreadable as exc:
        return Documents(left_out=left_out, fault=str(exc))


def _seems(data: bytes) -> str | None:
    """Say what else a file is that people take for an export."""
    if data.startswith(b"PK\x03\x04"):
        return "a ZIP archive that is cut off or damaged"
    head = data[:1000].decode(json.detect_encoding(data[:1000]), "replace").lower()
    return "a list of feeds (OPML), for `wireroom feeds import`" if "<opml" in head else None


def _flat(documents: Sequence[object]) -> Sequence[object]:
    """Return documents, those in a list of answers one by one."""
    first = documents[0] if len(documents) == 1 else None
    is_list = isinstance(first, list) and any({"entries", "items"} & as_object(one).keys() for one in first)
    return first if is_list and isinstance(first, list) else documents
