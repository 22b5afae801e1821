"""The lines around the headline: who wrote it and when, as a reader sees it; heard where the markup is silent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from scraper.extract.body.blocks import HEADINGS, Block, Line
from scraper.extract.body.facts import Facts
from scraper.extract.body.roles import Role
from scraper.extract.meta.declared import date_label, is_quoted, machine_date
from scraper.extract.page.text import fold
from scraper.extract.page.tree import squeezed
from scraper.extract.words.agencies import agencies_of
from scraper.extract.words.bylines import is_name, is_opening, is_visible_byline, split_names
from scraper.extract.words.datelines import Dates, is_date_line, label_of, read_dates
from scraper.extract.words.phrases import is_credit, is_prompt
from scraper.text.dates import without_dates

_Element = etree._Element

_BEFORE = 6
_CLOSING = 6
_AFTER = 14
#: Long paragraphs between the headline and the byline or date.
_STANDFIRSTS = 1
#: Bytes of a line that shows a date.
_DATE_MAX = 160
_STOP = re.compile(r"[.!?…](?:\s|$)")
#: Words in small letters that make a line with a full stop a sentence, not a label, a place or "5:00 a.m.".
_SENTENCE = 5
_BARS = frozenset("|•·–—/")
#: What stands beside a name or around it.
_EDGES = " \t|•·–—-/,()[]"
_BYLINE_MAX = 120
#: How far around a line a figure is looked for.
_LEVELS = 4
#: Where a name is that of somebody else, or of a place.
_NO_NAMES = frozenset(
    {Role.CAPTION, Role.TAGS, Role.SHARE, Role.NEWSLETTER, Role.ADVERTISEMENT, Role.HIDDEN, Role.CONSENT}
)
_EMPHASIS = frozenset(("b", "strong", "em", "i", "small", "cite", "u"))
_NO_NAME_TAGS = HEADINGS | {"li", "td", "th", "dt", "dd", "figcaption", "blockquote"}
_AUTHOR_ADDRESS = re.compile(
    r"author|autor|auteur|writer|journalist|reporter|redakt|people|person|profile|staff|team|contribut|user|member|about|/by/|mailto:|/@|//(?:www\.)?(?:github|linkedin|twitter|x|facebook)\.com/",
    re.I,
)
_ELSEWHERE = frozenset({Role.RELATED, Role.COMMENTS, Role.ASIDE, Role.FOOTER, Role.NAVIGATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What the lines around the headline tell, and the article's last lines."""

    names: tuple[str, ...] = ()
    dates: Dates = field(default_factory=Dates)
    closing: Dates = field(default_factory=Dates)


def read_masthead(lines: Sequence[Line], top: Block, facts: Facts, *, is_month_first: bool = False) -> Masthead:
    """What a reader sees there; `is_month_first`: in numbers, too, the month is before the day."""
    before, after = around_headline(lines, top, facts)
    head = [*after, *before]
    prose = [line for line in lines[top.first : top.last] if line.is_prose and line.dropped is None]
    return Masthead(
        names=announced_names(head) or lone_names(after, prose, facts) or signed_names(lines, top, prose),
        dates=seen_dates(head, is_month_first=is_month_first),
        closing=closing_dates(lines, top, is_month_first=is_month_first),
    )


def around_headline(lines: Sequence[Line], top: Block, facts: Facts) -> tuple[list[Line], list[Line]]:
    """The short lines before the headline, the nearest first, and those behind it, down to the first paragraph."""
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
    return _own(reversed(before)), _own(after)


def _own(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.block.role not in _ELSEWHERE]


def _titles(lines: Sequence[Line], facts: Facts, tags: tuple[str, ...]) -> Iterator[int]:
    return (index for index, line in enumerate(lines) if line.tag in tags and facts.is_title(line.folded))


def announced_names(lines: Sequence[Line]) -> tuple[str, ...]:
    """The names of a line that opens like a byline, or that follows a line which does no more than open one."""
    is_announced = False
    for line in lines:
        if len(line.text) <= _BYLINE_MAX and (is_announced or is_visible_byline(line.text)):
            names = split_names(line.text)
            if names:
                return names
        is_announced = is_opening(line.text)
    return ()


def lone_names(after: Sequence[Line], prose: Sequence[Line], facts: Facts) -> tuple[str, ...]:
    """The names of persons that stand alone in the line below the headline, or in one with the date."""
    for place, line in enumerate(after):
        undated = without_dates(line.text).strip(_EDGES)
        beside = after[max(0, place - 1) : place + 2]
        is_dated = undated != line.text or any(is_date_line(near.text) for near in beside)
        if (is_dated or place == 0 or _is_of_author(line)) and line.folded not in (facts.site, facts.section):
            names = _alone(undated, line, prose, is_dated=is_dated)
            if names:
                return names
    return ()


def signed_names(lines: Sequence[Line], top: Block, prose: Sequence[Line]) -> tuple[str, ...]:
    """The names below the last paragraph: alone in the last line, or set off, or announced."""
    last = max((index for index in range(top.first, top.last) if lines[index].is_prose), default=top.last)
    signature = _own(lines[last + 1 : min(last + 2, top.last)])
    is_last = last + 2 >= top.last
    alone = (_alone(line.text.strip(_EDGES), line, prose) for line in signature if is_last)
    return next(filter(None, alone), ()) or announced_names(_own(lines[last + 1 : last + 1 + _CLOSING]))


def _alone(text: str, line: Line, prose: Sequence[Line], *, is_dated: bool = False) -> tuple[str, ...]:
    """The names that are all of a text. An article speaks of places and things, not of its writers.

    Where neither block nor link calls them its writers', their words are words of nothing else, either.
    """
    is_marked = is_dated or _is_of_author(line)
    if line.is_prose or line.block.role in _NO_NAMES or (line.tag in _NO_NAME_TAGS and not is_marked):
        return ()
    if _is_of_picture(line):
        return ()
    names = split_names(text) if is_name(text) and not is_credit(line.text) and not is_prompt(line.text) else ()
    if not names or agencies_of(names, "") or (line.links and not (is_marked or is_dated)):
        return ()
    if any(fold(name) in paragraph.folded for name in names for paragraph in prose):
        return ()
    common = set() if is_marked else {word for paragraph in prose for word in paragraph.text.split() if word.islower()}
    return () if any(word.lower() in common for name in names for word in name.split()) else names


def _is_of_picture(line: Line) -> bool:
    """In a figure, or in one block with a picture that is no portrait."""
    block = line.block.element
    around = (block, *islice(block.iterancestors(), _LEVELS))
    return any(one.tag == "figure" for one in around) or (block.find(".//img") is not None and not _is_of_author(line))


def _is_of_author(line: Line) -> bool:
    """A line that its block or its link calls a writer's, or beside a portrait of that name."""
    if line.block.role in (Role.BYLINE, Role.AUTHOR):
        return True
    if line.links:
        return all(_AUTHOR_ADDRESS.search(link.get("href") or "") for link in line.links)
    around = islice(line.block.element.iterancestors(), 2)
    portraits = (image for ancestor in around for image in islice(ancestor.iter("img"), 2))
    return any(fold(image.get("alt") or "") == line.folded for image in portraits)


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
        elif not is_text and line.block.role is not Role.CAPTION and not _is_sentence(without_dates(line.text)):
            loose = loose.joined(dates)
    return own.joined(loose)


def _is_sentence(text: str) -> bool:
    return _STOP.search(text) is not None and sum(word.islower() for word in text.split()) >= _SENTENCE


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
