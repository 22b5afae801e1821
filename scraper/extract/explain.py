"""Why an extraction came out as it did: who told each field, which block was chosen, what was left out and why.

For people who write a rule for a site (`wireroom extract --explain`). The extraction itself is the one everybody gets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from lxml import etree

from scraper.extract.analysis import PageReading, Source, read_page
from scraper.extract.article import extract_article, finish
from scraper.extract.body.blocks import Block, Line, prose_of
from scraper.extract.meta.candidates import Claim, Told
from scraper.extract.page.sniff import read_document
from scraper.extract.page.tree import parse_page
from scraper.extract.rules import selector_of
from scraper.model import Extraction, Hints, SiteRule

_Element = etree._Element

#: Characters of a block that are shown.
_OPENING = 100
#: Blocks outside the article that are shown, and the bytes of text below which none is.
_MAX_OUTSIDE = 5
_LEAST_OUTSIDE = 150

#: Why a line was dropped, by the rules' short names (`Line.dropped`).
REASONS = {
    "advertisement": "the block calls itself an advertisement",
    "aside": "the block stands beside the text (aside, sidebar)",
    "author": "the block is about the author",
    "byline": "says who wrote it: see byline",
    "caption": "belongs to a picture: see images",
    "comments": "readers' comments",
    "consent": "the block asks for consent, or lies over the page",
    "date": "says when: see published_at",
    "empty section": "a heading with nothing left under it",
    "footer": "the page's or the article's foot",
    "hidden": "not shown to a reader",
    "label": "a label: short, no sentence, at the text's edge",
    "link": "a line that is all link",
    "navigation": "the block is for finding one's way",
    "newsletter": "the block offers a newsletter or a form",
    "notice": "a notice of the page: terms, disclaimer, who helped or translated",
    "ornament": "no words",
    "outside": "stands outside the article's block",
    "paywall": "stands behind a sentence that the rest is for subscribers",
    "prompt": "asks the reader to click, share, subscribe or comment",
    "related": "leads to other stories: see related",
    "related heading": "heads a list of other stories",
    "repeat": "said before in the same words",
    "share": "buttons to share",
    "standfirst": "describes the article: see summary",
    "tags": "keywords it is filed under",
    "title": "repeats the title",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOrigin:
    """One field: its value, the witness it is from, the rule that chose it, and who said otherwise."""

    name: str
    value: object
    by: str | None
    rule: str | None
    others: tuple[Claim[object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLeftOut:
    """Lines of one block that are not in the text."""

    #: How it begins.
    opening: str
    lines: int
    #: Bytes of text.
    weight: int
    reason: str
    #: A CSS selector that finds the block first; None = there is no short one, or lines of the text are in it too.
    selector: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An extraction and how it came about; for plain text and empty pages the extraction alone."""

    extraction: Extraction
    fields: tuple[FieldOrigin, ...] = ()
    #: The block that holds the article, and why that one.
    article: str | None = None
    chosen: str | None = None
    #: Left out of that block, in page order ...
    dropped: tuple[BlockLeftOut, ...] = ()
    #: ... and the longest blocks with text outside it.
    outside: tuple[BlockLeftOut, ...] = ()


def explain_article(
    html: bytes | str,
    *,
    url: str,
    content_type: str | None = None,
    hints: Hints | None = None,
    rule: SiteRule | None = None,
) -> Explanation:
    """Extract the article of a page and say why it came out so.

    Arguments and errors are those of `extract_article`.
    """
    text, is_plain = read_document(html, content_type, url=url)
    root = None if is_plain else parse_page(text)
    untouched = None if is_plain else parse_page(text)
    if root is None or untouched is None:
        return Explanation(extraction=extract_article(html, url=url, content_type=content_type, hints=hints))
    twins = dict(zip(root.iter(), untouched.iter(), strict=True))
    source = Source(url=url, first_url=url, hints=hints or Hints(), rule=rule or SiteRule())
    reading = read_page(root, source)

    def selector(block: Block) -> str | None:
        """Find the block in the page as it was sent: reading takes elements out."""
        twin = twins.get(block.element)
        return selector_of(twin, untouched) if twin is not None else None

    dropped = _dropped(reading, selector)
    outside = _outside(reading, selector)
    article = selector(reading.top) if reading.top else None
    extraction, meta = finish(reading)
    told = ((field.name, getattr(meta, field.name)) for field in fields(meta))
    return Explanation(
        extraction=extraction,
        fields=tuple(
            FieldOrigin(name=name, value=field.value, by=field.by, rule=field.rule, others=field.others)
            for name, field in told
            if isinstance(field, Told)
        ),
        article=article,
        chosen=_chosen(reading),
        dropped=dropped,
        outside=outside,
    )


# --------------------------------------------------------------------------- blocks


def _chosen(reading: PageReading) -> str:
    if reading.top is None:
        return "the page has no text"
    kept = sum(line.dropped is None for line in reading.inside)
    counted = f"{kept} lines kept, {len(reading.inside) - kept} dropped"
    why = (
        "named by body: in sites:" if reading.is_ruled else "most running text, least links, agrees with the witnesses"
    )
    return f"{why}; {counted}"


def _dropped(reading: PageReading, selector: Callable[[Block], str | None]) -> tuple[BlockLeftOut, ...]:
    """The dropped lines of the article's block, those of one block together."""
    found: list[BlockLeftOut] = []
    top = reading.top
    at = top.first if top else 0
    while top and at < top.last:
        line = reading.lines[at]
        if line.dropped is None:
            at += 1
            continue
        block = _whole_block(line, reading.lines, top)
        lines = reading.lines[block.first : block.last] if block else [line]
        found.append(_left_out(lines, line.dropped, selector(block) if block else None))
        at += len(lines)
    return tuple(found)


def _whole_block(line: Line, lines: Sequence[Line], top: Block) -> Block | None:
    """The largest block inside `top` that begins with the line and of which nothing is kept."""
    found = None
    for block in line.block.outward():
        inside = lines[block.first : block.last]
        if block is top or inside[0] is not line or any(other.dropped is None for other in inside):
            break
        found = block
    return found


def _outside(reading: PageReading, selector: Callable[[Block], str | None]) -> tuple[BlockLeftOut, ...]:
    """The blocks outside the article that hold most text: where a missing paragraph may be."""
    top = reading.top
    if top is None:
        return ()
    blocks = {id(line.block): line.block for line in (*reading.lines[: top.first], *reading.lines[top.last :])}
    around = {id(block.parent): block.parent for block in blocks.values() if block.parent}
    candidates = [
        (reading.lines[block.first : block.last], block)
        for block in (around | blocks).values()
        if block.last <= top.first or block.first >= top.last
    ]
    told = [(prose_of(lines), lines, block) for lines, block in candidates]
    longest = sorted(told, key=lambda one: -one[0])
    chosen: list[tuple[list[Line], Block]] = []
    for weight, lines, block in longest:
        is_inside = any(other.first <= block.first and block.last <= other.last for _, other in chosen)
        if weight >= _LEAST_OUTSIDE and not is_inside and len(chosen) < _MAX_OUTSIDE:
            chosen.append((lines, block))
    return tuple(
        _left_out(lines, block.role.name.lower() if block.role else "outside", selector(block))
        for lines, block in chosen
    )


def _left_out(lines: Sequence[Line], reason: str, selector: str | None) -> BlockLeftOut:
    return BlockLeftOut(
        opening=lines[0].text[:_OPENING],
        lines=len(lines),
        weight=sum(line.weight for line in lines),
        reason=REASONS.get(reason, reason),
        selector=selector,
    )
