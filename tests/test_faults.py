"""What a machine does to the daemon: said clearly, retried, nothing lost, no crash loop (bench/endure has the kills)."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from origin import Answer, Origin, Request
from patience import LONG_S, dripping, wait_until

from bench.endure.newsroom import Newsroom
from wireroom.operations.compose import affordable_slots

ITEMS = 3


def page(name: str) -> bytes:
    text = f"The text of {name}: the council met and agreed on the harbour works after a long debate. " * 4
    return f"<html><body><article><h1>{name}</h1><p>{text}</p><p>{text}</p></article></body></html>".encode()


class Papers:
    """Feeds of a few items each, with their pages, on one origin."""

    def __init__(self, origin: Origin, feeds: int) -> None:
        self.origin = origin
        self.urls = [origin.url(f"/feed{feed}") for feed in range(feeds)]
        self.guids = {f"{feed}-{n}" for feed in range(feeds) for n in range(ITEMS)}
        for feed in range(feeds):
            items = "".join(
                f"<item><title>{feed}-{n}</title><guid isPermaLink='false'>{feed}-{n}</guid>"
                f"<link>{origin.url(f'/item/{feed}-{n}')}</link></item>"
                for n in range(ITEMS)
            )
            body = f"<rss version='2.0'><channel><title>Paper {feed}</title>{items}</channel></rss>"
            origin.routes[f"/feed{feed}"] = Answer(body.encode(), headers={"Content-Type": "text/xml"})
            for n in range(ITEMS):
                origin.routes[f"/item/{feed}-{n}"] = Answer(page(f"{feed}-{n}"), headers={"Content-Type": "text/html"})

    def are_all_in(self, newsroom: Newsroom) -> bool:
        return {row["guid"] for row in newsroom.rows("SELECT guid FROM entries")} == self.guids


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as made:
        yield made


@pytest.fixture
def papers(origin: Origin) -> Papers:
    return Papers(origin, 4)


@pytest.fixture
def newsroom(tmp_path: Path, papers: Papers) -> Newsroom:
    return Newsroom(tmp_path, papers.urls, full_text=False)


def assert_sound(newsroom: Newsroom, papers: Papers) -> None:
    """Let the daemon run as usual; everything comes, once."""
    with newsroom.running():
        newsroom.ask(attempts=20)
        wait_until(lambda: papers.are_all_in(newsroom))
        assert newsroom.stop(within_s=LONG_S)[0] == 0
    assert newsroom.faults() == []
    assert len(newsroom.rows("SELECT guid FROM entries")) == len(papers.guids), "nothing twice"


def errors(newsroom: Newsroom) -> list[dict]:
    return [line for line in newsroom.lines() if line["level"] == "ERROR"]


def test_sigterm_amid_slow_answers_ends_within_ten_seconds(tmp_path: Path) -> None:
    with ExitStack() as stack:
        drip = stack.enter_context(dripping())
        slow = [stack.enter_context(Origin(address=f"127.0.0.{number}")) for number in range(2, 10)]
        for each in slow:
            each.routes["/feed"] = Answer(headers={"Content-Type": "text/xml"}, stream=drip)
        newsroom = Newsroom(tmp_path, [each.url("/feed") for each in slow], timeout="2m")
        with newsroom.running():
            wait_until(lambda: all(each.requests for each in slow))
            assert newsroom.stop(within_s=LONG_S)[0] == 0
    assert newsroom.rows("SELECT error FROM polls") == [], "it waited for none of them"
    assert errors(newsroom) == []


def test_a_disk_that_is_full_is_told_and_what_could_not_be_written_comes_later(
    newsroom: Newsroom, papers: Papers
) -> None:
    with newsroom.running():
        wait_until(lambda: papers.are_all_in(newsroom))
        newsroom.stop(within_s=LONG_S)
    newsroom.rows("SELECT 1")
    more = Papers(papers.origin, 9)
    newsroom.write_feeds(more.urls)
    newsroom.log.unlink()
    # No file may grow past 4 kB: neither the log of writes nor the database can take anything.
    process = newsroom.start(shell="ulimit -f 8")
    try:
        wait_until(lambda: errors(newsroom) or process.poll() is not None)
        said = newsroom.log.read_text()
        asked = len(papers.origin.requests)
        time.sleep(3)
        assert len(papers.origin.requests) - asked < 12, "sites are left alone while nothing can be filed"
    finally:
        newsroom.kill()
    assert "Cannot use" in said or "disk" in said
    assert_sound(newsroom, more)


@contextmanager
def failing(newsroom: Newsroom, call: str, error: str) -> Iterator[None]:
    """Have every such call on the database fail while the block lasts, in the daemon that is running."""
    assert newsroom.process is not None
    files = [f"{newsroom.database}{end}" for end in ("", "-wal", "-journal")]
    paths = [part for file in files for part in ("-P", file)]
    command = ["strace", "-f", "-o", "/dev/null", *paths, "-e", f"inject={call}:error={error}"]
    tracer = subprocess.Popen([*command, "-p", str(newsroom.process.pid)], stderr=subprocess.PIPE)
    try:
        assert tracer.stderr is not None
        first = tracer.stderr.readline().decode()
        if "attached" not in first and not os.environ.get("CI"):
            pytest.skip(f"strace may not trace here: {first}")
        assert "attached" in first
        yield
    finally:
        tracer.terminate()  # it lets go of the daemon
        tracer.communicate()


@pytest.mark.skipif(
    shutil.which("strace") is None and not os.environ.get("CI"),
    reason="strace is not installed: no errors of the disk (under CI=true this is a failure)",
)
@pytest.mark.parametrize(("call", "error"), [("fdatasync", "EIO"), ("fdatasync", "ENOSPC"), ("pwrite64", "ENOSPC")])
def test_a_disk_that_fails_for_a_while_is_told_once_and_costs_nothing(
    newsroom: Newsroom, papers: Papers, call: str, error: str
) -> None:
    with newsroom.running() as process:
        wait_until(lambda: papers.are_all_in(newsroom))
        more = Papers(papers.origin, 6)
        with failing(newsroom, call, error):
            newsroom.write_feeds(more.urls)
            wait_until(lambda: errors(newsroom))
            time.sleep(4)
            assert process.poll() is None, "it stays up"
            assert not more.are_all_in(newsroom)
        wait_until(lambda: more.are_all_in(newsroom), "every entry")
        assert newsroom.stop(within_s=LONG_S)[0] == 0
    told = errors(newsroom)
    assert len(told) <= 2, told
    assert any(word in told[0]["error"] for word in ("The disk reported an error", "Free some space")), told
    assert "Traceback" not in newsroom.log.read_text()
    assert newsroom.faults() == []
    assert len(newsroom.rows("SELECT guid FROM entries")) == len(more.guids), "nothing twice"


def test_a_database_that_cannot_be_written_is_told_and_works_again(newsroom: Newsroom, papers: Papers) -> None:
    with newsroom.running():
        wait_until(lambda: papers.are_all_in(newsroom))
        newsroom.stop(within_s=LONG_S)
    newsroom.log.unlink()
    # A directory where SQLite wants to write; permissions would not stop root.
    wal = newsroom.database.with_name(newsroom.database.name + "-wal")
    wal.mkdir()
    process = newsroom.start()
    try:
        wait_until(lambda: process.poll() is not None, "its end, with a message")
    finally:
        newsroom.kill()
    said = newsroom.log.read_text()
    assert process.returncode not in (0, None)
    assert "Traceback" not in said
    assert str(newsroom.database) in said
    wal.rmdir()
    assert_sound(newsroom, papers)


def test_another_program_s_lock_is_waited_for(newsroom: Newsroom, papers: Papers) -> None:
    """Three seconds here; the daemon waits for thirty, and says so after that."""
    with newsroom.running():
        wait_until(lambda: papers.are_all_in(newsroom))
        more = Papers(papers.origin, 6)
        with closing(sqlite3.connect(newsroom.database, isolation_level=None, timeout=LONG_S)) as other:
            other.execute("BEGIN IMMEDIATE")
            newsroom.write_feeds(more.urls)
            time.sleep(3)
            assert not more.are_all_in(newsroom)
            other.execute("ROLLBACK")
        wait_until(lambda: more.are_all_in(newsroom))
        assert newsroom.stop(within_s=LONG_S)[0] == 0
    assert errors(newsroom) == []


@pytest.mark.parametrize(
    ("descriptors", "slots"), [(resource.RLIM_INFINITY, 32), (1024, 32), (256, 32), (64, 8), (40, 2), (3, 1)]
)
def test_there_are_no_more_slots_than_open_files_allow(descriptors: int, slots: int) -> None:
    assert affordable_slots(32, descriptors) == slots
    assert affordable_slots(1, descriptors) == 1


def test_with_sixty_four_descriptors_fewer_feeds_are_polled_at_once_and_none_fails(tmp_path: Path) -> None:
    def slowly(request: Request) -> Answer:
        time.sleep(0.5)
        return Answer(b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>")

    with ExitStack() as stack:
        origins = [
            stack.enter_context(Origin({"/feed": slowly}, address=f"127.0.0.{number}")) for number in range(2, 42)
        ]
        newsroom = Newsroom(tmp_path, [each.url("/feed") for each in origins], full_text=False)
        with newsroom.running(shell="ulimit -n 64"):
            wait_until(lambda: len(newsroom.rows("SELECT 1 FROM polls")) == len(origins))
            assert newsroom.stop(within_s=LONG_S)[0] == 0
    assert newsroom.rows("SELECT error FROM polls WHERE error IS NOT NULL") == []
    assert errors(newsroom) == []
    assert newsroom.faults() == []


HOSTILE = [
    "feeds: 7\n",
    "",
    "\x00\x01\x02",
    "feeds: [",
    "feeds: !!python/object/apply:os.system ['touch owned']\n",
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "feeds: *i\n",
]


def test_a_hostile_configuration_at_reload_leaves_the_running_one_in_force(newsroom: Newsroom, papers: Papers) -> None:
    with newsroom.running() as process:
        wait_until(lambda: papers.are_all_in(newsroom))
        for number, text in enumerate(HOSTILE, 1):
            (changed := newsroom.config.with_name("changed.yaml")).write_text(text)
            changed.replace(newsroom.config)
            wait_until(lambda: sum("stays in force" in event for event in newsroom.events()) == number)  # noqa: B023
        newsroom.write_feeds(Papers(papers.origin, 5).urls)
        wait_until(lambda: len(newsroom.rows("SELECT 1 FROM entries")) == 5 * ITEMS)
        assert process.poll() is None
        assert newsroom.stop(within_s=LONG_S)[0] == 0
    assert "Traceback" not in newsroom.log.read_text()
    assert threading.active_count() < 50
