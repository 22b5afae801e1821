"""Rows of new articles, gathered and written together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from store.sqlite.database.columns import insert_all
from store.sqlite.search.index import index_articles

#: In this order: all others name articles.
_TABLES = ("articles", "article_keys", "revisions", "decisions", "entries", "marks", "article_tags")
#: Where an article's row may be there already: two articles' keys, a tag said twice.
_SHARED = frozenset(("article_keys", "article_tags"))
_HIGHEST = """
SELECT max(coalesce(max(id), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'articles'), 0))
FROM articles"""


class NewArticles:
    """New articles of a unit of work: `add` takes their rows, `write` has them filed and indexed.

    Not one by one: each article filed by a statement of its own has its words written to a segment of the full-text
    index by itself, for what fires a trigger is a savepoint, and at each of these FTS5 writes what it has gathered.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in _TABLES}
        self._first_id = self._next_id = 0

    def add_article(self, values: Mapping[str, object]) -> int:
        """Take in an article; return the id that it will have."""
        if not self._rows["articles"]:
            self._first_id = self._next_id = self._db.execute(_HIGHEST).fetchone()[0] + 1
        article_id, self._next_id = self._next_id, self._next_id + 1
        self._rows["articles"].append({"id": article_id, **values})
        return article_id

    def add(self, table: str, values: Mapping[str, object]) -> None:
        """Take in a row of another table that belongs to an article taken in before."""
        self._rows[table].append(values)

    def has(self, article_id: int) -> bool:
        """Say whether an article is not written yet."""
        return self._first_id <= article_id < self._next_id

    def write(self) -> None:
        """File all that was taken in, and put the articles in the index."""
        for table in _TABLES:
            insert_all(self._db, table, self._rows[table], passing_over=table in _SHARED)
            self._rows[table] = []
        index_articles(self._db, range(self._first_id, self._next_id))
        self._first_id = self._next_id
