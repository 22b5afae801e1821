"""Pages as they are kept: packed with zstd, with a dictionary trained on the pages of this very database.

Pages of one archive come from few sites and share their frames. On 975 pages of 600 publishers a dictionary takes
what level 6 leaves from 16.7 to 15.6 %; with fewer publishers it takes more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from store.sqlite.database.columns import insert, to_text
from store.sqlite.database.connections import Base
from store.sqlite.database.pages import forget_pages
from store.zstd import dictionary_of, packed, unpacked

#: Pages from which the first dictionary is trained, and how many times as many there must be for the next one.
ENOUGH, _GROWTH = 200, 4
_SAMPLE, _SAMPLE_BYTES = 300, 128 * 1024
#: Pages packed anew, and pages deleted, in one unit of work.
_BATCH = 100

_LATEST = "SELECT id, pages, body FROM dictionaries ORDER BY id DESC LIMIT 1"
_SAMPLED = """
SELECT p.raw_bytes, p.body, d.body AS dictionary FROM pages p LEFT JOIN dictionaries d ON d.id = p.dictionary_id
WHERE p.rowid % max(1, (SELECT count(*) FROM pages) / :limit) = 0 AND p.prefix_revision IS NULL LIMIT :limit"""
#: Packed by themselves: neither with a dictionary nor with another page.
_UNPACKED = """
SELECT rowid, fetched_at, raw_bytes, body FROM pages
WHERE dictionary_id IS NULL AND prefix_revision IS NULL AND rowid > ? LIMIT ?"""
_REPACK = """
UPDATE pages SET body = ?, dictionary_id = ?
WHERE rowid = ? AND fetched_at = ? AND dictionary_id IS NULL AND prefix_revision IS NULL"""


class Packing(Base):
    """Packing pages, and training what they are packed with."""

    #: The newest dictionary and its id.
    _newest: tuple[int | None, bytes] = (None, b"")

    def pack(self, body: bytes) -> dict[str, object]:
        """Return a page as the columns `body` and `dictionary_id`; from any thread."""
        number, dictionary = self._dictionary()
        return {"body": packed(body, dictionary), "dictionary_id": number if dictionary else None}

    def _dictionary(self) -> tuple[int | None, bytes]:
        """Return the newest dictionary; a quarter of a megabyte that is read once, not for every page."""
        with self._read() as db:
            number = db.execute("SELECT max(id) FROM dictionaries").fetchone()[0]
            if number is not None and number != self._newest[0]:
                row = db.execute(_LATEST).fetchone()
                self._newest = (row["id"], row["body"])
        return self._newest

    def train(self) -> bool:
        """Train a dictionary if there are enough pages, or many more than at the last time; return whether."""
        with self._read() as db:
            count = db.execute("SELECT count(*) FROM pages").fetchone()[0]
            latest = db.execute(_LATEST).fetchone()
            if count < (ENOUGH if latest is None else latest["pages"] * _GROWTH):
                return False
            bodies = [unpacked(row)[:_SAMPLE_BYTES] for row in db.execute(_SAMPLED, {"limit": _SAMPLE})]
        values = {"made_at": to_text(self._now()), "pages": count, "body": dictionary_of(bodies)}
        self._write(lambda db: insert(db, "dictionaries", values))
        return True

    def repack(self) -> None:
        """Pack the pages that were kept before there was a dictionary with the newest one, a batch at a time."""
        with self._read() as db:
            latest = db.execute(_LATEST).fetchone()
        after = 0
        while latest is not None and latest["body"]:
            with self._read() as db:
                rows = db.execute(_UNPACKED, (after, _BATCH)).fetchall()
            if not rows:
                return
            after = rows[-1]["rowid"]
            repacked = [_repacked(row, latest) for row in rows]
            self._write(lambda db, rows=repacked: db.conn.executemany(_REPACK, rows))  # type: ignore[misc]

    def forget_pages(self, older_than: timedelta) -> None:
        """Delete the pages that were fetched longer ago, a batch at a time; the articles stay."""
        limit = to_text(self._now() - older_than)
        while self._write(lambda db: forget_pages(db, limit, _BATCH)):
            pass


def _repacked(row: Any, latest: Any) -> tuple[object, ...]:
    body = unpacked({"body": row["body"], "raw_bytes": row["raw_bytes"], "dictionary": None})
    return (packed(body, latest["body"]), latest["id"], row["rowid"], row["fetched_at"])
