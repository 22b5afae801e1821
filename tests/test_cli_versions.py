"""`revisions`, `diff`, `show --revision`, `articles --removed`: an archive with an edited and a removed article."""

from __future__ import annotations

import os
import pty
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from contracts.desk import FEED, HOUR, new
from contracts.desk import Desk as Room
from fakes import FixedClock
from patience import LONG_S
from test_cli_kit import ROOT, command, configure, environment, run, run_json

from scraper.model import Extraction, Image, Missing
from store import open_store

FIRST = Extraction(
    title="Ferry back after repairs",
    byline=("Ann Lee",),
    image=Image(url="https://paper.example/a.jpg", caption="The ferry"),
    text="The ferry left at nine.\n\nIt rained.\n\n船は九時に出た。",
    html="<p>first</p>",
    markdown="first",
)
SECOND = replace(
    FIRST,
    title="Ferry late after repairs",
    byline=("Ann Lee", "Bob Ray"),
    text="The ferry left at \x1b[31mten.\n\nIt rained.\n\n船は十時に出た。",
    html="<p>second</p>",
)
GONE = Missing(since=FixedClock().now(), cause="404", reason="there is nothing at this address (HTTP 404)")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Article 1 has two versions, article 2 was taken down."""
    config = configure(tmp_path, f"feeds:\n  - {FEED}\n")
    with open_store(tmp_path / "wireroom.db", clock=FixedClock()) as store:
        room = Room(store, FixedClock())
        room.subscribe(FEED)
        room.poll(new("a"))
        room.fetch(FIRST)
        room.clock.move(HOUR)
        room.poll(new("b"))
        room.fetch(replace(FIRST, title="Taken down"))
        store.request_fetches([1], now=room.now)
        room.fetch(SECOND, changed=("title", "text", "byline"))
        store.request_fetches([2], now=room.now)
        room.clock.move(timedelta(minutes=5))
        missing = replace(GONE, is_confirmed=True)
        room.fetch(page=None, missing=missing, rule="page-removed", detail=missing.reason)
    return config


def test_versions_are_listed(config: Path) -> None:
    result = run("--config", config, "revisions", 1)
    assert [line.split("\t") for line in result.stdout.splitlines()] == [
        ["1", "2026-01-15 12:00", "first version", "15", "Ferry back after repairs"],
        ["2", "2026-01-15 13:00", "title, text, byline", "15", "Ferry late after repairs"],
    ]
    found = run_json("--config", config, "revisions", 1, "--json")
    assert [revision["number"] for revision in found["revisions"]] == [1, 2]
    assert found["revisions"][1]["changed"] == ["title", "text", "byline"]
    assert "removed 2026-01-15 13:05" in run("--config", config, "revisions", 2).stderr
    assert run("--config", config, "revisions", 99).exit_code == 1


def test_the_newest_edits_and_removals_are_listed(config: Path) -> None:
    result = run("--config", config, "edits")
    assert [line.split("\t") for line in result.stdout.splitlines()] == [
        ["2", "2026-01-15 13:05", "removed: 404", "The Paper", "Taken down"],
        ["1", "2026-01-15 13:00", "title, text, byline", "The Paper", "Ferry late after repairs"],
    ]
    removal, edit = run_json("--config", config, "edits", "--json")
    assert (removal["article_id"], removal["kind"], removal["cause"], removal["back_at"]) == (2, "removal", "404", None)
    assert (edit["article_id"], edit["kind"], edit["revision"], edit["changed"]) == (
        1,
        "edit",
        2,
        ["title", "text", "byline"],
    )


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("--limit", 1), [2]),
        (("--removed",), [2]),
        (("--starred",), [1]),
        (("--unread",), [2, 1]),
        (("--feed", "1"), [2, 1]),
        (("--since", "2026-01-15T13:03+00:00"), [2]),
        (("--since", "2026-01-15T14:00+00:00"), []),
    ],
)
def test_edits_are_chosen_as_articles_are(config: Path, arguments: tuple[object, ...], ids: list[int]) -> None:
    run("--config", config, "star", 1)
    assert [edit["article_id"] for edit in run_json("--config", config, "edits", *arguments, "--json")] == ids


def test_differences_are_shown_word_by_word(config: Path) -> None:
    shown = run("--config", config, "diff", 1).stdout
    assert shown.splitlines() == [
        "--- version 1, 2026-01-15 12:00 (first version)",
        "+++ version 2, 2026-01-15 13:00 (title, text, byline)",
        "title: Ferry [-back-] {+late+} after repairs",
        "byline: Ann Lee -> Ann Lee, Bob Ray",
        "",
        "The ferry left at [-nine-]{+ [31mten+}.",
        "",
        "(1 paragraph unchanged)",
        "",
        "船は[-九-]{+十+}時に出た。",
    ]
    back = run("--config", config, "diff", 1, "--from", 2, "--to", 1).stdout
    assert "title: Ferry [-late-] {+back+} after repairs" in back


def test_differences_as_json(config: Path) -> None:
    found = run_json("--config", config, "diff", 1, "--json")
    assert (found["id"], found["from"]["number"], found["to"]["number"]) == (1, 1, 2)
    assert found["difference"]["title"][1] == {"op": "out", "text": "back "}
    assert found["difference"]["facts"] == [{"name": "byline", "old": "Ann Lee", "new": "Ann Lee, Bob Ray"}]
    assert found["difference"]["text"][1] == [{"op": "same", "text": "It rained."}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2,), "article 2 has 1 version: there is nothing to compare"),
        ((1, "--from", 7), "article 1 has no version 7; it has 1 to 2"),
        ((1, "--to", 1), "article 1 has no version 0; it has 1 to 2"),
    ],
)
def test_versions_that_are_not_there(config: Path, arguments: tuple[object, ...], message: str) -> None:
    result = run("--config", config, "diff", *arguments)
    assert (result.exit_code, result.stderr.strip()) == (1, f"wireroom: {message}")


def test_colours_on_a_terminal(config: Path) -> None:
    leader, follower = pty.openpty()
    subprocess.run(
        command(["--config", config, "diff", 1]),
        cwd=ROOT,
        env=environment() | {"TERM": "xterm-256color", "COLUMNS": "80"},
        stdout=follower,
        stderr=follower,
        check=True,
        timeout=LONG_S,
    )
    os.close(follower)
    shown = b""
    while chunk := _read(leader):
        shown += chunk
    assert b"[-" not in shown
    assert b"\x1b[9;31mback" in shown
    assert b"\x1b[4;32mlate" in shown


def _read(file: int) -> bytes:
    try:
        return os.read(file, 65536)
    except OSError:
        return b""


def test_an_earlier_version_is_shown_whole(config: Path) -> None:
    today = run_json("--config", config, "show", 1, "--json")
    assert (today["revision"], today["title"]) == (2, SECOND.title)
    earlier = run_json("--config", config, "show", 1, "--revision", 1, "--json")
    assert list(earlier) == list(today)
    assert (earlier["revision"], earlier["title"], earlier["text"]) == (1, FIRST.title, FIRST.text)
    assert (earlier["html"], earlier["byline"], earlier["status"]) == ("<p>first</p>", ["Ann Lee"], "full")
    assert "Ferry back" in run("--config", config, "show", 1, "--revision", 1).stdout
    missing = run("--config", config, "show", 1, "--revision", 3)
    assert (missing.exit_code, "has no version 3" in missing.stderr) == (1, True)


def test_removed_pages_are_listed_counted_and_told(config: Path) -> None:
    line = run("--config", config, "articles", "--removed").stdout.rstrip("\n").split("\t")
    assert line == ["2", "2026-01-15 13:05", "404", "Taken down"]
    (found,) = run_json("--config", config, "articles", "--removed", "--json")
    assert (found["article_id"], found["cause"], found["back_at"]) == (2, "404", None)
    assert "removed 2026-01-15 13:05" in run("--config", config, "show", 2).stdout
    assert "page-removed" in run("--config", config, "why", 2).stdout
    status = run("--config", config, "status").stdout
    assert "removed    1 (`wireroom articles --removed`)" in status
    assert "edits      1" in status


def test_the_export_has_the_number_of_the_version(config: Path) -> None:
    lines = run("--config", config, "export", "--format", "jsonl").stdout.splitlines()
    assert ['"revision": 2' in line or '"revision":2' in line for line in lines] == [True, False]
