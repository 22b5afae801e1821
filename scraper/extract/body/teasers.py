"""What promotes other stories or the paper itself inside the chosen block: link lists, boxes, teaser blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from scraper.extract.body.blocks import HEADINGS, Line, prose_of
from scraper.extract.body.captions import LEVELS, Holdings
from scraper.extract.body.facts import Facts
from scraper.extract.words.appeals import asks_to_act, signs_of_appeal
from scraper.extract.words.phrases import is_comment_heading, is_teaser_heading
from scraper.urls import host_of

_Element = etree._Element

#: How many folded words make a headline rather than a label.
_HEADLINE_WORDS = 4
#: A box holds no more of the prose than this.
_BOX_SHARE = 0.3
#: Teasers behind the text hold no more of the prose than this.
_BEHIND_SHARE = 0.5
#: Bytes of an appeal to the reader; among how many closing paragraphs it may stand, and how many never are one.
_APPEAL_MAX, _CLOSING_LINES, _OPENING_LINES = 700, 2, 2
#: Bytes of prose of a teaser.
_CARD_MAX = 700
_HEADING_MAX = 120
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W{0,20}$")
_INVITATION_MAX = 40
_ARROWS = " »›>→…"
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’»›>→…-])+")
_SENTENCE_BEFORE = re.compile(r"[.!?…。！？][\"”’»)\]]?\W{0,4}$")


def is_promoted(line: Line) -> bool:
    """Whether a linked line reads like another story's headline."""
    words = line.folded.split()
    return len(words) >= _HEADLINE_WORDS or (line.weight >= 24 and not line.text.isascii())


def leads_away(line: Line, facts: Facts) -> bool:
    """Whether all links of a line go to other sites: a source or a product, no story of the paper's own."""
    return (
        bool(facts.host) and bool(line.links) and all(_is_foreign(link.get("href"), facts.host) for link in line.links)
    )


def _is_foreign(address: str | None, host: str) -> bool:
    other = host_of(address or "")
    return bool(other) and _names_in(other).isdisjoint(_names_in(host))


#: Labels of host names that tell nothing about who is behind them.
_COMMON_LABELS = frozenset(["www", "com", "org", "net", "gov", "edu"])


def _names_in(host: str) -> set[str]:
    return {label for label in host.split(".")[:-1] if len(label) > 2} - _COMMON_LABELS


def invitation(line: Line, host: str) -> _Element | None:
    """The link to the same site that stands by itself behind a paragraph's last full stop: "... in the night. Read on".

    In a text a link is a part of a sentence, in whatever language.
    """
    if not line.links or line.link_share >= 0.5 or line.tag in HEADINGS:
        return None
    link = line.links[-1]
    said = " ".join("".join(map(str, link.itertext())).split())
    before, _, behind = line.text.rpartition(said)
    is_label = len(said) <= _INVITATION_MAX and bool(_WORDS.fullmatch(said)) and not behind.strip(_ARROWS)
    is_alone = is_label and bool(_SENTENCE_BEFORE.search(before[-20:]))
    return link if is_alone and not _is_foreign(link.get("href"), host) else None


def settle_link_lists(lines: Sequence[Line], facts: Facts) -> None:
    """A list is the article's own when only some of its items are links, or when they lead to other sites."""
    index = 0
    last = max((place for place, line in enumerate(lines) if line.is_prose and line.tag != "li"), default=-1)
    while index < len(lines):
        end = index
        while end < len(lines) and lines[end].tag == "li" and lines[end].block.parent is lines[index].block.parent:
            end += 1
        if end > index:
            _settle_list(lines[index:end], facts, goes_on=end <= last)
        index = max(end, index + 1)


def _settle_list(group: Sequence[Line], facts: Facts, *, goes_on: bool) -> None:
    linked = [line for line in group if line.link_share >= 0.85]
    cut_off = [line for line in group if line.links and _ELLIPSIS.search(line.text)]
    if len(cut_off) >= 3 and len(cut_off) * 2 > len(group):
        for line in group:
            line.dropped = line.dropped or "related"
    elif len(linked) * 2 < len(group) or (goes_on and all(leads_away(line, facts) for line in linked)):
        for line in linked:
            line.dropped = None if line.dropped in ("related", "link") else line.dropped
    elif len(linked) >= 2:
        for line in linked:
            line.dropped = line.dropped or "related"


# --------------------------------------------------------------------------- boxes


