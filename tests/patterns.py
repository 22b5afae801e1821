"""Tells regular expressions that take linear time from those that may not, by their syntax.

A search tries a pattern at every place, and a repeat can be left after each of its turns: an unbounded repeat that can
begin at more than one place of a run that it takes whole makes the time grow with the square of the run. `faults` finds
such repeats: those that a search can begin inside their own run (the part of the pattern before them fits into it), those
that share a run with another before them, and those that have two ways to take the same text. What is behind a repeat counts, too: nothing is tried again if it
cannot fail.
"""

from __future__ import annotations

import re
import re._constants as op
import re._parser as parser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

#: Methods that try a pattern at one place only; any other tries it at all.
ANCHORED = frozenset({"match", "fullmatch"})

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_DECIDED = (op.POSSESSIVE_REPEAT, op.ATOMIC_GROUP, op.ASSERT, op.ASSERT_NOT)
#: What a pattern without an unbounded repeat has not: most are told by it.
_UNBOUNDED = re.compile(r"[*+]|\{\d*,(?:\d{4,})?\}")
#: A repeat that may have so many turns is as good as unbounded.
_MANY = 1000
_CHARS = (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY)
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
#: Letters, digits, blanks and signs of many scripts; what a pattern names is added.
_SAMPLE = [*map(chr, range(256)), *"Āłšжяبא฿ก字あ가各–—’“”…。、「』（）【】｜・：\u2028\u3000٣"]

#: An element of a pattern as `re` parses it: (operation, argument).
Element = tuple[Any, Any]
Elements = tuple[Element, ...]
Chars = frozenset[str]


@dataclass(frozen=True)
class Repeat:
    """An unbounded repeat, what stands before it in one way through the pattern, and what may follow."""

    element: Element
    before: Elements
    after: Elements
    #: What must match for the pattern as a whole to do so; None = it does whatever comes.
    vital: Elements | None


