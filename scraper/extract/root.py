"""Which part of the page is the article: roles are settled, blocks weighed, one block chosen."""

from __future__ import annotations

from collections.abc import Iterable

from scraper.extract.blocks import Block, Line
from scraper.extract.roles import Role

#: A role is not believed of a block that holds more of the page's prose than this.
_ROLE_MAX_SHARE = 0.35
#: Captions, bylines and dates are short by nature.
_SHORT_ROLES = frozenset({Role.CAPTION, Role.BYLINE, Role.DATE, Role.TAGS, Role.STANDFIRST, Role.SHARE, Role.NAVIGATION})
_SHORT_ROLE_MAX_WEIGHT = 1500
#: One level down as long as a child holds this share of the gain.
_DESCEND_SHARE = 0.85


def choose_root(lines: list[Line], blocks: list[Block]) -> Block:
    """The block that holds the article; settles the roles of all blocks on the way."""
    settle_roles(lines, blocks)
    _add_up(lines, blocks)
    best = max(blocks, key=lambda block: block.gain)
    return _descend(best, blocks, lines)


def settle_roles(lines: list[Line], blocks: list[Block]) -> None:
    """Let each block inherit its parent's role, and drop roles that too much prose contradicts."""
    prose = _prose_before(lines)
    total = prose[-1] or 1
    for block in blocks:
        inherited = block.parent.role if block.parent else None
        if inherited is not None:
            block.role = inherited
        elif block.role is not None:
            inside = prose[block.last] - prose[block.first]
            if inside > total * _ROLE_MAX_SHARE or (block.role in _SHORT_ROLES and inside > _SHORT_ROLE_MAX_WEIGHT):
                block.role = None


def _prose_before(lines: Iterable[Line]) -> list[int]:
    """Running totals: the weight of prose in all lines before each one."""
    totals = [0]
    for line in lines:
        totals.append(totals[-1] + (line.weight if line.is_prose else 0))
    return totals


def _add_up(lines: list[Line], blocks: list[Block]) -> None:
    for block in blocks:
        block.gain = 0.0
    for line in lines:
        gain = line.gain
        line.block.gain += min(gain, 0.0) if line.block.role is not None else gain
    for block in reversed(blocks):
        if block.is_body and block.gain > 0 and block.role is None:
            block.gain *= 1.02
        if block.parent is not None:
            block.parent.gain += block.gain


def _descend(block: Block, blocks: list[Block], lines: list[Line]) -> Block:
    children: dict[int, list[Block]] = {}
    for child in blocks:
        if child.parent is not None:
            children.setdefault(id(child.parent), []).append(child)
    while True:
        inner = max(children.get(id(block), ()), key=lambda child: child.gain, default=None)
        if inner is None or inner.gain < block.gain * _DESCEND_SHARE or _loses_prose(block, inner, lines):
            return block
        block = inner


def _loses_prose(outer: Block, inner: Block, lines: list[Line]) -> bool:
    """Whether a lead or closing paragraph stands beside the inner block."""
    if inner.tag in ("p", "blockquote", "li", "td", "pre"):
        return True
    beside = lines[outer.first : inner.first] + lines[inner.last : outer.last]
    return any(line.tag == "p" and line.is_prose and line.block.role is None for line in beside)
