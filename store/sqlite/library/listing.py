"""Articles as they are read: lists, search, whole records."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import ArticleFilter, ArticleRecord, ArticleSummary, Edit, Tombstone
from scraper.query.language import Term
from store.sqlite.database.columns import ids_json, some_instant, storable, strings, to_instant, to_text
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import article_record, article_summary, bare_address
from store.sqlite.search.execute import Search
from store.sqlite.search.ranking import best_first
from store.sqlite.search.snippets import passages

#: Records read from the database at once: bounds memory, and no reader keeps the log from being cut.
_BATCH = 100

_Order = Literal["id", "id DESC", "change"]

_BY_ID = "IN (SELECT value FROM json_each(:ids))"
_SUMMARIES = f"""
SELECT a.id, a.title, a.url, a.site_name, f.name AS feed_name, a.published_at, a.first_seen_at, a.language, a.status,
    a.summary, m.read_at, m.starred_at
FROM articles a LEFT JOIN feeds f ON f.id = a.origin_feed_id LEFT JOIN marks m ON m.article_id = a.id
WHERE a.id {_BY_ID}"""
_RECORDS = f"""
SELECT a.*, m.read_at, m.starred_at FROM articles a LEFT JOIN marks m ON m.article_id = a.id WHERE a.id {_BY_ID}"""
_SIGHTINGS = f"""
SELECT e.article_id, e.categories, e.enclosures, e.comments_url, f.name, f.url, f.tags
FROM entries e JOIN feeds f ON f.id = e.feed_id JOIN articles a ON a.id = e.article_id
WHERE e.article_id {_BY_ID} ORDER BY e.article_id, e.feed_id <> a.origin_feed_id, e.id"""
_TAGS = f"SELECT article_id, tag FROM article_tags WHERE article_id {_BY_ID}"
_ORDERS: dict[_Order, str] = {"id": "a.id", "id DESC": "a.id DESC", "change": "a.change_seq"}

#: What publishers did to articles that are on file: edits, and removals of pages.
_EDITS = """
SELECT article_id, at, 'edit' AS kind, article AS title, url, site_name, feed AS feed_name, revision, changed,
    NULL AS cause, NULL AS reason, NULL AS back_at FROM edits"""
_REMOVALS = """
SELECT r.article_id, r.removed_at AS at, 'removal' AS kind, a.title, a.url, a.site_name, f.name AS feed_name,
    NULL AS revision, NULL AS changed, r.cause, r.reason, r.back_at
