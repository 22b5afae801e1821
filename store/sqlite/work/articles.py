"""Articles on their way: due, fetched, filed, united with what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import ArticleCommit, ArticleJob, Claim, HostClaim, RawPage, Rival, Telling
from scraper.ports import Scope
from scraper.urls import host_of
from store.sqlite.database.columns import ids_json, some_instant, strings_json, to_column, to_instant, to_text
from store.sqlite.database.exchanges import exchange_columns
from store.sqlite.database.packing import Packing
from store.sqlite.database.pages import keep_pages, move_drafts, read_pages
from store.sqlite.database.rows import extraction, extraction_columns, hints, validators
from store.sqlite.search.index import update_article
from store.sqlite.work.claims import check_fence, end_claim, hold_domain, hold_slot, host_id, refresh_slots
from store.sqlite.work.ledger import enter
from store.sqlite.work.lifecycle import (
    add_claims,
    add_keys,
    buried,
    bury,
    existing,
    file_article,
    next_changes,
    note,
    owners,
    unbury,
    unite,
)
from store.sqlite.work.multipage import begin_anew, find_draft, keep_draft, page_host_id
from store.sqlite.work.readings import forget_readings
from store.sqlite.work.revisions import add_revision, find_missing, keep_missing, slight_edits
from store.sqlite.work.stories import hand_over_story, leave_story, tell

_DUE = """
SELECT * FROM articles WHERE host_id = :host AND next_fetch_at <= :now AND {scope}
ORDER BY next_fetch_at, id DESC LIMIT 1"""
_RECHECK = """
SELECT * FROM articles WHERE host_id = :host AND recheck_at <= :now AND {scope}
ORDER BY recheck_at, id DESC LIMIT 1"""

_REFUSED = """
SELECT id FROM articles WHERE refused_on IS NOT NULL AND next_fetch_at IS NULL
AND refused_on NOT IN (SELECT value FROM json_each(?))"""
#: By the three ways that weak keys tell: mine lead to it, its lead to me, we share one.
_RIVALS = """
WITH mine (key) AS (SELECT value FROM json_each(:claims)),
here (key) AS (SELECT value FROM json_each(:keys) UNION SELECT key FROM article_keys WHERE article_id = :id),
found (id, key) AS (
    SELECT article_id, key FROM article_keys WHERE key IN (SELECT key FROM mine)
    UNION SELECT article_id, key FROM tombstone_keys WHERE key IN (SELECT key FROM mine)
    UNION SELECT article_id, key FROM article_claims WHERE key IN (SELECT key FROM mine UNION SELECT key FROM here))
SELECT found.id, min(found.key) AS key, coalesce(a.title, t.title) AS title, a.text, a.status, t.id AS stone
FROM found LEFT JOIN articles a ON a.id = found.id LEFT JOIN tombstones t ON t.id = found.id
WHERE found.id <> :id AND (a.id IS NOT NULL OR t.united_with IS NULL AND t.id IS NOT NULL)
GROUP BY found.id ORDER BY found.id LIMIT 8"""


class Articles(Packing):
    """Work on articles, by host."""

    def request_fetches(self, article_ids: Sequence[int], *, now: datetime) -> int:
        return self._write(lambda db: _request(db, article_ids, now))

    def retry_refused(self, terms: Sequence[str], *, now: datetime) -> int:
        with self._read() as db:
            ids = [row[0] for row in db.execute(_REFUSED, (strings_json(terms),))]
        return self._write(lambda db: _retry_refused(db, ids, now)) if ids else 0

    def save_address(self, url: str, key: str, *, now: datetime) -> int:
        return self._write(lambda db: _save(db, url, key, now))

    def next_article(self, claim: HostClaim, now: datetime, *, scope: Scope = None) -> ArticleJob | None:
        in_scope = "TRUE" if scope is None else "origin_feed_id IN (SELECT value FROM json_each(:scope))"
        values = {"host": claim.host_id, "now": to_text(now), "scope": ids_json(scope or ())}
        with self._read() as db:
            for sql in (_DUE, _RECHECK):
                if row := db.execute(sql.format(scope=in_scope), values).fetchone():
                    return _job(db, row, is_recheck=sql is _RECHECK)
        return None

    def rivals(self, article_id: int, keys: Sequence[str], claims: Sequence[Claim]) -> tuple[Rival, ...]:
        claimed = strings_json([claim.key for claim in claims])
        with self._read() as db:
            rows = db.execute(_RIVALS, {"id": article_id, "keys": strings_json(keys), "claims": claimed}).fetchall()
        return tuple(
            Rival(
                article_id=row["id"],
                key=row["key"],
                title=row["title"],
                text=row["text"] or "",
                is_read=row["status"] == "full",
                is_unreadable=row["status"] in ("failed", "feed_only"),
                is_buried=row["stone"] is not None,
            )
            for row in rows
        )

    def commit_article(self, claim: HostClaim, commit: ArticleCommit, telling: Telling | None = None) -> int | None:
        page = self._page_columns(commit)
        return self._write(lambda db: _commit(db, claim, commit, page, telling))

    def pages(self, article_id: int, revision: int | None = None) -> tuple[RawPage, ...]:
        with self._read() as db:
            found = read_pages(db, article_id, revision)
        if not found:
            which = f"article {article_id}" if revision is None else f"version {revision} of article {article_id}"
            raise NotFound(f"No page is kept for {which}.", what=str(article_id))
        return found

    def _page_columns(self, commit: ArticleCommit) -> dict[str, object] | None:
        """Return the page of a commit as it is kept; packed in the caller's thread: the writer's is everybody's."""
        page = commit.page
        if page is None:
            return None
        return {
            "article_id": commit.article_id,
            "number": page.number,
            "revision": 0,
            "is_whole": page.is_whole,
            "url": page.url,
            "content_type": page.content_type,
            "fetched_at": page.fetched_at,
            "raw_bytes": len(page.body),
            **self.pack(page.body),
            **exchange_columns(page.exchange, page.url),
        }


