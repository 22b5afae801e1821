"""Reading the archive again: which articles have their pages, filing what came of it, and undoing a run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import zstandard
from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import ArticleCommit, Extraction, KeptArticle, Rereading, Run, Status
from store.columns import insert, some_instant, to_instant, to_text, update
from store.database import Base
from store.filing import next_changes, note
from store.indexing import update_article
from store.pages import read_pages
from store.records import extraction, extraction_columns, hints
from store.revisions import add_revision
from store.versions import packed_version

#: What files a version of ours: no edit of the publisher's.
RULE, UNDO_RULE = "reprocessed", "reprocess-undone"
_KEPT = """
SELECT a.id FROM articles a JOIN hosts h ON h.id = a.host_id
WHERE a.status IN ('full', 'feed_only') AND a.id > :after
    AND EXISTS (SELECT 1 FROM pages p WHERE p.article_id = a.id AND p.revision > 0)
    AND (:site IS NULL OR h.name = :site OR substr(h.name, -length(:site) - 1) = '.' || :site)
    AND (:feed IS NULL OR EXISTS (SELECT 1 FROM entries e WHERE e.article_id = a.id AND e.feed_id = :feed))
    AND (:since IS NULL OR a.first_seen_at >= :since)
ORDER BY a.id LIMIT 500"""
_OF_RUN = "SELECT article_id, number FROM revisions WHERE run_id = ? AND rule = ? ORDER BY article_id"


class Reprocessing(Base):
    """The side of the store that `reprocess` works on."""

    def kept_articles(
        self, *, site: str | None = None, feed_id: int | None = None, since: datetime | None = None
    ) -> tuple[int, ...]:
        """Return the ids of articles with pages: of a site (a host, or a domain above it), of a feed, since when."""
        return tuple(self._ids({"site": site, "feed": feed_id, "since": since and to_text(since)}))

    def _ids(self, wanted: Mapping[str, object]) -> Iterator[int]:
        after = 0
        while True:
            with self._read() as db:
                ids = [row["id"] for row in db.execute(_KEPT, {**wanted, "after": after})]
            if not ids:
                return
            yield from ids
            after = ids[-1]

    def kept_article(self, article_id: int) -> KeptArticle:
        """Return an article with its pages.

        Raises:
            NotFound: it has gone meanwhile, or its pages have.
        """
        with self._read() as db:
            row = db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
            pages = read_pages(db, article_id, None)
            if row is None or not pages:
                raise NotFound(f"There is no article {article_id} with a page.", what=str(article_id))
            entry = db.execute(
                "SELECT * FROM entries WHERE article_id = ? ORDER BY id LIMIT 1", (article_id,)
            ).fetchone()
            feed = db.execute("SELECT title FROM feeds WHERE id = ?", (row["origin_feed_id"],)).fetchone()
        return KeptArticle(
            id=article_id,
            url=row["url"],
            status=row["status"],
            revision=row["revision"],
            current=extraction(row),
            hints=hints(entry, feed["title"] if feed else None),
            pages=pages,
        )

    def begin_run(self, scope: str) -> int:
        """Note the beginning of a run; return its number."""
        values = {"started_at": self._now(), "scope": scope}
        return self._write(lambda db: insert(db, "runs", values))

    def end_run(self, run_id: int, examined: int, changed: int) -> None:
        """Note its end."""
        values = {"finished_at": self._now(), "examined": examined, "changed": changed}
        self._write(lambda db: update(db, "runs", run_id, values))

    def refile(self, run_id: int, reading: Rereading) -> bool:
        """File what was read as a new version; return whether: an article that has changed meanwhile stays as it is."""
        return self._write(lambda db: _refile(db, run_id, reading, self._now()))

    def runs(self) -> tuple[Run, ...]:
        """Return all runs, the newest first."""
        with self._read() as db:
            return tuple(_run(row) for row in db.execute("SELECT * FROM runs ORDER BY id DESC"))

    def undo_run(self, run_id: int) -> tuple[int, int]:
        """File the versions from before a run anew; return how many, and how many had been changed since and stay.

        Raises:
            NotFound: there is no such run.
        """
        with self._read() as db:
            if db.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
                raise NotFound(f"There is no run {run_id}; `wireroom reprocess --runs` lists them.", what=str(run_id))
            filed = [(row["article_id"], row["number"]) for row in db.execute(_OF_RUN, (run_id, RULE))]
        undone = [self._undo(run_id, article_id, number) for article_id, number in filed]
        self._write(lambda db: update(db, "runs", run_id, {"undone_at": self._now()}))
        return sum(undone), len(undone) - sum(undone)

    def _undo(self, run_id: int, article_id: int, number: int) -> bool:
        return self._write(lambda db: _undo(db, run_id, article_id, number, self._now()))


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


def _refile(db: Database, run_id: int, reading: Rereading, now: datetime) -> bool:
    article = reading.article
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article.id,)).fetchone()
    if row is None or row["revision"] != article.revision or reading.found is None:
        return False
    _file(db, row, "full", reading.found, reading.changed, (run_id, RULE, now))
    detail = f"run {run_id} read its page again: {', '.join(reading.changed)}"
    note(db, now, RULE, detail, article_id=article.id)
    return True


def _undo(db: Database, run_id: int, article_id: int, number: int, now: datetime) -> bool:
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    sql = "SELECT snapshot FROM revisions WHERE article_id = ? AND number = ?"
    before = db.execute(sql, (article_id, number - 1)).fetchone()
    if row is None or row["revision"] != number or before is None or before["snapshot"] is None:
        return False
    status = json.loads(zstandard.decompress(before["snapshot"]))["status"]
    told = db.execute("SELECT changed FROM revisions WHERE article_id = ? AND number = ?", (article_id, number))
    changed = tuple(json.loads(told.fetchone()["changed"]))
    _file(db, row, status, packed_version(before["snapshot"]), changed, (run_id, UNDO_RULE, now))
    note(db, now, UNDO_RULE, f"run {run_id} was undone", article_id=article_id)
    return True


def _file(
    db: Database,
    row: Any,
    status: Status,
    found: Extraction,
    changed: tuple[str, ...],
    origin: tuple[int, str, datetime],
) -> None:
    run_id, rule, now = origin
    commit = ArticleCommit(
        article_id=row["id"],
        status=status,
        reason=None,
        extraction=found,
        is_revision=True,
        changed=changed,
        checked_at=now,
        rule=rule,
    )
    number = add_revision(db, row, commit, run_id)
    reason = None if status == "full" else row["reason"] or found.reason
    shown = {"status": status, "reason": reason, **extraction_columns(found)}
    update_article(db, row, {**shown, "revision": number, "change_seq": next_changes(db)[0]})
