"""Pages as they are kept: packed with zstd, with a dictionary trained on the pages of this very database.

Pages of one archive come from few sites and share their frames. On 975 pages of 600 publishers a dictionary takes
what level 6 leaves from 16.7 to 15.6 %; with fewer publishers it takes more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

import zstandard
from sqlite_utils import Database

from store.columns import insert, to_text
from store.database import Base

#: 1 ms a page; level 3 takes a third of that and leaves a tenth more.
_LEVEL = 6
_DICTIONARY_BYTES = 256 * 1024
#: Pages from which the first dictionary is trained, and how many times as many there must be for the next one.
ENOUGH, _GROWTH = 200, 4
_SAMPLE, _SAMPLE_BYTES = 300, 128 * 1024
#: A dictionary that saves less is not worth having.
_LEAST_GAIN = 0.02
#: Pages packed anew, and pages deleted, in one unit of work.
_BATCH = 100

_LATEST = "SELECT id, pages, body FROM dictionaries ORDER BY id DESC LIMIT 1"
_SAMPLED = """
SELECT p.raw_bytes, p.body, d.body AS dictionary FROM pages p LEFT JOIN dictionaries d ON d.id = p.dictionary_id
WHERE p.rowid % max(1, (SELECT count(*) FROM pages) / :limit) = 0 LIMIT :limit"""
_UNPACKED = "SELECT rowid, fetched_at, raw_bytes, body FROM pages WHERE dictionary_id IS NULL AND rowid > ? LIMIT ?"
_REPACK = """
UPDATE pages SET body = ?, dictionary_id = ? WHERE rowid = ? AND fetched_at = ? AND dictionary_id IS NULL"""


class Packing(Base):
    """Packing pages, and training what they are packed with."""

    def pack(self, body: bytes) -> dict[str, object]:
        """Return a page as the columns `body` and `dictionary_id`; from any thread."""
        with self._read() as db:
            latest = db.execute(_LATEST).fetchone()
        if latest is None or not latest["body"]:
            return {"body": zstandard.compress(body, _LEVEL), "dictionary_id": None}
        return {"body": _packed(body, latest["body"]), "dictionary_id": latest["id"]}

    def train(self) -> bool:
        """Train a dictionary if there are enough pages, or many more than at the last time; return whether."""
        with self._read() as db:
            count = db.execute("SELECT count(*) FROM pages").fetchone()[0]
            latest = db.execute(_LATEST).fetchone()
            if count < (ENOUGH if latest is None else latest["pages"] * _GROWTH):
                return False
            bodies = [unpacked(row)[:_SAMPLE_BYTES] for row in db.execute(_SAMPLED, {"limit": _SAMPLE})]
        values = {"made_at": to_text(self._now()), "pages": count, "body": _dictionary(bodies)}
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
            packed = [_repacked(row, latest) for row in rows]
            self._write(lambda db, packed=packed: db.conn.executemany(_REPACK, packed))  # type: ignore[misc]

    def forget_pages(self, older_than: timedelta) -> None:
        """Delete the pages that were fetched longer ago, a batch at a time; the articles stay."""
        limit = to_text(self._now() - older_than)
        while self._write(lambda db: _forget(db, limit)):
            pass


def unpacked(row: Any) -> bytes:
    """Return the page in a row of `pages` with the `dictionary` that its dictionary_id names."""
    decompressor = zstandard.ZstdDecompressor(dict_data=_loaded(row["dictionary"] or b""))
    return decompressor.decompress(row["body"], max_output_size=row["raw_bytes"])


def _packed(body: bytes, dictionary: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_loaded(dictionary)).compress(body)


def _repacked(row: Any, latest: Any) -> tuple[object, ...]:
    body = zstandard.decompress(row["body"], max_output_size=row["raw_bytes"])
    return (_packed(body, latest["body"]), latest["id"], row["rowid"], row["fetched_at"])


def _forget(db: Database, limit: str) -> int:
    sql = "DELETE FROM pages WHERE rowid IN (SELECT rowid FROM pages WHERE fetched_at < ? AND NOT is_draft LIMIT ?)"
    return int(db.execute(sql, (limit, _BATCH)).rowcount)


def _dictionary(bodies: Sequence[bytes]) -> bytes:
    """Return a dictionary trained on most of the pages; nothing if it does not help with the others."""
    trained, others = bodies[: len(bodies) * 4 // 5], bodies[len(bodies) * 4 // 5 :]
    try:
        dictionary: bytes = zstandard.train_dictionary(_DICTIONARY_BYTES, list(trained)).as_bytes()
    except zstandard.ZstdError:  # too little to learn from
        return b""
    plain = sum(len(zstandard.compress(body, _LEVEL)) for body in others)
    gained = sum(len(_packed(body, dictionary)) for body in others)
    return dictionary if gained < (1 - _LEAST_GAIN) * plain else b""


@lru_cache(maxsize=4)
def _loaded(dictionary: bytes) -> zstandard.ZstdCompressionDict | None:
    if not dictionary:
        return None
    loaded = zstandard.ZstdCompressionDict(dictionary)
    loaded.precompute_compress(level=_LEVEL)
    return loaded
