"""The daemon's processes: what becomes of it when they die, and of them when it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from origin import Origin
from patience import LONG_S, wait_until
from test_faults import Papers, errors

from bench.endure.newsroom import Newsroom


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as made:
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The processes of a daemon that runs; those of a fork server are known by its number."""

    daemon: int
    fork_server: int
    tracker: int
    #: The process that fetches, and the workers.
    children: tuple[int, ...]


def family(daemon: int) -> Family:
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [
        (int(pid), int(parent), args) for pid, parent, args in (line.split(None, 2) for line in listed.splitlines())
    ]
    ours = {args: pid for pid, parent, args in rows if parent == daemon}
    fork_server = next(pid for args, pid in ours.items() if "forkserver" in args)
    tracker = next(pid for args, pid in ours.items() if "resource_tracker" in args)
    children = tuple(pid for pid, parent, _ in rows if parent == fork_server)
    return Family(daemon=daemon, fork_server=fork_server, tracker=tracker, children=children)


def hurt(what: str, processes: Family) -> None:
    if what == "hang-up":
        os.killpg(processes.daemon, signal.SIGHUP)
        return
    parts = {
        "fork server": (processes.fork_server,),
        "all": (processes.fork_server, processes.tracker, *processes.children),
    }
    for pid in parts[what]:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("what", ["hang-up", "fork server", "all"])
def test_feeds_are_read_whatever_happened_to_the_processes(tmp_path: Path, origin: Origin, what: str) -> None:
    papers = Papers(origin, 2)
    newsroom = Newsroom(tmp_path, papers.urls, full_text=False)
    with newsroom.running() as process:
        wait_until(lambda: papers.are_all_in(newsroom))
        hurt(what, family(process.pid))
        more = Papers(origin, 5)
        newsroom.write_feeds(more.urls)
        wait_until(lambda: more.are_all_in(newsroom))
        assert newsroom.stop(within_s=LONG_S)[0] == 0
    assert errors(newsroom) == []
    assert newsroom.rows("SELECT error FROM polls WHERE error IS NOT NULL") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_all_processes_are_told_ends_them_in_order(tmp_path: Path, origin: Origin, number: signal.Signals) -> None:
    papers = Papers(origin, 4)
    newsroom = Newsroom(tmp_path, papers.urls)
    with newsroom.running() as process:
        wait_until(lambda: bool(newsroom.rows("SELECT 1 FROM polls")))
        processes = family(process.pid)
        os.killpg(process.pid, number)
        assert process.wait(LONG_S) == 0
        wait_until(lambda: not any(map(is_there, processes.children)))
    assert newsroom.events()[-1] == "stopped"
    assert {line["level"] for line in newsroom.lines()} <= {"INFO", "DEBUG"}, newsroom.log.read_text()
    assert newsroom.rows("SELECT error FROM polls WHERE error IS NOT NULL") == []


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