def _request(db: Database, article_ids: Sequence[int], now: datetime) -> int:
    hosts = begin_anew(db, article_ids)
    rows = db.execute(
        """UPDATE articles SET next_fetch_at = min(coalesce(next_fetch_at, :now), :now), attempts = 0
        WHERE id IN (SELECT value FROM json_each(:ids)) RETURNING host_id""",
        {"now": to_text(now), "ids": ids_json(article_ids)},
    ).fetchall()
    refresh_slots(db, "articles", hosts | {row["host_id"] for row in rows})
    return len(rows)


def _retry_refused(db: Database, article_ids: Sequence[int], now: datetime) -> int:
    for article_id in article_ids:
        note(db, now, "configuration-changed", "it was refused on other terms; tried again", article_id=article_id)
    return _request(db, article_ids, now)


def _save(db: Database, url: str, key: str, now: datetime) -> int:
    if found := owners(db, (key,)):
        return found.pop()
    unbury(db, (key,))  # asking for it by name outweighs having deleted it
    host = host_id(db, host_of(url))
    article_id = file_article(db, key, now, {"url": url, "host_id": host})
    note(db, now, "saved", url, article_id=article_id)
    refresh_slots(db, "articles", (host,))
    return article_id


def _job(db: Database, row: Any, *, is_recheck: bool) -> ArticleJob:
    entry = db.execute("SELECT * FROM entries WHERE article_id = ? ORDER BY id LIMIT 1", (row["id"],)).fetchone()
    feed = db.execute(
        "SELECT title, full_text, recheck, stories FROM feeds WHERE id = ?", (row["origin_feed_id"],)
    ).fetchone()
    return ArticleJob(
        id=row["id"],
        url=row["url"],
        full_text=bool(row["has_page"] and (feed is None or feed["full_text"])),
        hints=hints(entry, feed["title"] if feed else None),
        attempts=row["attempts"],
        status=row["status"],
        first_seen_at=some_instant(row["first_seen_at"]),
        validators=validators(row),
        current=extraction(row) if row["revision"] else None,
        due_at=to_instant(row["recheck_at" if is_recheck else "next_fetch_at"]),
        draft=find_draft(db, row["id"]),
        is_recheck=is_recheck,
        rechecks=row["rechecks"],
        keeps_watch=feed is None or bool(feed["recheck"]),
        tells_stories=feed is None or bool(feed["stories"]),
        missing=find_missing(db, row["id"]),
        slight_edits=slight_edits(db, row),
    )


# --------------------------------------------------------------------------- filing a fetch


def _commit(
    db: Database, claim: HostClaim, commit: ArticleCommit, page: dict[str, object] | None, telling: Telling | None
) -> int | None:
    check_fence(db, claim)
    enter(db, "articles", commit.exchanges, commit.refused_host)
    hold_slot(db, claim, commit.next_allowed_at)
    hold_domain(db, commit.block, commit.checked_at)
    row = db.execute("SELECT * FROM articles WHERE id = ?", (commit.article_id,)).fetchone()
    hosts = {claim.host_id}
    if row is None:  # deleted, or united with another, while its page was being fetched
        survivor = min(owners(db, commit.keys), default=None)
    else:
        hosts.add(row["host_id"])
        survivor = _survivor(db, row, commit, hosts)
        if survivor == commit.article_id or _is_better(db, survivor, commit):
            hosts.add(_file(db, replace(commit, article_id=survivor), page and {**page, "article_id": survivor}))
            if telling is not None:
                tell(db, survivor, commit, telling)
    refresh_slots(db, "articles", hosts)
    if claim.ends_with_commit:
        end_claim(db, claim)
    return None if survivor == commit.article_id else survivor


