"""Searches find what a plain evaluator of docs/reference/search.md finds: the same articles, order, pages and counts.

A short form of `python -m bench.search.oracle`, which compares 2,000 searches over 4,000 articles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.search.oracle.cases import CLOCK, Cases
from bench.search.oracle.letters import words_in
from store import open_store
from store.sqlite.search.folding import folded, is_run, tokens

ROOT = Path(__file__).resolve().parent.parent
#: Written for these by hand; the rest is drawn.
BY_HAND = (
    "harbour OR -img", "-has:image is:read OR strike", "img OR has:image", '"straße" OR -is:unread lod*', "東京 -都の",
    "y2026 OR after:2026 -is:starred", "strass* -title:strass* OR is:removed", "-東京都 harbour OR 東京", "हिन्* OR محم*",
    "-is:unread OR -lod* tag:later", "lang:zh-hant OR lang:pt", "was:strike OR was:東京 OR was:smorre*",
    "site:harbour.example -feed:lodz OR by:lod*", "by:東京都 OR agency:通信社 -section:stras*", "mayor's OR -mayor",
)  # fmt: skip


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    with open_store(tmp_path_factory.mktemp("oracle") / "wireroom.db", clock=CLOCK) as store:
        yield Cases(store, seed=20, count=150)


def test_what_was_thought_of_is_found(cases: Cases) -> None:
    assert [difference for query in BY_HAND if (difference := cases.check(query).difference)] == []


def test_what_is_drawn_is_found(cases: Cases) -> None:
    checked = [cases.check(cases.query()) for _ in range(100)]
    assert [one.difference for one in checked if one.difference] == []
    assert sum(one.hits > 0 for one in checked) > 50


def test_texts_are_divided_and_folded_by_the_names_of_their_letters() -> None:
    syllables = re.compile("[\u3400-\u9fff\uac00-\ud7a3]")
    signs = re.compile("[\u17f0-\u17f9\u302a-\u302f]")
    letters = [chr(code) for code in range(0x21, 0x10000) if unicodedata.category(chr(code))[0] in "LMN"]
    differ = {}
    for letter in letters:
        text = f"a{letter}b 東{letter}京"
        if syllables.match(letter) or signs.match(letter):
            continue
        divided = [(folded(word), is_run(word)) for word in tokens(text) if folded(word)]
        if divided != [(word.folded, word.is_run) for word in words_in(text) if word.folded]:
            differ[f"{ord(letter):04x}"] = divided
    assert differ == {}


def test_the_oracle_shares_nothing_with_what_it_judges() -> None:
    for name in ("letters", "evaluator"):
        assert "store" not in (ROOT / f"bench/search/oracle/{name}.py").read_text("utf-8")
