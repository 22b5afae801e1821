"""No text from outside can make a regular expression of the program take more than linear time, by their syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from patterns import faults
from written import Written, written

from scraper.extract.words import phrases, walls
from scraper.extract.words.agencies import AGENCIES
from scraper.text import language

#: Patterns that `faults` refuses, with what bounds them: the text they are given, or what it cannot see.
BOUNDED = {
    "scraper/config/rows.py _FLOW_PAIRS": "a mapping that _MAPPING has taken whole: a blank or a comma stands where no pair begins",
    "scraper/config/rows.py _FLOW_SCALARS": "a list that _LIST has taken whole: a blank or a comma stands where no value begins",
    "scraper/config/rows.py _LINE": "an address and a word begin alike, and part at the colon; no turn is given back",
    "scraper/extract/meta/jsonld.py _PAIR": "a value ends at the first quotation mark, and no pair begins without one; 50,000 characters (_MAX_SALVAGED)",
    "scraper/extract/page/state.py _STRING": "a search that meets a quotation mark does not fail, and the next one begins behind what it took",
    "scraper/extract/words/bylines.py _BREAK": "600 characters (split_names)",
    "scraper/extract/words/bylines.py _DATE_WORDS": "60 characters (_MAX_NAME)",
    "scraper/extract/words/bylines.py _ROLE_WORDS": "60 characters (_MAX_NAME)",
    "scraper/extract/words/phrases.py _CREDIT_END": "90 characters (ends_in_credit)",
}
_TABLES = [value for module in (phrases, walls) for value in vars(module).values() if isinstance(value, dict)]
_PHRASES = [phrase for table in _TABLES for some in table.values() if isinstance(some, tuple) for phrase in some]
for _book in (phrases._CREDIT_BOOK,):
    _PHRASES += [*_book._always, *(phrase for some in _book._needing for phrase in some)]
#: Functions that build patterns of their arguments -> how they use them, and what they may come to.
BUILT: dict[str, tuple[str, Sequence[str | bytes]]] = {
    "scraper/config/layout.py _after_comments": ("match", [r" {3,}#[^\n]*(\n|$)"]),
    "scraper/polling/decide_entries.py _find_word": ("search", [r"(?<!\w)two\ words(?!\w)", re.escape("(a+)+*")]),
    "scraper/extract/words/agencies.py _name_of": ("fullmatch", [one for forms in AGENCIES.values() for one in forms]),
    "scraper/extract/words/phrasebook.py _compile": ("search", _PHRASES),
    "scraper/text/language.py _by_script": (
        "findall",
        [f"[{characters}]" for characters in language._SCRIPTS.values()],
    ),
    "scraper/sources/syndication.py _skipped": ("search", [rb"<skiphours\s*>", rb"<hour\s*>\s*(\w+)\s*<"]),
}


def judged(pattern: Written) -> list[str]:
    if pattern.pattern is None:
        use, examples = BUILT[pattern.place]
        return [fault for text in examples for fault in faults(text, re.IGNORECASE, (use, "match"))]
    return faults(pattern.pattern, pattern.flags, tuple(pattern.uses))


def test_every_pattern_is_linear_or_bounded() -> None:
    found = {pattern.place: fault for pattern in written() for fault in judged(pattern)}
    assert {place: fault for place, fault in found.items() if place not in BOUNDED} == {}
    assert BOUNDED.keys() - found.keys() == set(), "these are not refused any more: take them out"


def test_every_pattern_is_seen() -> None:
    places = {pattern.place for pattern in written()}
    assert len(written()) > 250
    assert len(_PHRASES) > 500
    assert {pattern.place for pattern in written() if pattern.pattern is None} == BUILT.keys()
    for place in (
        "scraper/clean/media.py _CANONICAL",
        "scraper/extract/words/phrases.py credit_of",
        "scraper/query/language.py _TERM",
    ):
        assert place in places


@pytest.mark.parametrize(
    ("place", "uses"),
    [
        ("scraper/clean/media.py _CANONICAL", {"match"}),
        ("scraper/sources/items.py _DECLARATION", {"match"}),
        ("scraper/query/language.py _TERM", {"finditer"}),
        ("scraper/identity.py _out_of_amp_cache", {"fullmatch"}),
    ],
)
def test_how_patterns_are_used_is_seen(place: str, uses: set[str]) -> None:
    found = [pattern.uses for pattern in written() if pattern.place == place]
    assert found
    assert set().union(*found) == uses


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        (r"(\s*user[- ]?agent\s*:\s*\S+)\s.*", "sub"),  # the one that held up the daemon
        (r"\s+$", "search"),
        (r"\s*,", "split"),
        (r"\w+@", "findall"),
        (r"^[ \t]*\n+x", "search"),
        (r"<[^>]*>", "sub"),
        (r"<(script)\b[^<>]*>.*?</\1>", "finditer"),
        (r"a?[ab]*c", "search"),
        (r"(?:x|\s)*y", "search"),
        (r"\s*a?\s*b", "match"),
        (r"\d+\d*x", "match"),
        (r"\S+@\S+\.\w+", "match"),
        (r"[^/]+\.[^/]+/.*", "fullmatch"),
        (r"[a-e]*e[a-e]*", "fullmatch"),
        (r"(a+)+b", "match"),
        (r"(?:a|a)*b", "match"),
        (r"(?:\w+,?)*;", "match"),
        (r"(?:ab?)+[ab]*c", "match"),
        (r"(.*)x(?=.*y.*z)", "match"),
        (r"a{0,5000}b", "search"),
    ],
)
def test_what_may_take_square_time_is_refused(pattern: str, use: str) -> None:
    assert faults(pattern, re.MULTILINE | re.DOTALL if pattern.startswith("^") else re.DOTALL, (use,))


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        (r"\w+", "findall"),
        (r"(?<!\s)\s+$", "sub"),
        (r"\b\w+@", "search"),
        (r"(?:(?<!\s)\s+)?,\s*", "split"),
        (r"<[^<>]*>", "sub"),
        (r"^\s+x", "search"),
        (r"charset\s*=\s*[\"']?([\w.:-]+)", "search"),
        (r"\s*(?:a\s*)?b", "match"),
        (r"[a-z]+(?:-[a-z]+)*", "fullmatch"),
        (r"[^/.]+\.[^/]+/.*", "fullmatch"),
        (r"\W*+\S++\W*$", "match"),
        (r"(?:x\s*)*y", "match"),
        (r"(?:ab|cd?)*e", "match"),
        (r".{0,40}x", "search"),
    ],
)
def test_what_takes_linear_time_is_not_refused(pattern: str, use: str) -> None:
    assert faults(pattern, 0, (use,)) == []
