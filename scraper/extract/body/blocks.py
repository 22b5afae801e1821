"""The pruned page as lines of text inside blocks: what root choice and line rules work on."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from scraper.extract.body.roles import Role, own_names
from scraper.extract.page.text import fold, weight

_Element = etree._Element

BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "li", "main", "noscript", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead",
    "tr", "ul",
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Lines of a page that are read; what comes after is left out.
MAX_LINES = 12_000
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:;,]['\"”’»›)\]」』]*$|[。！？]")
_STOPS = ".!?…。！？؟।"
#: What may stand behind a full stop.
_CLOSERS = "'\"”’»›)]」』"
_STOP_INSIDE = re.compile(r"[.!?…。！？](?:(?<=[。！？])|['\"”’»)]*\s\W{0,40}\w)")


def _has_sentence(text: str) -> bool:
    """A full stop ends or divides it."""
    if text.rstrip(_CLOSERS)[-1:] in _STOPS:
        return True
    return bool(_STOP_INSIDE.search(text[-200:]) or (len(text) > 200 and _STOP_INSIDE.search(text[:400])))


def is_block(element: _Element) -> bool:
    """Whether an element begins and ends lines; of elements of the page's own making all do."""
    return element.tag in BLOCK_TAGS or "-" in element.tag


@dataclass(slots=True, eq=False)
class Block:
    """A block-level element and what the lines in it add up to; its lines are `lines[first:last]` of the page."""

    element: _Element
    tag: str
    parent: Block | None
    first: int
    last: int = 0
    role: Role | None = None
    is_body: bool = False
    gain: float = 0.0

    def outward(self, most: int = sys.maxsize) -> Iterator[Block]:
        """The block and those around it, the nearest first."""
        block: Block | None = self
        while block is not None and most > 0:
            yield block
            block, most = block.parent, most - 1


@dataclass(eq=False)
class Line:
    """A run of text between two breaks, as a reader sees it."""

    text: str
    block: Block
    #: Where the text stands in the tree: (element, True) = its tail, (element, False) = its own text.
    slots: list[tuple[_Element, bool]]
    link_chars: int = 0
    links: list[_Element] = field(default_factory=list)
    #: Why the line is not part of the body; None = it is.
    dropped: str | None = None
    tag: str = field(init=False)
    #: Length in bytes: a Chinese character tells as much as three letters.
    weight: int = field(init=False)
    link_share: float = field(init=False)
    #: A full stop ends or divides it.
    has_sentence: bool = field(init=False)
    #: A paragraph no menu, teaser or label looks like.
    is_prose: bool = field(init=False)

    def __post_init__(self) -> None:
        text = self.text
        self.tag = self.block.tag
        self.weight = weight(text)
        self.link_share = share = self.link_chars / len(text) if text else 0.0
        self.has_sentence = _has_sentence(text)
        self.is_prose = self.weight >= 80 and share < 0.4 and self.has_sentence and self.tag not in HEADINGS

    @cached_property
    def folded(self) -> str:
        """Compared by this: lower case, no punctuation, single spaces."""
        return fold(self.text)

    @property
    def ends_like_prose(self) -> bool:
        return bool(_SENTENCE_END.search(self.text[-40:]))

    @property
    def gain(self) -> float:
        """How much it speaks for (or against) a block being the article."""
        linked = self.weight * self.link_share
        own = self.weight - linked
        if self.link_share > 0.5:
            return -0.8 * linked - 8
        gain = own - linked
        return gain if self.has_sentence and own >= 40 and self.tag not in HEADINGS else min(gain * 0.3, 12.0)


class _Walker:
    """One pass over the tree in document order, without recursion."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.lines: list[Line] = []
        self._open: list[Block] = []
        self._anchors: list[_Element] = []
        self._parts: list[str] = []
        self._slots: list[tuple[_Element, bool]] = []
        self._links: list[_Element] = []
        self._link_chars = 0

    def walk(self, body: _Element) -> None:
        for event, element in etree.iterwalk(body, events=("start", "end")):
            tag = element.tag
            is_start = event == "start"
            if tag in BLOCK_TAGS or "-" in tag or element is body:
                self._block_edge(element, tag, is_start)
            elif tag == "a" or tag == "br":
                self._inline_edge(element, tag, is_start)
            text = element.text if is_start else element.tail
            if text and self._open:
                self._slots.append((element, not is_start))
                if not text.isspace():
                    self._take(text)
                elif self._parts:
                    self._parts.append(" ")

    def _block_edge(self, element: _Element, tag: str, is_start: bool) -> None:
        if self._slots:
            self._end_line()
        if is_start:
            block = Block(element, tag, self._open[-1] if self._open else None, len(self.lines))
            self.blocks.append(block)
            self._open.append(block)
        else:
            self._close_block(self._open.pop())

    def _close_block(self, block: Block) -> None:
        """End a block; one without a line is left out (two in five are), and what was in it is out already."""
        block.last = len(self.lines)
        if block.last == block.first:
            self.blocks.pop()
        else:
            block.role, block.is_body = own_names(block.element)
            if block.tag == "li" and block.last == block.first + 1:
                self._take_for_item(self.lines[block.first], block)

    @staticmethod
    def _take_for_item(line: Line, item: Block) -> None:
        """A heading that is all of a list's item is set large, and heads nothing."""
        if line.tag in HEADINGS:
            line.tag, line.block = item.tag, item

    def _inline_edge(self, element: _Element, tag: str, is_start: bool) -> None:
        if tag == "a":
            if is_start:
                self._anchors.append(element)
            else:
                self._anchors.pop()
        elif is_start and self._slots:
            self._end_line()

    def _take(self, text: str) -> None:
        self._parts.append(text)
        if self._anchors:
            self._link_chars += len(text.strip())
            if not self._links or self._links[-1] is not self._anchors[-1]:
                self._links.append(self._anchors[-1])

    def _end_line(self) -> None:
        if self._parts and len(self.lines) < MAX_LINES:
            text = " ".join("".join(self._parts).split())
            self.lines.append(Line(text, self._open[-1], self._slots, self._link_chars, self._links))
        self._slots = []
        if self._parts:
            self._parts, self._links = [], []
            self._link_chars = 0


def prose_of(lines: Iterable[Line]) -> int:
    """Bytes of the paragraphs among lines, the dropped ones too."""
    return sum(line.weight for line in lines if line.is_prose)


def lines_and_blocks(body: _Element) -> tuple[list[Line], list[Block]]:
    """All lines of a body, and all blocks with a line in them, in document order (a block before what is in it)."""
    walker = _Walker()
    walker.walk(body)
    return walker.lines, walker.blocks


def erase(line: Line, *, within: _Element | None = None) -> None:
    """Take a dropped line's text out of the tree, or as much of it as stands in an element."""
    inside = None if within is None else set(within.iter())
    for element, is_tail in line.slots:
        if inside is not None and (element not in inside or (is_tail and element is within)):
            continue
        if is_tail:
            element.tail = None
        else:
            element.text = None
