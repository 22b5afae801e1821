"""Which lines of the chosen block are the article: rules about place, after the rules of one line.

What a line is depends on the lines around it: repetitions, what stands before the first paragraph and after the last,
what follows a paywall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scraper.extract.body.blocks import HEADINGS, Line, prose_of
from scraper.extract.body.captions import LEVELS, drop_captions, holdings
from scraper.extract.body.facts import Facts
from scraper.extract.body.roles import Role
from scraper.extract.body.teasers import (
    drop_appeals,
    drop_cards,
    drop_teaser_blocks,
    settle_link_lists,
)
from scraper.extract.words.walls import asks_for_money

_SHORT = 40


def drop_by_place(lines: Sequence[Line], facts: Facts) -> None:
    """Mark the lines that their surroundings show to be no part of the article."""
    held = holdings(lines)
    _keep_section_titles(lines, facts)
    settle_link_lists(lines, facts)
    drop_captions(lines, facts, held)
    _drop_behind_wall(lines)
    drop_cards(lines, held, facts)
    drop_appeals(lines, held)
    drop_teaser_blocks(lines)
    _drop_repeats(lines)
    _drop_whole_copy(lines)
    _drop_pull_quotes(lines)
    kept = _prose_places(lines)
    if kept:
        _drop_head(lines[: kept[0]])
        _drop_tail(lines, kept[-1])
    _drop_empty_sections(lines)


def _prose_places(lines: Sequence[Line]) -> list[int]:
    return [index for index, line in enumerate(lines) if line.dropped is None and line.is_prose]


def _keep_section_titles(lines: Sequence[Line], facts: Facts) -> None:
    """An <h1> behind a paragraph that is not the article's title heads a section."""
    is_inside = False
    for line in lines:
        if line.tag == "h1" and is_inside and line.dropped == "title" and not facts.is_title(line.folded):
            line.dropped = None
        is_inside = is_inside or (line.is_prose and line.dropped is None)


#: Bytes of a sentence that sends the reader to the till, and the share of the prose that may stand behind it.
_WALL_MAX = 300
_BEHIND_SHARE = 0.25


def _drop_behind_wall(lines: Sequence[Line]) -> None:
    """What comes after "the rest is for subscribers" is talk to subscribers."""
    wall = next((at for at, line in enumerate(lines) if line.weight <= _WALL_MAX and asks_for_money(line.text)), None)
    if wall is None:
        return
    before = prose_of(line for line in lines[:wall] if line.dropped is None)
    behind = prose_of(line for line in lines[wall + 1 :] if line.dropped is None)
    if behind <= _BEHIND_SHARE * before:
        for line in lines[wall:]:
            line.dropped = line.dropped or "paywall"


def _drop_repeats(lines: Sequence[Line]) -> None:
    """What is said twice in the same words is a pull quote, a copy for another screen, or data of the page."""
    seen: dict[str, Line] = {}
    for line in lines:
        if line.dropped is not None or line.weight < 60 or line.tag in ("td", "th", "pre", "li"):
            continue
        first = seen.setdefault(line.folded, line)
        if first is not line and first.block.parent is not line.block.parent:
            line.dropped = "repeat"


#: Bytes of a copy of the whole text in one line (bounds the work on huge pages), and how many paragraphs make one.
_COPY = (400, 50_000)
_COPIED_PARAGRAPHS = 3
_COPIED_SHARE = 0.8


def _drop_whole_copy(lines: Sequence[Line]) -> None:
    """One line that runs the article's paragraphs together is its copy for machines, not a paragraph more."""
    kept = [line for line in lines if line.dropped is None]
    longest = max(kept, key=lambda line: line.weight, default=None)
    whole = sum(line.weight for line in kept)
    # A copy is about as long as all the others together.
    if longest is None or not _COPY[0] <= longest.weight <= _COPY[1] or 3 * longest.weight < whole:
        return
    told = [
        line.folded for line in kept if line is not longest and line.weight >= _SHORT and line.folded in longest.folded
    ]
    if len(told) >= _COPIED_PARAGRAPHS and sum(map(len, told)) >= _COPIED_SHARE * len(longest.folded):
        longest.dropped = "repeat"


#: Bytes of a pull quote, and how many lines are compared with the text; bounds the work on long pages.
_QUOTE = (40, 250)
_MAX_QUOTES = 60


