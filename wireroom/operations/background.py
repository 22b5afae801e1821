"""The daemon without a terminal: starting it, seeing that it is up, stopping it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import wireroom
from scraper.errors import StoreUnusable, WireroomError
from store import lock_owner

START_WITHIN_S = 120
STOP_WITHIN_S = 60
_PAUSE_S = 0.05
#: What `run` says when its reading room answers; the address follows.
ANNOUNCEMENT = "reading room: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A daemon that was started."""

    process: subprocess.Popen[bytes]
    log: Path
    #: Where its part of the log begins.
    log_start: int

    def lines(self) -> list[str]:
        """Return what it has logged so far."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            return file.read().decode(errors="replace").splitlines()

    def reading_room(self) -> str | None:
        """Return the address of its reading room, once it has announced it."""
        found = (line.removeprefix(ANNOUNCEMENT) for line in self.lines() if line.startswith(ANNOUNCEMENT))
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What became of a request to stop."""

    #: The process that held the database; None = nobody did.
    pid: int | None
    is_gone: bool


def log_path(database: Path) -> Path:
    """Return where the daemon of a database logs: `wireroom.log` for `wireroom.db`."""
    return database.with_suffix(".log")


def start_daemon(arguments: Sequence[str], log: Path) -> Launch:
    """Start `wireroom ARGUMENTS run` in a session of its own, without a terminal, its output appended to `log`.

    Raises:
        StoreUnusable: the log cannot be written.
    """
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as exc:
        raise StoreUnusable(f"Cannot write {log}: {exc.strerror}.", path=log) from exc
    try:
        start = os.fstat(output).st_size
        process = subprocess.Popen(
            [sys.executable, "-m", "wireroom", *arguments, "run"],
            # `-m` searches the working directory first: the caller's could hold anything.
            cwd=Path(wireroom.__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    finally:
        os.close(output)
    return Launch(process=process, log=log, log_start=start)


def wait_until_ready(launch: Launch) -> Literal["ready", "ended", "slow"]:
    """Wait until the daemon has announced its reading room, which it does when it answers, or has ended.

    "slow": neither happened in `START_WITHIN_S`.
    """
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        try:
            launch.process.wait(timeout=_PAUSE_S)
        except subprocess.TimeoutExpired:
            if launch.reading_room():
                return "ready"
        else:
            return "ended"
    return "slow"


def stop_daemon(database: Path) -> Stopped:
    """Ask the process that holds the database to end, and wait until it lets go.

    Raises:
        WireroomError: it may not be asked, or nobody knows who it is.
    """
    pid = lock_owner(database)
    if pid is None:
        return Stopped(pid=None, is_gone=True)
    if pid == 0:
        raise WireroomError(f"{database} is in use by a process that did not leave its number; stop it by hand")
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return Stopped(pid=pid, is_gone=True)
    except PermissionError as exc:
        raise WireroomError(f"process {pid} belongs to another user; stop it as that user") from exc
    deadline = time.monotonic() + STOP_WITHIN_S
    while lock_owner(database) == pid:
        if time.monotonic() > deadline:
            return Stopped(pid=pid, is_gone=False)
        time.sleep(_PAUSE_S)
    return Stopped(pid=pid, is_gone=True)
