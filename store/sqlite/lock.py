"""The process lock: one daemon owns a database."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from scraper.errors import StoreBusy, StoreUnusable

#: `lock_owner` holds the lock for an instant to see whether it is free: a start that meets it tries again.
_TRIES = 5
_PAUSE_S = 0.02


class ProcessLock:
    """Holds `<database>.lock` while entered; the kernel lets go of it when the process ends, however it ends.

    Raises:
        StoreBusy: another process holds it; the message names its pid.
        StoreUnusable: the lock file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> ProcessLock:
        file = _open(self._path)
        if not _take(file):
            os.close(file)
            raise StoreBusy(_busy_message(self._path), path=self._path)
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def lock_owner(path: Path) -> int | None:
    """Return the pid of the process that holds the lock of the database at `path`; 0 = held, but by whom is not known.

    None = nobody holds it.
    """
    try:
        file = os.open(_lock_path(path), os.O_RDWR)
    except OSError:
        return None
    try:
        for _ in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if pid := _written_pid(file):
                    return pid
                time.sleep(_PAUSE_S)  # the holder has yet to write its number
            else:
                return None
        return 0
    finally:
        os.close(file)


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _open(path: Path) -> int:
    try:
        return os.open(_lock_path(path), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as exc:
        message = f"Cannot make the lock file {_lock_path(path)}: {exc.strerror}. Check the directory's permissions."
        raise StoreUnusable(message, path=path) from exc


def _take(file: int) -> bool:
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_S)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return True
    return False


def _written_pid(file: int) -> int | None:
    text = os.pread(file, 20, 0).strip()
    return int(text) if text.isdigit() else None


def _busy_message(path: Path) -> str:
    owner = lock_owner(path)
    who = f"process {owner}" if owner else "another process"
    return f"{path} is in use by {who}. Stop it first (`wireroom stop`), or name another database with --db."
