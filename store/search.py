"""Searches: the ids of the articles that a query finds, the newest filed first, with bounded work.

One expression over `articles_stems` bounds the hits: every hit satisfies it, and SQLite walks it from the newest
article down. What that index cannot decide (phrases, prefixes, marks) is walked in step with it, each side skipping to
where the other stands; long runs of scripts without spaces are looked for in the texts of what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any

from sqlite_utils import Database

from store.columns import strings
from store.folding import flat
from store.indexing import indexed_from, languages
from store.query import Clause, Term, parse_query
from store.schema import INDEXED
from store.sought import Book, Sought, Stream, all_of, sought, written_match

_TOP = 2**63 - 1
#: Rows read before a walk is begun anew further down.
_STEPS = 64
_ID = "{id}"
_WRITTEN = """SELECT i.rowid FROM articles_fts i WHERE i.articles_fts MATCH :match AND i.rowid <= :bound
    AND +i.rowid NOT IN (SELECT article_id FROM article_facets)"""
_TEXTS = f"SELECT {', '.join(INDEXED)} FROM articles WHERE id = ?"


class Search:
    """A query made ready for one moment of the database."""

    def __init__(
        self,
        db: Database,
        text: str,
        today: date,
        *,
        below: int | None = None,
        conditions: Sequence[str] = (),
        values: Mapping[str, object],
    ) -> None:
        """`conditions` are SQL on {id} with `values`, which hits meet as well; their ids are lower than `below`."""
        self._top = _TOP if below is None else below - 1
        self._db = db
        self._values = values
        self._conditions = list(conditions)
        self.query = parse_query(text, today)
        self.book = Book(
            languages=languages(db), feeds=lambda text: feeds_meant(db, text), tagged=lambda text: _tagged(db, text)
        )
        self._wanted: list[str] = []
        self._unwanted: list[str] = []
        self._streams: list[Stream] = []
        self._checks: list[Callable[[int], bool]] = []
        self.is_hopeless = self.query.is_empty
        self._is_narrowed = False
        for clause in self.query.clauses:
            self._take(clause)

    def also(self, *terms: Term) -> None:
        """Ask for more, as if the query had these terms too; they alone make no query."""
        self._is_narrowed = self._is_narrowed or bool(terms)
        for term in terms:
            self._take((term,))

    def ids(self, limit: int = -1) -> Iterator[int]:
        """Yield the hits, the newest filed first; at most so many unless `limit` is negative."""
        found = iter(()) if self.is_hopeless else chain(self._walk(), self._walk_written())
        return islice(found, limit) if limit >= 0 else found

    def count(self) -> int:
        """Return the number of hits."""
        if self.is_hopeless:
            return 0
        if self._streams or self._all_checks() or indexed_from(self._db):
            return sum(1 for _ in self.ids())
        sql, values = self._driver()
        number: int = self._db.execute(f"SELECT count(*) FROM ({sql})", {**values, "bound": self._top}).fetchone()[0]
        return number

    @property
    def expression(self) -> str | None:
        """What every hit satisfies in `articles_stems`; None if the index does not bound the hits."""
        if not self._wanted:
            return None
        wanted = all_of(self._wanted)
        return f"({wanted}) NOT ({' OR '.join(self._unwanted)})" if self._unwanted else wanted

    # ---- taking a query apart

    def _take(self, clause: Clause) -> None:
        asked = [(term.is_wanted, sought(term, self.book)) for term in clause]
        if len(asked) == 1:
            self._take_single(*asked[0])
            return
        if all(is_wanted and thing.index is not None for is_wanted, thing in asked):
            found = [thing.index for _, thing in asked if thing.index]
            self._wanted.append(f"({' OR '.join(found)})" if found else "")
            self.is_hopeless = self.is_hopeless or not found
        if not all(is_wanted and thing.is_index_alone for is_wanted, thing in asked):
            self._checks.append(lambda number: any(self._has(number, thing) is wanted for wanted, thing in asked))

    def _take_single(self, is_wanted: bool, thing: Sought) -> None:
        if not is_wanted:
            if not thing.is_index_alone:
                self._checks.append(lambda number: not self._has(number, thing))
            elif thing.index:
                self._unwanted.append(thing.index)
            return
        if thing.index is not None:
            self._wanted.append(thing.index)
            self.is_hopeless = self.is_hopeless or not thing.index
        if thing.stream is not None:
            self._streams.append(thing.stream)
        if thing.condition is not None:
            self._conditions.append(thing.condition)
        if thing.needle is not None:
            self._checks.append(lambda number: self._says(number, thing))

    # ---- walking

    def _walk(self) -> Iterator[int]:
        sql, values = self._driver()
        walks = [_Walk(self._db, sql, values)]
        walks += [_Walk(self._db, stream.sql, {"match": stream.match}) for stream in self._streams]
        checks = self._all_checks()
        bound: int | None = self._top
        while (bound := _meeting(walks, bound)) is not None:
            if all(check(bound) for check in checks):
                yield bound
            bound -= 1

    def _walk_written(self) -> Iterator[int]:
        """Yield what the exact index alone finds among the articles that are not in the other yet."""
        before = indexed_from(self._db)
        match = written_match(self.query) if before and not self._is_narrowed else None
        if match is None:
            return
        conditions = [condition.replace(_ID, "+i.rowid") for condition in self._conditions]
        sql = " AND ".join([_WRITTEN, *conditions]) + " ORDER BY i.rowid DESC"
        values = {**self._values, "match": match, "bound": min(self._top, before - 1)}
        yield from (row[0] for row in self._db.execute(sql, values))

    def _driver(self) -> tuple[str, dict[str, object]]:
        """Return the statement that gives ids from :bound down."""
        if (match := self.expression) is not None:
            table, number, conditions = "articles_stems i", "i.rowid", ["i.articles_stems MATCH :match"]
        else:
            table, number, conditions = "articles a", "a.id", ["TRUE"]
        # With + an index of words is not asked again for each id of a list.
        conditions += [condition.replace(_ID, f"+{number}") for condition in self._conditions]
        where = " AND ".join([*conditions, f"{number} <= :bound"])
        return f"SELECT {number} FROM {table} WHERE {where} ORDER BY {number} DESC", {**self._values, "match": match}

    def _all_checks(self) -> list[Callable[[int], bool]]:
        """Return what is asked of each id that the walks come to."""
        left_over = [] if self._wanted else self._unwanted
        return [*self._checks, *map(self._lacks, left_over)]

    def _lacks(self, index: str) -> Callable[[int], bool]:
        return lambda number: not self._has(number, Sought(index=index))

    def _has(self, number: int, thing: Sought) -> bool:
        """Say whether an article has what is sought."""
        if thing.index == "" or (thing.index is not None and not self._is_found("articles_stems", thing.index, number)):
            return False
        if thing.stream is not None and not self._is_in(thing.stream, number):
            return False
        if thing.condition is not None:
            sql = f"SELECT {thing.condition.replace(_ID, ':id')}"
            if not self._db.execute(sql, {"id": number}).fetchone()[0]:
                return False
        return thing.needle is None or self._says(number, thing)

    def _is_found(self, table: str, match: str, number: int) -> bool:
        sql = f"SELECT 1 FROM {table} WHERE rowid = ? AND {table} MATCH ?"
        return self._db.execute(sql, (number, match)).fetchone() is not None

    def _is_in(self, stream: Stream, number: int) -> bool:
        if stream.match:
            return self._is_found("articles_fts", stream.match, number)
        return _Walk(self._db, stream.sql, {}).at_or_below(number) == number

    def _says(self, number: int, thing: Sought) -> bool:
        row = self._db.execute(_TEXTS, (number,)).fetchone()
        said = row["title"] if thing.is_in_title else "\n".join(row[name] or "" for name in INDEXED)
        return thing.needle is not None and thing.needle in flat(said or "")


class _Walk:
    """Ids from a statement with `:bound`, descending; begun anew where that is shorter."""

    def __init__(self, db: Database, sql: str, values: Mapping[str, object]) -> None:
        self._db = db
        self._sql = sql
        self._values = values
        self._rows: Iterator[Any] | None = None
        self._at = _TOP + 1

    def at_or_below(self, bound: int) -> int | None:
        """Return the highest id that is not above `bound`; bounds only fall."""
        if self._at <= bound:
            return self._at if self._at >= 0 else None
        for row in islice(self._rows or (), _STEPS):
            self._at = row[0]
            if self._at <= bound:
                return self._at
        self._rows = iter(self._db.execute(self._sql, {**self._values, "bound": bound}))
        self._at = next((row[0] for row in self._rows), -1)
        return self._at if self._at >= 0 else None


def _meeting(walks: Sequence[_Walk], bound: int | None) -> int | None:
    """Return the highest id up to `bound` that all walks come to."""
    while bound is not None:
        for walk in walks:
            found = walk.at_or_below(bound)
            if found != bound:
                bound = found
                break
        else:
            return bound
    return None


def feeds_meant(db: Database, text: str) -> list[int]:
    """Return the feeds that a text means: by number, address or name, else by a part of either."""
    rows = db.execute("SELECT id, name, url FROM feeds").fetchall()
    wanted = text.casefold()
    exact = [row["id"] for row in rows if wanted in (str(row["id"]), row["name"].casefold(), row["url"].casefold())]
    return exact or [row["id"] for row in rows if wanted in row["name"].casefold() or wanted in row["url"].casefold()]


def _tagged(db: Database, text: str) -> list[int]:
    """Return the feeds with a tag."""
    wanted = text.casefold()
    rows = db.execute("SELECT id, tags FROM feeds WHERE tags <> '[]'")
    return [row["id"] for row in rows if wanted in map(str.casefold, strings(row["tags"]))]
