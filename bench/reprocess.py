"""`sh bench/run.sh` once, then `python -m bench.reprocess FOLDER`: how fast stored pages are read again.

The .html and .html.gz files of the folder are filed; then all of them are read again as `wireroom reprocess --dry-run`
does, on all processors, and by trafilatura with metadata on one, from files that are ready to be read.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.contestant import PEERS, Contestant
from bench.size import read_items
from bench.stories.newsroom import Newsroom
from scraper.engine.batch import read_all

ROOT = Path(__file__).resolve().parent.parent
_BATCH = 200


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.reprocess", description=__doc__)
    parser.add_argument("folder", type=Path)
    items = read_items(parser.parse_args().folder)
    (ROOT / "bench" / "out").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "bench" / "out") as scratch:
        room = Newsroom(Path(scratch), sorted({item.url.split("/")[2] for item in items}))
        for start in range(0, len(items), _BATCH):
            room.list(items[start : start + _BATCH])
            room.file(items[start : start + _BATCH])
        began = time.perf_counter()
        readings = list(read_all(room.store.kept_version, room.store.kept_versions(), {}))
        ours_s = time.perf_counter() - began
        room.close()
        pages = Path(scratch) / "pages"
        pages.mkdir()
        names = [(f"{number}.html", item.url) for number, item in enumerate(items)]
        for (name, _), item in zip(names, items, strict=True):
            (pages / name).write_bytes(item.page or b"")
        with Contestant(PEERS, "bench.peers.trafilatura_pages") as peer:
            theirs_s = peer.ask("extract", folder=str(pages), groups={"given": names})["given"]["seconds"]
    ours, theirs, cores = len(readings) / ours_s, len(items) / theirs_s, os.cpu_count()
    changed = sum(bool(reading.changed) for reading in readings)
    sys.stdout.write(
        f"{len(readings)} stored pages read again: {ours:.1f} a second on {cores} processors, {changed} changed\n"
        f"trafilatura with metadata, one processor: {theirs:.1f} a second; {ours / theirs:.2f} times\n"
    )


if __name__ == "__main__":
    main()
