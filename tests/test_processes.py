"""The daemon's processes: what becomes of it when they die, and of them when it is told to stop."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from origin import Origin
from patience import LONG_S, wait_until
from test_faults import Papers, errors

from bench.endure.newsroom import ROOT, Newsroom


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


#: When this prints Python itself is up; before that Ctrl-C is not ours to handle.
BEGIN = "from wireroom.cli import main, leave_at_once; leave_at_once(); print('begun', flush=True); main()"


@pytest.mark.parametrize("name", ["run", "poll"])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_ctrl_c_at_any_moment_leaves_no_traceback_and_no_failed_feed(
    tmp_path: Path, origin: Origin, name: str, times: int
) -> None:
    papers = Papers(origin, 3)
    newsroom = Newsroom(tmp_path, papers.urls)
    rng = random.Random(os.environ.get("WIREROOM_SEED", name))
    for moment in [0.0, *(rng.uniform(0, 3) for _ in range(5))]:
        command = [sys.executable, "-c", BEGIN, "--config", str(newsroom.config), name]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(moment)
            for _ in range(times):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGINT)
                time.sleep(0.05)
            out, said = process.communicate(timeout=LONG_S)
        # Pressed again while Python itself ends, whose handlers are gone then: the signal ends it; shells show 130, too.
        assert process.returncode in ((0, 130) if times == 1 else (0, 130, -signal.SIGINT)), said
        assert "Traceback" not in said, said
        assert "KeyboardInterrupt" not in said, said
        assert "ERROR" not in said
    if newsroom.database.exists() and newsroom.rows("SELECT 1 FROM sqlite_master WHERE name = 'polls'"):
        assert newsroom.rows("SELECT error FROM polls WHERE error IS NOT NULL") == []
    assert "failed" not in out


def test_a_program_that_ignores_ctrl_c_goes_on_ignoring_it(tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text("feeds: []\n")
    script = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + BEGIN
    with subprocess.Popen(
        [sys.executable, "-c", script, "--config", str(config), "poll"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert "lists no feed yet" in process.communicate(timeout=LONG_S)[0]
    assert process.returncode == 0
