"""SIGKILL at random moments, and at the very write; what the archive holds afterwards is what was published."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from bench.endure.growing import Growing, is_settled, losses
from bench.endure.newsroom import Newsroom, session_of, wait_until
from bench.endure.verdict import Row, row

#: Between start and kill, seconds: some before the first poll, most amid polls and articles.
_EARLIEST_S, _LATEST_S = 0.3, 5.0
_FEEDS = 5


def random_kills(origin: Growing, folder: Path, kills: int, seed: str, per_second: float = 0.12) -> Iterator[Row]:
    """Kill the daemon so often while the feeds grow, then let it finish and compare."""
    rng = random.Random(seed)
    origin.grow(_FEEDS, per_second)
    newsroom = Newsroom(folder, origin.feeds)
    damaged: list[str] = []
    orphans: list[str] = []
    started_at = time.monotonic()
    for number in range(1, kills + 1):
        pid = newsroom.start().pid
        try:
            _ask_until(newsroom, time.monotonic() + rng.uniform(_EARLIEST_S, _LATEST_S), rng)
        finally:
            newsroom.kill()
        if not wait_until(lambda pid=pid: not session_of(pid), 25):
            orphans.append(f"kill {number}: processes {session_of(pid)} live on")
        if newsroom.database.exists() and number % 5 == 0:
            damaged += [f"after kill {number}: {fault}" for fault in newsroom.faults()]
    origin.freeze()
    seconds = time.monotonic() - started_at
    yield row("kill -9, integrity after every fifth", kills, damaged, f"{seconds:.0f} s")
    yield row("kill -9, no worker outlives its daemon", kills, orphans)
    yield from _finished(origin, newsroom)


def _ask_until(newsroom: Newsroom, ends_at: float, rng: random.Random) -> None:
    """Ask for polls again and again, so that there is always something under way."""
    while (left_s := ends_at - time.monotonic()) > 0:
        time.sleep(min(left_s, rng.uniform(0.1, 0.6)))
        if newsroom.database.exists():
            newsroom.ask()


def exact_kills(origin: Growing, folder: Path, writes: tuple[int, ...]) -> Iterator[Row]:
    """Kill the daemon at chosen writes to the database and at chosen waits for the disk."""
    if shutil.which("strace") is None:
        yield row("SKIPPED: kills at chosen writes, strace is not installed", 0)
        return
    origin.grow(_FEEDS, 0.04)
    newsroom = Newsroom(folder, origin.feeds)
    damaged: list[str] = []
    missed = 0
    for call in ("pwrite64", "fdatasync"):
        for write in writes:
            missed += not _killed_at(newsroom, call, write)
            damaged += [f"killed at {call} {write}: {fault}" for fault in newsroom.faults()]
    origin.freeze()
    yield row("kill at a chosen write or sync", 2 * len(writes), damaged, f"{missed} ended before it came")
    yield from _finished(origin, newsroom)


def _killed_at(newsroom: Newsroom, call: str, number: int) -> bool:
    """Run the daemon until its n-th such call on the database kills it; False = it never came to that."""
    files = [str(newsroom.database), f"{newsroom.database}-wal", f"{newsroom.database}-journal"]
    paths = [part for file in files for part in ("-P", file)]
    inject = f"inject={call}:signal=KILL:when={number}"
    # -DD: the tracer is a process of its own, and the daemon is the child that is waited for.
    process = newsroom.start(
        through=["strace", "-DD", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", *paths, "-e", inject]
    )
    try:
        if newsroom.database.exists():
            newsroom.ask()
        return wait_until(lambda: process.poll() is not None, 15)
    finally:
        newsroom.kill()


def _finished(origin: Growing, newsroom: Newsroom) -> Iterator[Row]:
    """Let the daemon finish its work, end it, and compare the archive with the truth."""
    truth = origin.truth()
    items = sum(map(len, truth.values()))
    with newsroom.running():
        newsroom.ask(attempts=20)
        is_done = wait_until(lambda: is_settled(newsroom), 60 + 3 * items, every=1)
        status, seconds = newsroom.stop()
    unfinished = [] if is_done else ["work was left when the time was over"]
    if status != 0:
        unfinished.append(f"exit status {status}")
    yield row("then: finishes and ends", 1, unfinished, f"stopped in {seconds:.1f} s")
    yield row("items published = stored, each once, with its text", items, losses(newsroom, truth))
    yield row("integrity, foreign keys, search index", 1, newsroom.faults())
