# ruff: noqa: E501 - tables of words read better unbroken
"""Which lines of the chosen block are the article: rules that see what a reader sees.

Each rule looks at one line (its text, its tag, how much of it is links, the role of its block) and gives the reason to
drop it, or None. Rules about place (before the first paragraph, after the last) come after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from scraper.extract.blocks import HEADINGS, Line
from scraper.extract.bylines import is_byline_line
from scraper.extract.captions import drop_captions, holdings
from scraper.extract.dates import is_date_line
from scraper.extract.facts import Facts
from scraper.extract.phrases import is_appeal, is_comment_heading, is_credit, is_prompt, is_teaser_heading
from scraper.extract.roles import Role

#: A label or prompt is no longer than this (bytes), an appeal no longer than that.
_PROMPT_MAX = 140
_APPEAL_MAX = 330
_CREDIT_MAX = 220
_BYLINE_MAX = 160
#: How many folded words make a headline rather than a label.
_HEADLINE_WORDS = 4

_CONTACT = re.compile(r"^\W*(?:\S+@\S+\.\w+|https?://\S+|@\w+|www\.\S+)\W*$", re.I)
_URL = re.compile(r"https?://\S+")
_NOTE_MAX = 500
_NOTE = re.compile(
    r"\bcontributed (?:to|reporting)\b.{0,60}$|^\W*(?:additional )?reporting by\b|\bediting by\b.{0,80}$|\(\w+ reporting[^)]*\)$|"
    r"^\W*(?:this (?:story|article|report) (?:was|has been) (?:updated|corrected|originally|first|produced|reported|translated)\b)",
    re.I,
)
_BIO = re.compile(
    r"\b(?:is|was) (?:a|an|the|our)\b.{0,80}\b(?:reporter|writer|editor|correspondent|journalist|columnist|author|professor|contributor|"
    r"director|fellow|lecturer|blogger|producer|analyst)\b|\b(?:writes|covers|reports|covered) (?:about|on|for|the)\b|"
    r"\bcontributed to this (?:report|story|article)|\breporting by\b.{0,80}\bediting by\b|\breported from\b|"
    r"\b(?:has|have) (?:written|covered|worked|been)\b.{0,60}\b(?:for|since|at)\b",
    re.I,
)

#: "Anna Weiss is a freelance writer ...": a name, and a trade of writing in the first words after it.
_BIO_OPENING = re.compile(
    r"^\W*(?:[A-Z][\w.'’-]*\s+){1,4}(?:is|was|has been|writes|covers|reports|joined|works)\b.{0,120}?\b(?:writ\w+|report\w+|editor\w*|correspondent|journalis\w+|"
    r"columnist|author|contribut\w+|freelance\w*|content creator|professor|lecturer|fellow|blogger|covers|covering)\b"
)

Rule = Callable[[Line, Facts], str | None]


def _by_role(line: Line, facts: Facts) -> str | None:
    role = line.block.role
    is_subhead = role is Role.STANDFIRST and line.tag in HEADINGS
    return None if role is None or is_subhead else role.name.lower()


def _repeated_title(line: Line, facts: Facts) -> str | None:
    if line.tag == "h1" or (line.weight < 400 and facts.is_title(line.folded)):
        return "title"
    return None


def _credit(line: Line, facts: Facts) -> str | None:
    return "caption" if line.weight <= _CREDIT_MAX and is_credit(line.text) else None


def _by_or_date(line: Line, facts: Facts) -> str | None:
    if line.weight > _BYLINE_MAX:
        return None
    if is_date_line(line.text):
        return "date"
    return "byline" if is_byline_line(line.text, facts.names) else None


def _link_only(line: Line, facts: Facts) -> str | None:
    if line.link_share < 0.85 or not line.links:
        return None
    if line.tag in ("td", "th", "dt", "dd"):
        return None
    return "related" if is_promoted(line) else ("link" if line.tag != "li" else None)


def _prompt(line: Line, facts: Facts) -> str | None:
    if line.weight <= _PROMPT_MAX and not (line.tag in HEADINGS and line.text.endswith("?")) and is_prompt(line.text):
        return "prompt"
    return "prompt" if line.weight <= _APPEAL_MAX and is_appeal(line.text) else None


def _nothing(line: Line, facts: Facts) -> str | None:
    if line.weight > _NOTE_MAX:
        return None
    if _CONTACT.match(line.text) or sum(map(len, _URL.findall(line.text))) > 0.6 * len(line.text):
        return "ornament"
    return None if line.folded or "_" in line.text else "ornament"


def _note(line: Line, facts: Facts) -> str | None:
    return "note" if line.weight <= _NOTE_MAX and _NOTE.search(line.text) else None


def _site_label(line: Line, facts: Facts) -> str | None:
    return "label" if line.folded in (facts.site, facts.section) and line.tag not in ("li", "td") else None


#: Structured data's word against these counts for nothing.
_FIRM_RULES: tuple[Rule, ...] = (_by_role, _repeated_title, _link_only)
_RULES: tuple[Rule, ...] = (*_FIRM_RULES, _nothing, _credit, _note, _by_or_date, _prompt, _site_label)


def is_promoted(line: Line) -> bool:
    """Whether a linked line reads like another story's headline."""
    words = line.folded.split()
    return len(words) >= _HEADLINE_WORDS or (line.weight >= 24 and not line.text.isascii())


