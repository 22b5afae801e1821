"""Reading the archive again: which versions have their pages, keeping what came of it, and undoing a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import Hints, KeptVersion, Rereading, Run
from store.sqlite.database.columns import insert, some_instant, to_instant, to_text, update
from store.sqlite.database.connections import Base
from store.sqlite.database.pages import read_pages
from store.sqlite.database.rows import hints
from store.sqlite.database.snapshots import packed_version, unpacked_hints, version_columns
from store.sqlite.search.index import refresh_earlier, update_article
from store.sqlite.work.lifecycle import next_changes, note
from store.sqlite.work.readings import add_reading, find_version, read_by, remove_reading

#: What shows a version as later rules read it, and as it was before.
RULE, UNDO_RULE = "reprocessed", "reprocess-undone"
#: A version whose first page is kept has all of them: they are forgotten from the first on.
_KEPT = """
SELECT p.article_id, p.revision FROM pages p
CROSS JOIN articles a ON a.id = p.article_id JOIN hosts h ON h.id = a.host_id
WHERE p.article_id >= :article AND (p.article_id > :article OR p.revision > :revision)
    AND p.number = 1 AND p.revision > 0 AND a.status IN ('full', 'feed_only')
    AND (:site IS NULL OR h.name = :site OR substr(h.name, -length(:site) - 1) = '.' || :site)
    AND (:feed IS NULL OR EXISTS (SELECT 1 FROM entries e WHERE e.article_id = a.id AND e.feed_id = :feed))
    AND (:since IS NULL OR a.first_seen_at >= :since)
ORDER BY p.article_id, p.revision LIMIT 500"""
_FETCHED = "SELECT fetched_at FROM pages WHERE article_id = ? AND revision = ? AND number = 1"
_OF_RUN = "SELECT article_id, revision FROM readings WHERE run_id = ? ORDER BY article_id, revision"
#: Earlier releases filed a version of their own.
_FILED_BY_RUN = "SELECT article_id, number FROM revisions WHERE run_id = ? AND rule = ? ORDER BY article_id"


class Reprocessing(Base):
    """The side of the store that `reprocess` works on."""

    def kept_versions(
        self, *, site: str | None = None, feed_id: int | None = None, since: datetime | None = None
    ) -> tuple[tuple[int, int], ...]:
        """Return the versions that have their pages, as article and number, in that order.

        Of articles of a site (a host, or a domain above it), of a feed, first seen since when.
        """
        return tuple(self._keys({"site": site, "feed": feed_id, "since": since and to_text(since)}))

    def _keys(self, wanted: Mapping[str, object]) -> Iterator[tuple[int, int]]:
        article, revision = 0, 0
        while True:
            with self._read() as db:
                after = {"article": article, "revision": revision}
                keys = [(row[0], row[1]) for row in db.execute(_KEPT, {**wanted, **after})]
            if not keys:
                return
            yield from keys
            article, revision = keys[-1]

    def kept_version(self, article_id: int, revision: int) -> KeptVersion:
        """Return a version with its pages.

        Raises:
            NotFound: it has gone meanwhile, or its pages have.
        """
        with self._read() as db:
            row = _article(db, article_id)
            pages = read_pages(db, article_id, revision)
            shown = None if row is None else find_version(db, row, revision)
            if shown is None or not pages:
                message = f"There is no version {revision} of an article {article_id} with a page."
                raise NotFound(message, what=str(article_id))
            return KeptVersion(
                article_id=article_id,
                revision=revision,
                url=row["url"],
                status=shown.status,
                shown=shown.extraction,
                read_by=read_by(db, article_id, revision),
                hints=_hints(db, row, revision),
                pages=pages,
            )

    def begin_run(self, scope: str) -> int:
        """Note the beginning of a run; return its number."""
        values = {"started_at": self._now(), "scope": scope}
        return self._write(lambda db: insert(db, "runs", values))

    def count_run(self, run_id: int, examined: int) -> None:
        """Note how many versions it has read so far: it may be broken off."""
        self._write(lambda db: update(db, "runs", run_id, {"examined": examined}))

    def end_run(self, run_id: int, examined: int) -> None:
        """Note its end."""
        values = {"finished_at": self._now(), "examined": examined}
        self._write(lambda db: update(db, "runs", run_id, values))

    def refile(self, run_id: int, reading: Rereading) -> bool:
        """Keep what was read beside what was filed, and show it; return whether.

        A version that has been read again meanwhile, from other pages or by another run, stays as it is.
        """
        return self._write(lambda db: _refile(db, run_id, reading, self._now()))

    def runs(self) -> tuple[Run, ...]:
        """Return all runs, the newest first."""
        with self._read() as db:
            return tuple(_run(row) for row in db.execute("SELECT * FROM runs ORDER BY id DESC"))

    def undo_run(self, run_id: int) -> tuple[int, int]:
        """Take back what a run made of each version; return of how many, and of how many another reading is shown.

        Each version is a unit of work: an undoing that was broken off is completed by another.

        Raises:
            NotFound: there is no such run.
        """
        with self._read() as db:
            if db.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
                raise NotFound(f"There is no run {run_id}; `wireroom reprocess --runs` lists them.", what=str(run_id))
            read = [(row[0], row[1]) for row in db.execute(_OF_RUN, (run_id,))]
            filed = [(row[0], row[1]) for row in db.execute(_FILED_BY_RUN, (run_id, RULE))]
        undone = [self._undo(_undo_reading, run_id, key) for key in read]
        undone += [self._undo(_undo_version, run_id, key) for key in filed]
        self._write(lambda db: update(db, "runs", run_id, {"undone_at": self._now()}))
        return sum(undone), len(undone) - sum(undone)

    def _undo(
        self, how: Callable[[Database, int, tuple[int, int], datetime], bool], run_id: int, key: tuple[int, int]
    ) -> bool:
        return self._write(lambda db: how(db, run_id, key, self._now()))


def _run(row: Any) -> Run:
    return Run(
        id=row["id"],
        started_at=some_instant(row["started_at"]),
        finished_at=to_instant(row["finished_at"]),
        scope=row["scope"],
        examined=row["examined"],
        changed=row["changed"],
        undone_at=to_instant(row["undone_at"]),
    )


def _article(db: Database, article_id: int) -> Any:
    return db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()


def _hints(db: Database, row: Any, revision: int) -> Hints:
    """Return what the article's feed said of it when a version was filed."""
    sql = "SELECT hints FROM revisions WHERE article_id = ? AND number = ?"
    kept = db.execute(sql, (row["id"], revision)).fetchone()
    if kept is not None and kept["hints"] is not None:
        return unpacked_hints(kept["hints"])
    entry = db.execute("SELECT * FROM entries WHERE article_id = ? ORDER BY id LIMIT 1", (row["id"],)).fetchone()
    feed = db.execute("SELECT title FROM feeds WHERE id = ?", (row["origin_feed_id"],)).fetchone()
    return hints(entry, feed["title"] if feed else None)


