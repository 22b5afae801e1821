"""Parsing in processes that can be stopped."""

import os
import time
from collections.abc import Iterator

import pytest

from scraper.errors import NotAFeed, WorkerDied, WorkerTimeout
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


def parse_feed_of(pool: WorkerPool, body: bytes):
    return pool.run(parse_feed, body, url="https://x.example/", content_type=None)
