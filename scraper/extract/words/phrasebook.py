"""Tables of phrases (regular expressions) asked quickly: of some hundred, a text is tried against the few it may match.

Python's `re` tries the alternatives of an expression one after another at every place: 240 us for a table of 90 and a
paragraph. What a match must begin with and what it must contain is read off each phrase once; texts without that are
not tried. The answers are those of one expression made of all of them, letter case ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as op  # type: ignore[attr-defined]  # the only parser of expressions there is
from re import _parser  # type: ignore[attr-defined]
from typing import Any

#: Bytes; literals shorter than this are in nearly every text, longer ones than that in few.
_MIN_LITERAL = 3
_LONG_LITERAL = 6


class Phrasebook:
    """A table of phrases; expressions are compiled when first needed."""

    def __init__(self, phrases: Iterable[str]) -> None:
        #: First letter of a match -> phrases that may begin so; "" -> those that may begin with anything.
        self._by_letter: dict[str, list[str]] = {"": []}
        #: Phrase -> literals of which each match has one.
        self._literals: dict[str, tuple[str, ...]] = {}
        #: Literal -> the phrases that need it; "" -> those of which nothing is known.
        self._needing: dict[str, list[str]] = {"": []}
        for phrase in phrases:
            parsed = _parser.parse(phrase)
            self._literals[phrase] = tuple(sorted(_required(parsed))) or ("",)
            for literal in self._literals[phrase]:
                self._needing.setdefault(literal, []).append(phrase)
            for letter in _openings(parsed) or ("",):
                self._by_letter.setdefault(letter, []).append(phrase)
        self._compiled: dict[str, re.Pattern[str]] = {}

    def begins(self, text: str) -> bool:
        """Whether a phrase stands at the beginning of the text."""
        return any(self._compile(phrase).match(text) for phrase in self._opening_with(text))

    def is_whole(self, text: str) -> bool:
        """Whether the text as a whole is a phrase."""
        return any(self._compile(phrase).fullmatch(text) for phrase in self._opening_with(text))

    def occurs(self, text: str) -> bool:
        """Whether a phrase stands somewhere in the text."""
        folded = text.casefold()
        return any(
            self._compile(phrase).search(text)
            for literal in [literal for literal in self._needing if literal in folded]
            for phrase in self._needing[literal]
        )

    def _opening_with(self, text: str) -> list[str]:
        """The phrases that the text may begin with, to judge by its first letter and the literals in it."""
        folded = text.casefold()
        return [
            phrase
            for letter in ("", _key(text))
            for phrase in self._by_letter.get(letter, ())
            for literal in self._literals[phrase]
            if literal in folded
        ]

    def _compile(self, phrase: str) -> re.Pattern[str]:
        if phrase not in self._compiled:
            self._compiled[phrase] = re.compile(phrase, re.IGNORECASE)
        return self._compiled[phrase]


# --------------------------------------------------------------------------- what a phrase says of its matches

#: Stands for all digits, of all scripts, as a first letter.
_DIGIT = "0"


def _key(text: str) -> str:
    """The first letter of a text, case folded."""
    letter = text[:1].casefold()[:1]
    return _DIGIT if letter.isdecimal() else letter


def _openings(parsed: Any) -> frozenset[str]:
    """The letters, case folded, a match can begin with; none = it may begin with anything."""
    found: frozenset[str] = frozenset()
    for code, value in parsed:
        if code in (op.AT, op.ASSERT, op.ASSERT_NOT):
            continue
        letters, may_be_empty = _openings_of(code, value)
        if not letters:
            return letters
        found |= letters
        if not may_be_empty:
            return found
    return frozenset()


def _openings_of(code: Any, value: Any) -> tuple[frozenset[str], bool]:
    if code is op.LITERAL:
        return frozenset(_key(chr(value))), False
    if code is op.IN and all(inner is op.LITERAL for inner, _ in value):
        return frozenset(_key(chr(letter)) for _, letter in value), False
    if code is op.IN and value == [(op.CATEGORY, op.CATEGORY_DIGIT)]:
        return frozenset(_DIGIT), False
    if code is op.SUBPATTERN:
        return _openings(value[-1]), value[-1].getwidth()[0] == 0
    if code is op.BRANCH:
        branches = [_openings(branch) for branch in value[1] if branch.getwidth()[0]]
        is_known = all(branches)
        return frozenset().union(*branches) if is_known else frozenset(), len(branches) < len(value[1])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, _, inner = value
        return _openings(inner), least == 0 or inner.getwidth()[0] == 0
    return frozenset(), True


def _required(parsed: Any) -> frozenset[str]:
    """Strings, case folded, one of which every match contains; none = nothing is known."""
    candidates: list[frozenset[str]] = []
    run = ""
    for code, value in parsed:
        if code is op.LITERAL:
            run += chr(value)
            continue
        candidates.append(frozenset((run.casefold(),)))
        run = ""
        candidates.append(_required_of(code, value))
    candidates.append(frozenset((run.casefold(),)))
    usable = [one for one in candidates if _rarity(one) >= _MIN_LITERAL]
    return max(usable, key=lambda one: (_rarity(one), -len(one)), default=frozenset())


def _rarity(strings: frozenset[str]) -> int:
    """How seldom texts have one of the strings: the bytes of the shortest."""
    return min(_LONG_LITERAL, *(len(one.encode()) for one in strings)) if strings else 0


def _required_of(code: Any, value: Any) -> frozenset[str]:
    if code is op.SUBPATTERN:
        return _required(value[-1])
    if code is op.BRANCH:
        branches = [_required(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] > 0:
        return _required(value[-1])
    return frozenset()
