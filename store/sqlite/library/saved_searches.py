"""Searches that are kept under a name, and the building of the index they read."""

from __future__ import annotations

from datetime import datetime

from scraper.errors import NotFound
from scraper.model import SavedSearch
from store.sqlite.database.columns import some_instant, storable, to_text
from store.sqlite.database.connections import Base
from store.sqlite.search.asked import query_faults
from store.sqlite.search.index import (
    index_batch,
    index_waiting,
    indexed_from,
    is_any_waiting,
    lacking,
    not_indexed,
    reopen_index,
)

#: Articles indexed in one unit of work: others wait for it.
_BATCH = 100
_SAVE = "INSERT OR REPLACE INTO saved_searches (name, query, saved_at) VALUES (:name, :query, :at)"
_FORGET = "DELETE FROM saved_searches WHERE name = :name"


class Searches(Base):
    """Saved searches; catching up with the index."""

    def saved_searches(self) -> tuple[SavedSearch, ...]:
        with self._read() as db:
            rows = db.execute("SELECT * FROM saved_searches ORDER BY name").fetchall()
        return tuple(
            SavedSearch(name=row["name"], query=row["query"], saved_at=some_instant(row["saved_at"])) for row in rows
        )

    def save_search(self, name: str, query: str | None, *, now: datetime) -> None:
        values = {"name": storable(name), "query": query and storable(query), "at": to_text(now)}
        if not self._write(lambda db: db.execute(_FORGET if query is None else _SAVE, values).rowcount):
            raise NotFound(f"No search is saved as {name!r}; `wireroom searches` lists them.", what=name)

    def query_faults(self, query: str | None, tag: str | None = None) -> tuple[str, ...]:
        with self._read() as db:
            return query_faults(db, query or "", tag, self._now().date())

    def index_more(self, *, hidden_too: bool = False) -> int:
        since = to_text(self._now() if hidden_too else self._settled_before())
        with self._read() as db:
            is_whole, is_waited_for = indexed_from(db) == 0, is_any_waiting(db, since)
        if is_waited_for:
            return self._write(lambda db: index_waiting(db, _BATCH, since))
        return 0 if is_whole else self._write(lambda db: index_batch(db, _BATCH))

    def not_indexed(self) -> int:
        with self._read() as db:
            return not_indexed(db)

    def reopen_index(self) -> int:
        """Have `index_more` put in the articles that the index lacks, whatever the cause; return how many they are."""
        with self._read() as db:
            count, _ = lacking(db)
        return self._write(reopen_index) if count else 0
