"""Log lines for people and programs: one event a line, facts as key=value or as JSON, no credentials.

2026-11-23T21:00:00Z INFO  scraper.pipeline feed polled url=https://example.org/feed status=new entries_new=3
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TextIO

LogFormat = Literal["text", "json"]

#: The root of loggers whose INFO lines are news to the person who runs Wireroom; all others speak from WARNING on.
#: Below it they are named after their subject (docs/reference/log.md), not after modules: a file may move.
_OURS = "wireroom"

#: Says that a lock is waited for: commands say that too, or they would seem to hang.
_ARCHIVE = "wireroom.archive"

#: What every record carries; the rest of its attributes came in through `extra`.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}

#: `user:password@` of an address; greedy, since browsers too take the last @ before the path for the end of it.
_USER_INFO = re.compile(r"(://)[^/?#\s\"'<>]*@")
_SECRET_PARAMETER = re.compile(
    r"([?&;](?:access_?token|token|api_?key|key|auth|password|passwd|pwd|secret|sig|signature)=)[^&;#\s\"'<>]+", re.I
)

#: Characters that would break a line, act on a terminal, reorder it, or cannot be encoded.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NEEDS_QUOTES = re.compile(r'[\s"=\\]')


def redact(text: str) -> str:
    """Return `text` with the credentials of every address in it replaced by `***`."""
    if "://" in text:
        text = _USER_INFO.sub(r"\1***@", text)
    return _SECRET_PARAMETER.sub(r"\1***", text) if "=" in text else text


def configure(
    format: LogFormat = "text", verbose: int = 0, stream: TextIO | None = None, *, quiet: bool = False
) -> None:
    """Send log records to `stream` (default: standard error) in the given format.

    Our own records are shown from INFO on, with `verbose` from DEBUG on, everybody else's from WARNING on. `quiet` is
    for commands that report their outcome themselves: ERROR; with `verbose` 1 INFO, from 2 on DEBUG. Calling it again
    replaces the handler of the call before and leaves handlers of others alone.
    """
    ladder = [logging.ERROR, logging.INFO, logging.DEBUG] if quiet else [logging.INFO, logging.DEBUG]
    level = ladder[min(verbose, len(ladder) - 1)]
    handler = _LineHandler(stream if stream is not None else sys.stderr)
    text = _CommandFormatter() if quiet else TextFormatter()
    handler.setFormatter(JsonFormatter() if format == "json" else text)
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _LineHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger(_OURS).setLevel(level)
    logging.getLogger(_ARCHIVE).setLevel(min(level, logging.WARNING))
    logging.captureWarnings(True)


class TextFormatter(logging.Formatter):
    """Renders a record as one line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, logger, event and facts, with nothing in them that could break the line."""
        facts = "".join(f" {key}={_written(value)}" for key, value in _facts(record).items() if value is not None)
        event = _escape(redact(record.getMessage()))
        return f"{_instant(record.created)} {record.levelname:<5} {_escape(record.name)} {event}{facts}"


class _CommandFormatter(TextFormatter):
    """Renders what a command has to say while it waits as it says all else."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return f"wireroom: {record.getMessage()}" if record.name == _ARCHIVE else super().format(record)


class JsonFormatter(logging.Formatter):
    """Renders a record as one JSON object: `at level logger event`, then the facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line; a fact named like one of the four gets a trailing underscore."""
        line: dict[str, Any] = {
            "at": _instant(record.created),
            "level": record.levelname,
            "logger": record.name,
            "event": redact(record.getMessage()),
        }
        for key, value in _facts(record).items():
            line[f"{key}_" if key in line else key] = _plain(value)
        return _escape(json.dumps(line, ensure_ascii=False))


class _LineHandler(logging.StreamHandler[TextIO]):
    """The handler that `configure` owns."""


def _facts(record: logging.LogRecord) -> dict[str, object]:
    facts = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
    if record.exc_info and record.exc_info[1] is not None:
        facts["traceback"] = logging.Formatter().formatException(record.exc_info).strip()
    if record.stack_info:
        facts["stack"] = record.stack_info
    return facts


def _plain(value: object) -> object:
    """Return `value` as something JSON has a form for, credentials taken out."""
    match value:
        case None | bool() | int():
            return value
        case float():
            return round(value, 3)
        case datetime():
            return _instant(value.timestamp())
        case timedelta():
            return round(value.total_seconds(), 3)
        case Mapping():
            return {redact(str(key)): _plain(item) for key, item in value.items()}
        case tuple() | list() | set() | frozenset():
            return [_plain(item) for item in value]
    return redact(str(value))


def _written(value: object) -> str:
    plain = _plain(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    text = ",".join(map(str, plain)) if isinstance(plain, list) else str(plain)
    if text and not _NEEDS_QUOTES.search(text):
        return _escape(text)
    return _escape(json.dumps(text, ensure_ascii=False))


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _escape(text: str) -> str:
    r"""Return `text` with unprintable characters as \uXXXX, which is also what JSON calls them."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
