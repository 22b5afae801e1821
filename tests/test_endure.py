"""The daemon killed while feeds grow: what was published is in the archive, once. The long form is bench/endure."""

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from origin import Answer, Origin, Request
from patience import LONG_S

from scraper.model import ArticleFilter
from store import open_store

ROOT = Path(__file__).parent.parent
LAST = 40


class GrowingPaper:
    """An origin whose one feed has an item more each time it is asked."""

    def __init__(self) -> None:
        self.published = 0
        self._asked = itertools.count(3)
        self.origin = Origin({"/feed": self._feed})
        for number in range(1, LAST + 1):
            self.origin.routes[f"/item/{number}"] = Answer(page(number), headers={"Content-Type": "text/html"})

    def _feed(self, request: Request) -> Answer:
        self.published = min(next(self._asked), LAST)
        items = "".join(
            f"<item><title>Item {n}</title><guid isPermaLink='false'>urn:item:{n}</guid>"
            f"<link>{self.origin.url(f'/item/{n}')}</link></item>"
            for n in range(self.published, 0, -1)
        )
        return Answer(f"<rss version='2.0'><channel><title>Growing</title>{items}</channel></rss>".encode())


def page(number: int) -> bytes:
    text = f"Paragraph of item {number}: the council met and agreed on the harbour works after a long debate. " * 3
    return f"<html><body><article><h1>Item {number}</h1><p>{text}</p><p>{text}</p></article></body></html>".encode()


@pytest.fixture
def paper() -> Iterator[GrowingPaper]:
    made = GrowingPaper()
    with made.origin:
        yield made


@pytest.fixture
def folder(tmp_path: Path, paper: GrowingPaper) -> Path:
    (tmp_path / "feeds.yaml").write_text(
        "settings:\n  listen: 127.0.0.1:0\n  network: {allow_private: ['127.0.0.0/8']}\n"
        f"defaults: {{full_text: false}}\nfeeds:\n  - {paper.origin.url('/feed')}\n"
    )
    return tmp_path


def command(folder: Path, *args: str) -> list[str]:
    return [sys.executable, "-m", "wireroom", "--config", str(folder / "feeds.yaml"), *args]


def poll_to_the_end(folder: Path) -> None:
    subprocess.run(command(folder, "poll"), cwd=ROOT, check=True, timeout=LONG_S, stdout=subprocess.DEVNULL)


def assert_nothing_is_lost_or_doubled(folder: Path, paper: GrowingPaper) -> None:
    with open_store(folder / "wireroom.db", create=False) as store:
        assert store.integrity() == ()
        titles = sorted(record.title or "" for record in store.records(ArticleFilter()))
    assert titles == sorted(f"Item {number}" for number in range(1, paper.published + 1))


def test_kills_while_a_feed_grows_lose_and_double_nothing(folder: Path, paper: GrowingPaper) -> None:
    rng = random.Random(os.environ.get("WIREROOM_SEED", "wireroom"))
    for _ in range(4):
        process = subprocess.Popen(command(folder, "poll"), cwd=ROOT, stdout=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.3, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    poll_to_the_end(folder)
    assert_nothing_is_lost_or_doubled(folder, paper)


@pytest.mark.skipif(
    shutil.which("strace") is None and not os.environ.get("CI"),
    reason="strace is not installed: no kills at chosen writes (under CI=true this is a failure)",
)
@pytest.mark.parametrize(("call", "number"), [("pwrite64", 3), ("pwrite64", 25), ("fdatasync", 4)])
def test_a_kill_at_that_very_write_loses_and_doubles_nothing(
    folder: Path, paper: GrowingPaper, call: str, number: int
) -> None:
    files = [f"{folder}/wireroom.db", f"{folder}/wireroom.db-wal", f"{folder}/wireroom.db-journal"]
    paths = [part for file in files for part in ("-P", file)]
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", *paths, "-e", f"inject={call}:signal=KILL:when={number}"]
    killed = subprocess.run([*strace, *command(folder, "poll")], cwd=ROOT, timeout=LONG_S, capture_output=True)
    if b"ptrace" in killed.stderr and not os.environ.get("CI"):
        pytest.skip(f"strace may not trace here: {killed.stderr.decode()}")
    assert killed.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    poll_to_the_end(folder)
    assert_nothing_is_lost_or_doubled(folder, paper)