def faults(pattern: str | bytes, flags: int = 0, uses: Sequence[str] = ("search",)) -> list[str]:
    """Return what may make a pattern take more than linear time in these uses; empty = nothing."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    return _Judge(pattern, flags).faults(uses) if _UNBOUNDED.search(text) else []


class _Judge:
    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._tree = parser.parse(pattern, flags)
        self._flags = self._tree.state.flags
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        sample = {*_SAMPLE, *text, *text.swapcase()}
        self._all: Chars = frozenset(sample if isinstance(pattern, str) else map(chr, range(256)))
        self._many = _MANY
        #: Sets of characters by their place in the tree.
        self._known: dict[tuple[Any, int], Chars] = {}
        self._word = self._category(op.CATEGORY_WORD)

    def faults(self, uses: Sequence[str]) -> list[str]:
        found: list[str] = []
        end: Elements = ((op.AT, op.AT_END_STRING),) if "fullmatch" in uses else ()
        for repeat in self._repeats(tuple(self._tree), (), end, end):
            found += self._ambiguities(repeat.element)
            run = self._run(repeat.element)
            is_tried_anywhere = self._any_fails(repeat.vital) and not ANCHORED.issuperset(uses)
            if is_tried_anywhere and all(self._fits(element, run) for element in repeat.before):
                found.append(f"a search can begin anywhere in the run of {self._shown(repeat.element)}")
            if self._any_fails(repeat.after):
                found += self._sharing(repeat)
        return list(dict.fromkeys(found))

    def _sharing(self, repeat: Repeat) -> Iterator[str]:
        """Yield what a repeat shares its run with."""
        for earlier, between in self._before(repeat.before):
            shared = self._run(repeat.element) & self._run(earlier)
            fit = (*between, *earlier[1][2], *repeat.element[1][2])
            if all(self._fits(element, shared) for element in fit):
                yield f"{self._shown(repeat.element)} shares its run with {self._shown(earlier)}"

    def _ambiguities(self, element: Element) -> Iterator[str]:
        """Yield where one turn of an unbounded repeat can take the same text in two ways: each doubles the next."""
        body = tuple(element[1][2])
        again: Elements = ((op.MAX_REPEAT, (0, 1, element[1][2])),)
        self._many = 1
        for repeat in self._repeats(body, again, again, ()):
            yield from self._sharing(repeat)
        self._many = _MANY
        for branch in self._branches(body):
            starts = [self._first(part) for part in branch]
            empty = [part for part in branch if not any(map(self._may_fail, part))]
            if len(empty) > 1 or any(one & other for one, other in combinations(starts, 2)):
                yield f"two ways of a repeat begin alike: {self._shown(element)}"

    def _branches(self, sequence: Elements) -> Iterator[list[Elements]]:
        for element in sequence:
            parts = [tuple(element[1][2])] if element[0] in _REPEATS else _parts(element)
            if element[0] is op.BRANCH:
                yield parts
            for part in parts:
                yield from self._branches(part)

    def _first(self, sequence: Elements) -> Chars:
        """Return the characters that a part of the pattern can begin with."""
        found: Chars = frozenset()
        for element in sequence:
            if element[0] in _CHARS:
                return found | self._chars(element)
            if element[0] in _REPEATS:
                found |= self._first(tuple(element[1][2]))
                if element[1][0] == 0:
                    continue
                return found
            parts = _parts(element) if element[0] not in (op.ASSERT, op.ASSERT_NOT) else []
            found = found.union(*map(self._first, parts))
            if parts:
                return found
        return found

    def _repeats(
        self, sequence: Elements, before: Elements, after: Elements, vital: Elements | None
    ) -> Iterator[Repeat]:
        """Yield the unbounded repeats in a part of the pattern, with what surrounds each."""
        for at, element in enumerate(sequence):
            rest = sequence[at + 1 :]
            earlier, later, needed = before + sequence[:at], rest + after, None if vital is None else rest + vital
            if element[0] in _REPEATS:
                least, most, body = element[1]
                if self._is_free(element):
                    yield Repeat(element, earlier, later, needed)
                again: Elements = ((op.MAX_REPEAT, (0, 1, body)),) if most > 1 else ()
                is_spare = least == 0 and not self._any_fails(needed)
                yield from self._repeats(tuple(body), earlier + again, again + later, None if is_spare else needed)
            else:
                behind = () if element[0] in (op.ASSERT, op.ASSERT_NOT) else later
                for part in _parts(element):
                    yield from self._repeats(part, earlier, behind, needed)

    def _before(self, sequence: Sequence[Element]) -> Iterator[tuple[Element, Elements]]:
        """Yield the unbounded repeats of a sequence from its end, each with what stands between it and the end."""
        for at in range(len(sequence) - 1, -1, -1):
            element, rest = sequence[at], tuple(sequence[at + 1 :])
            if element[0] in _DECIDED:  # once left, they are not gone into again
                continue
            if element[0] in _REPEATS:
                if self._is_free(element):
                    yield element, rest
                parts: list[Elements] = [tuple(element[1][2])]
            else:
                parts = _parts(element)
            for part in parts:
                for inner, between in self._before(part):
                    yield inner, between + rest

    def _fits(self, element: Element, run: Chars) -> bool:
        """Say whether an element can match inside a run of these characters."""
        kind, argument = element
        if kind in _CHARS:
            return bool(self._chars(element) & run)
        if kind in _REPEATS:
            return argument[0] == 0 or all(self._fits(inner, run) for inner in argument[2])
        if kind is op.AT:
            return self._is_within(argument, run)
        if kind in (op.ASSERT, op.ASSERT_NOT):
            direction, body = argument
            return self._is_preceded(kind, direction, body, run)
        parts = _parts(element)
        return not parts or any(all(self._fits(inner, run) for inner in part) for part in parts)

    def _is_within(self, place: Any, run: Chars) -> bool:
        if place is op.AT_BOUNDARY:
            return bool(run & self._word) and bool(run - self._word)
        if place is op.AT_NON_BOUNDARY:
            return True
        return bool(self._flags & re.MULTILINE) and place in (op.AT_BEGINNING, op.AT_END) and "\n" in run

    def _is_preceded(self, kind: Any, direction: int, body: Sequence[Element], run: Chars) -> bool:
        if direction > 0 or len(body) != 1 or body[0][0] not in _CHARS:
            return True
        chars = self._chars(body[0])
        return bool(run & chars if kind is op.ASSERT else run - chars)

    def _may_fail(self, element: Element) -> bool:
        if element[0] in _REPEATS:
            return element[1][0] > 0
        parts = _parts(element)
        return not parts or all(any(map(self._may_fail, part)) for part in parts)

    def _is_free(self, repeat: Element) -> bool:
        """Say whether a repeat may have other numbers of turns, and many."""
        least, most, _ = repeat[1]
        return bool(least < most >= self._many)

    def _any_fails(self, elements: Elements | None) -> bool:
        return elements is not None and any(map(self._may_fail, elements))

    def _run(self, element: Element) -> Chars:
        """Return the characters that a part of the pattern can take."""
        kind, argument = element
        if kind in _CHARS:
            return self._chars(element)
        parts = [tuple(argument[2])] if kind in _REPEATS else _parts(element)
        return frozenset().union(*(self._run(inner) for part in parts for inner in part))

    def _chars(self, element: Element) -> Chars:
        key = (element[0], element[1] if isinstance(element[1], int) else id(element[1]))
        if key not in self._known:
            self._known[key] = self._chars_of(*element)
        return self._known[key]

    def _chars_of(self, kind: Any, argument: Any) -> Chars:
        if kind is op.ANY:
            return self._all if self._flags & re.DOTALL else self._all - {"\n"}
        if kind is op.LITERAL:
            return self._cased({chr(argument)})
        if kind is op.NOT_LITERAL:
            return self._all - self._cased({chr(argument)})
        found: set[str] = set()
        for inner, value in argument:
            if inner is op.LITERAL:
                found |= self._cased({chr(value)})
            elif inner is op.RANGE:
                found |= self._cased({char for char in self._all if value[0] <= ord(char) <= value[1]})
            elif inner is op.CATEGORY:
                found |= self._category(value)
        return self._all - found if argument[0][0] is op.NEGATE else frozenset(found)

    def _cased(self, chars: set[str]) -> Chars:
        if self._flags & re.IGNORECASE:
            chars |= {form for char in chars for form in (char.lower(), char.upper()) if len(form) == 1}
        return frozenset(chars)

    def _category(self, value: Any) -> Chars:
        pattern = re.compile(_CATEGORIES[value], self._flags & re.ASCII)
        return frozenset(char for char in self._all if pattern.match(char))

    def _shown(self, element: Element) -> str:
        least, most, body = element[1]
        chars = "".join(sorted(self._run(element)))
        return f"repeat {{{least},{'' if most is op.MAXREPEAT else most}}} of {len(body)} part(s) with {chars[:40]!r}"


def _parts(element: Element) -> list[Elements]:
    """Return the ways through an element that has others in it, but for repeats."""
    kind, argument = element
    if kind is op.SUBPATTERN:
        return [tuple(argument[3])]
    if kind is op.ATOMIC_GROUP:
        return [tuple(argument)]
    if kind is op.BRANCH:
        return [tuple(part) for part in argument[1]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [tuple(argument[1])]
    return []
