"""The lines around the headline: who wrote it and when, as a reader sees it; heard where the markup is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from scraper.extract.body.blocks import Block, Line
from scraper.extract.body.facts import Facts
from scraper.extract.body.roles import Role
from scraper.extract.meta.witnesses import date_label, is_quoted, machine_date
from scraper.extract.page.tree import squeezed
from scraper.extract.words.bylines import is_visible_byline, split_names
from scraper.extract.words.datelines import Dates, is_date_line, label_of, read_dates
from scraper.extract.words.dates import without_dates

_Element = etree._Element

_BEFORE = 6
_CLOSING = 6
_AFTER = 14
#: Long paragraphs between the headline and the byline or date.
_STANDFIRSTS = 1
#: Bytes of a line that shows a date.
_DATE_MAX = 160
_STOP = re.compile(r"[.!?…](?:\s|$)")
_BARS = frozenset("|•·–—/")
_ELSEWHERE = frozenset({Role.RELATED, Role.COMMENTS, Role.ASIDE, Role.FOOTER, Role.NAVIGATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What the lines around the headline tell, and the article's last lines."""

    names: tuple[str, ...] = ()
    dates: Dates = field(default_factory=Dates)
    closing: Dates = field(default_factory=Dates)


def read_masthead(lines: Sequence[Line], top: Block, facts: Facts, *, is_month_first: bool = False) -> Masthead:
    """What a reader sees there; `is_month_first`: in numbers, too, the month is before the day."""
    head = masthead_lines(lines, top, facts)
    return Masthead(
        names=seen_names(head),
        dates=seen_dates(head, is_month_first=is_month_first),
        closing=closing_dates(lines, top, is_month_first=is_month_first),
    )


def masthead_lines(lines: Sequence[Line], top: Block, facts: Facts) -> list[Line]:
    """The short lines around the headline, down to the first paragraph."""
    above = lines[: top.last]
    start = next(_titles(above, facts, ("h1",)), None)
    if start is None:
        start = next(_titles(above, facts, ("h2", "div", "p")), top.first - 1)
    after = []
    standfirsts = 0
    for line in lines[start + 1 : start + 1 + _AFTER]:
        if line.is_prose and line.weight > 160:
            standfirsts += 1
            if standfirsts > _STANDFIRSTS:
                break
        else:
            after.append(line)
    before = [line for line in lines[max(0, start - _BEFORE) : max(0, start)] if not line.is_prose]
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


def seen_dates(head: Sequence[Line], *, is_month_first: bool) -> Dates:
    """The dates that the page shows there as its own: with a label, alone in a line, or before the first paragraph."""
    own, loose = Dates(), Dates()
    is_text = False
    label = ""
    for line in head:
        is_text = is_text or line.is_prose
        if line.weight > _DATE_MAX or is_quoted(line.block.element):
            continue
        dates = read_dates(f"{label} {told_text(line)}", is_month_first=is_month_first)
        label = line.text if label_of(line.text) else ""
        if not dates.plain or _is_own(line):
            own = own.joined(dates)
        elif not is_text and line.block.role is not Role.CAPTION and not _STOP.search(without_dates(line.text)):
            loose = loose.joined(dates)
    return own.joined(loose)


def _is_own(line: Line) -> bool:
    """A line that would hold nothing else but what belongs to a date."""
    if line.block.role in (Role.DATE, Role.BYLINE) or is_date_line(line.text) or is_visible_byline(line.text):
        return True
    return without_dates(line.text).lstrip()[:1] in _BARS


def closing_dates(lines: Sequence[Line], top: Block, *, is_month_first: bool) -> Dates:
    """The first line at the article's end that says when, and nothing else."""
    for line in lines[max(top.first, top.last - _CLOSING) : top.last + _CLOSING]:
        if line.block.role not in _ELSEWHERE and is_date_line(line.text) and not is_quoted(line.block.element):
            return read_dates(told_text(line), is_month_first=is_month_first)
    return Dates()


def told_text(line: Line) -> str:
    """A line in which `<time>` elements say what they tell a machine, unless they show a reader another day."""
    parts: list[str] = []
    told: set[_Element] = set()
    for element, is_tail in line.slots:
        holder = element.getparent() if is_tail else element
        time = holder if holder is None or holder.tag == "time" else next(holder.iterancestors("time"), None)
        machine = machine_date(time) if time is not None else None
        if time is None or not machine:
            parts.append((element.tail if is_tail else element.text) or "")
        elif time not in told:
            told.add(time)
            parts.append(f" {date_label(time) or ''} {machine} ")
    return squeezed("".join(parts))
