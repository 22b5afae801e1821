"""`lineage`: a story on file, and an article that stands alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from contracts.desk import FEED, Desk
from contracts.test_stories import COPY, fetch, file
from fakes import FixedClock
from test_cli_kit import configure, run, run_json
from test_story import FERRY, OTHER

from scraper.model import Extraction
from store import open_store


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Articles 1 and 2 tell the same, 3 something else."""
    config = configure(tmp_path, f"feeds:\n  - {FEED}\n")
    clock = FixedClock()
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        file(desk, "one.example", COPY)
        half = ". ".join(FERRY.split(". ")[:3])
        file(desk, "two.example", Extraction(title="Islanders get their ship back", text=half))
        file(desk, "three.example", Extraction(title="Library opens", text=OTHER))
    return config


def test_a_story_is_told_from_its_first_article_on(config: Path) -> None:
    result = run("--config", config, "lineage", 2)
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [(row[0], row[3], row[5]) for row in rows] == [("1", "100%", "first"), ("2", "100%", "copy")]
    assert 50 < int(rows[1][4].rstrip("%")) < 70, "so much of the first stands in the second"
    assert "2: copy of 1: " in result.stderr


def test_a_story_as_json(config: Path) -> None:
    found = run_json("--config", config, "lineage", "https://one.example/" + _name(config), "--json")
    assert [article["id"] for article in found["articles"]] == [1, 2]
    assert found["story_id"] == 1
    assert found["articles"][1]["like"]["id"] == 1
    assert found["articles"][0]["like"] is None


def test_one_article_is_the_first_though_its_page_was_read_last(tmp_path: Path) -> None:
    config = configure(tmp_path, f"feeds:\n  - {FEED}\n")
    clock = FixedClock()
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        file(desk, "one.example", Extraction(title="Library opens", text=OTHER))
        file(desk, "two.example", COPY)
        store.request_fetches([1], now=desk.now)
        fetch(desk, COPY, tells_stories=True, changed=("title", "text"))
    result = run("--config", config, "lineage", 2)
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [(row[0], row[5]) for row in rows] == [("1", "first"), ("2", "copy")]
    assert result.stderr == "2: copy of 1, which was seen first but read later\n"
    found = run_json("--config", config, "lineage", 2, "--json")
    assert found["first_id"] == 1
    assert [(article["id"], article["how"]) for article in found["articles"]] == [(1, "first"), (2, "copy")]
    assert found["articles"][0]["like"]["id"] == 2, "what was recorded stays as it is"


def _name(config: Path) -> str:
    with open_store(config.with_name("wireroom.db")) as store:
        return store.article(1).url.rpartition("/")[2]


def test_a_long_story_is_cut_and_the_article_that_was_named_is_in_it(tmp_path: Path) -> None:
    config = configure(tmp_path, f"feeds:\n  - {FEED}\n")
    clock = FixedClock()
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        for number in range(40):
            file(desk, f"n{number}.example", COPY)
    result = run("--config", config, "lineage", 37)
    assert [int(line.split("\t")[0]) for line in result.stdout.splitlines()] == [*range(1, 30), 37]
    assert "30 of 40: the first ones and the one you named; --limit shows more" in result.stderr
    found = run_json("--config", config, "lineage", 2, "--limit", 3, "--json")
    assert [article["id"] for article in found["articles"]] == [1, 2, 3]
    assert found["count"] == 40
    assert len(run("--config", config, "lineage", 1, "-n", 300).stdout.splitlines()) == 40


def test_an_article_that_stands_alone(config: Path) -> None:
    result = run("--config", config, "lineage", 3)
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
    assert "no other article on file tells this story" in result.stderr
    assert run("--config", config, "lineage", 99).exit_code == 1
