"""Log lines: what a person and a program read."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wireroom.logs import JsonFormatter, TextFormatter, configure, redact

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    for name in ("wireroom", "wireroom.archive"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def record(message: str, /, **facts: object) -> logging.LogRecord:
    standard = {"name": "wireroom.polls", "msg": message, "levelno": logging.INFO, "levelname": "INFO"}
    made = logging.makeLogRecord({**standard, **facts})
    made.created = datetime(2026, 11, 23, 21, 0, 0, 999_000, tzinfo=UTC).timestamp()
    return made


def text(event: str, **facts: object) -> str:
    return TextFormatter().format(record(event, **facts))


def test_text_line_has_time_level_logger_event_and_facts() -> None:
    line = text("feed polled", url="https://example.org/feed", status="new", entries_new=3)
    assert line == (
        "2026-11-23T21:00:00Z INFO  wireroom.polls feed polled url=https://example.org/feed status=new entries_new=3"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("two words", '"two words"'),
        ("", '""'),
        ('say "no"', '"say \\"no\\""'),
        ("a=b", '"a=b"'),
        (True, "true"),
        (0.123456, "0.123"),
        (("a", "b"), "a,b"),
        (timedelta(minutes=30), "1800.0"),
        (datetime(2026, 11, 1, 12, tzinfo=UTC), "2026-11-01T12:00:00Z"),
        ("Привет", "Привет"),
        ("evil\nINFO forged", '"evil\\nINFO forged"'),
        ("\x1b[2Jgone", "\\u001b[2Jgone"),
        ("\ud800", "\\ud800"),
    ],
)
def test_values_are_quoted_and_escaped_when_needed(value: object, written: str) -> None:
    assert text("event", value=value).endswith(f" event value={written}")


def test_unknown_facts_are_left_out_of_text_and_null_in_json() -> None:
    assert text("feed polled", error=None).endswith("feed polled")
    assert json.loads(JsonFormatter().format(record("feed polled", error=None)))["error"] is None


def test_json_line_keeps_types_and_names() -> None:
    line = JsonFormatter().format(record("article filed", id=7, tags=("a", "b"), event="x", took=timedelta(seconds=2)))
    assert json.loads(line) == {
        "at": "2026-11-23T21:00:00Z",
        "level": "INFO",
        "logger": "wireroom.polls",
        "event": "article filed",
        "id": 7,
        "tags": ["a", "b"],
        "event_": "x",
        "took": 2.0,
    }


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:secret@example.org/feed", "https://***@example.org/feed"),
        ("https://me@example.org", "https://***@example.org"),
        ("https://me:p@ss:word@example.org/a@b", "https://***@example.org/a@b"),
        ("see https://example.org/?token=abc&x=1", "see https://example.org/?token=***&x=1"),
        ("https://example.org/a?x=user@host", "https://example.org/a?x=user@host"),
        ("mail me@example.org", "mail me@example.org"),
    ],
)
def test_credentials_in_addresses_are_redacted(address: str, shown: str) -> None:
    assert redact(address) == shown


def test_credentials_are_redacted_in_event_facts_lists_and_traceback() -> None:
    secret = f"https://me:{'hunter' + '2'}@example.org/"
    try:
        raise ValueError(secret)
    except ValueError as exc:
        made = record(f"failed {secret}", url=secret, urls=[secret], by={"x": secret})
        made.exc_info = (type(exc), exc, exc.__traceback__)
    for formatter in (TextFormatter(), JsonFormatter()):
        line = formatter.format(made)
        assert "hunter2" not in line
        assert "ValueError" in line
        assert "\n" not in line


@given(st.text(), st.text(), st.one_of(st.text(), st.lists(st.text()), st.dictionaries(st.text(), st.text())))
def test_any_event_is_one_printable_line(name: str, event: str, value: object) -> None:
    made = record("", value=value)
    made.name, made.msg = name, event
    for formatter in (TextFormatter(), JsonFormatter()):
        line = formatter.format(made)
        assert len(line.splitlines()) == 1
        assert "\x1b" not in line
        line.encode()
    assert json.loads(JsonFormatter().format(made))["logger"] == name


def test_ours_speak_from_info_on_and_others_from_warning_on() -> None:
    stream = io.StringIO()
    configure("text", 0, stream)
    logging.getLogger("wireroom.polls").info("feed polled")
    logging.getLogger("wireroom.work").debug("entry decided")
    logging.getLogger("apscheduler.executors.default").info("Running job")
    logging.getLogger("urllib3").warning("retrying")
    shown = [line[len("2026-11-23T21:00:00Z ") :] for line in stream.getvalue().splitlines()]
    assert shown == ["INFO  wireroom.polls feed polled", "WARNING urllib3 retrying"]


def test_verbose_shows_decisions_and_quiet_only_our_errors() -> None:
    loud, quiet = io.StringIO(), io.StringIO()
    logger = logging.getLogger("wireroom.work")
    configure("text", 1, loud)
    logger.debug("entry decided")
    configure("text", 0, quiet, quiet=True)
    logger.warning("feed slow")
    logger.error("worker died")
    assert "entry decided" in loud.getvalue()
    assert "feed slow" not in loud.getvalue() + quiet.getvalue()
    assert "worker died" in quiet.getvalue()


def test_configuring_twice_writes_each_event_once() -> None:
    stream = io.StringIO()
    configure("json", 0, stream)
    configure("json", 0, stream)
    logging.getLogger("wireroom.archive").warning("opened")
    assert len(stream.getvalue().splitlines()) == 1


def test_loggers_are_named_after_subjects_that_the_reference_lists() -> None:
    listed = set(re.findall(r"`(wireroom\.\w+)`", (ROOT / "docs" / "reference" / "log.md").read_text("utf-8")))
    listed -= {"wireroom.db", "wireroom.log"}
    sources = [ROOT / "scheduler.py"]
    for top in ("scraper", "store", "wireroom"):
        sources += (ROOT / top).rglob("*.py")
    found = [name for path in sources for name in re.findall(r"getLogger\(([^)]+)\)", path.read_text("utf-8"))]
    named = {name.strip('"') for name in found if name.startswith('"')}
    assert "__name__" not in found
    assert named == listed
