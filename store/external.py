"""Other programs' SQLite databases, read only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scraper.errors import StoreUnusable

_HEADER = b"SQLite format 3\0"
#: Bytes of one value, however it comes about.
_LONGEST_VALUE = 100_000_000
#: Real ones alone: what views and virtual tables do is another program's will.
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"


def is_database(path: Path) -> bool:
    """Say whether a file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


class ForeignDatabase:
    """Another program's database; nothing is ever written to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tables(self) -> frozenset[str]:
        """Return the names of its tables."""
        return frozenset(row["name"] for row in self.rows(_TABLES))

    def probe(self, sql: str) -> None:
        """See that a query can be made.

        Raises:
            StoreUnusable: it has no such table or column, or its first page cannot be read.
        """
        next(self.rows(f"{sql} LIMIT 1"), None)

    def rows(self, sql: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a query as dictionaries, lazily; text that is not UTF-8 is read with replacements.

        Raises:
            StoreUnusable: it cannot be read, or has no such table or column.
        """
        try:
            connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)
        except sqlite3.Error as exc:
            raise self._fault(exc) from exc
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            connection.execute("PRAGMA trusted_schema = OFF")
            for row in connection.execute(sql):
                yield dict(row)
        except (sqlite3.Error, OverflowError) as exc:
            raise self._fault(exc) from exc
        finally:
            connection.close()

    def _fault(self, exc: Exception) -> StoreUnusable:
        return StoreUnusable(
            f"{self._path} cannot be read ({exc}). "
            "Stop the program that it belongs to, copy the file and try the copy.",
            path=self._path,
        )
