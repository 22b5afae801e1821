"""`articles --dropped`, `restore-entry` and `why` for entries, through the commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from contracts.desk import Desk, dropped, new
from fakes import FixedClock
from test_cli_kit import run, run_json

from scraper.model import FeedSpec
from store import open_store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "wireroom.db"
    with open_store(path) as store:
        desk = Desk(store, FixedClock())
        desk.subscribe(FeedSpec(url="https://paper.example/feed", name="The Paper"))
        desk.poll(new("kept"), dropped("stars"), dropped("moon"))
    return path


def test_dropped_entries_are_listed_and_brought_back(database: Path) -> None:
    moon, stars = sorted(run_json("--db", database, "articles", "--dropped", "--json"), key=lambda e: e["title"])
    assert {name: stars[name] for name in ("title", "feed", "rule", "detail", "dropped_at")} == {
        "title": "Title stars",
        "feed": "The Paper",
        "rule": "drop-word",
        "detail": "drop: 'horoscope'",
        "dropped_at": "2026-01-15T12:00:00Z",
    }
    listed = run("--db", database, "articles", "--dropped", "--feed", "The Paper", "-n", "5").stdout.splitlines()
    assert [line.split("\t")[0] for line in listed] == [f"e{stars['id']}", f"e{moon['id']}"]
    done = run("--db", database, "restore-entry", f"e{stars['id']}", str(moon["id"]))
    assert done.stdout == "2 entries brought back as article 2, article 3\n"
    rules = [step["rule"] for step in run_json("--db", database, "why", f"e{stars['id']}", "--json")]
    assert rules == ["drop-word", "restored"]
    empty = run("--db", database, "articles", "--dropped")
    assert (empty.stdout, empty.stderr) == ("", "no entry was dropped\n")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("restore-entry", "e999"), 1),
        (("restore-entry", "nonsense"), 2),
        (("restore-entry",), 2),
        (("articles", "--dropped", "--unread"), 2),
        (("why", "e999"), 1),
    ],
)
def test_what_cannot_be_is_refused(database: Path, arguments: tuple[str, ...], status: int) -> None:
    assert run("--db", database, *arguments).exit_code == status
