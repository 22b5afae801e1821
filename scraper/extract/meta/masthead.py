"""The lines around the headline: who wrote it and when, as a reader sees it; heard where the markup is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.extract.body.blocks import Block, Line
from scraper.extract.body.facts import Facts
from scraper.extract.body.roles import Role
from scraper.extract.words.bylines import is_visible_byline, split_names
from scraper.extract.words.dates import Written, is_date_line, read_written

_BEFORE = 6
_CLOSING = 6
_AFTER = 14
#: Long paragraphs between the headline and the byline or date.
_STANDFIRSTS = 1
_ELSEWHERE = frozenset({Role.RELATED, Role.COMMENTS, Role.ASIDE, Role.FOOTER, Role.NAVIGATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What the lines around the headline tell, and the article's last lines."""

    names: tuple[str, ...] = ()
    date: Written | None = None
    closing_date: Written | None = None


def read_masthead(lines: Sequence[Line], top: Block, facts: Facts) -> Masthead:
    """What a reader sees there."""
    head = masthead_lines(lines, top, facts)
    return Masthead(names=seen_names(head), date=seen_date(head), closing_date=closing_date(lines, top))


def masthead_lines(lines: Sequence[Line], top: Block, facts: Facts) -> list[Line]:
    """The short lines around the headline, down to the first paragraph."""
    above = lines[: top.last]
    start = next(_titles(above, facts, ("h1",)), None)
    if start is None:
        start = next(_titles(above, facts, ("h2", "div", "p")), top.first)
    after = []
    standfirsts = 0
    for line in lines[start + 1 : start + 1 + _AFTER]:
        if line.is_prose and line.weight > 160:
            standfirsts += 1
            if standfirsts > _STANDFIRSTS:
                break
        else:
            after.append(line)
    before = [line for line in lines[max(0, start - _BEFORE) : start] if not line.is_prose]
    return [line for line in (*after, *reversed(before)) if line.block.role not in _ELSEWHERE]


def _titles(lines: Sequence[Line], facts: Facts, tags: tuple[str, ...]) -> Iterator[int]:
    return (index for index, line in enumerate(lines) if line.tag in tags and facts.is_title(line.folded))


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


def closing_date(lines: Sequence[Line], top: Block) -> Written | None:
    """The first line at the article's end that says when, and nothing else."""
    for line in lines[max(top.first, top.last - _CLOSING) : top.last + _CLOSING]:
        if line.block.role not in _ELSEWHERE and is_date_line(line.text):
            return read_written(line.text)
    return None
