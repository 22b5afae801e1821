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
#: Letters of a beginning that phrases are found by.
_PREFIX = 3


class Phrasebook:
    """A table of phrases; expressions are compiled when first needed."""

    def __init__(self, phrases: Iterable[str]) -> None:
        #: How a match begins, up to `_PREFIX` characters -> the phrases.
        self._opening: dict[str, list[str]] = {}
        #: Literal -> the phrases that need it; "" -> those of which nothing is known.
        self._needing: dict[str, list[str]] = {"": []}
        #: Phrase -> literals of which each match has one.
        self._literals: dict[str, tuple[str, ...]] = {}
        for phrase in phrases:
            parsed = _parser.parse(phrase)
            self._literals[phrase] = tuple(sorted(_required(parsed))) or ("",)
            for literal in self._literals[phrase]:
                self._needing.setdefault(literal, []).append(phrase)
            for prefix in _prefixes(parsed):
                self._opening.setdefault(prefix, []).append(phrase)
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
        """The phrases that begin as the text does and of which it has a literal."""
        start = "".join(map(_key, text[:_PREFIX]))
        beginnings = [start[:length] for length in range(len(start) + 1)]
        found = [phrase for beginning in beginnings for phrase in self._opening.get(beginning, ())]
        if not found:
            return found
        folded = text.casefold()
        return [phrase for phrase in found for literal in self._literals[phrase] if literal in folded]

    def _compile(self, phrase: str) -> re.Pattern[str]:
        if phrase not in self._compiled:
            self._compiled[phrase] = re.compile(phrase, re.IGNORECASE)
        return self._compiled[phrase]


# --------------------------------------------------------------------------- what a phrase says of its matches

#: Stands for all digits, of all scripts, as a first letter.
_DIGIT = "0"


def _key(letter: str) -> str:
    """A letter, case folded."""
    return _DIGIT if letter.isdecimal() else letter.casefold()[:1]


def _prefixes(parsed: Any) -> frozenset[str]:
    """How a match can begin: all its first letters, fewer than `_PREFIX` where anything may follow or nothing need."""
    ended, growing = _grown(frozenset(("",)), parsed)
    return ended | growing


#: Beginnings that anything may follow or that are long enough; those that the rest of the expression goes on with.
_Grown = tuple[frozenset[str], frozenset[str]]
_NONE: frozenset[str] = frozenset()


def _grown(growing: frozenset[str], parsed: Any) -> _Grown:
    """Beginnings with what a sequence adds to them."""
    ended = _NONE
    for code, value in parsed:
        more, growing = _grown_by(growing, code, value)
        long = frozenset(prefix for prefix in growing if len(prefix) >= _PREFIX)
        ended, growing = ended | more | long, growing - long
    return ended, growing


def _grown_by(growing: frozenset[str], code: Any, value: Any) -> _Grown:
    if code in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return _NONE, growing
    letters = _letters(code, value)
    if letters:
        return _NONE, frozenset(prefix + letter for prefix in growing for letter in letters)
    if code is op.SUBPATTERN:
        return _grown(growing, value[-1])
    if code is op.BRANCH:
        ways = [_grown(growing, branch) for branch in value[1]]
        return _NONE.union(*(ended for ended, _ in ways)), _NONE.union(*(open_ for _, open_ in ways))
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, inner = value
        ended, once = _grown(growing, inner)
        if most > 1:  # a second turn is not looked at
            ended, once = ended | once, _NONE
        return ended, once | growing if least == 0 else once
    return growing, _NONE


def _letters(code: Any, value: Any) -> frozenset[str]:
    """The letters, case folded, that one character of the expression stands for; none = it may be any, or is none."""
    if code is op.LITERAL:
        return frozenset(_key(chr(value)))
    if code is not op.IN:
        return _NONE
    if value == [(op.CATEGORY, op.CATEGORY_DIGIT)]:
        return frozenset(_DIGIT)
    return frozenset(_key(chr(each)) for _, each in value) if all(kind is op.LITERAL for kind, _ in value) else _NONE


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