def drop_lines(lines: Sequence[Line], facts: Facts) -> None:
    """Mark each line that is not the article's with the reason."""
    for line in lines:
        if line.dropped is not None:
            continue
        confirmed = line.weight > 60 and facts.is_in_body(line.folded)
        for rule in _FIRM_RULES if confirmed else _RULES:
            line.dropped = rule(line, facts)
            if line.dropped:
                break
    _keep_article_lists(lines)
    held = holdings(lines)
    drop_captions(lines, facts, held)
    _drop_teaser_blocks(lines)
    _drop_repeats(lines)
    _drop_refrains(lines)
    _drop_author_notes(lines)
    kept = [index for index, line in enumerate(lines) if line.dropped is None and line.is_prose]
    if kept:
        _drop_head(lines[: kept[0]], facts)
        _drop_tail(lines[kept[-1] + 1 :], facts, lines[kept[-1]])
    _drop_empty_sections(lines)


def _keep_article_lists(lines: Sequence[Line]) -> None:
    """A list is the article's own when only some of its items are links."""
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and lines[end].tag == "li" and lines[end].block.parent is lines[index].block.parent:
            end += 1
        group = lines[index:end]
        linked = [line for line in group if line.link_share >= 0.85]
        if group and len(linked) * 2 < len(group):
            for line in linked:
                line.dropped = None if line.dropped in ("related", "link") else line.dropped
        elif len(linked) >= 2:
            for line in linked:
                line.dropped = line.dropped or "related"
        index = max(end, index + 1)


#: Headings of comments that are looked into; bounds the work on a page full of them.
_MAX_ASKED = 30


def _drop_teaser_blocks(lines: Sequence[Line]) -> None:
    """A heading such as "Related articles" takes the links and short lines after it along."""
    inside = False
    asked = 0
    for index, line in enumerate(lines):
        if line.weight <= 120 and is_teaser_heading(line.text) and line.link_share < 0.9:
            line.dropped, inside = line.dropped or "related heading", True
            asked += 1
            if (
                line.block.role is None
                and asked < _MAX_ASKED
                and is_comment_heading(line.text)
                and not _goes_on(lines, index)
            ):
                for rest in lines[index:]:
                    rest.dropped = rest.dropped or "comments"
                return
        elif inside:
            if line.is_prose or (line.tag in HEADINGS and line.link_share < 0.5):
                inside = False
            elif line.dropped is None and (line.link_share > 0.5 or not line.has_sentence):
                line.dropped = "related"


