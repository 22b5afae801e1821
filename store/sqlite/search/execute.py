"""Searches: the ids of the articles that a query finds, the newest filed first, with bounded work.

One expression over `articles_stems` bounds the hits: every hit satisfies it, and SQLite walks it from the newest
article down. What that index cannot decide (phrases, prefixes, marks) is walked in step with it, each side skipping to
where the other stands, alternatives and exclusions as well (walks.py); long runs of scripts without spaces are
looked for in the texts of what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice

from sqlite_utils import Database

from scraper.query.language import Clause, Term, parse_query
from store.sqlite.database.columns import strings
from store.sqlite.schema.migrations import INDEXED
from store.sqlite.search.compile import Book, Sought, Stream, all_of, sought, written_match
from store.sqlite.search.feed_names import find_feed
from store.sqlite.search.folding import flat, tokens
from store.sqlite.search.index import indexed_from, languages
from store.sqlite.search.terms import SAID, said_in, tag_facet
from store.sqlite.search.walks import TOP, Both, Either, Every, Outside, Rows, Walk, ids

_ID = "{id}"
_WRITTEN = """SELECT i.rowid FROM articles_fts i WHERE i.articles_fts MATCH :match AND i.rowid <= :bound
    AND +i.rowid NOT IN (SELECT article_id FROM article_facets)"""
_INDEXED = """SELECT i.rowid FROM articles_stems i WHERE i.articles_stems MATCH :match AND i.rowid <= :bound
    ORDER BY i.rowid DESC"""
_TEXTS = f"SELECT {', '.join(SAID)} FROM articles WHERE id = ?"


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
        self._top = TOP if below is None else below - 1
        self._db = db
        self._values = values
        self._conditions = list(conditions)
        self.query = parse_query(text, today)
        self.book = Book(
            languages=languages(db), feed=lambda text: find_feed(db, text)[0], tagged=lambda text: _tagged(db, text)
        )
        self._wanted: list[str] = []
        self._unwanted: list[str] = []
        self._walks: list[Walk] = []
        #: Walks that read articles.
        self._readings: list[Walk] = []
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
        if self._others() or indexed_from(self._db):
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
        if all(thing.is_index_alone for _, thing in asked):
            self._take_index(
                [thing.index or "" for is_wanted, thing in asked if is_wanted],
                [thing.index or "" for is_wanted, thing in asked if not is_wanted],
            )
        elif len(asked) == 1:
            self._take_single(*asked[0])
        else:
            if all(is_wanted and thing.index is not None for is_wanted, thing in asked):
                self._take_index([thing.index or "" for _, thing in asked], [])
            # What reads articles is asked last.
            asked.sort(key=lambda each: bool(each[1].needles))
            walk = Either([self._walk_of(thing, is_wanted=is_wanted) for is_wanted, thing in asked])
            (self._readings if asked[-1][1].needles else self._walks).append(walk)

    def _take_index(self, wanted: Sequence[str], unwanted: Sequence[str]) -> None:
        """Ask the index for one of `wanted` or the lack of one of `unwanted`: "" is what nothing has."""
        either = " OR ".join(filter(None, wanted))
        if not unwanted:
            self._wanted.append(f"({either})" if either else "")
            self.is_hopeless = self.is_hopeless or not either
        elif lacked := all_of(unwanted):
            # a OR -b OR -c = not (b and c, without a)
            self._unwanted.append(f"({lacked} NOT ({either}))" if either else lacked)

    def _take_single(self, is_wanted: bool, thing: Sought) -> None:
        if not is_wanted:
            (self._readings if thing.needles else self._walks).append(self._walk_of(thing, is_wanted=False))
            return
        if thing.index is not None:
            self._take_index([thing.index], [])
        if thing.condition is not None:
            self._conditions.append(thing.condition)
        elif thing.stream is not None:
            self._walks.append(self._walk_of_stream(thing.stream))
        if thing.needles:
            self._readings.append(self._reading(thing))

    def _walk_of(self, thing: Sought, *, is_wanted: bool) -> Walk:
        """Return what has, or has not, all that is sought."""
        walks: list[Walk] = []
        if thing.index is not None:
            walks.append(self._walk_of_index(thing.index))
        if thing.stream is not None:
            walks.append(self._walk_of_stream(thing.stream))
        if thing.needles:
            walks.append(self._reading(thing))
        walk = walks[0] if len(walks) == 1 else Both(walks)
        return walk if is_wanted else Outside(walk)

    def _walk_of_index(self, expression: str) -> Walk:
        return Rows(self._db, _INDEXED, {"match": expression}) if expression else Either(())

    def _walk_of_stream(self, stream: Stream) -> Walk:
        rows = Rows(self._db, stream.sql, {"match": stream.match} if stream.match else {})
        return Outside(rows) if stream.is_outside else rows

    def _reading(self, thing: Sought) -> Walk:
        return Every(lambda number: self._says(number, thing))

    def _says(self, number: int, thing: Sought) -> bool:
        said = said_in(self._db.execute(_TEXTS, (number,)).fetchone())
        texts = [said[thing.column]] if thing.column else [said[name] for name in INDEXED]
        return any(all(needle in words for needle in thing.needles) for words in (flat(tokens(text)) for text in texts))

    # ---- walking

    def _walk(self) -> Iterator[int]:
        sql, values = self._driver()
        driver = Rows(self._db, sql, values)
        others = self._others()
        return ids(Both([driver, *others]) if others else driver, self._top)

    def _others(self) -> list[Walk]:
        """Return what is walked in step with the articles that the index gives."""
        excluded = [] if self._wanted else [Outside(self._walk_of_index(index)) for index in self._unwanted]
        return [*self._walks, *excluded, *self._readings]

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
        else:  # what is in the index; narrower rows than those of the articles
            table, number, conditions = "article_facets i", "i.article_id", []
        # With + an index of words is not asked again for each id of a list.
        conditions += [condition.replace(_ID, f"+{number}") for condition in self._conditions]
        where = " AND ".join([*conditions, f"{number} <= :bound"])
        return f"SELECT {number} FROM {table} WHERE {where} ORDER BY {number} DESC", {**self._values, "match": match}


def _tagged(db: Database, text: str) -> list[int]:
    """Return the feeds with a tag."""
    wanted = tag_facet(text)
    rows = db.execute("SELECT id, tags FROM feeds WHERE tags <> '[]'")
    return [row["id"] for row in rows if wanted in map(tag_facet, strings(row["tags"]))]
