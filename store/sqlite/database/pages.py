"""The pages of an article's versions: kept, found, replaced, forgotten.

A row of `pages` belongs to a version (`revision`; 0 = one that is still being read) and has a number among its pages.
The newest version's are packed by themselves. When another version is filed, those of the version before it are packed
with the newer page of the same number in front of them (`prefix_revision`), which leaves some 3 % of them: to read one,
the newer one is read first. Every `STANDS_ALONE`th version stays as it is, so that no page is behind more than so many.

Functions for use inside a unit of work, those that read apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from scraper.model import ArticleCommit, RawPage
from store.sqlite.database.columns import insert
from store.sqlite.database.rows import raw_page
from store.zstd import packed, packed_after, unpacked

#: Versions whose number this divides are not packed with a newer one.
STANDS_ALONE = 16

_SELECT = "SELECT p.*, d.body AS dictionary FROM pages p LEFT JOIN dictionaries d ON d.id = p.dictionary_id"
_OF_VERSION = f"{_SELECT} WHERE p.article_id = ? AND p.revision = ? ORDER BY p.number"
_ONE = f"{_SELECT} WHERE p.article_id = ? AND p.number = ? AND p.revision = ?"
#: Pages that are packed with a given one.
_BEHIND = f"{_SELECT} WHERE p.article_id = ? AND p.number = ? AND p.prefix_revision = ?"
_NEWEST = "SELECT max(revision) FROM pages WHERE article_id = ? AND revision BETWEEN 1 AND ?"
_WITH_PREFIX = """
UPDATE pages SET body = ?, prefix_revision = ?, dictionary_id = NULL
WHERE article_id = ? AND number = ? AND revision = ?"""
_COPIED = """
article_id, number, is_whole, url, content_type, fetched_at, raw_bytes, body, dictionary_id, prefix_revision, sha256,
exchange"""
_ANY = 2**31

Row = Any  # sqlite3.Row


# --------------------------------------------------------------------------- reading


def read_pages(db: Database, article_id: int, revision: int | None) -> tuple[RawPage, ...]:
    """Return the pages of a version in their order; without a number, of the newest version that has any."""
    if revision is None:
        revision = _newest(db, article_id)
    if not revision:
        return ()
    rows = db.execute(_OF_VERSION, (article_id, revision)).fetchall()
    return tuple(raw_page(row, _body(db, row)) for row in rows)


def _newest(db: Database, article_id: int, up_to: int = _ANY) -> int:
    """Return the newest version that has pages; 0 = none has."""
    found: int | None = db.execute(_NEWEST, (article_id, up_to)).fetchone()[0]
    return found or 0


def _body(db: Database, row: Row) -> bytes:
    """Return a page as it was received, the newer ones that it is packed with being read first."""
    if row["prefix_revision"] is None:
        return unpacked(row)
    newer = db.execute(_ONE, (row["article_id"], row["number"], row["prefix_revision"])).fetchone()
    return unpacked(row, _body(db, newer))


# --------------------------------------------------------------------------- filing a fetch


def keep_pages(db: Database, row: Row, commit: ArticleCommit, page: Mapping[str, object] | None) -> None:
    """Keep the page just fetched, and give the pages of a reading that ends with it to the version that is filed.

    `row` is the article's before it is filed. A version that is filed without a page has none.
    """
    article_id, revision = row["id"], row["revision"]
    if page is not None:
        if page["number"] == 1:
            _forget_drafts(db, article_id)
        insert(db, "pages", page)
    if commit.extraction is None:
        if commit.draft is None:
            _forget_drafts(db, article_id)
        return
    first = db.execute("SELECT min(number) FROM pages WHERE article_id = ? AND revision = 0", (article_id,)).fetchone()
    if first[0] is None:
        return
    if commit.is_revision or not revision:
        _begin_version(db, article_id, revision + 1, first[0])
    else:
        _renew_version(db, article_id, revision, first[0])


def _forget_drafts(db: Database, article_id: int) -> None:
    db.execute("DELETE FROM pages WHERE article_id = ? AND revision = 0", (article_id,))


def _begin_version(db: Database, article_id: int, revision: int, first: int) -> None:
    """Give the pages read to a new version, and pack those of the one before it with them.

    The pages before the `first` one read, where an article goes on that was filed in part, are the version's, too.
    """
    older = _newest(db, article_id, revision - 1)
    db.execute(
        f"""INSERT INTO pages ({_COPIED}, revision)
        SELECT {_COPIED}, 0 FROM pages WHERE article_id = ? AND revision = ? AND number < ?""",
        (article_id, older, first),
    )
    db.execute("UPDATE pages SET revision = ? WHERE article_id = ? AND revision = 0", (revision, article_id))
    if older % STANDS_ALONE:
        for row in db.execute(_OF_VERSION, (article_id, older)).fetchall():
            _pack_behind(db, row, _body(db, row), revision)


def _renew_version(db: Database, article_id: int, revision: int, first: int) -> None:
    """Put the pages read in the place of those that the newest version was read from before: it is read from these."""
    rows = db.execute(_OF_VERSION, (article_id, revision)).fetchall()
    replaced = [row for row in rows if row["number"] >= first]
    behind = [(row, _body(db, row)) for page in replaced for row in _pages_behind(db, page)]
    db.execute("DELETE FROM pages WHERE article_id = ? AND revision = ? AND number >= ?", (article_id, revision, first))
    db.execute("UPDATE pages SET revision = ? WHERE article_id = ? AND revision = 0", (revision, article_id))
    for row, body in behind:
        _pack_behind(db, row, body, revision)


def _pages_behind(db: Database, row: Row) -> list[Row]:
    """Return the pages that are packed with this one."""
    return db.execute(_BEHIND, (row["article_id"], row["number"], row["revision"])).fetchall()


def _pack_behind(db: Database, row: Row, body: bytes, revision: int) -> None:
    """Pack a page with the page of its number in a newer version, if there is one and it helps; else by itself."""
    newer = db.execute(_ONE, (row["article_id"], row["number"], revision)).fetchone()
    behind = packed_after(body, _body(db, newer)) if newer is not None else None
    if behind is not None and (row["prefix_revision"] is not None or len(behind) < len(row["body"])):
        _keep_body(db, row, behind, revision)
    elif row["prefix_revision"] is not None:
        _keep_body(db, row, packed(body), None)


def _keep_body(db: Database, row: Row, body: bytes, prefix_revision: int | None) -> None:
    db.execute(_WITH_PREFIX, (body, prefix_revision, row["article_id"], row["number"], row["revision"]))


# --------------------------------------------------------------------------- pages that go


def forget_pages(db: Database, older_than: str, limit: int) -> int:
    """Delete up to `limit` of the pages fetched before an instant, the oldest first; return how many.

    A page that stays and is packed with one that goes is packed by itself first.
    """
    rows = db.execute(
        f"{_SELECT} WHERE p.fetched_at < ? AND p.revision > 0 ORDER BY p.fetched_at, p.revision LIMIT ?",
        (older_than, limit),
    ).fetchall()
    for row in rows:
        for behind in _pages_behind(db, row):
            _keep_body(db, behind, packed(_body(db, behind)), None)
        db.execute(
            "DELETE FROM pages WHERE article_id = ? AND number = ? AND revision = ?",
            (row["article_id"], row["number"], row["revision"]),
        )
    return len(rows)


def move_drafts(db: Database, article_id: int, other_id: int) -> None:
    """Give the pages that are being read for an article to the one it turned out to be."""
    sql = "UPDATE OR REPLACE pages SET article_id = ? WHERE article_id = ? AND revision = 0"
    db.execute(sql, (other_id, article_id))