FROM removals r JOIN articles a ON a.id = r.article_id LEFT JOIN feeds f ON f.id = a.origin_feed_id
WHERE r.removed_at IS NOT NULL"""

# Conditions on {id}; each can be answered from an index without the article's own, long row.
_SETTLED = "{id} NOT IN (SELECT id FROM articles WHERE status = 'pending' AND first_seen_at > :settled_before)"
_IN_FEED = "{id} IN (SELECT article_id FROM entries WHERE feed_id = :feed AND article_id IS NOT NULL)"
_SINCE = "{id} IN (SELECT id FROM articles WHERE first_seen_at >= :since)"
_CHANGED = "{id} IN (SELECT id FROM articles WHERE change_seq > :changed_after)"
_UNREAD = "NOT EXISTS (SELECT 1 FROM marks WHERE article_id = {id} AND read_at IS NOT NULL)"
_STARRED = "{id} IN (SELECT article_id FROM marks WHERE starred_at IS NOT NULL)"
_REMOVED = "{id} IN (SELECT article_id FROM removals WHERE removed_at IS NOT NULL AND back_at IS NULL)"
_TAGGED = """{id} IN (
    SELECT article_id FROM article_tags WHERE tag = :tag
    UNION SELECT e.article_id FROM feeds f CROSS JOIN json_each(f.tags) t CROSS JOIN entries e ON e.feed_id = f.id
    WHERE t.value = :tag AND e.article_id IS NOT NULL)"""


class Listing(Base):
    """Reading articles."""

    def find_articles(self, wanted: ArticleFilter) -> tuple[ArticleSummary, ...]:
        with self._read() as db:
            selection = self._selection(db, wanted)
            ids = list(selection.ids("id DESC"))
            rows = {row["id"]: row for row in db.execute(_SUMMARIES, {"ids": ids_json(ids)})}
            snippets = passages(db, ids, selection.search) if selection.search else {}
        return tuple(article_summary(rows[number], snippets.get(number)) for number in ids)

    def count_articles(self, wanted: ArticleFilter) -> int:
        with self._read() as db:
            return self._selection(db, replace(wanted, before_id=None)).count()

    def edits(self, wanted: ArticleFilter) -> tuple[Edit, ...]:
        with self._read() as db:
            rows = self._selection(db, replace(wanted, since=None)).edits(wanted.since)
        return tuple(map(_edit, rows))

    def _selection(self, db: Database, wanted: ArticleFilter) -> _Selection:
        return _Selection(db, wanted, self._now(), to_text(self._settled_before()))

    def article(self, article_id: int) -> ArticleRecord:
        with self._read() as db:
            found = _records(db, (article_id,))
        if not found:
            raise NotFound(f"There is no article {article_id}.", what=str(article_id))
        return found[0]

    def records(self, wanted: ArticleFilter) -> Iterator[ArticleRecord]:
        order: _Order = "id" if wanted.changed_after is None else "change"
        with self._read() as db:
            ids = self._selection(db, wanted).ids(order)
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
            raise NotFound(
                f"There is no article {what!r}; `wireroom search` finds articles by words.",
                what=what,
            )
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

    def __init__(self, db: Database, wanted: ArticleFilter, now: datetime, settled_before: str) -> None:
        self._db = db
        self._wanted = wanted
        self._limit = -1 if wanted.limit is None else wanted.limit
        self._values: dict[str, object] = {"settled_before": settled_before}
        self._conditions = [_SETTLED]
        self._narrow()
        #: The query made ready; None = there is none.
        self.search: Search | None = None
        if wanted.query is not None:
            self.search = Search(
                db,
                wanted.query,
                now.date(),
                below=wanted.before_id,
                conditions=self._conditions,
                values=self._values,
            )
            self.search.also(*_as_terms(wanted))

    def _narrow(self) -> None:
        wanted = self._wanted
        given = {
            "changed_after": (_CHANGED, wanted.changed_after),
            "since": (_SINCE, None if wanted.since is None else to_text(wanted.since)),
        }
        if wanted.query is None:  # a search knows these by its index
            given["before_id"] = ("{id} < :before_id", wanted.before_id)
            given["feed"] = (_IN_FEED, wanted.feed_id)
            given["tag"] = (_TAGGED, None if wanted.tag is None else storable(wanted.tag))
        for name, (condition, value) in given.items():
            if value is not None:
                self._conditions.append(condition)
                self._values[name] = value
        self._conditions += [_UNREAD] * wanted.unread + [_STARRED] * wanted.starred + [_REMOVED] * wanted.removed

    def ids(self, order: _Order) -> Sequence[int]:
        """Return at most the limit's number of ids in order."""
        if self.search is None:
            sql = f"SELECT a.id {self._where()} ORDER BY {_ORDERS[order]} LIMIT :limit"
            return array("q", [row[0] for row in self._db.execute(sql, {**self._values, "limit": self._limit})])
        if order == "id DESC":
            if self._wanted.rank:
                return best_first(self._db, self.search, self._limit)
            return array("q", self.search.ids(self._limit))
        found = array("q", self.search.ids())
        sql = f"SELECT id FROM articles WHERE id {_BY_ID} ORDER BY {_ORDERS[order]} LIMIT :limit"
        rows = self._db.execute(
            sql.replace("articles", "articles a", 1), {"ids": ids_json(found), "limit": self._limit}
        )
        return array("q", [row[0] for row in rows])

    def count(self) -> int:
        """Return how many articles there are, whatever the limit."""
        if self.search is not None:
            return self.search.count()
        number: int = self._db.execute(f"SELECT count(*) {self._where()}", self._values).fetchone()[0]
        return number

    def edits(self, since: datetime | None) -> list[Any]:
        """Return the edits and removals of the articles since then, the newest first."""
        events = f"{_REMOVALS} AND r.back_at IS NULL" if self._wanted.removed else f"{_EDITS} UNION ALL {_REMOVALS}"
        sql = f"""SELECT * FROM ({events}) WHERE at >= :edited_since AND article_id IN (SELECT a.id {self._where()})
            ORDER BY at DESC, article_id DESC, revision DESC LIMIT :limit"""
        values = {**self._values, "limit": self._limit, "edited_since": to_text(since) if since else ""}
        return self._db.execute(sql, values).fetchall()

    def _where(self) -> str:
        return " AND ".join(["FROM articles a WHERE TRUE", *self._conditions]).replace("{id}", "a.id")


def _edit(row: Any) -> Edit:
    return Edit(
        article_id=row["article_id"],
        at=some_instant(row["at"]),
        kind=row["kind"],
        title=row["title"],
        url=row["url"],
        site_name=row["site_name"],
        feed_name=None if row["feed_name"] is None else bare_address(row["feed_name"]),
        revision=row["revision"],
        changed=None if row["changed"] is None else strings(row["changed"]),
        cause=row["cause"],
        reason=row["reason"],
        back_at=to_instant(row["back_at"]),
    )


def _as_terms(wanted: ArticleFilter) -> list[Term]:
    """Return the parts of a filter that an index of words knows."""
    feed, tag = wanted.feed_id, wanted.tag
    terms = [] if feed is None else [Term(kind="words", field="feed", text=str(feed))]
    return terms if tag is None else [*terms, Term(kind="words", field="tag", text=tag)]


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
