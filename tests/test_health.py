"""Whether the daemon does what it is for, and how `/healthz` tells."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FixedClock, InlineWorkers
from patience import wait_until
from test_cli_kit import configure
from test_web import client

from scraper.config import Settings
from scraper.engine.workers import WorkerPool
from scraper.errors import NotAFeed, StoreUnusable, WorkerDied, WorkersStopped, WorkersUnavailable, WorkerTimeout
from scraper.sources.syndication import parse_feed
from store import Store, open_store
from wireroom.daemon import _Wireroom
from wireroom.operations.health import Health, WatchedWorkers

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def health(clock: FixedClock) -> Health:
    return Health(clock)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "wireroom.db") as made:
        yield made


def told(store: Store, health: Health) -> tuple[int, dict]:
    answer = client(store, problems=health.problems).get("/healthz")
    return answer.status_code, answer.json()


OK = (200, {"status": "ok"})


def test_nothing_to_do_is_no_fault(store: Store, clock: FixedClock, health: Health) -> None:
    clock.move(timedelta(days=3))
    assert told(store, health) == OK


def test_workers_that_cannot_be_started_are_told_after_a_minute(
    store: Store, clock: FixedClock, health: Health
) -> None:
    inner = InlineWorkers(WorkersUnavailable("no process for parsing can be started (out of memory)"))
    workers = WatchedWorkers(inner, health)
    for _ in range(2):
        with pytest.raises(WorkersUnavailable):
            workers.run(len, "x")
        assert told(store, health) == OK
        clock.move(30 * SECOND)
    said = (
        "no document could be parsed since 2026-01-15 12:00:00 UTC: "
        "no process for parsing can be started (out of memory)"
    )
    assert told(store, health) == (503, {"status": "failing", "problems": [said]})
    inner.failure = None
    workers.run(len, "x")
    assert told(store, health) == OK
    clock.move(timedelta(days=3))
    assert told(store, health) == OK


@pytest.mark.parametrize("failure", [WorkerDied("crashed"), WorkerTimeout("too long")])
def test_workers_that_end_with_every_document_are_told(clock: FixedClock, health: Health, failure: Exception) -> None:
    workers = WatchedWorkers(InlineWorkers(failure), health)
    with pytest.raises(type(failure)):
        workers.run(len, "x")
    clock.move(60 * SECOND)
    assert [problem.partition("UTC: ")[2] for problem in health.problems()] == [str(failure)]


def test_a_document_s_own_fault_shows_that_workers_work(clock: FixedClock, health: Health) -> None:
    inner = InlineWorkers(WorkerDied("crashed"))
    workers = WatchedWorkers(inner, health)
    with pytest.raises(WorkerDied):
        workers.run(len, "x")
    inner.failure = None
    with pytest.raises(NotAFeed):
        workers.run(parse_feed, b"<html>", url="https://x.example/")
    clock.move(60 * SECOND)
    assert health.problems() == ()


def test_workers_that_never_answer_are_told(clock: FixedClock, health: Health) -> None:
    pool = WorkerPool(1, wall_limit_s=0.2)
    problems: list[tuple[str, ...]] = []

    class Slow:
        def run(self, task, /, *args, **kwargs):
            clock.move(61 * SECOND)
            problems.append(health.problems())
            return pool.run(task, *args, **kwargs)

    with pytest.raises(WorkerTimeout):
        WatchedWorkers(Slow(), health).run(time.sleep, 60)
    pool.close()
    assert "it does not come to an end" in problems[0][0]
    assert "longer than 0 s" in health.problems()[0]


@pytest.fixture
def wireroom(tmp_path: Path, store: Store, health: Health) -> Iterator[_Wireroom]:
    settings = Settings(path=configure(tmp_path, "settings:\nfeeds: []\n"), database=store.path)
    made = _Wireroom(lambda: settings, ((0, 0, 0), settings), store, health)
    yield made
    made.close()


def test_an_archive_that_refuses_is_told_and_tried_until_it_can_be_written(
    wireroom: _Wireroom, store: Store, clock: FixedClock, health: Health
) -> None:
    def refuse() -> None:
        raise StoreUnusable("Cannot use wireroom.db: the disk is full", path=store.path)

    wireroom._telling(refuse)()
    clock.move(61 * SECOND)
    said = "nothing could be written since 2026-01-15 12:00:00 UTC: Cannot use wireroom.db: the disk is full"
    assert told(store, health) == (503, {"status": "failing", "problems": [said]})
    wireroom.look_after_health()
    assert not health.is_in_doubt("archive")
    wireroom._telling(refuse)()
    store._writer.close()
    clock.move(61 * SECOND)
    wireroom.look_after_health()
    assert any("has been closed" in problem for problem in told(store, health)[1]["problems"])


def test_workers_are_tried_although_nothing_is_due(wireroom: _Wireroom, clock: FixedClock, health: Health) -> None:
    health.failed("parsing", "for a test")
    clock.move(61 * SECOND)
    assert health.problems()
    wireroom.look_after_health()
    wait_until(lambda: not health.problems())


def test_a_database_that_cannot_be_read_is_told(store: Store, health: Health) -> None:
    store.close()
    status, body = told(store, health)
    assert (status, body["status"]) == (503, "failing")
    assert "has been closed" in body["problems"][0]


def test_the_end_of_everything_says_nothing_of_workers(clock: FixedClock, health: Health) -> None:
    workers = WatchedWorkers(InlineWorkers(WorkersStopped("the parsing workers are stopped")), health)
    with pytest.raises(WorkersStopped):
        workers.run(len, "x")
    assert health.problems() == ()
