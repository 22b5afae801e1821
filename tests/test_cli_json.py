"""`--json`: every command that tells something has it, and prints the fields that docs/reference/json.md names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from test_cli_kit import ROOT, configure, run, run_json

from wireroom.cli.app import app
from wireroom.demo import DemoNewspaper

GO_ON = {"run", "serve", "demo"}
ROW = re.compile(r"^\| (`.*?) \| (.*?) \|$", re.MULTILINE)


def commands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} ")
        else:
            yield f"{prefix}{name}", command


def documented() -> dict[str, list[str]]:
    """Return the fields that the reference names, by command."""
    text = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8")
    found = {}
    for names, fields in ROW.findall(text):
        for name in re.findall("`(.+?)`", names):
            found[name] = re.findall(r"`(\w+)`", re.sub(r"\(.*?\)|;.*|\[.*", "", fields))
    return found


def test_every_command_that_tells_something_takes_json() -> None:
    without = {
        name
        for name, command in commands(typer.main.get_command(app))
        if not any("--json" in param.opts for param in command.params)
    }
    assert without == GO_ON


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A configuration, polled, and the address of a feed that it does not list yet."""
    directory = tmp_path_factory.mktemp("json")
    with DemoNewspaper(edition_at=datetime.now(UTC)) as newspaper:
        base = newspaper.base_url("courier")
        text = f'settings:\n  network: {{allow_private: ["127.0.0.0/8"]}}\nfeeds:\n  - {base}/category/science/feed/\n'
        config = configure(directory, text)
        assert run("--config", config, "poll").exit_code == 0
        yield config, base


def test_each_prints_the_fields_of_the_reference(desk: tuple[Path, str]) -> None:
    config, base = desk
    page, fields, seen = config.with_name("page.html"), documented(), set()
    page.write_text(
        "<title>Harbour</title><article><h1>Harbour</h1><p>" + "The ferry left at nine. " * 40 + "</article>"
    )
    jsonl = config.with_name("out.jsonl")
    for name, arguments in (
        ("articles", ()),
        ("search", ("the",)),
        ("articles --removed", ()),
        ("articles --dropped", ()),
        *((name, ("1",)) for name in ("read", "unread", "star", "unstar", "revisions", "lineage", "why")),
        ("edits", ()),
        ("search", ("the", "--save", "kept")),
        ("searches", ()),
        ("searches --remove", ("kept",)),
        ("refresh", ("1",)),
        ("poll", ()),
        ("reprocess", ()),
        ("reprocess --runs", ()),
        ("reprocess --undo", ("1",)),
        ("feeds list", ()),
        ("feeds suggest", (f"{base}/",)),
        ("feeds add", (f"{base}/feed/",)),
        ("feeds export --out", (config.with_name("feeds.opml"),)),
        ("feeds import", (config.with_name("feeds.opml"),)),
        ("feeds remove", (f"{base}/feed/",)),
        ("export --out", (jsonl, "--format", "jsonl")),
        ("import", (jsonl,)),
        ("status", ()),
        ("status --hosts", ()),
        ("backup", (config.with_name("copy.db"),)),
        ("restore", (config.with_name("copy.db"),)),
        ("stop", ()),
    ):
        found = run_json("--config", config, *name.split(), *arguments, "--json")
        for shown in found[:1] if isinstance(found, list) else [found]:
            assert sorted(shown) == sorted(fields[name]), name
        seen.add(name)
    assert {"show", "extract", "save", "diff", "restore-entry", "init", "start"} == set(fields) - seen


def test_those_that_need_more_than_one_archive(desk: tuple[Path, str], tmp_path: Path) -> None:
    config, base = desk
    fields = documented()
    assert list(run_json("--config", tmp_path / "feeds.yaml", "init", "--json")) == fields["init"]
    saved = run("--config", config, "save", f"{base}/nowhere/", "--json")
    assert (saved.exit_code, list(json.loads(saved.stdout))) == (1, fields["save"])
    assert run_json("--config", config, "show", 1, "--json")["id"] == 1
    assert "facets" in json.dumps(run_json("--config", config, "datasette-metadata", "--json"))
    report = run_json("--config", config, "feeds", "check", f"{base}/feed/", "--json")
    assert report[0]["entries"] == 12


def test_export_to_standard_output_takes_no_json(desk: tuple[Path, str]) -> None:
    result = run("--config", desk[0], "export", "--format", "csv", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--format json writes articles as JSON" in result.stderr