def drop_cards(lines: Sequence[Line], held: Holdings, facts: Facts) -> None:
    """Headings that lead to other pages of the site, each in a box with a text, announce other stories.

    Unless they hold much of the text, or others of their make lead nowhere: then they are parts of the article.
    """
    headings = [line for line in lines if line.tag in HEADINGS]
    plain = {_make_of(line) for line in headings if line.dropped is None and line.link_share < 0.5}
    headed = [
        line
        for line in headings
        if line.link_share >= 0.9 and _is_headline(line, facts) and _make_of(line) not in plain
    ]
    cards = {id(other) for line in headed for other in _box_of(line, held, _CARD_MAX)}
    first = next((place for place, line in enumerate(lines) if id(line) in cards), len(lines))
    is_behind = not any(line.is_prose and id(line) not in cards for line in lines[first:])
    share = prose_of(line for line in lines if id(line) in cards) / (prose_of(lines) or 1)
    if share <= (_BEHIND_SHARE if is_behind else _BOX_SHARE):
        for line in lines[first:]:
            line.dropped = line.dropped or ("related" if id(line) in cards else None)


def drop_appeals(lines: Sequence[Line], held: Holdings) -> None:
    """Leave out what asks the reader for money or an address: a closing paragraph, one set apart, an offer's box.

    In the text around it only the signs all together tell; what stands apart has one sign in that.
    """
    kept = [line for line in lines if line.dropped is None and line.is_prose]
    homes = Counter(id(line.block.parent) for line in kept)
    home, count = homes.most_common(1)[0] if homes else (0, 0)
    closing = {id(line) for line in kept[-_CLOSING_LINES:]}
    for line in kept[_OPENING_LINES:]:
        is_apart = 2 * count > len(kept) and (id(line.block.parent) != home or line.tag == "div")
        if line.tag == "li" or (not is_apart and id(line) not in closing):
            continue
        if line.weight <= _APPEAL_MAX and signs_of_appeal(line.text) >= (3 if is_apart else 4):
            line.dropped = "prompt"
    most = _BOX_SHARE * prose_of(lines)
    for box in held.values():
        asking = sum(line.dropped in ("prompt", "paywall") and asks_to_act(line.text) for line in box)
        if asking >= 2 and 4 * asking >= len(box) and prose_of(box) <= most:
            for line in box:
                line.dropped = line.dropped or "prompt"


def _make_of(heading: Line) -> tuple[str, str | None]:
    outer = heading.block.parent
    return heading.tag, outer.element.get("class") if outer else None


def _is_headline(line: Line, facts: Facts) -> bool:
    """Whether a linked heading leads to another page of the site."""
    is_place = any((link.get("href") or "#").startswith("#") for link in line.links)
    return not is_place and not leads_away(line, facts) and not facts.is_title(line.folded)


def _box_of(heading: Line, held: Holdings, most: float) -> list[Line]:
    """The lines of the largest block that a line opens and that holds at most so many bytes of prose."""
    found: list[Line] = []
    for block in heading.block.outward(LEVELS):
        inside = held[id(block)]
        if inside[0] is not heading or prose_of(inside) > most:
            break
        found = inside if len(inside) > 1 else []
    return found


#: Bytes of prose that comments may be longer than.
_TEXT_MIN = 600
#: Headings of comments that are looked into; bounds the work on a page full of them.
_MAX_ASKED = 30


def drop_teaser_blocks(lines: Sequence[Line]) -> None:
    """A heading such as "Related articles" takes the links and short lines after it along."""
    inside = False
    asked = 0
    for index, line in enumerate(lines):
        if line.weight <= _HEADING_MAX and is_teaser_heading(line.text) and line.link_share < 0.9:
            line.dropped, inside = line.dropped or "related heading", True
            asked += 1
            if asked < _MAX_ASKED and _begins_comments(lines, index):
                for rest in lines[index:]:
                    rest.dropped = rest.dropped or "comments"
                return
        elif inside:
            if line.is_prose or (line.tag in HEADINGS and line.link_share < 0.5):
                inside = False
            elif line.dropped is None and (line.link_share > 0.5 or not line.has_sentence):
                line.dropped = "related"


def _begins_comments(lines: Sequence[Line], index: int) -> bool:
    """Comments follow a text: what most of the text stands behind, and is no heading, only counts them."""
    line = lines[index]
    if line.block.role is not None or not is_comment_heading(line.text):
        return False
    before, behind = map(prose_of, (lines[:index], lines[index:]))
    return before >= (1 if line.tag in HEADINGS else min(behind, _TEXT_MIN))
