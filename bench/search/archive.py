"""An archive of generated articles: rows written in bulk, the index of searches by its own code."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bench.search.vocabulary import Vocabulary
from store import open_store
from store.sqlite.database.columns import to_text
from store.sqlite.database.connections import connect
from store.sqlite.search.index import index_batch

FEEDS = 500
#: Words of an article, about; and the share of articles that are Japanese.
WORDS, JAPANESE = 350, 0.1
_LANGUAGES = ("en", "en", "en", "en", "en", "de", "de", "fr", "ru", None)
_BATCH = 5000
_FIRST_DAY = datetime(2021, 1, 1, tzinfo=UTC)
_YEARS = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What articles are written with."""

    spaced: Vocabulary
    japanese: Vocabulary


def generate(words: Words, count: int, first: int = 0, total: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield rows of `articles`, from the oldest to the newest."""
    rng = random.Random(first + 1)
    for number in range(first, first + count):
        at = to_text(_FIRST_DAY + _YEARS * (number / (total or count)))
        is_japanese = rng.random() < JAPANESE
        length = max(30, int(rng.gauss(WORDS, WORDS / 3)))
        feed = rng.randrange(FEEDS) + 1
        if is_japanese:
            drawn = words.japanese.draw(rng, length // 2)
            text, title = "。".join(drawn), "".join(drawn[:3])
        else:
            drawn = words.spaced.draw(rng, length)
            text, title = " ".join(drawn), " ".join(drawn[:9])
        url = f"https://paper{feed}.example/{number}"
        facts = {"status": "full", "byline": f'["{drawn[-1][:20]}"]', "site_name": f"Paper {feed}"}
        times = {"published_at": at, "first_seen_at": at, "settled_at": at}
        keys = {"url": url, "article_key": url, "host_id": 1, "origin_feed_id": feed, "change_seq": number + 1}
        language = "ja" if is_japanese else rng.choice(_LANGUAGES)
        yield {"title": title, "text": text, "language": language, **facts, **times, **keys}


def build(path: Path, words: Words, count: int) -> dict[str, float]:
    """Make the archive at `path`; return the seconds that its parts took."""
    with open_store(path):
        pass
    db = connect(path)
    for pragma in ("synchronous = OFF", "cache_size = -400000", "wal_autocheckpoint = 20000"):
        db.execute(f"PRAGMA {pragma}").fetchall()
    started = time.perf_counter()
    _write_rows(db, words, count)
    written = time.perf_counter()
    _index(path, db, count)
    db.close()
    return {"rows and exact index": written - started, "stems": time.perf_counter() - written}


def _write_rows(db: Database, words: Words, count: int) -> None:
    db.execute("BEGIN")
    db.execute("INSERT INTO hosts (name) VALUES ('paper.example')")
    for feed in range(1, FEEDS + 1):
        url = f"https://paper{feed}.example/feed"
        db.execute(
            "INSERT INTO feeds (name, url, current_url, host_id, added_at) VALUES (?, ?, ?, 1, ?)",
            (f"Paper {feed}", url, url, to_text(_FIRST_DAY)),
        )
    db.execute("COMMIT")
    for start in range(0, count, _BATCH):
        db.execute("BEGIN")
        rows = list(generate(words, min(_BATCH, count - start), start, count))
        names = list(rows[0])
        sql = f"INSERT INTO articles ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        db.conn.executemany(sql, [tuple(row.values()) for row in rows])
        db.execute("COMMIT")
        _tell("written", start + len(rows))
    db.execute("UPDATE sequence SET value = ?", (count,))
    db.conn.commit()


def _index(path: Path, db: Database, count: int) -> None:
    import sqlite3

    db.conn.row_factory = sqlite3.Row
    db.execute("UPDATE search_index SET indexed_from = ?", (count + 1,))
    db.conn.commit()
    done = 0
    while True:
        db.execute("BEGIN")
        found = index_batch(db, 2000)
        db.execute("COMMIT")
        if not found:
            return
        done += found
        _tell("indexed", done)


def _tell(what: str, number: int) -> None:
    if number % 50_000 == 0:
        print(f"{what} {number:,}", file=sys.stderr, flush=True)
