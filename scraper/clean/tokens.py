"""The parts of a cleaned body: leaves (paragraphs, headings, pictures, tables ...) made of inline tokens.

A leaf knows the containers around it, so that HTML, Markdown and text are each written in one pass over the leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

#: ("text", words) | ("open", tag, address or written attributes) | ("close", tag) | ("br",)
#: | ("img" or "embed", address, label)
Token = tuple[str, ...]


class Container(NamedTuple):
    """A list, an item or a quotation around leaves."""

    #: ul, ol, li, dl, dt, dd or blockquote.
    name: str
    #: Tells it from its like.
    number: int
    #: What an ordered list counts from.
    start: int = 1


@dataclass(slots=True)
class Cell:
    """A cell of a table of data; spans are 1 or more."""

    is_header: bool
    tokens: list[Token]
    colspan: int = 1
    rowspan: int = 1


@dataclass(slots=True)
class Leaf:
    """A block without blocks inside."""

    #: p, h1 to h6, pre, img, embed or table.
    tag: str
    path: tuple[Container, ...]
    #: Inline tokens; one text for `pre`, one token for `img` and `embed`, none for `table`.
    tokens: list[Token] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    #: What stands below a picture; inline tokens.
    caption: list[Token] = field(default_factory=list)
    #: Written attributes: language and direction, where the fragment names them.
    voice: str = ""


_EAST_ASIAN = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff9f"
_IS_EAST_ASIAN = re.compile(f"[{_EAST_ASIAN}]")
#: U+3000 is a blank.
_EAST_ASIAN_SIGN = _EAST_ASIAN.replace("\u3000", "\u3001")
_EAST_ASIAN_BREAK = re.compile(rf"(?<=[{_EAST_ASIAN_SIGN}])[ \t\r]*\n\s*(?=[{_EAST_ASIAN_SIGN}])")
_INVISIBLE = re.compile("[\xad\u200b\ufeff\u2060\x00-\x08]")


def collapse(text: str) -> str:
    """White space as single spaces; a line break inside Chinese or Japanese text is none."""
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        if "\n" in text:
            text = _EAST_ASIAN_BREAK.sub("", text)
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"


def preformatted(raw: str) -> str:
    """Code or verse with its line breaks, without blank edges."""
    return "\n".join(line.rstrip() for line in raw.splitlines()).strip("\n")


def leaves_of(tag: str, path: tuple[Container, ...], tokens: list[Token]) -> list[Leaf]:
    """What a run of raw tokens comes to: none, one or several leaves.

    White space is collapsed across elements and stands outside them; elements around nothing, links without an
    address and elements inside their like are gone. In a paragraph two line breaks begin another one; a picture stands
    before or behind the line it was met in.
    """
    for token in tokens:
        if token[0] != "text":
            break
    else:
        words = collapse("".join([token[1] for token in tokens])).strip(" ")
        return [Leaf(tag, path, [("text", words)])] if words else []
    run = _Run(tag, path)
    for token in tokens:
        run.take(token)
    run.end_leaf()
    return run.leaves


_NO_GAP, _SPACE, _BREAK = range(3)
#: Elements that are nothing without their attribute.
_SAYING = frozenset(("a", "bdo", "span"))
#: Elements that are written alike in Markdown, and not one in the other.
_LIKE = {"cite": "em"}


class _Run:
    """Raw tokens becoming leaves; a gap and an opening are written when the words behind them come."""

    def __init__(self, tag: str, path: tuple[Container, ...]) -> None:
        self.leaves: list[Leaf] = []
        self._tag = tag
        self._path = path
        self._out: list[Token] = []
        self._has_words = False
        self._gap = _NO_GAP
        self._gap_has_newline = False
        self._waiting: list[Token] = []
        self._opened: list[Token] = []
        self._is_kept: list[bool] = []
        self._figures: list[Leaf] = []

    def take(self, token: Token) -> None:
        kind = token[0]
        if kind == "text":
            self._take_text(token[1])
        elif kind == "open":
            self._open(token)
        elif kind == "close":
            self._close(token)
        elif kind == "br":
            self._take_break()
        else:
            self._figures.append(Leaf(kind, self._path, [token]))
            if not self._has_words:
                self._end_figures()
            elif self._gap == _BREAK and self._tag == "p":
                self.end_leaf()

    def end_leaf(self) -> None:
        """Close what is open, start anew with the same elements."""
        if self._has_words:
            self._out.extend(("close", token[1]) for token in reversed(self._opened))
            self.leaves.append(Leaf(self._tag, self._path, self._out))
            self._waiting = self._opened + self._waiting
            self._out, self._opened, self._has_words = [], [], False
        self._gap, self._gap_has_newline = _NO_GAP, False
        self._end_figures()

    def _end_figures(self) -> None:
        self.leaves.extend(self._figures)
        self._figures = []

    def _open(self, token: Token) -> None:
        name = token[1]
        names = {_LIKE.get(seen[1], seen[1]) for seen in (*self._opened, *self._waiting)}
        is_kept = _LIKE.get(name, name) not in names and "code" not in names and (name not in _SAYING or bool(token[2]))
        self._is_kept.append(is_kept)
        if is_kept:
            self._waiting.append(token)

    def _close(self, token: Token) -> None:
        if not self._is_kept.pop():
            return
        if self._waiting:
            self._waiting.pop()
        else:
            self._opened.pop()
            self._out.append(token)

    def _take_break(self) -> None:
        if self._tag == "p" and self._has_words and (self._gap == _BREAK or self._figures):
            self.end_leaf()
        else:
            self._gap = _BREAK

    def _take_text(self, raw: str) -> None:
        words = collapse(raw)
        core = words.strip(" ")
        if not core:
            self._widen(words, raw)
            return
        inner = raw.strip()
        start = raw.find(inner)
        self._widen(words[: words[0] == " "], raw[:start])
        self._write_gap(core)
        for token in self._waiting:
            self._out.append(token)
            self._opened.append(token)
        self._waiting.clear()
        self._append(core)
        self._has_words, self._gap, self._gap_has_newline = True, _NO_GAP, False
        self._widen(words[-1] if words[-1] == " " else "", raw[start + len(inner) :])

    def _widen(self, space: str, raw: str) -> None:
        if space:
            self._gap = max(self._gap, _SPACE)
            self._gap_has_newline = self._gap_has_newline or "\n" in raw

    def _write_gap(self, following: str) -> None:
        if not self._has_words or self._gap == _NO_GAP:
            return
        if self._gap == _BREAK:
            self._out.append(("br",))
        elif not (self._gap_has_newline and self._is_east_asian_gap(following)):
            self._append(" ")

    def _is_east_asian_gap(self, following: str) -> bool:
        preceding = next((token[1] for token in reversed(self._out) if token[0] == "text"), " ")
        return bool(_IS_EAST_ASIAN.match(following) and _IS_EAST_ASIAN.match(preceding[-1]))

    def _append(self, words: str) -> None:
        if self._out and self._out[-1][0] == "text":
            self._out[-1] = ("text", self._out[-1][1] + words)
        else:
            self._out.append(("text", words))
