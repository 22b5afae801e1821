"""Articles as they are read: lists, search, whole records."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import ArticleFilter, ArticleRecord, ArticleSummary, Tombstone
from store.columns import ids_json, some_instant, storable, to_text
from store.database import Base
from store.records import article_record, article_summary
from store.search import CLOSE, OPEN, Query, compile_query, marked_passage

#: Records read from the database at once: bounds memory, and no reader keeps the log from being cut.
_BATCH = 100
_SNIPPET_TOKENS = 24

_Order = Literal["id", "id DESC", "change"]

_BY_ID = "IN (SELECT value FROM json_each(:ids))"
_SUMMARIES = f"""
SELECT a.id, a.title, a.url, a.site_name, f.name AS feed_name, a.published_at, a.first_seen_at, a.language, a.status,
    a.summary, m.read_at, m.starred_at
FROM articles a LEFT JOIN feeds f ON f.id = a.origin_feed_id LEFT JOIN marks m ON m.article_id = a.id
WHERE a.id {_BY_ID} ORDER BY a.id DESC"""
_RECORDS = f"""
SELECT a.*, m.read_at, m.starred_at FROM articles a LEFT JOIN marks m ON m.article_id = a.id WHERE a.id {_BY_ID}"""
_SIGHTINGS = f"""
SELECT e.article_id, e.categories, e.enclosures, e.comments_url, f.name, f.url, f.tags
FROM entries e JOIN feeds f ON f.id = e.feed_id JOIN articles a ON a.id = e.article_id
WHERE e.article_id {_BY_ID} ORDER BY e.article_id, e.feed_id <> a.origin_feed_id, e.id"""
_TAGS = f"SELECT article_id, tag FROM article_tags WHERE article_id {_BY_ID}"
_SNIPPETS = f"""
SELECT articles_fts.rowid, snippet(articles_fts, -1, '{OPEN}', '{CLOSE}', '…', {_SNIPPET_TOKENS}) FROM json_each(:ids) w
CROSS JOIN articles_fts ON articles_fts.rowid = w.value WHERE articles_fts MATCH :match"""

# Conditions on {id}; each can be answered from an index without the article's own, long row.
_SETTLED = "{id} NOT IN (SELECT id FROM articles WHERE status = 'pending' AND first_seen_at > :settled_before)"
_IN_FEED = "{id} IN (SELECT article_id FROM entries WHERE feed_id = :feed AND article_id IS NOT NULL)"
_SINCE = "{id} IN (SELECT id FROM articles WHERE first_seen_at >= :since)"
_UNREAD = "NOT EXISTS (SELECT 1 FROM marks WHERE article_id = {id} AND read_at IS NOT NULL)"
_STARRED = "{id} IN (SELECT article_id FROM marks WHERE starred_at IS NOT NULL)"
_REMOVED = "{id} IN (SELECT article_id FROM removals WHERE removed_at IS NOT NULL AND back_at IS NULL)"
_TAGGED = """{id} IN (
    SELECT article_id FROM article_tags WHERE tag = :tag
    UNION SELECT e.article_id FROM feeds f CROSS JOIN json_each(f.tags) t CROSS JOIN entries e ON e.feed_id = f.id
    WHERE t.value = :tag AND e.article_id IS NOT NULL)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where article ids are read from, in order."""

    table: str
    id: str
    #: The id in conditions. With + an index of words is not asked again for each id of a list.
    tested_id: str
    change: str
    match: str = "TRUE"


_ALL = _Source(table="articles a", id="a.id", tested_id="a.id", change="a.change_seq")
_OF_INDEX = {
    "id": "i.rowid",
    "tested_id": "+i.rowid",
    "change": "(SELECT change_seq FROM articles WHERE id = i.rowid)",
}
_WORDS = _Source(table="articles_fts i", match="i.articles_fts MATCH :words", **_OF_INDEX)
_GRAMS = _Source(table="articles_cjk i", match="i.articles_cjk MATCH :grams", **_OF_INDEX)


class Listing(Base):
    """Reading articles."""

    def find_articles(self, wanted: ArticleFilter) -> tuple[ArticleSummary, ...]:
        with self._read() as db:
            ids = _Selection(wanted, to_text(self._settled_before())).ids(db, "id DESC")
            rows = db.execute(_SUMMARIES, {"ids": ids_json(ids)}).fetchall()
            query = compile_query(wanted.query) if wanted.query is not None else None
            snippets = _snippets(db, ids, query) if query is not None else {}
        return tuple(article_summary(row, snippets.get(row["id"])) for row in rows)

    def count_articles(self, wanted: ArticleFilter) -> int:
        with self._read() as db:
            return _Selection(replace(wanted, before_id=None), to_text(self._settled_before())).count(db)

    def article(self, article_id: int) -> ArticleRecord:
        with self._read() as db:
            found = _records(db, (article_id,))
        if not found:
            raise NotFound(f"There is no article {article_id}.", what=str(article_id))
        return found[0]

    def records(self, wanted: ArticleFilter) -> Iterator[ArticleRecord]:
        order: _Order = "id" if wanted.changed_after is None else "change"
        with self._read() as db:
            ids = _Selection(wanted, to_text(self._settled_before())).ids(db, order)
        for start in range(0, len(ids), _BATCH):
            with self._read() as db:
                batch = _records(db, ids[start : start + _BATCH])
            yield from batch

    def tombstones(self, changed_after: int) -> tuple[Tombstone, ...]:
        sql = "SELECT id, deleted_at, change_seq FROM tombstones WHERE change_seq > ? ORDER BY change_seq"
        with self._read() as db:
            rows = db.execute(sql, (changed_after,)).fetchall()
        return tuple(
            Tombstone(id=row["id"], deleted_at=some_instant(row["deleted_at"]), change_seq=row["change_seq"])
            for row in rows
        )

    def change_seq(self) -> int:
        with self._read() as db:
            highest: int = db.execute("SELECT value FROM sequence WHERE name = 'change_seq'").fetchone()[0]
        return highest

    def find_article_id(self, what: str) -> int:
        with self._read() as db:
            found = article_id_of(db, what)
        if found is None:
            raise NotFound(f"No article answers to {what!r}.", what=what)
        return found


def article_id_of(db: Database, what: str) -> int | None:
    """Return the article meant by an id or an address, None for none."""
    if re.fullmatch("[0-9]{1,10}", what):
        row = db.execute("SELECT id FROM articles WHERE id = ?", (int(what),)).fetchone()
    else:
        row = db.execute(
            """SELECT article_id FROM article_keys WHERE key = :what
            UNION ALL SELECT id FROM articles WHERE url = :what
            UNION ALL SELECT article_id FROM entries WHERE link = :what AND article_id IS NOT NULL LIMIT 1""",
            {"what": storable(what)},
        ).fetchone()
    return row[0] if row else None


class _Selection:
    """The articles that a filter is about, as ids."""

    def __init__(self, wanted: ArticleFilter, settled_before: str) -> None:
        self._limit = -1 if wanted.limit is None else wanted.limit
        self._values: dict[str, object] = {"settled_before": settled_before, "limit": self._limit}
        self._sources = [_ALL]
        self._conditions = [_SETTLED]
        self._narrow(wanted)
        if wanted.query is not None:
            self._search(compile_query(wanted.query))

    def _narrow(self, wanted: ArticleFilter) -> None:
        given = {
            "before_id": ("{plain_id} < :before_id", wanted.before_id),
            "changed_after": ("{change} > :changed_after", wanted.changed_after),
            "feed": (_IN_FEED, wanted.feed_id),
            "tag": (_TAGGED, None if wanted.tag is None else storable(wanted.tag)),
            "since": (_SINCE, None if wanted.since is None else to_text(wanted.since)),
        }
        for name, (condition, value) in given.items():
            if value is not None:
                self._conditions.append(condition)
                self._values[name] = value
        self._conditions += [_UNREAD] * wanted.unread + [_STARRED] * wanted.starred + [_REMOVED] * wanted.removed

    def _search(self, query: Query | None) -> None:
        if query is None:
            self._sources = []
            return
        self._sources = [_GRAMS] if query.words is None else [_WORDS, _GRAMS]
        self._values |= {"words": query.words, "grams": query.grams}

    def ids(self, db: Database, order: _Order) -> Sequence[int]:
        """Return at most the limit's number of ids in order."""
        found: dict[int, int] = {}
        for source in self._sources:
            key = source.change if order == "change" else source.id
            direction = "DESC" if order == "id DESC" else "ASC"
            sql = f"SELECT {source.id}, {key} {self._from(source)} ORDER BY {key} {direction} LIMIT :limit"
            found.update(db.execute(sql, self._values).fetchall())
        ids = list(found)
        if len(self._sources) > 1:
            ids.sort(key=found.__getitem__, reverse=order == "id DESC")
        return array("q", ids[: self._limit] if self._limit >= 0 else ids)

    def count(self, db: Database) -> int:
        """Return how many articles there are, whatever the limit."""
        parts = [f"SELECT {source.id} {self._from(source)}" for source in self._sources]
        if not parts:
            return 0
        number: int = db.execute(f"SELECT count(*) FROM ({' UNION '.join(parts)})", self._values).fetchone()[0]
        return number

    def _from(self, source: _Source) -> str:
        names = {"id": source.tested_id, "plain_id": source.id, "change": source.change}
        return " AND ".join([f"FROM {source.table} WHERE {source.match}", *self._conditions]).format(**names)


def _records(db: Database, ids: Sequence[int]) -> list[ArticleRecord]:
    """Return the articles of these ids that exist, in that order."""
    values = {"ids": ids_json(ids)}
    rows = {row["id"]: row for row in db.execute(_RECORDS, values)}
    sightings: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.execute(_SIGHTINGS, values):
        sightings[row["article_id"]].append(row)
    tags: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, tag in db.execute(_TAGS, values):
        tags[article_id].append(tag)
    return [article_record(rows[number], sightings[number], tags[number]) for number in ids if number in rows]


def _snippets(db: Database, ids: Sequence[int], query: Query) -> dict[int, str]:
    """Return a marked passage for each article, from the word index where that found it, else from its text."""
    values = {"ids": ids_json(ids), "match": query.words}
    found: dict[int, str] = dict(db.execute(_SNIPPETS, values).fetchall()) if query.words is not None else {}
    for number in set(ids) - set(found):
        row = db.execute("SELECT text, title, site_name FROM articles WHERE id = ?", (number,)).fetchone()
        passages = (marked_passage(row[name] or "", query.terms) for name in ("text", "title", "site_name"))
        if passage := next(filter(None, passages), None):
            found[number] = passage
    return found