def _goes_on(lines: Sequence[Line], index: int) -> bool:
    """Whether paragraphs after a line stand in the same block as paragraphs before it."""
    before = {id(line.block.parent) for line in lines[:index] if line.is_prose and line.tag == "p"}
    return any(line.is_prose and line.tag == "p" and id(line.block.parent) in before for line in lines[index + 1 :])


def _drop_repeats(lines: Sequence[Line]) -> None:
    """What is said twice in the same words is a pull quote, a copy for another screen, or data of the page."""
    seen: dict[str, Line] = {}
    for line in lines:
        if line.dropped is not None or line.weight < 60 or line.tag in ("td", "th", "pre", "li"):
            continue
        first = seen.setdefault(line.folded, line)
        if first is not line and first.block.parent is not line.block.parent:
            line.dropped = "repeat"


def _drop_refrains(lines: Sequence[Line]) -> None:
    """A short line that comes three times is a label of the page."""
    count: dict[str, list[Line]] = {}
    for line in lines:
        if line.dropped is None and line.weight < 60 and line.tag in _LABEL_TAGS and not line.has_sentence:
            count.setdefault(line.folded, []).append(line)
    for same in count.values():
        if len(same) >= 3:
            for line in same:
                line.dropped = "label"


_LABEL_TAGS = frozenset(("div", "p", "span", "section", "center", "article", *HEADINGS))


def _drop_author_notes(lines: Sequence[Line]) -> None:
    """Up to three closing lines that present the writer."""
    kept = [line for line in lines if line.dropped is None]
    for line in reversed(kept[-3:]):
        if len(kept) < 4 or line.weight > 700 or not _BIO_OPENING.match(line.text):
            return
        line.dropped = "author note"


def _drop_head(lines: Sequence[Line], facts: Facts) -> None:
    """Before the first paragraph only sentences stay: no kicker, label, standfirst repeated in the description."""
    last_meta = max(
        (i for i, line in enumerate(lines) if line.dropped in ("title", "byline", "date", "share")), default=-1
    )
    for index, line in enumerate(lines):
        if line.dropped is not None:
            continue
        if (
            (facts.is_summary(line.folded) and (index <= last_meta or line.tag in HEADINGS))
            or line.block.role is Role.STANDFIRST
            or (line.tag in HEADINGS and (index < last_meta or line.weight > 60))
        ):
            line.dropped = "standfirst"
        elif not line.ends_like_prose and line.tag not in HEADINGS and (line.weight < 40 or index <= last_meta):
            line.dropped = "label"


def _drop_tail(lines: Sequence[Line], facts: Facts, last: Line) -> None:
    """After the last paragraph labels, author notes and links go; a run of short lines beside it stays."""
    beside = [
        line
        for line in lines
        if line.tag == "p" == last.tag and line.block.parent is last.block.parent and line.dropped is None
    ]
    run = {id(line) for line in beside} if len(beside) >= 4 else set()
    for line in lines:
        if id(line) in run:
            continue
        if line.dropped is not None or line.tag in ("li", "td", "th", "pre", "blockquote", "dd"):
            continue
        is_cut_off = line.tag == "p" and line.weight >= 100 and line.link_share < 0.3
        if line.tag not in HEADINGS and not is_cut_off and (not line.ends_like_prose or line.link_share > 0.5):
            line.dropped = "label"
        elif _names_author(line, facts) and _BIO.search(line.text):
            line.dropped = "author note"


def _names_author(line: Line, facts: Facts) -> bool:
    return any(name in line.folded for name in facts.names if len(name) > 4)


def _drop_empty_sections(lines: Sequence[Line]) -> None:
    """A heading with nothing left under it goes with what it announced."""
    rest = False
    level = 0
    for line in reversed(lines):
        if line.dropped is not None:
            continue
        if line.tag not in HEADINGS:
            rest, level = True, 9
        elif not rest:
            line.dropped = "empty section"
        else:
            level = int(line.tag[1])
            rest = level > 2
