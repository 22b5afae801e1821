"""`python -m bench.size FOLDER`: how many bytes an article takes, by what is kept of it, beside its page as received.

The .html and .html.gz files of the folder are extracted and filed as the daemon files them; then the archive is
maintained, which trains the dictionary that pages are packed with.
"""

from __future__ import annotations

import argparse
import gzip
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.stories.newsroom import Item, Newsroom
from scraper.extract import extract_article

ROOT = Path(__file__).resolve().parent.parent
#: Of the raw pages, all that is kept of their articles takes no more.
GOAL = 0.40
_BATCH = 200
_BY_TABLE = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"


def main() -> int:
    """Print the table; the exit status is 1 if the goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.size", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    items = read_items(folder)
    if not items:
        raise SystemExit(f"{folder} holds no .html or .html.gz file with an article")
    raw = sum(len(item.page or b"") for item in items)
    (ROOT / "bench" / "out").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "bench" / "out") as scratch:
        path = _file(items, Path(scratch))
        total = path.stat().st_size
        _say(f"{len(items)} pages, {raw:,} bytes as received; the archive: {total:,} bytes, {total / raw:.1%}")
        _say(f"{total // len(items):,} bytes an article")
        for name, size in _by_table(path):
            _say(f"  {name:28} {size:>12,} {size / raw:6.1%}")
    return 0 if total <= GOAL * raw else 1


def read_items(folder: Path) -> list[Item]:
    """Return the pages of a folder that hold an article, extracted, as of fifty hosts."""
    found = []
    for number, path in enumerate(sorted((*folder.rglob("*.html"), *folder.rglob("*.html.gz")))):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        url = f"https://paper{number % 50}.example/{number}"
        page = extract_article(body, url=url)
        if page.text:
            found.append(Item(url=url, title=page.title, text=page.text, extraction=page, page=body))
    return found


def _file(items: list[Item], folder: Path) -> Path:
    room = Newsroom(folder, sorted({item.url.split("/")[2] for item in items}))
    for start in range(0, len(items), _BATCH):
        room.list(items[start : start + _BATCH])
        room.file(items[start : start + _BATCH])
        room.now += timedelta(hours=1)
    room.store.maintain()
    path = room.store.path
    room.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("VACUUM")  # what a batch leaves free would be filled by the next
    return path


def _by_table(path: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(path)) as db:
        try:
            return [(row[0], row[1]) for row in db.execute(_BY_TABLE)][:16]
        except sqlite3.OperationalError:  # this SQLite was built without dbstat
            return []


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
