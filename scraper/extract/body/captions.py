"""Captions and credits told by where they stand: in a figure, in a picture's own block, in a span named so."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from scraper.extract.body.blocks import HEADINGS, Block, Line, prose_of
from scraper.extract.body.facts import Facts
from scraper.extract.body.roles import Role, own_names

_Element = etree._Element

#: How far up from a line its block is looked at.
LEVELS = 5
_LINE_MAX = 600
_FIGURE_MAX = 1500
_PICTURE_BLOCK_MAX = 520
_PICTURE_BLOCK_LINES = 4
#: More of the article's prose than this is not captions, wherever it stands.
_PROSE_SHARE = 0.2
_NEVER = frozenset(("td", "th", "pre", "dt", "dd", "blockquote", "li"))

Holdings = dict[int, list[Line]]


def holdings(lines: Sequence[Line]) -> Holdings:
    """The lines inside each block near a line, by the block's identity."""
    held: Holdings = {}
    for line in lines:
        for block in line.block.outward(LEVELS):
            held.setdefault(id(block), []).append(line)
    return held


def drop_captions(lines: Sequence[Line], facts: Facts, held: Holdings) -> None:
    """Mark what belongs to a picture; nothing when that would be much of the text."""
    found = [
        line
        for line in lines
        if line.dropped is None
        and line.weight <= _LINE_MAX
        and line.tag not in _NEVER
        and not facts.is_in_body(line.folded)
        and (_is_in_figure(line, held) or _is_named(line) or _is_in_picture_block(line, held))
    ]
    if prose_of(found) <= _PROSE_SHARE * prose_of(line for line in lines if line.dropped is None):
        for line in found:
            line.dropped = "caption"


def _is_in_figure(line: Line, held: Holdings) -> bool:
    for block in line.block.outward(LEVELS):
        if block.tag in _NEVER:
            return False
        if block.tag == "figure":
            return _weight(held[id(block)]) <= _FIGURE_MAX
    return False


def _is_named(line: Line) -> bool:
    """Whether all of the line stands in inline elements that call themselves a caption or credit."""
    own = line.block.element
    return line.weight <= 400 and all(
        _named_above(element.getparent() if is_tail else element, own)
        for element, is_tail in line.slots
        if ((element.tail if is_tail else element.text) or "").strip()
    )


def _named_above(element: _Element | None, end: _Element) -> bool:
    for _ in range(LEVELS):
        if element is None or element is end:
            return False
        if own_names(element)[0] is Role.CAPTION:
            return True
        element = element.getparent()
    return False


def _is_in_picture_block(line: Line, held: Holdings) -> bool:
    """Whether the smallest block around it with a picture holds little else."""
    for block in line.block.outward(LEVELS):
        if block.tag in _NEVER:
            return False
        inside = held[id(block)]
        if len(inside) > _PICTURE_BLOCK_LINES or _weight(inside) > _PICTURE_BLOCK_MAX:
            return False
        image = block.element.find(".//img")
        if image is not None:
            return _belongs_to(line, block, inside, image)
    return False


def _belongs_to(line: Line, block: Block, inside: list[Line], image: _Element) -> bool:
    if any(other.tag in HEADINGS for other in inside):
        return False
    if line.block is block:
        is_label = not line.has_sentence and line.weight <= 200
        return is_label and _comes_before(image, inside[0].slots[0][0], block.element)
    return _comes_before(image, line.slots[0][0], block.element)


def _comes_before(one: _Element, other: _Element, within: _Element) -> bool:
    return next((element for element in within.iter() if element is one or element is other), None) is one


def _weight(lines: list[Line]) -> int:
    return sum(line.weight for line in lines)
