"""The pruned page as lines of text inside blocks: what root choice and line rules work on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from scraper.extract.roles import Role, is_body_name, own_role
from scraper.extract.text import fold, weight

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
_FULL_STOP = re.compile(r"[.!?…。！？؟।]['\"”’»›)\]」』]*$|[。！？]|[.!?…]['\"”’»)]*\s+\W*\w")


@dataclass(slots=True, eq=False)
class Block:
    """A block-level element and what the lines in it add up to; its lines are `lines[first:last]` of the page."""

    element: _Element
    tag: str
    parent: Block | None
    role: Role | None
    is_body: bool
    first: int = 0
    last: int = 0
    gain: float = 0.0


@dataclass(eq=False)
class Line:
    """A run of text between two breaks, as a reader sees it.

    Not slotted: the derived properties are worked out once, when asked for.
    """

    text: str
    block: Block
    #: Where the text stands in the tree: (element, True) = its tail, (element, False) = its own text.
    slots: list[tuple[_Element, bool]]
    link_chars: int = 0
    links: list[_Element] = field(default_factory=list)
    #: Why the line is not part of the body; None = it is.
    dropped: str | None = None

    @property
    def tag(self) -> str:
        return self.block.tag

    @property
    def link_share(self) -> float:
        return self.link_chars / max(1, len(self.text))

    @cached_property
    def folded(self) -> str:
        """Compared by this: lower case, no punctuation, single spaces."""
        return fold(self.text)

    @cached_property
    def weight(self) -> int:
        """Length in bytes: a Chinese character tells as much as three letters."""
        return weight(self.text)

    @cached_property
    def has_sentence(self) -> bool:
        """A full stop ends or divides it."""
        return bool(_FULL_STOP.search(self.text[-200:]) or _FULL_STOP.search(self.text[:400]))

    @cached_property
    def ends_like_prose(self) -> bool:
        return bool(_SENTENCE_END.search(self.text[-40:]))

    @cached_property
    def is_prose(self) -> bool:
        """A paragraph no menu, teaser or label looks like."""
        return self.weight >= 80 and self.link_share < 0.4 and self.has_sentence and self.tag not in HEADINGS

    @cached_property
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
        self._parts: list[str] = []
        self._slots: list[tuple[_Element, bool]] = []
        self._anchors: list[_Element] = []
        self._line_links: list[_Element] = []
        self._link_chars = 0

    def walk(self, body: _Element) -> None:
        start, end = self._start, self._end
        for event, element in etree.iterwalk(body, events=("start", "end")):
            if event == "start":
                start(element)
            else:
                end(element, element is body)

    def _start(self, element: _Element) -> None:
        tag = element.tag
        if tag in BLOCK_TAGS or "-" in tag or not self._open:
            self._flush()
            self._open_block(element, str(tag))
        elif tag == "a":
            self._anchors.append(element)
        elif tag == "br":
            self._flush()
        if element.text:
            self._take(element, element.text, is_tail=False)

    def _end(self, element: _Element, is_last: bool) -> None:
        if self._open and self._open[-1].element is element:
            self._flush()
            self._open.pop().last = len(self.lines)
        elif self._anchors and self._anchors[-1] is element:
            self._anchors.pop()
        if element.tail and not is_last:
            self._take(element, element.tail, is_tail=True)

    def _open_block(self, element: _Element, tag: str) -> None:
        parent = self._open[-1] if self._open else None
        block = Block(element, tag, parent, own_role(element), is_body_name(element), first=len(self.lines))
        self.blocks.append(block)
        self._open.append(block)

    def _take(self, element: _Element, text: str, *, is_tail: bool) -> None:
        self._parts.append(text)
        self._slots.append((element, is_tail))
        if self._anchors and not text.isspace():
            self._link_chars += len(text.strip())
            if not self._line_links or self._line_links[-1] is not self._anchors[-1]:
                self._line_links.append(self._anchors[-1])

    def _flush(self) -> None:
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        if text and len(self.lines) < MAX_LINES:
            self.lines.append(Line(text, self._open[-1], self._slots, self._link_chars, self._line_links))
        self._parts, self._slots, self._line_links = [], [], []
        self._link_chars = 0


def lines_and_blocks(body: _Element) -> tuple[list[Line], list[Block]]:
    """All lines and all blocks of a body in document order (a block before what is in it)."""
    walker = _Walker()
    walker.walk(body)
    return walker.lines, walker.blocks


def erase(line: Line) -> None:
    """Take a dropped line's text out of the tree."""
    for element, is_tail in line.slots:
        if is_tail:
            element.tail = None
        else:
            element.text = None
