"""An archive that cannot be written opens for reading; a lock that is waited for is said."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fakes import NOON, FixedClock
from patience import LONG_S
from shelf import Filed, fill
from test_cli_kit import ROOT, command, environment

from scraper.model import Extraction
from store import open_store
from store.sqlite.database.waiting import SAID_AFTER_MS

COMMANDS = (
    ("articles", "--json"),
    ("show", "1", "--json"),
    ("search", "lamp", "--json"),
    ("export", "--format", "json"),
    ("status", "--json"),
    ("feeds", "list", "--json"),
    ("why", "1", "--json"),
    ("edits", "--json"),
)


#: Runs commands one after the other and prints their statuses, outputs and errors.
_SCRIPT = """
import json, sys
from test_cli_kit import run
results = [run("--db", sys.argv[1], *arguments) for arguments in json.loads(sys.argv[2])]
print(json.dumps([(result.exit_code, result.stdout, result.stderr) for result in results]))
"""


def as_somebody(path: Path, *commands: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """Run commands on an archive without root's permission to write everything; return status, output and errors."""
    dropped = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if dropped and shutil.which("setpriv") is None:
        pytest.skip("root may write everything, and setpriv is not there")
    done = subprocess.run(
        [*dropped, sys.executable, "-c", _SCRIPT, str(path), json.dumps(commands)],
        cwd=ROOT,
        env=environment() | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [(status, stdout, stderr) for status, stdout, stderr in json.loads(done.stdout)]


def archive(directory: Path, *, with_log: bool, with_index: bool = False) -> Path:
    """Return an archive of one article, as it is left by a program that closed it, or by one that was killed."""
    directory.mkdir()
    path, written = directory / "wireroom.db", directory.parent / "written.db"
    with open_store(written, clock=FixedClock()) as store:
        lamp = Extraction(title="Lamp on Gull Rock", text="The lamp is lit.", language="en")
        fill(store, [Filed(url="https://paper.example/lamp", extraction=lamp)])
        with closing(sqlite3.connect(written)) as holder:
            holder.execute("SELECT 1 FROM articles").fetchone()
            store.set_starred([1], True, now=NOON)  # in the log alone
            for suffix in ("", "-wal", "-shm") if with_log else ():
                shutil.copyfile(f"{written}{suffix}", f"{path}{suffix}")
    if not with_log:
        shutil.copyfile(written, path)
    if not with_index:
        path.with_name("wireroom.db-shm").unlink(missing_ok=True)
    return path


@pytest.mark.parametrize(("file_mode", "directory_mode"), [(0o444, 0o555), (0o444, 0o755), (0o644, 0o555)])
@pytest.mark.parametrize(("with_log", "with_index"), [(False, False), (True, False), (True, True)])
def test_a_read_only_archive_opens_for_reading(
    tmp_path: Path, file_mode: int, directory_mode: int, with_log: bool, with_index: bool
) -> None:
    path = archive(tmp_path / "kept", with_log=with_log, with_index=with_index)
    for file in path.parent.iterdir():
        file.chmod(file_mode)
    path.parent.chmod(directory_mode)
    before = path.read_bytes()
    starred = ("articles", "--starred", "--json")
    *shown, listed, refused = as_somebody(path, *COMMANDS, starred, ("unstar", "1"))
    for arguments, (status, stdout, stderr) in zip(COMMANDS, shown, strict=True):
        assert (status, stderr) == (0, ""), (arguments, stderr)
        assert json.loads(stdout) or arguments[0] == "edits", arguments
    assert json.loads(listed[1])[0]["id"] == 1, "what the log holds is read, too"
    if not (with_index and file_mode == 0o644):  # all files are there and may be written: SQLite needs no new one
        assert refused[0] == 2
        assert "Check the permissions" in refused[2]
    assert path.read_bytes() == before


def test_an_archive_of_an_earlier_version_must_be_writable(tmp_path: Path) -> None:
    path = archive(tmp_path / "kept", with_log=False)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE rowid = (SELECT max(rowid) FROM _sqlite_migrations)")
        db.commit()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    ((status, _, stderr),) = as_somebody(path, ("articles",))
    assert status == 2
    assert "has to be migrated, but it is read-only" in stderr


def test_a_lock_is_said_and_waited_for(tmp_path: Path) -> None:
    path = archive(tmp_path / "kept", with_log=False)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        waiting = subprocess.Popen(
            command(("--db", path, "read", "1")),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == "wireroom: the database is locked by another program; waiting\n"
        assert waiting.poll() is None, "it goes on waiting"
        other.execute("ROLLBACK")
    stdout, stderr = waiting.communicate(timeout=LONG_S)
    assert (waiting.returncode, stdout, stderr) == (0, "1 article now read\n", "")
    assert SAID_AFTER_MS == 2000
