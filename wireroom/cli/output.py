"""How commands speak: tables on a terminal, tab-separated lines in a pipe, JSON for programs, failures on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

#: Exit statuses of every command.
DONE, FAILED, WRONG = 0, 1, 2

#: How much of an article is on file, in words.
STATUS_WORDS = {
    "full": "in full",
    "feed_only": "as the feed gave them",
    "failed": "failed",
    "pending": "being fetched",
}

#: Feeds and pages are written by strangers: nothing of theirs may act on a terminal or reorder a line.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


def printable(text: str | None) -> str:
    """Return `text` on one line, without characters that act on a terminal."""
    return _SPACE.sub(" ", _ACTING.sub(" ", text or "")).strip()


def shown(text: str) -> str:
    """Return `text` as `printable` does, without credentials."""
    from wireroom.logs import redact

    return printable(redact(text))


def printable_lines(text: str) -> str:
    """Return `text` with its lines kept, without characters that act on a terminal."""
    return _ACTING.sub(" ", text.replace("\r\n", "\n"))


def is_terminal() -> bool:
    """True if standard output is read by a person."""
    return sys.stdout.isatty()


def console(*, stderr: bool = False) -> Console:
    """Return a Rich console that takes no markup and no emoji codes from the texts it prints."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def say(message: str) -> None:
    """Tell the person what was done, on standard output."""
    typer.echo(message)


def note(message: str) -> None:
    """Tell the person something beside the result, on standard error."""
    typer.echo(message, err=True)


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Say on standard error what went wrong and end with `status`."""
    from wireroom.logs import redact

    typer.echo(f"wireroom: {redact(message)}", err=True)
    raise typer.Exit(status)


def print_json(value: object) -> None:
    """Print `value` as JSON: dataclasses as objects, times as RFC 3339 in UTC, durations in seconds."""
    from wireroom.export.record import as_json

    text = json.dumps(as_json(value), ensure_ascii=False, indent=2)
    # Lone surrogates have no encoding; their escape is JSON too.
    typer.echo(re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):04x}", text))


def when(at: datetime | None) -> str:
    """Return the instant in the reader's own time zone, to the minute; empty if unknown."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else ""


def print_rows(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, wide: str, lead: str | None = None, wraps: bool = False
) -> None:
    """Print a table.

    On a terminal as `wireroom.cli.tables.print_table` does (`lead` is `wide` if not given); elsewhere as lines of
    tab-separated values in full, for `cut` and `grep`.
    """
    lines = [[printable(value) for value in row] for row in rows]
    if is_terminal():
        from wireroom.cli.tables import print_table

        print_table(console(), columns, lines, wide=wide, lead=lead or wide, wraps=wraps)
        return
    for line in lines:
        typer.echo("\t".join(line))


def when_short(at: datetime | None) -> str:
    """Return the instant as `when` does, without the year."""
    return when(at)[5:]


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print names and values, one pair a line, the values in a column; pairs without a value are left out."""
    pairs = [(name, printable(value)) for name, value in facts if value]
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        typer.echo(f"{name:<{width}}  {value}")


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return "1 article", "2 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(number: int) -> str:
    """Return a number of bytes for people."""
    value, unit = float(number), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def duration(span: timedelta) -> str:
    """Return a time span for people in its two largest units: "1 h 30 min"."""
    seconds = round(span.total_seconds())
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        number, seconds = divmod(seconds, length)
        if number:
            parts.append(f"{number} {unit}")
    return " ".join(parts[:2]) or "0 s"
