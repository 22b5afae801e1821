"""The daemon as a process of its own, on the demo newspaper: started, reloaded, ended, killed."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from patience import LONG_S, times, wait_until

from scraper.model import ArticleFilter
from store import open_store
from wireroom.demo import DemoNewspaper

ROOT = Path(__file__).parent.parent


def wireroom(folder: Path, *args: str) -> list[str]:
    return [sys.executable, "-m", "wireroom", "--config", str(folder / "feeds.yaml"), *args]


@contextmanager
def daemon(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Run the daemon; whatever happens, it is gone afterwards."""
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(command or wireroom(folder, "run"), cwd=ROOT, stdout=log, stderr=log, text=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def wait_for(folder: Path, text: str) -> str:
    """Return the log once `text` is in it."""
    log = folder / "log"
    wait_until(lambda: log.exists() and text in log.read_text(), f"{text!r} in {log}")
    return log.read_text()


@pytest.fixture
def paper() -> Iterator[DemoNewspaper]:
    with DemoNewspaper() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, paper: DemoNewspaper) -> Path:
    text = paper.feeds_yaml().replace("settings:", "settings:\n  listen: 127.0.0.1:0", 1)
    (tmp_path / "feeds.yaml").write_text(text)
    return tmp_path


def titles(folder: Path) -> list[str]:
    with open_store(folder / "wireroom.db", create=False) as store:
        assert store.integrity() == ()
        return sorted(record.title or "" for record in store.records(ArticleFilter()))


def polls(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "wireroom.db")) as db:
        return int(db.execute("SELECT count(*) FROM polls").fetchone()[0])


def test_starts_serves_refuses_a_second_one_and_ends(folder: Path) -> None:
    with daemon(folder) as first:
        log = wait_for(folder, "article filed")
        room = log.partition("reading room: ")[2].split()[0]
        with urllib.request.urlopen(room) as answer:
            assert answer.status == 200
        second = subprocess.run(wireroom(folder, "run"), cwd=ROOT, capture_output=True, text=True, timeout=LONG_S)
        assert second.returncode != 0
        assert str(first.pid) in second.stderr
        polled = subprocess.run(wireroom(folder, "poll"), cwd=ROOT, capture_output=True, text=True, timeout=LONG_S)
        assert polled.returncode != 0
        assert "refresh" in polled.stderr
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=LONG_S) == 0
    assert "stopped" in wait_for(folder, "stopped").splitlines()[-1]


def test_python_scheduler_py_is_the_same_daemon(folder: Path) -> None:
    with daemon(folder, sys.executable, "scheduler.py", "--config", str(folder / "feeds.yaml")) as process:
        wait_for(folder, "feed polled")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=LONG_S) == 0


def test_a_changed_file_is_taken_over_and_a_broken_one_is_not(folder: Path) -> None:
    config = folder / "feeds.yaml"
    whole = config.read_text()
    with daemon(folder) as process:
        wait_for(folder, "feed polled")
        config.write_text(whole + "nonsense: 7\n")
        log = wait_for(folder, "the running configuration stays in force")
        assert "nonsense" in log
        config.write_text(whole.replace("feeds:", "feeds:\n  - http://127.0.0.1:1/feed.xml", 1))
        process.send_signal(signal.SIGHUP)
        assert "added=1" in wait_for(folder, "feeds.yaml reloaded")
        config.write_text(config.read_text() + "sites:\n  a.example: {remove: ['.box']}\n")
        process.send_signal(signal.SIGHUP)
        told = wait_for(folder, "site rules changed")
        assert "wireroom reprocess --dry-run --site a.example" in told


EDITED_MEANWHILE = """
import sys
from pathlib import Path
from scraper.config import load_settings
from wireroom.logs import configure
from wireroom.daemon import run_daemon

if __name__ == "__main__":
    configure("text", 0, quiet=False)
    path = Path(sys.argv[1])
    edits = ["feeds:\\n  - http://127.0.0.1:1/feed.xml"]

    def load():
        settings = load_settings(path)
        while edits:
            path.write_text(path.read_text().replace("feeds:", edits.pop(), 1))
        return settings

    run_daemon(path, load, announce=print)
"""


def test_a_file_changed_while_it_is_read_is_read_again(folder: Path) -> None:
    program = folder / "program.py"
    program.write_text(EDITED_MEANWHILE)
    with daemon(folder, sys.executable, str(program), str(folder / "feeds.yaml")):
        assert "added=1" in wait_for(folder, "feeds.yaml reloaded")


def test_the_web_out_of_reach_is_one_line(tmp_path: Path) -> None:
    feeds = "".join(f"  - http://127.0.0.1:{port}/feed\n" for port in range(1, 13))
    (tmp_path / "feeds.yaml").write_text(
        f"settings:\n  listen: 127.0.0.1:0\n  network:\n    allow_private: ['127.0.0.0/8']\nfeeds:\n{feeds}"
    )
    with daemon(tmp_path) as process:
        wait_for(tmp_path, "out of reach")
        wait_until(lambda: polls(tmp_path) == 12, "a poll of each")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=LONG_S) == 0
    lines = (tmp_path / "log").read_text().splitlines()
    assert len([line for line in lines if "WARNING" in line or "ERROR" in line]) == 1
    assert "make demo" in "".join(lines)


def test_kill_9_at_any_moment_loses_and_doubles_nothing(folder: Path, paper: DemoNewspaper) -> None:
    rng = random.Random(os.environ.get("WIREROOM_SEED", "wireroom"))
    for _ in range(times(6, 300)):
        with daemon(folder) as process:
            time.sleep(rng.uniform(0.3, 2.5))
            process.send_signal(signal.SIGKILL)
    subprocess.run(wireroom(folder, "poll"), cwd=ROOT, check=True, timeout=LONG_S, stdout=subprocess.DEVNULL)
    assert titles(folder) == sorted(article.title or "" for article in paper.expected())