def _is_better(db: Database, survivor: int, commit: ArticleCommit) -> bool:
    """Say whether a page read in full belongs to an older article whose own page was never read."""
    row = db.execute("SELECT status FROM articles WHERE id = ?", (survivor,)).fetchone()
    return row is not None and row["status"] != "full" and commit.status == "full" and commit.is_revision


def _survivor(db: Database, row: Any, commit: ArticleCommit, hosts: set[int]) -> int:
    """Unite the article with those that its keys lead to; return the one that stays (or the grave it went to)."""
    causes = {twin.article_id: twin.cause for twin in commit.twins}
    others = (owners(db, commit.keys) | set(existing(db, list(causes)))) - {commit.article_id}
    dead = None if others else commit.grave or buried(db, commit.keys)
    if dead is not None and row["origin_feed_id"] is not None:
        bury(db, commit.article_id, commit.checked_at, f"it leads to article {dead}, which was deleted")
        leave_story(db, row["story_id"])
        return dead
    unbury(db, commit.keys)
    oldest, *younger = sorted({*others, commit.article_id})
    if oldest != commit.article_id and _is_better(db, oldest, commit):
        move_drafts(db, commit.article_id, oldest)
    for article_id in younger:
        other = article_id if article_id != commit.article_id else oldest
        cause = causes.get(other, f"both are found at {', '.join(commit.keys)}")
        hand_over_story(db, article_id, oldest, commit.checked_at)
        hosts.add(unite(db, article_id, oldest, commit.checked_at, cause))
    add_keys(db, oldest, commit.keys, commit.checked_at)
    add_claims(db, oldest, commit.claims)
    if commit.is_revision:
        for doubt in commit.doubts:
            note(db, commit.checked_at, "not-united", doubt, article_id=oldest)
    return oldest


def _file(db: Database, commit: ArticleCommit, page: dict[str, object] | None) -> int:
    """Write a commit; return the host of the article's next fetch."""
    row = db.execute("SELECT * FROM articles WHERE id = ?", (commit.article_id,)).fetchone()
    changes = _visible_changes(row, commit)
    if changes or commit.detail or commit.draft is None:
        note(db, commit.checked_at, commit.rule, _verdict(commit), article_id=row["id"])
    if changes:
        changes["change_seq"] = next_changes(db)[0]
    if commit.extraction is not None and page is not None:
        changes["fetched_at"] = page["fetched_at"]
    keep_pages(db, row, commit, page)
    host = page_host_id(db, keep_draft(db, commit) or row["url"], row["host_id"])
    if commit.is_revision and commit.extraction is not None:
        changes["revision"] = add_revision(db, row, commit)
    elif commit.extraction is not None:
        forget_readings(db, row)
    keep_missing(db, row["id"], commit.missing, commit.checked_at)
    update_article(db, row, {**changes, **_check_columns(row, commit), "host_id": host})
    return host


def _visible_changes(row: Any, commit: ArticleCommit) -> dict[str, object]:
    if commit.extraction is None and commit.draft is not None:
        return {}
    shown: dict[str, object] = {"status": commit.status, "reason": commit.reason}
    if commit.extraction is not None:
        shown |= extraction_columns(commit.extraction)
    return {name: value for name, value in shown.items() if to_column(value) != row[name]}


def _check_columns(row: Any, commit: ArticleCommit) -> dict[str, object]:
    if not commit.has_looked:
        return {"recheck_at": None}
    columns: dict[str, object] = {
        "attempts": commit.attempts,
        "checks": row["checks"] + (commit.draft is None),
        "http_status": commit.http_status,
        "last_checked_at": commit.checked_at,
        "next_fetch_at": commit.next_fetch_at,
        "refused_on": commit.refused_on,
        "recheck_at": commit.recheck_at,
        "rechecks": commit.rechecks,
    }
    if commit.status != "pending" and row["settled_at"] is None:
        columns["settled_at"] = commit.checked_at
    given = commit.validators
    if commit.http_status == 200 or given.etag is not None or given.last_modified is not None:
        columns |= {"etag": given.etag, "last_modified": given.last_modified}
    return columns


def _verdict(commit: ArticleCommit) -> str:
    edited = f"edited: {', '.join(commit.changed)}" if commit.is_revision and commit.changed else None
    why = commit.reason or "; ".join(filter(None, [edited, commit.detail]))
    verdict = f"{commit.status}: {why}" if why else commit.status
    if not commit.attempts or commit.next_fetch_at is None:
        return verdict
    return f"{verdict}; attempt {commit.attempts}, again at {to_text(commit.next_fetch_at)[:16]}Z"
