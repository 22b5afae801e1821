"""The lines around the headline: who wrote it and when, as a reader sees it; heard where the markup is silent."""

from __future__ import annotations

from collections.abc import Sequence

from scraper.extract.blocks import Block, Line
from scraper.extract.bylines import is_visible_byline, split_names
from scraper.extract.dates import Written, read_written
from scraper.extract.facts import Facts
from scraper.extract.roles import Role

_BEFORE = 6
_AFTER = 14
_ELSEWHERE = frozenset({Role.RELATED, Role.COMMENTS, Role.ASIDE, Role.FOOTER, Role.NAVIGATION})


def masthead_lines(lines: Sequence[Line], top: Block, facts: Facts) -> list[Line]:
    """The short lines around the headline, down to the first paragraph."""
    titles = [
        index
        for index, line in enumerate(lines[: top.last])
        if line.tag in ("h1", "h2", "div", "p") and facts.is_title(line.folded)
    ]
    start = next((index for index in titles if lines[index].tag == "h1"), titles[0] if titles else top.first)
    after = []
    for line in lines[start + 1 : start + 1 + _AFTER]:
        if line.is_prose and line.weight > 160:
            break
        after.append(line)
    before = [line for line in lines[max(0, start - _BEFORE) : start] if not line.is_prose]
    return [line for line in (*after, *reversed(before)) if line.block.role not in _ELSEWHERE]


def seen_names(head: Sequence[Line]) -> tuple[str, ...]:
    """The names of a line that opens like a byline."""
    for line in head:
        if len(line.text) <= 120 and is_visible_byline(line.text):
            names = split_names(line.text)
            if names:
                return names
    return ()


def seen_date(head: Sequence[Line]) -> Written | None:
    """The first date written in a short line."""
    for line in head:
        if line.weight <= 120:
            found = read_written(line.text)
            if found is not None:
                return found
    return None
