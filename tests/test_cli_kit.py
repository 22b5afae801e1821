"""What the tests of the command line stand on: running a command, a configuration, a demo newspaper on file."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from patience import LONG_S
from typer.testing import CliRunner, Result

from wireroom.cli.app import app

ROOT = Path(__file__).parent.parent
#: A configuration is always named: the tests must not find one by chance.
CLEAN = {"WIREROOM_CONFIG": None, "WIREROOM_DB": None, "COLUMNS": "80", "TZ": "UTC"}


def run(*args: object, input: str | bytes | None = None) -> Result:
    """Run one command in this process; a bug's traceback fails the test."""
    with _logging_as_before():
        result = CliRunner(env=CLEAN).invoke(app, [str(arg) for arg in args], input=input, prog_name="wireroom")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run_json(*args: object) -> Any:
    """Run one command that must succeed, and return what it prints as JSON."""
    result = run(*args)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def wireroom(*args: object, timeout_s: float = LONG_S) -> subprocess.CompletedProcess[str]:
    """Run one command in a process of its own."""
    return subprocess.run(
        command(args), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=timeout_s, check=False
    )


def command(args: Sequence[object]) -> list[str]:
    """Return the command line of a process that runs Wireroom."""
    return [sys.executable, "-m", "wireroom", *map(str, args)]


def environment() -> dict[str, str]:
    """Return the environment for such a process."""
    return {key: value for key, value in os.environ.items() if not key.startswith("WIREROOM_")} | {"TZ": "UTC"}


def configure(directory: Path, text: str) -> Path:
    """Write a feeds.yaml whose reading room takes any free port, and return its path."""
    path = directory / "feeds.yaml"
    head, settings, rest = text.partition("settings:\n")
    path.write_text(f"{head}{settings}  listen: 127.0.0.1:0\n{rest}" if settings else text, encoding="utf-8")
    return path


@contextmanager
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    ours = [logging.getLogger(name) for name in ("wireroom", "wireroom.archive")]
    handlers, levels = list(root.handlers), [logger.level for logger in (root, *ours)]
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.handlers[:] = handlers
        for logger, level in zip((root, *ours), levels, strict=True):
            logger.setLevel(level)
