"""Which lines of the chosen block are the article: rules that see what a reader sees.

Each rule looks at one line (its text, its tag, how much of it is links, the role of its block) and gives the reason to
drop it, or None. Rules about place (position_rules.py) come after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scraper.extract.body.blocks import HEADINGS, Line
from scraper.extract.body.facts import Facts
from scraper.extract.body.position_rules import drop_by_place
from scraper.extract.body.roles import Role
from scraper.extract.body.teasers import is_promoted, leads_away
from scraper.extract.words.bylines import is_byline_line
from scraper.extract.words.datelines import is_date_line
from scraper.extract.words.phrases import ends_in_credit, is_appeal, is_credit, is_notice, is_prompt

#: A label or prompt is no longer than this (bytes), an appeal or a notice no longer than that.
_PROMPT_MAX = 140
_APPEAL_MAX = 330
_NOTICE_MAX = 1200
_CREDIT_MAX = 220
_CAPTION_MAX = 500
_BYLINE_MAX = 160


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
    is_caption = line.weight <= _CREDIT_MAX and is_credit(line.text)
    return "caption" if is_caption or (line.weight <= _CAPTION_MAX and ends_in_credit(line.text)) else None


def _by_or_date(line: Line, facts: Facts) -> str | None:
    if line.weight > _BYLINE_MAX:
        return None
    if is_date_line(line.text):
        return "date"
    return "byline" if is_byline_line(line.text, facts.names) else None


def _link_only(line: Line, facts: Facts) -> str | None:
    if line.link_share < 0.85 or not line.links or line.tag in ("td", "th", "dt", "dd"):
        return None
    if (line.tag in HEADINGS and leads_away(line, facts)) or _is_linked_sentence(line):
        return None
    return "related" if is_promoted(line) else ("link" if line.tag != "li" else None)


def _is_linked_sentence(line: Line) -> bool:
    """A paragraph of the text that is a link from end to end; a headline has no full stop."""
    return line.tag == "p" and line.text.endswith(".") and line.weight >= 50


def _prompt(line: Line, facts: Facts) -> str | None:
    limit = _PROMPT_MAX if line.link_share < 0.5 else _APPEAL_MAX
    if line.weight <= limit and not (line.tag in HEADINGS and line.text.endswith("?")) and is_prompt(line.text):
        return "prompt"
    return "prompt" if line.weight <= _APPEAL_MAX and is_appeal(line.text) else None


def _notice(line: Line, facts: Facts) -> str | None:
    return "notice" if line.weight <= _NOTICE_MAX and is_notice(line.text) else None


def _ornament(line: Line, facts: Facts) -> str | None:
    return None if line.folded or "_" in line.text else "ornament"


def _site_label(line: Line, facts: Facts) -> str | None:
    is_label = bool(line.folded) and line.folded in (facts.site, facts.section)
    return "label" if is_label and line.tag not in ("li", "td") else None


#: Structured data's word against these counts for nothing.
_FIRM_RULES: tuple[Rule, ...] = (_by_role, _repeated_title, _link_only, _prompt, _notice)
_RULES: tuple[Rule, ...] = (
    _by_role,
    _repeated_title,
    _link_only,
    _ornament,
    _credit,
    _by_or_date,
    _prompt,
    _notice,
    _site_label,
)


def drop_lines(lines: Sequence[Line], facts: Facts) -> None:
    """Mark each line that is not the article's with the reason."""
    for line in lines:
        if line.dropped is not None:
            continue
        line.dropped = own_verdict(line, facts)
    drop_by_place(lines, facts)


def own_verdict(line: Line, facts: Facts) -> str | None:
    """Why a line by itself is no part of an article; None = nothing speaks against it."""
    confirmed = line.weight > 60 and facts.is_in_body(line.folded)
    rules = _FIRM_RULES if confirmed else _RULES
    return next((reason for rule in rules if (reason := rule(line, facts))), None)
