"""Parsing in processes that can be stopped."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

from scraper.errors import NotAFeed, WorkerDied, WorkersStopped, WorkerTimeout
from scraper.feed import parse_feed
from scraper.workers import WorkerPool


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(1, time_limit_s=1.0)
    yield made
    made.close()


def test_results_and_errors_come_back(pool: WorkerPool) -> None:
    feed = parse_feed_of(pool, b"<rss version='2.0'><channel><title>T</title></channel></rss>")
    assert feed.title == "T"
    with pytest.raises(NotAFeed) as caught:
        parse_feed_of(pool, b"<html>")
    assert (caught.value.url, caught.value.is_html) == ("https://x.example/", True)


def test_a_worker_that_hangs_or_dies_is_replaced(pool: WorkerPool) -> None:
    with pytest.raises(WorkerTimeout):
        pool.run(time.sleep, 60)
    with pytest.raises(WorkerDied):
        pool.run(os._exit, 3)
    assert pool.run(len, "still here") == 10


def test_a_worker_that_takes_too_much_memory_fails_alone(pool: WorkerPool) -> None:
    with pytest.raises(WorkerDied):
        pool.run(bytearray, 8 * 1024**3)
    assert pool.run(len, "still here") == 10


def test_what_killed_a_worker_is_said(pool: WorkerPool) -> None:
    with pytest.raises(WorkerDied, match="more than 360 MiB of memory"):
        pool.run(bytearray, 400 * 1024**2)
    with pytest.raises(WorkerDied, match=r"crashed its worker \(exit status 3\)"):
        pool.run(os._exit, 3)


def test_close_leaves_nobody_waiting() -> None:
    pool = WorkerPool(1, time_limit_s=60)
    assert pool.run(len, "started") == 7
    failures: list[Exception] = []

    def wait() -> None:
        try:
            pool.run(time.sleep, 60)
        except WorkersStopped as exc:
            failures.append(exc)

    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    while len(pool._awaited) < 4:
        time.sleep(0.01)
    pool.close()
    for thread in threads:
        thread.join(timeout=10)
    assert len(failures) == 4, "one was being worked on, three waited for a worker"
    with pytest.raises(WorkersStopped):
        pool.run(len, "too late")


def parse_feed_of(pool: WorkerPool, body: bytes):
    return pool.run(parse_feed, body, url="https://x.example/", content_type=None)
