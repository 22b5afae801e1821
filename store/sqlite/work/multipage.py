"""Articles of several pages while they are read: where the reading stands.

Functions for use inside a unit of work.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace

from sqlite_utils import Database

from scraper.model import ArticleCommit, Claim, Draft
from scraper.urls import host_of
from store.sqlite.database.columns import ids_json, insert, objects, strings, to_column, to_json, update
from store.sqlite.database.rows import extraction, extraction_columns
from store.sqlite.work.claims import host_id


def find_draft(db: Database, article_id: int) -> Draft | None:
    """Return where the reading of an article stands; None = it begins with the first page."""
    row = db.execute("SELECT * FROM drafts WHERE article_id = ?", (article_id,)).fetchone()
    if row is None:
        return None
    version = json.loads(row["version"])
    return Draft(
        next_url=row["next_url"],
        is_whole=bool(row["is_whole"]),
        urls=strings(row["urls"]),
        extraction=replace(extraction(version), next_page=version["next_page"]),
        keys=strings(row["keys"]),
        claims=tuple(Claim(**claim) for claim in objects(row["claims"])),
    )


def keep_draft(db: Database, commit: ArticleCommit) -> str | None:
    """Keep where the reading stands, or that it is over; return the page to fetch next, None = none."""
    db.execute("DELETE FROM drafts WHERE article_id = ?", (commit.article_id,))
    draft = commit.draft
    if draft is None or draft.next_url is None:
        return None
    columns = {**extraction_columns(draft.extraction), "next_page": draft.extraction.next_page}
    version = {name: to_column(value) for name, value in columns.items()}
    values = {
        "article_id": commit.article_id,
        "next_url": draft.next_url,
        "is_whole": draft.is_whole,
        "urls": draft.urls,
        "keys": draft.keys,
        "claims": draft.claims,
        "version": to_json(version),
    }
    insert(db, "drafts", values)
    return draft.next_url


def begin_anew(db: Database, article_ids: Collection[int]) -> set[int]:
    """Let the reading of these articles begin with the first page; return the hosts whose work changes by it."""
    rows = db.execute(
        """SELECT id, url, host_id FROM articles JOIN drafts ON article_id = id
        WHERE id IN (SELECT value FROM json_each(?))""",
        (ids_json(article_ids),),
    ).fetchall()
    hosts: set[int] = set()
    for row in rows:
        host = page_host_id(db, row["url"], row["host_id"])
        db.execute("DELETE FROM drafts WHERE article_id = ?", (row["id"],))
        update(db, "articles", row["id"], {"host_id": host})
        hosts |= {host, row["host_id"]}
    return hosts


def page_host_id(db: Database, url: str, otherwise: int) -> int:
    """Return the host of the page to fetch next; `otherwise` for what is no address."""
    name = host_of(url)
    return host_id(db, name) if name else otherwise