def _refile(db: Database, run_id: int, reading: Rereading, now: datetime) -> bool:
    version = reading.version
    row = _article(db, version.article_id)
    if row is None or reading.found is None or not _is_as_it_was(db, reading, run_id):
        return False
    add_reading(db, row, run_id, reading, now)
    db.execute("UPDATE runs SET changed = changed + 1 WHERE id = ?", (run_id,))
    detail = f"run {run_id} read the page of version {version.revision} again: {', '.join(reading.changed)}"
    note(db, now, RULE, detail, article_id=version.article_id)
    return True


def _is_as_it_was(db: Database, reading: Rereading, run_id: int) -> bool:
    """Say whether a version is still read from the same pages, and shown as it was when they were read again."""
    version = reading.version
    page = db.execute(_FETCHED, (version.article_id, version.revision)).fetchone()
    newest = read_by(db, version.article_id, version.revision)
    is_same_page = page is not None and page["fetched_at"] == to_text(version.pages[0].fetched_at)
    return is_same_page and newest == version.read_by and (newest is None or newest < run_id)


def _undo_reading(db: Database, run_id: int, key: tuple[int, int], now: datetime) -> bool:
    article_id, number = key
    is_shown = remove_reading(db, _article(db, article_id), run_id, number)
    note(db, now, UNDO_RULE, f"run {run_id} was undone for version {number}", article_id=article_id)
    return is_shown


def _undo_version(db: Database, run_id: int, key: tuple[int, int], now: datetime) -> bool:
    """Take back the version that a run of an earlier release filed, as long as it is the newest and not read again."""
    article_id, number = key
    row = _article(db, article_id)
    before = (article_id, number - 1)
    packed = db.execute("SELECT snapshot FROM revisions WHERE article_id = ? AND number = ?", before).fetchone()
    if row is None or row["revision"] != number or packed is None or packed["snapshot"] is None:
        return False
    if read_by(db, article_id, number) is not None:
        return False
    shown = version_columns(packed_version(packed["snapshot"]))
    update_article(db, row, {**shown, "revision": number - 1, "change_seq": next_changes(db)[0]})
    db.execute("DELETE FROM revisions WHERE article_id = ? AND number = ?", key)
    db.execute("UPDATE revisions SET snapshot = NULL WHERE article_id = ? AND number = ?", before)
    db.execute("UPDATE pages SET revision = ? WHERE article_id = ? AND revision = ?", (number - 1, *key))
    refresh_earlier(db, article_id)
    note(db, now, UNDO_RULE, f"run {run_id} was undone", article_id=article_id)
    return True
