"""What a machine does to the daemon: said clearly, retried, nothing lost, no crash loop (bench/endure has the kills)."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from origin import Answer, Origin

from bench.endure.newsroom import Newsroom, wait_until

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
        assert wait_until(lambda: papers.are_all_in(newsroom), 40)
        assert newsroom.stop()[0] == 0
    assert newsroom.faults() == []
    assert len(newsroom.rows("SELECT guid FROM entries")) == len(papers.guids), "nothing twice"


def errors(newsroom: Newsroom) -> list[dict]:
    return [line for line in newsroom.lines() if line["level"] == "ERROR"]


def test_sigterm_amid_slow_answers_ends_within_ten_seconds(tmp_path: Path) -> None:
    def drip(send) -> None:
        for _ in range(300):
            send(b" ")
            time.sleep(0.1)

    with ExitStack() as stack:
        slow = [stack.enter_context(Origin(address=f"127.0.0.{number}")) for number in range(2, 10)]
        for each in slow:
            each.routes["/feed"] = Answer(headers={"Content-Type": "text/xml"}, stream=drip)
        newsroom = Newsroom(tmp_path, [each.url("/feed") for each in slow])
        with newsroom.running():
            assert wait_until(lambda: all(each.requests for each in slow), 20)
            status, seconds = newsroom.stop()
    assert (status, seconds < 10) == (0, True)
    assert errors(newsroom) == []


def test_a_disk_that_is_full_is_told_and_what_could_not_be_written_comes_later(
    newsroom: Newsroom, papers: Papers
) -> None:
    with newsroom.running():
        assert wait_until(lambda: papers.are_all_in(newsroom), 40)
        newsroom.stop()
    newsroom.rows("SELECT 1")
    more = Papers(papers.origin, 9)
    newsroom.write_feeds(more.urls)
    newsroom.log.unlink()
    # No file may grow past 4 kB: neither the log of writes nor the database can take anything.
    process = newsroom.start(shell="ulimit -f 8")
    try:
        wait_until(lambda: errors(newsroom) or process.poll() is not None, 20)
        said = newsroom.log.read_text()
        asked = len(papers.origin.requests)
        time.sleep(3)
        assert len(papers.origin.requests) - asked < 12, "sites are left alone while nothing can be filed"
    finally:
        newsroom.kill()
    assert "Cannot use" in said or "disk" in said
    assert_sound(newsroom, more)


def test_a_database_that_cannot_be_written_is_told_and_works_again(newsroom: Newsroom, papers: Papers) -> None:
    with newsroom.running():
        assert wait_until(lambda: papers.are_all_in(newsroom), 40)
        newsroom.stop()
    newsroom.log.unlink()
    # A directory where SQLite wants to write; permissions would not stop root.
    wal = newsroom.database.with_name(newsroom.database.name + "-wal")
    wal.mkdir()
    process = newsroom.start()
    try:
        assert wait_until(lambda: process.poll() is not None, 40), "it ends with a message"
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
        assert wait_until(lambda: papers.are_all_in(newsroom), 40)
        more = Papers(papers.origin, 6)
        with closing(sqlite3.connect(newsroom.database, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            newsroom.write_feeds(more.urls)
            time.sleep(3)
            assert not more.are_all_in(newsroom)
            other.execute("ROLLBACK")
        assert wait_until(lambda: more.are_all_in(newsroom), 40)
        assert newsroom.stop()[0] == 0
    assert errors(newsroom) == []


def test_sixty_four_descriptors_are_enough_or_told(tmp_path: Path) -> None:
    with ExitStack() as stack:
        origins = [stack.enter_context(Origin(address=f"127.0.0.{number}")) for number in range(2, 42)]
        papers = [Papers(each, 1) for each in origins]
        newsroom = Newsroom(tmp_path, [paper.urls[0] for paper in papers], full_text=False)
        process = newsroom.start(shell="ulimit -n 64")
        try:
            assert wait_until(lambda: "started" in newsroom.events(), 30)
            wait_until(lambda: len(newsroom.rows("SELECT 1 FROM polls")) >= len(papers), 20)
            assert process.poll() is None, newsroom.log.read_text()[-2000:]
            assert newsroom.stop()[0] == 0
        finally:
            newsroom.kill()
        with newsroom.running():
            newsroom.ask(attempts=20)
            assert wait_until(lambda: len(newsroom.rows("SELECT 1 FROM entries")) == ITEMS * len(papers), 40)
            assert newsroom.stop()[0] == 0
    assert newsroom.faults() == []


@pytest.mark.parametrize(
    "text",
    [
        "feeds: 7\n",
        "",
        "\x00\x01\x02",
        "feeds: [",
        "feeds: !!python/object/apply:os.system ['touch owned']\n",
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "feeds: *i\n",
    ],
    ids=["number", "empty", "binary", "cut", "object", "bomb"],
)
def test_a_hostile_configuration_at_reload_leaves_the_running_one_in_force(
    newsroom: Newsroom, papers: Papers, text: str
) -> None:
    with newsroom.running() as process:
        assert wait_until(lambda: papers.are_all_in(newsroom), 40)
        newsroom.config.write_text(text)
        assert wait_until(lambda: any("stays in force" in event for event in newsroom.events()), 15)
        newsroom.write_feeds(Papers(papers.origin, 5).urls)
        assert wait_until(lambda: len(newsroom.rows("SELECT 1 FROM entries")) == 5 * ITEMS, 30)
        assert process.poll() is None
        assert newsroom.stop()[0] == 0
    assert "Traceback" not in newsroom.log.read_text()
    assert threading.active_count() < 50
