"""The documentation: up to date, and its examples do what they show.

A block after `<!-- run -->` is run against the demo newspaper, on a terminal of 80 columns. `...` stands for anything
within a line, a line of it alone for any number of lines; https://courier.example is the demo's Harbour Courier.
Blocks of Python are sessions of one interpreter, in their order.
"""

from __future__ import annotations

import doctest
import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import pytest
from patience import LONG_S
from test_cli_kit import ROOT, _logging_as_before, command, environment

from wireroom.cli.app import app
from wireroom.demo import DemoNewspaper
from wireroom.operations.background import stop_daemon

EXAMPLE = "https://courier.example"
BLOCK = re.compile(r"^<!-- run -->\n```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^<!-- run -->\n```pycon\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: What the user's file does not need: the demo is on loopback, and the usual port may be taken.
DEMO_SETTINGS = 'settings:\n  listen: 127.0.0.1:0\n  network: {allow_private: ["127.0.0.0/8"]}\n'
#: Ends what a command shows.
END = "\0"


@pytest.fixture(scope="module")
def courier() -> Iterator[str]:
    """The address of the Harbour Courier."""
    with DemoNewspaper(edition_at=datetime.now(UTC)) as newspaper:
        yield newspaper.base_url("courier")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working directory; a daemon that an example leaves behind is stopped."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"TERM": "dumb", "NO_COLOR": "1", "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    for name in ("COLUMNS", "WIREROOM_CONFIG", "WIREROOM_DB"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    stop_daemon(tmp_path / "wireroom.db")


def test_the_documentation_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "check_docs.py"],
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_readme_does_what_it_shows(desk: Path, courier: str) -> None:
    on_terminal("wireroom init")
    play(ROOT / "README.md", courier)


def test_the_tutorial_does_what_it_shows(desk: Path, courier: str) -> None:
    play(ROOT / "docs" / "tutorial.md", courier)
    assert [path.name for path in (desk / "notes").iterdir()] == ["10.md"]


def test_the_library_does_what_its_page_shows() -> None:
    page = ROOT / "docs" / "reference" / "library.md"
    session = "".join(SESSION.findall(page.read_text("utf-8")))
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    assert test.examples
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL)
    runner.run(test, out=told.append)
    assert "".join(told) == ""


def play(page: Path, courier: str) -> None:
    """Run the examples of a page in their order and compare what they print."""
    examples = [example for block in BLOCK.findall(page.read_text("utf-8")) for example in block.split("$ ")[1:]]
    assert examples
    for example in examples:
        line, _, expected = example.partition("\n")
        status, printed = on_terminal(line.replace(EXAMPLE, courier))
        shown = printed.replace(courier, EXAMPLE)
        assert status == 0, f"$ {line}\n{shown}"
        assert pattern_of(expected).fullmatch(tidy(shown)), f"$ {line}\n{shown}"


def pattern_of(expected: str) -> re.Pattern[str]:
    """Return the pattern that the output shown in a page stands for."""
    lines = [
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
        for line in tidy(expected).splitlines()
    ]
    return re.compile("".join(lines))


def tidy(text: str) -> str:
    """Return the lines of `text` with single blanks, those at the ends apart, and without blank lines around."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def on_terminal(line: str) -> tuple[int, str]:
    """Run one command line in this process as on a terminal; return its exit status and what the person sees."""
    name, *arguments = shlex.split(line)
    assert name == "wireroom", line
    keyboard, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    seen: list[bytes] = []
    reader = threading.Thread(target=_read_screen, args=(keyboard, seen), daemon=True)
    reader.start()
    try:
        with open(screen, "w", encoding="utf-8") as terminal:
            with redirect_stdout(terminal), redirect_stderr(terminal):
                status = _invoke(arguments)
            terminal.write(END)
        reader.join(LONG_S)
    finally:
        os.close(keyboard)
    _allow_the_demo(Path("feeds.yaml"))
    return status, b"".join(seen).decode().removesuffix(END)


def _invoke(arguments: list[str]) -> int:
    if arguments[0] == "start":  # it leaves its daemon behind, which is nobody's child then
        started = subprocess.run(
            command(arguments),
            env=environment() | {"PYTHONPATH": str(ROOT)},
            stdout=sys.stdout,
            stderr=sys.stderr,
            check=False,
        )
        return started.returncode
    with _logging_as_before():
        try:
            app(arguments, prog_name="wireroom")
        except SystemExit as exc:
            return int(exc.code or 0)
    return 0


def _read_screen(keyboard: int, seen: list[bytes]) -> None:
    """Take in what is written up to `END`; processes that a command leaves behind may keep the terminal open."""
    while not seen or not seen[-1].endswith(END.encode()):
        seen.append(os.read(keyboard, 65536))


def _allow_the_demo(config: Path) -> None:
    text = config.read_text("utf-8")
    if DEMO_SETTINGS not in text:
        config.write_text(text.replace("settings:\n", DEMO_SETTINGS, 1), "utf-8")
