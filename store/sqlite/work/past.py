"""What a feed had before: entries by their keys, by their bytes, and with their words where keys leave a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scraper.model import Doubts, EntryKeys, KnownEntry, ParsedEntry, Past, PastEntry
from store.sqlite.database.columns import ids_json, strings_json, to_instant, to_text
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import known_entry

_COLUMNS = """
e.id, e.article_id, e.guid_key, e.link_key, e.content_hash, e.title, e.published_at, e.updated_at, e.changes,
CASE WHEN e.link_key IS NULL THEN instr(
    coalesce((SELECT article_key FROM articles WHERE id = e.article_id), e.article_key, ''), '|') ELSE 0 END > 0
    AS shares_address"""
_KNOWN = f"""
WITH found (id) AS (
    SELECT id FROM entries WHERE feed_id = :feed AND guid_key IN (SELECT value FROM json_each(:guids))
    UNION SELECT id FROM entries WHERE feed_id = :feed AND link_key IN (SELECT value FROM json_each(:links))
    UNION SELECT id FROM entries WHERE feed_id = :feed AND content_hash IN (SELECT value FROM json_each(:hashes)))
SELECT {_COLUMNS} FROM found CROSS JOIN entries e ON e.id = found.id
ORDER BY e.id"""
_ITEMS = """
SELECT guid, link, title, published_at, updated_at, content_hash, item FROM entries
WHERE feed_id = ? AND item IN (SELECT value FROM json_each(?))"""
#: So much of a text tells whether it is another's, of so many entries at most.
_TEXT_CHARS = 20_000
_MAX_ENTRIES = 200
_PAST = f"""
WITH found (id) AS (
    SELECT value FROM json_each(:ids)
    UNION SELECT id FROM (
        SELECT id FROM entries WHERE feed_id = :feed
        AND coalesce(published_at, updated_at, first_seen_at) IN (SELECT value FROM json_each(:dates))
        ORDER BY id DESC LIMIT {_MAX_ENTRIES}))
SELECT {_COLUMNS}, e.link, substr(e.summary_html, 1, {_TEXT_CHARS}) AS summary_html,
    substr(e.content_html, 1, {_TEXT_CHARS}) AS content_html
FROM found CROSS JOIN entries e ON e.id = found.id ORDER BY e.id"""
#: An article's own key beside a shared address is the address, a bar and its words; } follows the bar.
_SHARED = """
SELECT value FROM json_each(:addresses) WHERE EXISTS (
    SELECT 1 FROM article_keys k JOIN entries e ON e.article_id = k.article_id AND e.feed_id = :feed
    WHERE k.key > value || '|' AND k.key < value || '}')"""


class PastEntries(Base):
    """Looking up what a feed had before."""

    def known_entries(self, feed_id: int, keys: Sequence[EntryKeys]) -> tuple[KnownEntry, ...]:
        values = {
            "feed": feed_id,
            "guids": strings_json([key.guid for key in keys if key.guid is not None]),
            "links": strings_json([key.link for key in keys if key.link is not None]),
            "hashes": strings_json([key.content_hash for key in keys]),
        }
        with self._read() as db:
            return tuple(_known(row) for row in db.execute(_KNOWN, values))

    def known_items(self, feed_id: int, items: Sequence[int]) -> dict[int, ParsedEntry]:
        with self._read() as db:
            rows = db.execute(_ITEMS, (feed_id, ids_json(items)))
            return {row["item"]: known_entry(row) for row in rows}

    def past(self, feed_id: int, doubts: Doubts) -> Past:
        values = {
            "feed": feed_id,
            "ids": ids_json(doubts.entry_ids),
            "dates": strings_json([to_text(date) for date in doubts.dates]),
            "addresses": strings_json(doubts.article_keys),
        }
        with self._read() as db:
            entries = tuple(_past(row) for row in db.execute(_PAST, values))
            shared = frozenset(row["value"] for row in db.execute(_SHARED, values))
        return Past(entries=entries, shared=shared)


def _known(row: Any) -> KnownEntry:
    keys = EntryKeys(guid=row["guid_key"], link=row["link_key"], content_hash=row["content_hash"])
    return KnownEntry(
        entry_id=row["id"],
        article_id=row["article_id"],
        keys=keys,
        title=row["title"],
        published_at=to_instant(row["published_at"]),
        updated_at=to_instant(row["updated_at"]),
        changes=row["changes"],
        shares_address=bool(row["shares_address"]),
    )


def _past(row: Any) -> PastEntry:
    return PastEntry(
        known=_known(row),
        link=row["link"],
        summary_html=row["summary_html"],
        content_html=row["content_html"],
    )
