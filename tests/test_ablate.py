"""What a rule or a list of words is worth, on sets of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.ablate import main
from bench.switches import find_switches
from scraper.extract.words.phrases import is_prompt

SCORER = """
from collections import Counter

MAIN, SILVER = {"own": None}, {"agreed"}


def unseal(truth):
    return truth


def part_of(truth):
    return truth["part"]


def page_figure(scored):
    return scored["body"]


def score_page(name, truth, found):
    said, true = Counter((found.get("text") or "").split()), Counter(truth["text"].split())
    body = 2 * (said & true).total() / (said.total() + true.total())
    return {"body": body, "meta": {"title": float(found.get("title") == truth["title"])}}
"""
TEXT = (
    "The ferry to the northern islands will sail twice a day from April, the harbour office said on Monday.",
    "Its new timetable leaves an hour between the two crossings, so that lorries can be unloaded in the afternoon.",
    "Farmers on the islands had asked for that since the bridge was closed, and for a lower fare in the winter months.",
)
PROMPT = "Click here and hear of ferries first"
SAID = "Loading was the word that she used for it"


def write_set(home: Path, *pages: tuple[str, tuple[str, ...], tuple[str, ...]]) -> None:
    """Each page: its part, its lines, those of them that are the truth."""
    home.mkdir()
    named, truth = [], []
    for number, (part, lines, true) in enumerate(pages):
        body = "".join(f"<p>{line}</p>" for line in lines)
        page = f"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1>{body}</article></body></html>"
        (home / f"{number}.html").write_text(page, encoding="utf-8")
        named.append({"id": number, "url": f"https://paper.example/{number}", "html_path": f"{number}.html"})
        truth.append({"id": number, "part": part, "title": "Ferry", "text": "\n".join(true)})
    for name, rows in (("pages", named), ("truth", truth)):
        (home / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


@pytest.fixture
def scorer(tmp_path: Path) -> Path:
    path = tmp_path / "scorer.py"
    path.write_text(SCORER, encoding="utf-8")
    return path


def run(folder: Path, scorer: Path, *options: str) -> None:
    assert main([str(folder), "--scorer", str(scorer), "--processes", "1", *options]) == 0


def test_a_rule_earns_where_it_takes_out_what_is_not_text_and_costs_where_it_takes_text(tmp_path, scorer, capsys):
    sets = tmp_path / "sets"
    sets.mkdir()
    write_set(
        sets / "own",
        ("look", (*TEXT[:2], PROMPT, TEXT[2]), TEXT),
        ("blind", (*TEXT[:2], SAID, TEXT[2]), (*TEXT[:2], SAID, TEXT[2])),
        ("blind", TEXT, TEXT),
    )
    write_set(sets / "agreed", ("look", (PROMPT,), (PROMPT,)))
    run(sets, scorer, "--only", r"_prompt$|PROMPTS\[(en|ja)\]$|_CJK_ROLE", "--json", str(tmp_path / "out.json"))
    found = {worth["name"]: worth for worth in json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))}
    for name in ("body.line_rules._prompt", "words.phrases.PROMPTS[en]"):
        assert found[name]["acts"] == {"look": 1, "blind": 1}
        assert 0.01 < found[name]["look F1"] < 0.2
        assert -0.1 < found[name]["blind F1"] < -0.01
        assert found[name]["look title"] == 0
    assert found["words.phrases.PROMPTS[ja]"]["acts"] == {"look": 0, "blind": 0}
    printed = capsys.readouterr().out
    assert "Act on no page (2): words.bylines._CJK_ROLE; words.phrases.PROMPTS[ja]" in printed
    assert "look, F1: 1.0000" in printed


def test_each_kind_of_switch_is_found_and_leaves_nothing_behind():
    switches = find_switches()
    assert {switch.kind for switch in switches.values()} == {"rule", "pattern", "phrases", "phrase", "words", "set"}
    assert is_prompt(PROMPT)
    for name in ("words.phrases.is_prompt", "words.phrases.PROMPTS[en]"):
        with switches[name].off():
            assert not is_prompt(PROMPT)
        assert is_prompt(PROMPT)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("set", "holds no set"),
        ("truth", "truth.jsonl is missing"),
        ("scorer", "is no Python file"),
        ("part", "has no page_figure"),
    ],
)
def test_what_is_missing_is_named(tmp_path, scorer, missing, said):
    sets = tmp_path / "sets"
    sets.mkdir()
    if missing != "set":
        write_set(sets / "own", ("look", TEXT, TEXT))
    if missing == "truth":
        (sets / "own" / "truth.jsonl").unlink()
    if missing == "scorer":
        scorer.unlink()
    if missing == "part":
        scorer.write_text(SCORER.replace("def page_figure", "def figure"), encoding="utf-8")
    with pytest.raises(SystemExit, match=said):
        run(sets, scorer)
