"""The processes that stay: `run`, `start`, `stop`, `serve`, `demo`."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from patience import LONG_S
from test_cli_kit import ROOT, command, configure, environment, run, wireroom

from store import lock_owner, open_store
from wireroom.demo import DemoNewspaper

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (INFO |WARNING|ERROR) (scraper|store|scheduler|wireroom)\.\S+ \S.*")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configure(tmp_path, "settings:\nfeeds: []\n")


@contextmanager
def running(*args: object, **env: object) -> Iterator[subprocess.Popen[str]]:
    """Run a command that stays, killed at the end if it is still there."""
    with subprocess.Popen(
        command(args),
        cwd=ROOT,
        env=environment() | {name: str(value) for name, value in env.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def announced(process: subprocess.Popen[str]) -> str:
    """Return the address of the reading room, waiting until it is printed."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.match(r"reading room: (http://\S+)", line):
            return found[1]
    raise AssertionError(f"no reading room: {process.stderr.read() if process.stderr else ''}")


def fetched(url: str) -> str:
    with urllib.request.urlopen(url, timeout=LONG_S) as answer:
        body: bytes = answer.read()
    return body.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_the_reading_room_until_a_signal(config: Path, number: signal.Signals) -> None:
    with running("--config", config, "--log-format", "json", "run") as process:
        url = announced(process)
        assert json.loads(fetched(url + "healthz")) == {"status": "ok"}
        assert lock_owner(config.with_name("wireroom.db")) == process.pid
        second = wireroom("--config", config, "run")
        assert second.returncode == 1
        assert f"process {process.pid}" in second.stderr
        assert "Traceback" not in second.stderr
        process.send_signal(number)
        _, log = process.communicate(timeout=LONG_S)
    assert process.returncode == 0
    events = [json.loads(line) for line in log.splitlines()]
    assert [event["event"] for event in events] == ["started", "stopping", "stopped"]
    assert all(event["level"] == "INFO" for event in events)


def test_the_daemon_polls_and_its_log_is_readable(tmp_path: Path) -> None:
    with DemoNewspaper() as newspaper:
        config = configure(tmp_path, newspaper.feeds_yaml())
        with running("--config", config, "run") as process:
            announced(process)
            assert process.stderr is not None
            lines: list[str] = []
            while sum(" feed polled " in line for line in lines) < 7 or not any(
                " article filed " in line for line in lines
            ):
                lines.append(process.stderr.readline().rstrip())
            process.terminate()
            rest = process.communicate(timeout=LONG_S)[1].splitlines()
        assert process.returncode == 0
    log = "\n".join([*lines, *rest])
    assert not [line for line in log.splitlines() if not LINE.fullmatch(line)]
    polls = re.findall(r"feed polled url=\S+ status=new new=\d+ articles=\d+ ", log)
    assert len(polls) == 7
    assert re.search(r"article filed id=\d+ url=\S+ status=full$", log, re.MULTILINE)


def test_start_and_stop(config: Path) -> None:
    database = config.with_name("wireroom.db")
    started = wireroom("--config", config, "start")
    try:
        assert started.returncode == 0, started.stderr
        assert (pid := lock_owner(database)) is not None
        log = config.with_name("wireroom.log")
        first, second = started.stdout.splitlines()
        assert first == f"started as process {pid}; log: {log}"
        assert json.loads(fetched(second.removeprefix("reading room: ") + "healthz")) == {"status": "ok"}
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert os.getsid(pid) == pid
        again = wireroom("--config", config, "start")
        assert again.returncode == 1
        assert f"process {pid}" in again.stderr
        assert "wireroom stop" in again.stderr
        poll = wireroom("--config", config, "poll")
        assert (poll.returncode, f"process {pid}" in poll.stderr) == (1, True)
        restore = run("--config", config, "backup", config.with_name("copy.db"))
        assert restore.exit_code == 0
        assert wireroom("--config", config, "restore", config.with_name("copy.db")).returncode == 1
    finally:
        stopped = wireroom("--config", config, "stop")
    assert (stopped.returncode, stopped.stdout) == (0, f"process {pid} stopped\n")
    assert lock_owner(database) is None
    assert log.read_text().splitlines()[-1].endswith("wireroom.daemon stopped")
    idle = wireroom("--config", config, "stop")
    assert (idle.returncode, idle.stderr) == (0, f"no daemon runs on {database}\n")


def test_start_shows_why_the_daemon_ended(tmp_path: Path) -> None:
    config = configure(tmp_path, "settings:\nfeeds: []\n")
    (tmp_path / "wireroom.db").write_bytes(b"not a database\n" * 100)
    started = wireroom("--config", config, "start")
    assert started.returncode == 2
    assert "file is not a database" in started.stderr
    assert f"its log is {tmp_path / 'wireroom.log'}" in started.stderr


def test_a_port_in_use_is_told(tmp_path: Path, config: Path) -> None:
    with running("--config", config, "run") as process:
        port = announced(process).rstrip("/").rpartition(":")[2]
        process_free = tmp_path / "other.yaml"
        process_free.write_text(f"settings:\n  database: other.db\n  listen: 127.0.0.1:{port}\nfeeds: []\n")
        for args in (["run"], ["start"]):
            other = wireroom("--config", process_free, *args)
            assert other.returncode == 1
            assert f"127.0.0.1:{port} is in use" in other.stderr
            assert "Traceback" not in other.stderr


def test_serve_shows_the_archive_without_a_daemon(config: Path) -> None:
    missing = wireroom("--config", config, "serve")
    assert missing.returncode == 2
    assert "There is no archive" in missing.stderr
    with open_store(config.with_name("wireroom.db")):
        pass
    with running("--config", config, "serve") as process:
        assert json.loads(fetched(announced(process) + "healthz")) == {"status": "ok"}
        assert lock_owner(config.with_name("wireroom.db")) is None
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LONG_S)
    assert process.returncode == 0


def test_demo_shows_the_newspaper_and_leaves_nothing(tmp_path: Path) -> None:
    with DemoNewspaper() as newspaper:
        titles = {article.title for article in newspaper.expected()}
    with running("demo", TMPDIR=tmp_path) as staying, running("demo", "--once", TMPDIR=tmp_path) as once:
        room = announced(staying)
        listed, told = once.communicate(timeout=LONG_S)
        assert staying.stdout is not None
        shown = [staying.stdout.readline() for _ in titles]
        page = fetched(room)
        staying.send_signal(signal.SIGINT)
        staying.communicate(timeout=LONG_S)
    assert (once.returncode, staying.returncode) == (0, 0)
    for lines in (listed.splitlines(), shown):
        assert {line.rstrip("\n").split("\t")[4] for line in lines} == titles
    assert f"{len(titles)} articles filed" in told
    assert "Ferry Line Drops Its Winter Timetable" in page
    assert not list(tmp_path.iterdir())
