"""Keeping the indexes that searches read in step with the articles: `articles_stems`, and `articles_words`.

The second has the words in their order, folded as searches fold them, of those articles alone whose words SQLite's own
tokenizer, which makes `articles_fts`, divides or folds in another way (`store.sqlite.search.folding.is_plain`).

They store no text (what other programs see as their rows are views with empty columns), so a row is taken out by giving
its old terms again: those of its words are made from its old row, the others are kept in `article_facets`, which has
all that are in the index. A pending article is not shown at first and is put in once it is settled; `index_waiting`
puts in those that are shown all the same. Articles of an archive from before the index, or from before a change of its
rules, are put in by `index_batch`, the newest first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlite_utils import Database

from store.sqlite.database import columns
from store.sqlite.database.rows import extraction_columns
from store.sqlite.database.snapshots import packed_version
from store.sqlite.schema.migrations import INDEXED
from store.sqlite.search.stems import stem_language, stemmer_version
from store.sqlite.search.terms import earlier_terms, facets, words_of

#: Rules by which terms are made: raised with every change to folding.py, stems.py or terms.py beside this.
RULES = 5

#: What the index is made of beside the indexed words.
_FACTS = ("language", "agencies", "url", "image_url", "images", "published_at", "first_seen_at", "origin_feed_id")
_SEEN = frozenset((*INDEXED, *_FACTS, "revision"))
#: Articles that are indexed as the archive is opened: about a second's work.
_AT_ONCE = 500
_INSERT = "INSERT INTO articles_stems (rowid, terms) VALUES (?, ?)"
_HAS_TERM = "SELECT 1 FROM articles_stems WHERE articles_stems MATCH ? AND rowid = ?"
_DELETE = "INSERT INTO articles_stems (articles_stems, rowid, terms) VALUES ('delete', ?, ?)"
_KEEP = "INSERT OR REPLACE INTO article_facets (article_id, facets, earlier, is_rewritten) VALUES (?, ?, ?, ?)"
_COLUMNS = ", ".join(INDEXED)
_PLACES = ", ".join("?" * len(INDEXED))
_INSERT_WRITTEN = f"INSERT INTO articles_words (rowid, {_COLUMNS}) VALUES (?, {_PLACES})"
_DELETE_WRITTEN = f"INSERT INTO articles_words (articles_words, rowid, {_COLUMNS}) VALUES ('delete', ?, {_PLACES})"
_NOT_INDEXED = """
SELECT * FROM articles WHERE id < (SELECT indexed_from FROM search_index)
AND id NOT IN (SELECT article_id FROM article_facets) ORDER BY id DESC LIMIT ?"""
_LACKING = """
SELECT count(*), max(id) FROM articles WHERE status <> 'pending'
AND id NOT IN (SELECT article_id FROM article_facets)"""
_WAITING = """
SELECT * FROM articles WHERE status = 'pending' AND first_seen_at <= ?
AND id NOT IN (SELECT article_id FROM article_facets) ORDER BY id LIMIT ?"""
_EARLIER = """
SELECT coalesce(
    (SELECT g.snapshot FROM readings g WHERE g.article_id = r.article_id AND g.revision = r.number
    ORDER BY g.run_id DESC LIMIT 1), r.snapshot) AS snapshot
