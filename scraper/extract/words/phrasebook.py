"""Tables of phrases (regular expressions) asked quickly: of some hundred, a text is tried against the few it may match.

Python's `re` tries the alternatives of an expression one after another at every place: 240 us for a table of 90 and a
paragraph. What a match must contain is read off each phrase once, and one pass of an Aho-Corasick automaton (3 us)
finds which of that a text has; phrases without are not tried. The answers are those of one expression made of all of
them, letter case ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as op  # type: ignore[attr-defined]  # the only parser of expressions there is
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from ahocorasick_rs import BytesAhoCorasick

#: Bytes; literals shorter than this are in nearly every text, longer ones than that in few.
_MIN_LITERAL = 3
_LONG_LITERAL = 6


class Phrasebook:
    """A table of phrases; expressions are compiled when first needed."""

    def __init__(self, phrases: Iterable[str]) -> None:
        #: Literal, case folded -> the phrases of which each match has it or another one of theirs.
        needing: dict[str, list[str]] = {}
        #: Phrases of which nothing is known.
        self._always: list[str] = []
        for phrase in phrases:
            literals = _required(_parser.parse(phrase))
            for literal in literals:
                needing.setdefault(literal, []).append(phrase)
            if not literals:
                self._always.append(phrase)
        self._needing = list(needing.values())
        self._finder = BytesAhoCorasick([literal.encode() for literal in needing])
        self._compiled: dict[str, re.Pattern[str]] = {}

    def begins(self, text: str) -> bool:
        """Whether a phrase stands at the beginning of the text."""
        return any(phrase.match(text) for phrase in self._candidates(text))

    def is_whole(self, text: str) -> bool:
        """Whether the text as a whole is a phrase."""
        return any(phrase.fullmatch(text) for phrase in self._candidates(text))

    def occurs(self, text: str) -> bool:
        """Whether a phrase stands somewhere in the text."""
        return any(phrase.search(text) for phrase in self._candidates(text))

    def _candidates(self, text: str) -> Iterator[re.Pattern[str]]:
        """The phrases that the text has a literal of; one may come several times."""
        found = self._finder.find_matches_as_indexes(text.casefold().encode("utf-8", "replace"), overlapping=True)
        tried: set[int] = set()
        for number, _, _ in found:
            if number not in tried:
                tried.add(number)
                for phrase in self._needing[number]:
                    yield self._compiled.get(phrase) or self._compile(phrase)
        for phrase in self._always:
            yield self._compiled.get(phrase) or self._compile(phrase)

    def _compile(self, phrase: str) -> re.Pattern[str]:
        compiled = self._compiled[phrase] = re.compile(phrase, re.IGNORECASE)
        return compiled


# --------------------------------------------------------------------------- what a phrase says of its matches


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
