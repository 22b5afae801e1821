"""The daemon's clockwork."""

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from patience import wait_until

import scheduler
from scheduler import Daemon, Job
from scraper.polling.cron import next_cron_time


def run_until(done: threading.Event, *jobs: Job) -> Daemon:
    """Run a daemon over `jobs` in the main thread until `done`, which a job sets."""

    def end() -> None:
        if done.is_set():
            daemon.stop()

    daemon = Daemon([*jobs, Job(name="end", run=end, every=timedelta(seconds=0.02))])
    daemon.run()
    return daemon


def test_jobs_run_again_and_again_and_an_error_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    done, runs = threading.Event(), []

    def count() -> None:
        runs.append(1)
        if len(runs) == 3:
            done.set()
        raise ZeroDivisionError("a bug")

    run_until(done, Job(name="count", run=count, every=timedelta(seconds=0.02)))
    assert len(runs) >= 3
    assert "job failed" in caplog.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_and_handlers_are_put_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    daemon = Daemon([Job(name="kill", run=lambda: os.kill(os.getpid(), number), every=timedelta(hours=1))])
    daemon.run()
    assert signal.getsignal(number) == before


def test_a_signal_may_come_at_any_moment() -> None:
    """Sent before each line that the main thread comes to, in turn: none is lost, none waits for ever."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    moment = 1
    try:
        while run_interrupted_at(moment):
            moment += 1
    finally:
        signal.signal(signal.SIGTERM, before)
    assert moment > 20


def run_interrupted_at(moment: int) -> bool:
    """Run a daemon and send SIGTERM before the line of that number; say whether it came so far."""
    daemon = Daemon([])
    files = {threading.__file__, scheduler.__file__}
    lines = 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal lines
        if frame.f_code.co_filename in files and event == "line":
            lines += 1
            if lines == moment:
                os.kill(os.getpid(), signal.SIGTERM)
        return trace

    ending = threading.Timer(0.02, daemon.stop)
    ending.start()
    sys.settrace(trace)
    try:
        daemon.run()
    finally:
        sys.settrace(None)
    ending.cancel()
    return lines >= moment


def test_hangup_runs_the_jobs_that_ask_for_it_also_when_it_finds_them_at_work(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done, runs = threading.Event(), []

    def reload() -> None:
        runs.append(1)
        if len(runs) > 1:
            done.set()
            return
        os.kill(os.getpid(), signal.SIGHUP)
        wait_until(lambda: "maximum number of running instances reached" in caplog.text, "the clock's look at it")

    run_until(done, Job(name="reload", run=reload, every=timedelta(hours=1), on_hangup=True))
    assert len(runs) >= 2


NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def test_cron_times_know_days_and_zones() -> None:
    assert next_cron_time("30 8 * * sun", "UTC", NOON) == datetime(2026, 1, 18, 8, 30, tzinfo=UTC)
    assert next_cron_time("0 0 1 * *", "Europe/Berlin", NOON) == datetime(2026, 1, 31, 23, 0, tzinfo=UTC)
    assert next_cron_time("0 12 * * *", "UTC", NOON) == datetime(2026, 1, 16, 12, 0, tzinfo=UTC)
    assert next_cron_time("0 0 30 2 *", "UTC", NOON) is None


@pytest.mark.parametrize("line", ["61 * * * *", "* * * *", "a b c d e"])
def test_cron_lines_that_cannot_be_read(line: str) -> None:
    with pytest.raises(ValueError):
        next_cron_time(line, "UTC", NOON)


@pytest.mark.parametrize("jump", [timedelta(days=-10), timedelta(days=10)])
def test_a_clock_that_jumps_is_told_and_every_job_runs_at_once(jump: timedelta) -> None:
    runs: list[int] = []
    looks: list[int] = []
    told: list[timedelta] = []

    def wall() -> float:
        looks.append(1)
        return time.monotonic() + (jump.total_seconds() if len(looks) > 1 else 0)

    def work() -> None:
        runs.append(1)
        if len(runs) > 1:
            daemon.stop()

    def hear(by: timedelta) -> None:
        told.append(by)
        raise ZeroDivisionError("a bug in the listener ends nothing")

    daemon = Daemon([Job(name="work", run=work, every=timedelta(days=30))], on_jump=hear, wall=wall)
    daemon.run()
    assert len(runs) == 2
    (by,) = told
    assert abs(by - jump) < timedelta(days=1)