FROM revisions r WHERE r.article_id = ? AND r.number < ? AND r.snapshot IS NOT NULL"""


class _Entry(NamedTuple):
    """What the index gets of an article."""

    article_id: int
    terms: str
    facets: str
    earlier: str
    #: Its words in their order, for `articles_words`; None = it needs none there.
    written: tuple[str, ...] | None
    language: str | None


def update_article(db: Database, old: Mapping[str, Any], changes: Mapping[str, object]) -> None:
    """Set columns of the article whose present row is `old`, and keep the index right.

    A change of `revision` makes the words of `old` those of an earlier version.
    """
    status = changes.get("status", old["status"])
    kept = _kept(db, old["id"])
    is_waiting = kept is None and status == "pending"
    is_settled = kept is None and status != old["status"]
    is_seen = not is_waiting and (is_settled or not _SEEN.isdisjoint(changes))
    if is_seen:
        earlier = _earlier(db, old) if kept is None else _take_out(db, old, kept)
        if "revision" in changes and old["revision"]:
            earlier |= earlier_terms(old)
    columns.update(db, "articles", old["id"], changes)
    if is_seen:
        new = {name: columns.to_column(changes[name]) if name in changes else old[name] for name in _SEEN}
        _add(db, old["id"], new, earlier)


def index_articles(db: Database, article_ids: Iterable[int]) -> None:
    """Put articles that were filed, or whose feeds or tags may have changed, in the index as they are now.

    Every road by which an article gets on file ends here or in `update_article`. A pending one that is not in yet is
    put in once it is settled, or by `index_waiting`.
    """
    added = []
    for article_id in sorted(set(article_ids)):  # FTS5 writes a segment whenever ids fall
        row = db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
        if row is None:
            continue
        kept = _kept(db, article_id)
        if kept is None and row["status"] != "pending":
            added.append(_entry(db, article_id, row, _earlier(db, row)))
        elif kept is not None and kept[0] != _facets(db, article_id, row):
            added.append(_entry(db, article_id, row, _take_out(db, row, kept)))
    _write(db, added)


def refresh_earlier(db: Database, article_id: int) -> None:
    """Index an article again whose earlier versions are shown in another way."""
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    kept = _kept(db, article_id)
    if kept is not None and kept[1] != (earlier := _earlier(db, row)):
        _take_out(db, row, kept)
        _add(db, article_id, row, earlier)


def forget_article(db: Database, old: Mapping[str, Any]) -> None:
    """Take an article, given its present row, out of the index."""
    if (kept := _kept(db, old["id"])) is not None:
        _take_out(db, old, kept)


def _take_out(db: Database, old: Mapping[str, Any], kept: tuple[set[str], set[str]]) -> set[str]:
    """Take what is in the index out of it; return the terms of earlier versions."""
    words = words_of(old)
    db.execute(_DELETE, (old["id"], _written(words.terms | kept[0] | kept[1])))
    if words.written is not None:
        db.execute(_DELETE_WRITTEN, (old["id"], *words.written))
    return kept[1]


def is_prepared(db: Database) -> bool:
    """Say whether what is in the index was made by today's rules, and is there.

    A program that builds full-text indexes again from their rows (`sqlite-utils rebuild-fts`) empties this one.
    """
    made_by: str = db.execute("SELECT version FROM search_index").fetchone()[0]
    if made_by != _version():
        return False
    oldest = db.execute("SELECT article_id, facets FROM article_facets ORDER BY article_id LIMIT 1").fetchone()
    if oldest is None or not oldest[1]:
        return True
    term = oldest[1].partition(" ")[0]
    return db.execute(_HAS_TERM, (f'"{term}"', oldest[0])).fetchone() is not None


def prepare_index(db: Database) -> None:
    """Empty the index if it is not what it should be and put the newest articles in; `index_batch` goes on."""
    if is_prepared(db):
        return
    for table in ("articles_stems", "articles_words"):
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    db.execute("DELETE FROM article_facets")
    db.execute("DELETE FROM search_languages")
    highest = db.execute("SELECT max(id) FROM articles").fetchone()[0]
    db.execute("UPDATE search_index SET version = ?, indexed_from = ?", (_version(), highest + 1 if highest else 0))
    if index_batch(db, _AT_ONCE) < _AT_ONCE:
        index_batch(db, 1)


def _version() -> str:
    return f"{RULES}, snowball {stemmer_version()}"


def index_batch(db: Database, size: int) -> int:
    """Index so many of the newest articles that are not indexed yet; return how many it were, 0 = all are."""
    rows = db.execute(_NOT_INDEXED, (size,)).fetchall()
    _write(db, [_entry(db, row["id"], row, _earlier(db, row)) for row in reversed(rows)])
    db.execute("UPDATE search_index SET indexed_from = ?", (rows[-1]["id"] if rows else 0,))
    return len(rows)


def is_any_waiting(db: Database, since: str) -> bool:
    """Say whether there is anything for `index_waiting` to do."""
    return db.execute(_WAITING, (since, 1)).fetchone() is not None


def index_waiting(db: Database, size: int, since: str) -> int:
    """Index so many of the pending articles that wait `since` then or longer; return how many it were."""
    rows = db.execute(_WAITING, (since, size)).fetchall()
    _write(db, [_entry(db, row["id"], row, set()) for row in rows])
    return len(rows)


def _add(db: Database, article_id: int, row: Mapping[str, Any], earlier: set[str]) -> None:
    _write(db, (_entry(db, article_id, row, earlier),))


def _entry(db: Database, article_id: int, row: Mapping[str, Any], earlier: set[str]) -> _Entry:
    found = _facets(db, article_id, row)
    words = words_of(row)
    return _Entry(
        article_id,
        terms=_written(words.terms | found | earlier),
        facets=_written(found),
        earlier=_written(earlier),
        written=words.written,
        language=stem_language(row["language"]),
    )


def _write(db: Database, entries: Collection[_Entry]) -> None:
    """Put entries in the index, in the order of their ids.

    One table after the other: FTS5 gathers what comes until another statement is a savepoint, and writes it at once.
    """
    write = db.conn.executemany
    write(_INSERT, [(entry.article_id, entry.terms) for entry in entries])
    write(_INSERT_WRITTEN, [(entry.article_id, *entry.written) for entry in entries if entry.written is not None])
    kept = [(entry.article_id, entry.facets, entry.earlier, entry.written is not None) for entry in entries]
    write(_KEEP, kept)
    languages = sorted({entry.language for entry in entries if entry.language})
    write("INSERT OR IGNORE INTO search_languages (language) VALUES (?)", [(name,) for name in languages])


def _facets(db: Database, article_id: int, row: Mapping[str, Any]) -> set[str]:
    feeds = db.execute("SELECT feed_id FROM entries WHERE article_id = ?", (article_id,))
    feed_ids = {feed_id for (feed_id,) in feeds} | ({row["origin_feed_id"]} - {None})
    tags = db.execute("SELECT tag FROM article_tags WHERE article_id = ?", (article_id,))
    return facets(row, feed_ids, [tag for (tag,) in tags])


def _kept(db: Database, article_id: int) -> tuple[set[str], set[str]] | None:
    row = db.execute("SELECT facets, earlier FROM article_facets WHERE article_id = ?", (article_id,)).fetchone()
    return None if row is None else (set(row[0].split()), set(row[1].split()))


def _earlier(db: Database, row: Mapping[str, Any]) -> set[str]:
    """Return the terms of the versions that are on file beside the present one, each as it was read last."""
    found: set[str] = set()
    for (snapshot,) in db.execute(_EARLIER, (row["id"], row["revision"])).fetchall():
        version = extraction_columns(packed_version(snapshot).extraction)
        found |= earlier_terms({name: columns.to_column(value) for name, value in version.items()})
    return found


def _written(terms: Iterable[str]) -> str:
    return " ".join(terms)


def indexed_from(db: Database) -> int:
    """Return the id from which on all articles are indexed; 0 = all are."""
    number: int = db.execute("SELECT indexed_from FROM search_index").fetchone()[0]
    return number


def not_indexed(db: Database) -> int:
    """Return how many articles `index_batch` has still to index."""
    number: int = db.execute(f"SELECT count(*) FROM ({_NOT_INDEXED})", (-1,)).fetchone()[0]
    return number


def lacking(db: Database) -> tuple[int, int]:
    """Return how many settled articles are not in the index, and the highest of their ids (0 = none).

    Reads the keys of all articles: half a second at a million.
    """
    count, highest = db.execute(_LACKING).fetchone()
    return count, highest or 0


def reopen_index(db: Database) -> int:
    """Have `index_batch` put in what the index lacks, whatever the cause; return how many articles that is."""
    count, highest = lacking(db)
    db.execute("UPDATE search_index SET indexed_from = max(indexed_from, ?)", (highest + 1 if count else 0,))
    return count


def languages(db: Database) -> tuple[str, ...]:
    """Return the languages with stems that articles are in."""
    return tuple(row[0] for row in db.execute("SELECT language FROM search_languages ORDER BY language"))