def _drop_pull_quotes(lines: Sequence[Line]) -> None:
    """A line in a block of its own that says words of a paragraph again is there for the eye."""
    text = "\n".join(line.folded for line in lines if line.dropped is None and line.is_prose)
    usual = Counter(id(line.block.parent) for line in lines if line.is_prose and line.dropped is None).most_common(1)
    candidates = [
        line
        for line in lines
        if line.dropped is None
        and _QUOTE[0] <= line.weight <= _QUOTE[1]
        and line.tag not in _NO_QUOTES
        and usual
        and (id(line.block.parent) != usual[0][0] or line.tag == "blockquote")
    ]
    for line in candidates[:_MAX_QUOTES]:
        if line.folded and text.count(line.folded) > line.is_prose:
            line.dropped = "repeat"


_NO_QUOTES = frozenset(("td", "th", "pre", "li", "dt", "dd", *HEADINGS))


def _is_rule(line: Line) -> bool:
    """Whether a line is a rule drawn with characters, as agencies put between the parts of a report."""
    return not line.folded and "_" in line.text


_LEAD_MIN = 100
_MASTHEAD = frozenset(("title", "byline", "date", "share"))


_NO_LABELS = frozenset(("td", "th", "li", *HEADINGS))


def _drop_head(lines: Sequence[Line]) -> None:
    """Before the first paragraph only sentences stay: no kicker, label, standfirst."""
    last_meta = max((i for i, line in enumerate(lines) if line.dropped in _MASTHEAD), default=-1)
    for index, line in enumerate(lines):
        if line.dropped is not None:
            continue
        if line.block.role is Role.STANDFIRST or (
            line.tag in HEADINGS and (index < last_meta or line.weight > 60) and not _is_lead(line)
        ):
            line.dropped = "standfirst"
        elif not line.ends_like_prose and line.tag not in _NO_LABELS and (line.weight < _SHORT or index <= last_meta):
            line.dropped = "label"


def _is_lead(line: Line) -> bool:
    """Whether a heading is no heading but the first sentences of the text in large letters."""
    return line.weight >= _LEAD_MIN and line.has_sentence


_LASTING_TAGS = frozenset(("li", "td", "th", "pre", "blockquote", "dd"))


def _drop_tail(lines: Sequence[Line], end: int) -> None:
    """After the last paragraph labels and links go; a run of short lines beside it stays.

    So does a line of facts that opens with the same words as others before ("Price: 5", "Price: 7").
    """
    last = lines[end]
    before = {label for line in lines[:end] if line.dropped is None and (label := _label_of(line))}
    beside = [
        line
        for line in lines[end + 1 :]
        if line.tag == "p" == last.tag and line.block.parent is last.block.parent and line.dropped is None
    ]
    run = {id(line) for line in beside} if len(beside) >= 4 else set()
    for line in lines[end + 1 :]:
        if id(line) in run or line.dropped is not None or _is_rule(line) or _is_within(line, _LASTING_TAGS):
            continue
        is_cut_off = line.tag == "p" and line.weight >= 100 and line.link_share < 0.3
        is_text = (line.has_sentence and line.weight >= 100 and line.link_share < 0.75) or _label_of(line) in before
        if line.tag not in HEADINGS and not is_cut_off and not is_text and _is_label(line):
            line.dropped = "label"


def _label_of(line: Line) -> str | None:
    """The words before a colon that opens a line of facts."""
    label, colon, _ = line.text[:_SHORT].partition(":")
    return label if colon and label.strip() else None


def _is_label(line: Line) -> bool:
    return not line.ends_like_prose or line.link_share > 0.5


def _is_within(line: Line, tags: frozenset[str]) -> bool:
    return any(block.tag in tags for block in line.block.outward(LEVELS))


def _drop_empty_sections(lines: Sequence[Line]) -> None:
    """A heading with nothing left under it goes with what it announced."""
    rest = False
    level = 0
    for line in reversed(lines):
        if line.dropped is not None:
            continue
        if line.tag not in HEADINGS:
            rest, level = True, 9
        elif not rest and not line.text.endswith("."):
            line.dropped = "empty section"
        else:
            level = int(line.tag[1])
            rest = level > 2
