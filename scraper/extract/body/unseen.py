"""Finds the article of a page that shows none in the page's data: the longest text near the page's headline.

It is told by shape: a string, or a list of blocks, that holds paragraphs, in or near an object that holds the headline
too. How sites call their parts is not known; what calls itself comments or other stories is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from scraper.extract.body.blocks import Line, prose_of
from scraper.extract.page.rich import html_of, resolved, unescaped
from scraper.extract.page.state import inner_value
from scraper.extract.page.text import fold, is_same_as_any, weight
from scraper.extract.words.walls import asks_for_money

#: Values that are looked at; strings that are JSON in strings that are JSON, and how many are read.
_MAX_VALUES = 200_000
_MAX_DECODED = 40
#: Bytes of prose that make a text an article, and characters of a string that is a paragraph.
_LEAST = 300
_PARAGRAPH = 40
_MAX_TEXT = 250_000
#: A page that shows more bytes of prose shows its article; data says far more with so many times as much.
_MOST_SHOWN, _TIMES = 600, 3
_LINES_ASKED = 200
#: How far up a paragraph counts, a headline is heard, and a text looks for one.
_REACH, _LIFT, _CLIMB = 8, 2, 5
#: What stands in the headline's own object goes before longer things beside it; each step away halves.
_FARTHER = 64

_OTHER_KEYS = re.compile(
    r"comment|repl(?:y|ies)|related|recommend|recirc|trending|popular|most.?read|footer|\bnav|menu|cookie|consent|"
    r"i18n|locale|translation|messages|config",
    re.I,
)
_TAG = re.compile(r"<[^<>]*>")
_STOP = re.compile(r"[.!?…।؟۔]['\"”’»)\]]{0,2}(?:\s|$)|[。！？]")
_PROGRAM = re.compile(r"[{}]|\bfunction\b|=>|\);")


def may_be_unseen(lines: Sequence[Line], inside: Sequence[Line]) -> bool:
    """Whether a page shows next to no article in the block chosen (`inside`), and no wall among its first lines."""
    if _shown(inside) > _MOST_SHOWN:
        return False
    return not any(asks_for_money(line.text) for line in lines[:_LINES_ASKED])


def says_more(told: Sequence[Line], shown: Sequence[Line]) -> bool:
    """Whether the text in a page's data is far more than what it shows."""
    return _shown(told) >= max(_LEAST, _TIMES * _shown(shown))


def _shown(lines: Sequence[Line]) -> int:
    """Bytes of prose kept."""
    return prose_of(line for line in lines if line.dropped is None)


def text_in_state(values: Iterable[Any], titles: frozenset[str]) -> str | None:
    """HTML of the article in a page's data; None where nothing there reads like one. `titles` are folded."""
    best, text = 0.0, ""
    for value in values:
        tree = _Tree(titles)
        tree.grow(value)
        at, score = tree.choose()
        if score > best and (found := html_of(tree.nodes[at].value, tree.store)):
            best, text = score, found
    return text or None


@dataclass(slots=True)
class _Node:
    """A value in its place."""

    value: Any
    #: Index of the value around it; -1 = none.
    parent: int
    #: Bytes of prose in it.
    prose: int = 0
    #: How far below it the headline stands; None = not near.
    headline: int | None = None
    #: Holds an object that has the headline and prose: more than the article.
    is_around: bool = False


@dataclass(slots=True)
class _Tree:
    """The values of one piece of data, outer before inner."""

    titles: frozenset[str]
    nodes: list[_Node] = field(default_factory=list)
    #: Objects that others name: the cache of Apollo and its like.
    store: dict[str, Any] = field(default_factory=dict)

    def grow(self, value: Any) -> None:
        """Take in a value and what is in it; each object once."""
        shortest, longest = min(map(len, self.titles), default=0), 2 * max(map(len, self.titles), default=0)
        pending, seen, decoded = [(value, -1)], set[int](), 0
        while pending and len(self.nodes) < _MAX_VALUES:
            value, parent = pending.pop()
            if isinstance(value, str):
                if decoded < _MAX_DECODED and (inner := inner_value(value)) is not None:
                    decoded += 1
                    pending.append((inner, parent))
                elif shortest <= len(value) <= longest and is_same_as_any(fold(value), self.titles):
                    self._lift(parent)
                elif len(value) >= _PARAGRAPH and (prose := _prose(value)):
                    self.nodes.append(_Node(value, parent))
                    self._add(len(self.nodes) - 1, prose)
            elif isinstance(value, dict | list) and id(value) not in seen:
                seen.add(id(value))
                self.nodes.append(_Node(value, parent))
                pending.extend((inner, len(self.nodes) - 1) for inner in self._inside(value))

    def _inside(self, value: dict[Any, Any] | list[Any]) -> list[Any]:
        """The parts of a value, last first; what a query asked for comes before the cache that holds it."""
        if isinstance(value, list):
            return [resolved(inner, self.store) for inner in reversed(value)]
        parts = [
            resolved(inner, self.store)
            for key, inner in reversed(value.items())
            if not (isinstance(key, str) and _is_other(key[:60]))
        ]
        if "ROOT_QUERY" in value:
            self.store.update(value)
            parts.append(value["ROOT_QUERY"])
        return parts

    def _lift(self, at: int) -> None:
        distance = 0
        while distance <= _LIFT and at >= 0:
            node = self.nodes[at]
            node.headline = distance if node.headline is None else min(node.headline, distance)
            distance, at = distance + 1, node.parent

    def _add(self, at: int, prose: int) -> None:
        left = _REACH
        while left and at >= 0:
            self.nodes[at].prose += prose
            left, at = left - 1, self.nodes[at].parent

    def choose(self) -> tuple[int, float]:
        """The text that says most, less for each step away from the headline: its place, and its score; 0 = none."""
        for node in self.nodes:
            if node.headline == 0 and node.prose >= _LEAST:
                self._mark_around(node.parent)
        scores = [self._score(at) for at in range(len(self.nodes))]
        best = max(range(len(scores)), key=scores.__getitem__, default=-1)
        return best, scores[best] if best >= 0 else 0.0

    def _mark_around(self, at: int) -> None:
        while at >= 0 and not self.nodes[at].is_around:
            self.nodes[at].is_around = True
            at = self.nodes[at].parent

    def _score(self, at: int) -> float:
        node = self.nodes[at]
        if node.prose < _LEAST or node.is_around or isinstance(node.value, dict):
            return 0.0
        steps, outer = 0, at
        while steps <= _CLIMB and outer >= 0:
            if (near := self.nodes[outer].headline) is not None:
                return node.prose / float(_FARTHER**near << max(0, steps - 1))
            steps, outer = steps + 1, self.nodes[outer].parent
        return 0.0


@lru_cache(maxsize=4096)
def _is_other(key: str) -> bool:
    return _OTHER_KEYS.search(key) is not None


def _prose(text: str) -> int:
    """Bytes of a string that is one or more paragraphs; 0 for names, addresses and programs."""
    if " " not in text and text.isascii():
        return 0
    text = _TAG.sub(" ", unescaped(text[:_MAX_TEXT]))
    if _STOP.search(text) is None or len(_PROGRAM.findall(text)) * 100 > len(text):
        return 0
    return weight(text)
