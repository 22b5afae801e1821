"""Where an export goes: a file that appears whole or not at all, or a directory of such files."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from scraper.errors import WireroomError


class ExportRefused(WireroomError):
    """The export cannot be written to `path`."""

    def __init__(self, message: str, *, path: Path) -> None:
        super().__init__(message)
        self.path = path


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[TextIO]:
    """Open a UTF-8 file that appears whole or not at all, as `whole_binary_file` does; line ends stay as written.

    Raises:
        ExportRefused: `path` is not a plain file, or its directory cannot be written.
    """
    with whole_binary_file(path, durable=durable) as raw:
        stream = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        yield stream
        stream.detach()


@contextmanager
def whole_binary_file(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file (mode 0600) that takes the name `path` when the block ends well.

    Until then, and for ever after an error, what was at `path` stays as it was. `durable` waits for the disk.

    Raises:
        ExportRefused: `path` is not a plain file, or its directory cannot be written.
    """
    if path.exists() and not path.is_file():
        what = "a directory" if path.is_dir() else "not a plain file"
        raise ExportRefused(f"cannot export to {path}: it is {what}; name a file", path=path)
    try:
        # mkstemp creates with mode 0600 and in the same directory, so the rename is atomic.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".wireroom-", suffix=".part")
    except OSError as exc:
        raise _refused(path, exc) from exc
    try:
        with open(handle, "wb") as stream:
            yield stream
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as exc:
        raise _refused(path, exc) from exc
    finally:
        Path(temporary).unlink(missing_ok=True)


def prepare_directory(path: Path) -> None:
    """Make sure that `path` is a directory, creating it (mode 0700) if it is absent.

    Raises:
        ExportRefused: `path` is something else, or cannot be created.
    """
    if path.exists() and not path.is_dir():
        raise ExportRefused(
            f"cannot export to {path}: this format writes one file for each article and needs a directory, "
            "but a file has that name",
            path=path,
        )
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise _refused(path, exc) from exc


def _refused(path: Path, error: OSError) -> ExportRefused:
    return ExportRefused(f"cannot export to {path}: {error.strerror or error}", path=path)
