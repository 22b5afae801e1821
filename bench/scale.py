"""`python -m bench.scale`: how the cost of feeds and of articles grows.

--feeds N...: a daemon with N feeds of which all but twenty rest; until it answers, then what it costs while nothing is
due. --articles N...: pages filed per second into an archive that has N articles already, made of words as they are used
in --pages (as `python -m bench.search` makes it, which is kept and used again with --keep FOLDER).
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.contestant import OURS, ROOT, Contestant, session_cpu
from bench.origin.site import WAVES
from bench.search.archive import Words, build
from bench.search.vocabulary import read_vocabularies
from scraper.model import FeedSpec
from store import open_store
from store.sqlite.database.columns import to_text
from store.sqlite.database.connections import connect
from store.sqlite.work.claims import refresh_slots

_PROGRAM = ROOT / ".venv" / "bin" / "wireroom"
#: Feeds that are polled as the daemon begins, so that workers and fetching are there.
_LIVE = 20
_SETTLING_S, _IDLE_S = 15.0, 40.0
_GAP_S = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--feeds", type=int, nargs="*", default=[])
    parser.add_argument("--articles", type=int, nargs="*", default=[])
    parser.add_argument("--pages", type=Path, default=ROOT / "tests" / "pages")
    parser.add_argument("--filed", type=int, default=400, help="pages filed into each archive (400)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.keep) as scratch:
        folder = Path(scratch)
        if given.feeds:
            print(f"{'feeds':>9} {'answers after s':>16} {'idle, % of a core':>18} {'PSS MiB':>8} {'processes':>9}")
        for count in given.feeds:
            _print_feeds(folder / f"feeds{count}", count)
        if given.articles:
            print(f"{'articles':>9} {'filed per second':>17} {'times the first':>16} {'search s':>9}")
            _print_archives(given.keep or folder, folder, given)
    return 0


# --------------------------------------------------------------------------- feeds


def _print_feeds(folder: Path, count: int) -> None:
    folder.mkdir()
    with Contestant(OURS, "bench.origin.server") as origin:
        live = origin.ask("open", seed=1, feeds=_LIVE, articles=0)["feeds"]
        resting = [f"https://n{number}.paper{number // 3}.example/feed.xml" for number in range(count - len(live))]
        port = _free_port()
        settings = f"settings:\n  database: w.db\n  listen: 127.0.0.1:{port}\n"
        settings += '  network: {allow_private: ["127.0.0.0/8"]}\n'
        config = folder / "feeds.yaml"
        lines = [*(f"  - {{url: {url}, full_text: false}}" for url in live), *(f"  - {url}" for url in resting)]
        config.write_text("\n".join([f"{settings}feeds:", *lines, ""]), "utf-8")
        _lay_to_rest(folder / "w.db", live, resting)
        with _daemon(config, folder) as (process, started):
            _await_answer(port, process)
            answers_after = time.monotonic() - started
            time.sleep(_SETTLING_S)
            before = session_cpu(process.pid) or 0.0
            time.sleep(_IDLE_S)
            cpu = (session_cpu(process.pid) or 0.0) - before
            sizes = _pss(process.pid)
    mebibytes = sum(sizes) / 1024
    print(f"{count:9,} {answers_after:16.2f} {100 * cpu / _IDLE_S:18.2f} {mebibytes:8.0f} {len(sizes):9}", flush=True)


def _lay_to_rest(path: Path, live: list[str], resting: list[str]) -> None:
    """Make the archive of a daemon that has polled all but the live feeds a moment ago."""
    now = datetime.now(UTC)
    with open_store(path) as store:
        store.sync_feeds([FeedSpec(url=url) for url in (*live, *resting)], now=now)
    db = connect(path)
    due = [(to_text(now + timedelta(hours=6, seconds=number / 10)), url) for number, url in enumerate(resting)]
    db.conn.executemany("UPDATE feeds SET next_poll_at = ?, last_polled_at = added_at WHERE url = ?", due)
    refresh_slots(db, "feeds", [host for (host,) in db.execute("SELECT id FROM hosts")])
    db.conn.commit()
    db.close()


@contextmanager
def _daemon(config: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    started = time.monotonic()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(_PROGRAM), "--config", str(config), "run"], stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process, started
    finally:
        process.terminate()
        process.wait(timeout=60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _await_answer(port: int, process: subprocess.Popen[bytes]) -> None:
    ends_at = time.monotonic() + 120
    while time.monotonic() < ends_at and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.02)
    raise TimeoutError(f"no daemon answers on port {port}")


def _pss(session: int) -> list[int]:
    """Return the proportional memory of each process of a session, in KiB (Linux)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                lines = (process / "smaps_rollup").read_text().splitlines()
                found += [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
    return found


# --------------------------------------------------------------------------- articles


def _print_archives(kept: Path, folder: Path, given: argparse.Namespace) -> None:
    words = Words(**dict(zip(("spaced", "japanese"), read_vocabularies(given.pages, 1500), strict=True)))
    first = None
    for count in given.articles:
        path = kept / f"articles{count}.db"
        if not path.exists():
            _make_archive(path, words, count)
        work = folder / f"archive{count}"
        work.mkdir()
        shutil.move(path, work / "wireroom.db")  # what is filed for the bench stays in it: too large for a copy
        rate = _filing_rate(work, given.filed)
        first = first or rate
        print(f"{count:9,} {rate:17.1f} {rate / first:16.2f} {_search_s(work / 'wireroom.db'):9.2f}", flush=True)
        if kept != folder:
            shutil.move(work / "wireroom.db", path)


def _make_archive(path: Path, words: Words, count: int) -> None:
    if count == 0:
        open_store(path).close()
        return
    build(path, words, count)
    db = connect(path)
    db.execute(
        "INSERT INTO article_keys (key, article_id, first_seen_at) SELECT article_key, id, first_seen_at FROM articles"
    )
    db.conn.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()


def _filing_rate(folder: Path, pages: int) -> float:
    """Return the pages filed per second, from hosts whose robots.txt is known."""
    with Contestant(OURS, "bench.origin.server") as origin, Contestant(OURS, "bench.ours.daemon") as daemon:
        there = origin.ask("open", seed=1, feeds=0, articles=pages)
        daemon.ask("open", folder=str(folder), feeds=there["lists"], full_text=True, has_warm_up=False)
        for wave in range(WAVES):
            origin.ask("bring_out", wave=wave)
            daemon.ask("poll")
            time.sleep(_GAP_S)
            answer = daemon.ask("file")
            if answer.get("full") != pages:
                raise RuntimeError(f"{answer.get('full', 0)} of {pages} pages filed in full: {answer}")
        daemon.ask("close")
    seconds: float = answer["seconds"]
    return pages / seconds


def _search_s(path: Path) -> float:
    """Return the median seconds of three runs of `wireroom search`, start-up included."""
    command = [str(_PROGRAM), "--db", str(path), "search", "minister"]
    taken = []
    for _ in range(3):
        started = time.monotonic()
        subprocess.run(command, check=False, capture_output=True, env={**os.environ, "COLUMNS": "100"})
        taken.append(time.monotonic() - started)
    return sorted(taken)[1]


if __name__ == "__main__":
    sys.exit(main())
