"""Entries that were kept out: listing them, and bringing one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import DroppedEntry
from scraper.urls import host_of
from store.sqlite.database.columns import some_instant, to_text, update
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import bare_address, hints
from store.sqlite.search.index import index_articles
from store.sqlite.work.claims import host_id, refresh_slots
from store.sqlite.work.lifecycle import feed_words, file_article, mark_changed, note, owners, unbury

_DROPPED = """
SELECT e.id, e.title, e.link, e.dropped_at, e.first_seen_at, e.rule, e.detail, f.name AS feed
FROM entries e JOIN feeds f ON f.id = e.feed_id
WHERE e.dropped_at IS NOT NULL AND (:feed IS NULL OR e.feed_id = :feed) AND (:since IS NULL OR e.dropped_at >= :since)
ORDER BY e.id DESC LIMIT :limit"""


class Dropped(Base):
    """The entries that rules kept out."""

    def dropped_entries(
        self, *, feed_id: int | None = None, since: datetime | None = None, limit: int | None = None
    ) -> tuple[DroppedEntry, ...]:
        values = {
            "feed": feed_id,
            "since": None if since is None else to_text(since),
            "limit": -1 if limit is None else limit,
        }
        with self._read() as db:
            return tuple(_dropped(row) for row in db.execute(_DROPPED, values))

    def restore_entries(self, entry_ids: Sequence[int], *, now: datetime) -> tuple[int, ...]:
        return self._write(lambda db: tuple(_restore(db, number, now) for number in dict.fromkeys(entry_ids)))


def _dropped(row: Any) -> DroppedEntry:
    return DroppedEntry(
        id=row["id"],
        title=row["title"],
        link=row["link"],
        feed=bare_address(row["feed"]),
        dropped_at=some_instant(row["dropped_at"]),
        rule=row["rule"],
        detail=row["detail"],
    )


def _restore(db: Database, entry_id: int, now: datetime) -> int:
    """File the entry as its feed's poll would have without the rule; return its article."""
    entry = db.execute("SELECT * FROM entries WHERE id = ?", (entry_id,)).fetchone()
    if entry is None or entry["article_id"] is not None:
        what = "There is no" if entry is None else f"Article {entry['article_id']} has"
        raise NotFound(f"{what} entry {entry_id}; nothing was brought back.", what=str(entry_id))
    feed = db.execute("SELECT * FROM feeds WHERE id = ?", (entry["feed_id"],)).fetchone()
    address: str | None = entry["article_key"] or entry["link_key"]
    # Behind an address that is shared with others stand a bar and the entry's words: they are the key.
    has_page = address is not None and "|" not in address
    key = address or f"entry:{feed['id']}:{entry['guid_key'] or entry['content_hash']}"
    if found := owners(db, (key,)):
        article_id = found.pop()
    else:
        unbury(db, (key,))  # asking for it by name outweighs having deleted it
        url = entry["link"] or feed["site_url"] or feed["url"]
        host = host_id(db, host_of(url))
        words = feed_words(hints(entry, None), feed["title"])
        origin = {"url": url, "host_id": host, "origin_feed_id": feed["id"], "has_page": has_page}
        article_id = file_article(db, key, now, {**words, **origin})
        refresh_slots(db, "articles", (host,))
    update(db, "entries", entry_id, {"article_id": article_id, "dropped_at": None, "article_key": None})
    was = f"it was dropped by {entry['rule']} ({entry['detail']})" if entry["dropped_at"] else "its article was deleted"
    note(db, now, "restored", f"by the reader; {was}", entry=entry, article_id=article_id)
    index_articles(db, (article_id,))
    mark_changed(db, (article_id,))
    return article_id
