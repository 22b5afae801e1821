"""Articles coming and going: making one, uniting two, burying one; change numbers and the decision trail.

Functions for use inside a unit of work.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.model import Claim, Hints, ParsedEntry
from store.sqlite.database.columns import ids_json, insert, storable, strings_json, to_text
from store.sqlite.database.pending import PENDING_HIDDEN
from store.sqlite.search.index import forget_article, index_articles

#: A summary in a list needs no more.
_SUMMARY_CHARS = 8000
#: Begins and ends what is not seen.
_UNSEEN = re.compile(r"<(/?)(script|style)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
#: What may stand inside a word.
_IN_WORD = re.compile(
    r"</?(?:[abiqsu]|abbr|bd[io]|big|cite|code|del|dfn|em|font|ins|kbd|mark|small|span|strong|su[bp]|tt|var|wbr)"
    r"(?:[\s/][^<>]*)?>|\xad|&shy;",
    re.IGNORECASE,
)


def next_changes(db: Database, count: int = 1) -> range:
    """Take `count` new change numbers."""
    sql = "UPDATE sequence SET value = value + ? WHERE name = 'change_seq' RETURNING value"
    last: int = db.execute(sql, (count,)).fetchone()[0]
    return range(last - count + 1, last + 1)


def mark_changed(db: Database, article_ids: Collection[int]) -> None:
    """Give each of these articles a new change number."""
    numbers = zip(next_changes(db, len(article_ids)), article_ids, strict=True)
    db.conn.executemany("UPDATE articles SET change_seq = ? WHERE id = ?", numbers)


def note(
    db: Database,
    at: datetime,
    rule: str,
    detail: str = "",
    *,
    entry: Mapping[str, int] | None = None,
    article_id: int | None = None,
) -> None:
    """Record one decision: about an entry (`id` and `feed_id`), or about an article."""
    values: dict[str, object] = {"at": at, "rule": rule, "detail": detail, "article_id": article_id}
    if entry is None:
        insert(db, "decisions", {**values, "about": "article"})
    else:
        insert(db, "decisions", {**values, "about": "entry", "entry_id": entry["id"], "feed_id": entry["feed_id"]})


def feed_words(entry: ParsedEntry | Hints, site_name: str | None) -> dict[str, object]:
    """Return the columns of an article that its feed can fill before the page is fetched."""
    return {
        "title": entry.title,
        "byline": entry.authors,
        "published_at": entry.published_at,
        "updated_at": entry.updated_at,
        "language": entry.language,
        "image_url": entry.image_url,
        "summary": plain_text(entry.summary_html),
        "site_name": site_name,
    }


def plain_text(markup: str | None) -> str | None:
    """Return the words of a piece of HTML on one line, shortened; None if there are none."""
    if not markup:
        return None
    words = html.unescape(_TAG.sub(" ", _IN_WORD.sub("", _seen(markup[:_SUMMARY_CHARS]))))
    return " ".join(words.split()) or None


def _seen(markup: str) -> str:
    """Return a piece of HTML without its scripts and styles; one that does not end stays."""
    kept, done = [], 0
    opening: re.Match[str] | None = None
    for tag in _UNSEEN.finditer(markup):
        if opening is None and not tag[1]:
            opening = tag
        elif opening is not None and tag[1] and tag[2].lower() == opening[2].lower():
            kept.append(markup[done : opening.start()])
            opening, done = None, tag.end()
    return " ".join((*kept, markup[done:]))


def file_article(
    db: Database, key: str, now: datetime, values: Mapping[str, object], *, change: int | None = None
) -> int:
    """Make a pending article known by `key` that is due now; return its id. `change` is a number taken before."""
    change = next_changes(db)[0] if change is None else change
    article_id = insert(db, "articles", new_row(key, now, values, change=change))
    add_keys(db, article_id, (key,), now)
    return article_id


def new_row(key: str, now: datetime, values: Mapping[str, object], *, change: int) -> dict[str, object]:
    """Return the row of a new article: pending and due now, if `values` do not say otherwise."""
    made = {"status": "pending", "article_key": key, "first_seen_at": now, "next_fetch_at": now, "change_seq": change}
    return {**made, **values}


def add_keys(db: Database, article_id: int, keys: Iterable[str], now: datetime) -> None:
    """Let these keys lead to the article from now on, those apart that lead to another."""
    sql = "INSERT INTO article_keys (key, article_id, first_seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    db.conn.executemany(sql, [(storable(key), article_id, to_text(now)) for key in keys])


def add_claims(db: Database, article_id: int, claims: Iterable[Claim]) -> None:
    """Keep the weak keys of the article."""
    sql = "INSERT INTO article_claims (key, article_id, source) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    db.conn.executemany(sql, [(storable(claim.key), article_id, claim.source) for claim in claims])


def owners(db: Database, keys: Collection[str]) -> set[int]:
    """Return the articles that `keys` lead to."""
    return set(owner_of(db, keys).values())


def owner_of(db: Database, keys: Collection[str]) -> dict[str, int]:
    """Return the article of each of `keys` that leads to one."""
    sql = "SELECT key, article_id FROM article_keys WHERE key IN (SELECT value FROM json_each(?))"
    return dict(map(tuple, db.execute(sql, (strings_json(keys),))))


def buried(db: Database, keys: Collection[str]) -> int | None:
    """Return the deleted article that one of `keys` led to."""
    sql = "SELECT min(article_id) FROM tombstone_keys WHERE key IN (SELECT value FROM json_each(?))"
    found: int | None = db.execute(sql, (strings_json(keys),)).fetchone()[0]
    return found


def graves_among(db: Database, keys: Collection[str]) -> set[str]:
    """Return those of `keys` that led to a deleted article."""
    sql = "SELECT key FROM tombstone_keys WHERE key IN (SELECT value FROM json_each(?))"
    return {key for (key,) in db.execute(sql, (strings_json(keys),))}


def unbury(db: Database, keys: Collection[str]) -> None:
    """Forget that the articles `keys` led to must not come back; their tombstones stay for exports."""
    db.execute(
        """DELETE FROM tombstone_keys WHERE article_id IN (
            SELECT article_id FROM tombstone_keys WHERE key IN (SELECT value FROM json_each(?)))""",
        (strings_json(keys),),
    )


def unite(db: Database, younger_id: int, older_id: int, now: datetime, cause: str) -> int:
    """Make two articles one: the older takes over what belongs to the younger, which goes; return the younger's host.

    A younger one that may have been exported leaves a tombstone.
    """
    younger = db.execute("SELECT * FROM articles WHERE id = ?", (younger_id,)).fetchone()
    for table in ("entries", "article_keys", "decisions"):
        db.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (older_id, younger_id))
    for table in ("article_tags", "article_claims"):
        db.execute(f"UPDATE OR IGNORE {table} SET article_id = ? WHERE article_id = ?", (older_id, younger_id))
    db.execute(
        """INSERT INTO marks (article_id, read_at, starred_at)
            SELECT ?, read_at, starred_at FROM marks WHERE article_id = ?
        ON CONFLICT DO UPDATE SET read_at = coalesce(read_at, excluded.read_at),
            starred_at = coalesce(starred_at, excluded.starred_at)""",
        (older_id, younger_id),
    )
    _erase(db, younger)
    if younger["status"] != "pending" or younger["first_seen_at"] <= to_text(now - PENDING_HIDDEN):
        _leave_tombstone(db, younger_id, now, united_with=older_id)
    detail = f"article {younger_id} ({younger['url']}) is the same one: {cause}"
    note(db, now, "united", detail, article_id=older_id)
    index_articles(db, (older_id,))
    mark_changed(db, (older_id,))
    host: int = younger["host_id"]
    return host


def bury(db: Database, article_id: int, now: datetime, detail: str) -> None:
    """Delete an article for good: its keys lead to a tombstone, its entries stay on file without it."""
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    entry = _hand_trail_to_entry(db, article_id, now, detail)
    _leave_tombstone(db, article_id, now, entry_id=entry, title=row["title"])
    db.execute(
        """INSERT OR REPLACE INTO tombstone_keys (key, article_id)
        SELECT key, article_id FROM article_keys WHERE article_id = ?""",
        (article_id,),
    )
    _erase(db, row)


def _leave_tombstone(db: Database, article_id: int, now: datetime, **values: object) -> None:
    """Mark the article as gone; `values`: `entry_id` that has its trail and `title`, or `united_with`."""
    stone = {"id": article_id, "deleted_at": now, "change_seq": next_changes(db)[0], **values}
    insert(db, "tombstones", stone)


def _hand_trail_to_entry(db: Database, article_id: int, now: datetime, detail: str) -> int | None:
    """Keep the trail of an article that goes: as that of its first entry, so that `why ADDRESS` still tells it."""
    entry = db.execute(
        "SELECT id, feed_id FROM entries WHERE article_id = ? ORDER BY id LIMIT 1", (article_id,)
    ).fetchone()
    if entry is None:
        db.execute("DELETE FROM decisions WHERE article_id = ?", (article_id,))
        return None
    note(db, now, "deleted", detail, article_id=article_id)
    db.execute(
        "UPDATE decisions SET entry_id = coalesce(entry_id, ?), feed_id = coalesce(feed_id, ?) WHERE article_id = ?",
        (entry["id"], entry["feed_id"], article_id),
    )
    number: int = entry["id"]
    return number


def _erase(db: Database, row: Any) -> None:
    forget_article(db, row)
    db.execute("DELETE FROM articles WHERE id = ?", (row["id"],))


def existing(db: Database, article_ids: Collection[int]) -> list[int]:
    """Return those of the ids that are articles."""
    rows = db.execute("SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", (ids_json(article_ids),))
    return [row[0] for row in rows]
