"""`python -m bench.search --articles N --pages FOLDER`: latencies, bytes of index per article, the cost of filing.

Words are drawn by their frequencies from the pages of FOLDER (HTML, gzipped too; or JSON Lines that hold HTML). The
archive is made in a temporary directory, or kept and used again with --keep PATH.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlite_utils import Database

from bench.search.archive import FEEDS, Words, build, generate
from bench.search.vocabulary import Vocabulary, read_vocabularies
from scraper.model import ArticleFilter
from store import Store, open_store
from store.sqlite.database import columns
from store.sqlite.database.connections import connect
from store.sqlite.search.index import update_article

#: Milliseconds that the slowest of a hundred may take.
GOAL_MS, GOAL_RANKED_MS = 50, 300
_QUERIES = 100
_FILED = 400


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--pages", type=Path, default=os.environ.get("WIREROOM_PAGES"))
    parser.add_argument("--most-pages", type=int, default=1500)
    parser.add_argument("--keep", type=Path, metavar="PATH")
    given = parser.parse_args()
    folder = given.pages or Path("tests/pages")
    words = Words(**dict(zip(("spaced", "japanese"), read_vocabularies(Path(folder), given.most_pages), strict=True)))
    print(
        f"{given.articles:,} articles; {len(words.spaced.words):,} words, {len(words.japanese.words):,} Japanese runs"
    )
    with tempfile.TemporaryDirectory() as scratch:
        path = given.keep or Path(scratch) / "search.db"
        if not path.exists():
            for part, seconds in build(path, words, given.articles).items():
                print(f"built {part}: {seconds:.0f} s, {1000 * seconds / given.articles:.2f} ms an article")
        _print_sizes(path, given.articles)
        with open_store(path) as store:
            missed = _print_latencies(store, words)
        _print_filing(path, words)
    return 1 if missed else 0


# --------------------------------------------------------------------------- latencies


def _queries(words: Words) -> dict[str, Callable[[random.Random], str]]:
    common = [words.spaced.at(share) for share in (0.02, 0.01, 0.006, 0.004, 0.003, 0.002, 0.0015, 0.001, 0.0007)]
    pairs = [run[:2] for run in (words.japanese.at(share) for share in (0.02, 0.01, 0.005, 0.003, 0.002, 0.001))]
    rare = _rare(words.spaced)
    narrowing = {
        "": lambda rng: "",
        " feed:": lambda rng: f' feed:"Paper {rng.randrange(FEEDS) + 1}"',
        " lang:": lambda rng: f" lang:{rng.choice(('en', 'de', 'fr', 'ru', 'ja'))}",
        " before:": lambda rng: (
            f" before:{rng.randrange(2021, 2026)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        ),
    }
    found: dict[str, Callable[[random.Random], str]] = {}
    for name, narrow in narrowing.items():
        found[f"one common word{name}"] = lambda rng, narrow=narrow: rng.choice(common) + narrow(rng)  # type: ignore[misc]  # bound now
        found[f"two common words{name}"] = lambda rng, narrow=narrow: " ".join(rng.sample(common, 2)) + narrow(rng)  # type: ignore[misc]  # as above
        found[f"a Japanese pair{name}"] = lambda rng, narrow=narrow: rng.choice(pairs) + narrow(rng)  # type: ignore[misc]  # as above
    found["a rare word or not a common one"] = lambda rng: f"{rng.choice(rare)} OR -{rng.choice(common)}"
    found["a phrase or starred, not read"] = lambda rng: '"{} {}" OR is:starred -is:read'.format(*rng.sample(common, 2))
    found["a prefix or not a phrase"] = lambda rng: '{}* OR -"{} {}"'.format(
        rng.choice(rare)[:5], *rng.sample(common, 2)
    )
    found["a rare word"] = lambda rng: rng.choice(rare)
    found["a phrase of two common words"] = lambda rng: '"{} {}"'.format(*rng.sample(common, 2))
    found["a prefix of four letters"] = lambda rng: f"{rng.choice(rare)[:4]}*"
    return found


def _rare(vocabulary: Vocabulary) -> list[str]:
    long = [word for word in vocabulary.words if len(word) > 5 and word.isalpha()]
    return long[len(long) // 2 :: max(1, len(long) // 400)]


def _print_latencies(store: Store, words: Words) -> bool:
    missed = False
    print(f"{'newest 20 of':40} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'hits':>6}")
    for name, make in _queries(words).items():
        missed |= _print_row(store, name, make, rank=False)
    print("by relevance")
    for name, make in list(_queries(words).items())[:2]:
        missed |= _print_row(store, name, make, rank=True)
    return missed


def _print_row(store: Store, name: str, make: Callable[[random.Random], str], *, rank: bool) -> bool:
    rng = random.Random(name)
    taken, hits = [], 0
    for _ in range(_QUERIES):
        wanted = ArticleFilter(query=make(rng), limit=20, rank=rank)
        started = time.perf_counter()
        hits += len(store.find_articles(wanted))
        taken.append(1000 * (time.perf_counter() - started))
    p99 = statistics.quantiles(taken, n=100)[98]
    goal = GOAL_RANKED_MS if rank else GOAL_MS
    is_goal = "phrase" not in name and "prefix" not in name
    late = is_goal and p99 > goal
    note = f"  above {goal}" if late else "" if is_goal else "  (no goal)"
    print(f"{name:40} {statistics.median(taken):8.1f} {p99:8.1f} {max(taken):8.1f} {hits / _QUERIES:6.1f}{note}")
    return late


# --------------------------------------------------------------------------- size and filing


def _print_sizes(path: Path, articles: int) -> None:
    db = sqlite3.connect(path)
    (text,) = db.execute("SELECT sum(length(CAST(text AS BLOB))) FROM articles WHERE id % 97 = 0").fetchone()
    (sample,) = db.execute("SELECT count(*) FROM articles WHERE id % 97 = 0").fetchone()
    print(f"bytes an article: text {text / max(1, sample):,.0f}", end="")
    for name in ("articles_fts", "articles_stems", "articles_words"):
        (size,) = db.execute(f"SELECT sum(length(block)) FROM {name}_data").fetchone()
        print(f", {name} {size / articles:,.0f}", end="")
    (size,) = db.execute("SELECT sum(length(facets) + length(earlier)) FROM article_facets").fetchone()
    print(f", article_facets {size / articles:,.0f}; file {path.stat().st_size / articles:,.0f}")
    db.close()


def _print_filing(path: Path, words: Words) -> None:
    """Print what an article costs the writer, its row made and then filled, with and without the index of searches."""
    costs: dict[str, list[float]] = {"with": [], "without": []}
    for turn, name in enumerate(["with", "without"] * 3):
        rows = list(generate(words, _FILED, 10_000_000 + turn * _FILED, 20_000_000))
        costs[name].append(1000 * _file(path, rows, is_indexed=name == "with") / _FILED)
    told = {name: min(found) for name, found in costs.items()}
    print(f"filing, ms an article: {told['without']:.2f} without the index of stems, {told['with']:.2f} with it")


def _file(path: Path, rows: list[dict[str, object]], *, is_indexed: bool) -> float:
    """File rows in groups of ten, undone in the end; return the seconds."""
    db = connect(path)
    db.conn.row_factory = sqlite3.Row
    db.execute("BEGIN")
    started = time.perf_counter()
    for group in _groups(rows):
        db.execute("SAVEPOINT unit")
        for row in group:
            _file_one(db, row, is_indexed=is_indexed)
        db.execute("RELEASE unit")
    seconds = time.perf_counter() - started
    db.rollback()
    db.close()
    return seconds


def _file_one(db: Database, row: dict[str, object], *, is_indexed: bool) -> None:
    pending = {**row, "text": "", "status": "pending", "change_seq": -int(str(row["change_seq"]))}
    filled = {"text": row["text"], "status": "full", "revision": 1, "language": row["language"]}
    number = columns.insert(db, "articles", pending)
    if not is_indexed:
        columns.update(db, "articles", number, filled)
        return
    old = db.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchone()
    update_article(db, old, filled)


def _groups(rows: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for start in range(0, len(rows), 10):
        yield rows[start : start + 10]


if __name__ == "__main__":
    sys.exit(main())
