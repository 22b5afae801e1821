"""Where an archive is read: in its place, or, where nothing may be written beside it, by one of SQLite's other ways."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What readers open."""

    path: Path
    #: Of SQLite's address of the file. Without mode=rw it would make a new file where one was moved away.
    options: str = "mode=rw"
    #: A directory to be deleted in the end; None = nothing was copied.
    copied_to: Path | None = None

    @property
    def is_read_only(self) -> bool:
        """Say whether the archive cannot be written."""
        return self.options != "mode=rw" or self.copied_to is not None

    @property
    def address(self) -> str:
        """The file as SQLite is given it."""
        return f"{self.path.absolute().as_uri()}?{self.options}"

    def forget(self) -> None:
        """Delete a copy."""
        if self.copied_to is not None:
            shutil.rmtree(self.copied_to, ignore_errors=True)


def place_of(path: Path) -> Place:
    """Return where the archive at `path`, which exists, is read.

    A log beside it (-wal) holds what was written last. It is read with its index (-shm), which SQLite makes if it may;
    else both files are copied to where it may. Without a log nobody is writing, and the file is read as it lies.
    """
    if _may_write(path) and _may_write(path.parent):
        return Place(path=path)
    log = _beside(path, "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return Place(path=path, options="mode=ro&immutable=1")
    if _beside(path, "-shm").exists() or _may_write(path.parent):
        return Place(path=path, options="mode=ro")
    directory = Path(tempfile.mkdtemp(prefix="wireroom-reading-"))
    for file in (path, log):
        shutil.copyfile(file, directory / file.name)
    return Place(path=directory / path.name, copied_to=directory)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
