"""Selectors a person could put into `sites:` for a page's site, each tried on the page.

For `wireroom extract --suggest`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from scraper.extract.analysis import PageReading, Source, read_page
from scraper.extract.article import extract_article
from scraper.extract.body.blocks import Block, prose_of
from scraper.extract.page.sniff import read_document
from scraper.extract.page.text import fold
from scraper.extract.page.tree import parse_page, text_of
from scraper.extract.rules import ruled_date, ruled_names, ruled_title, selector_of
from scraper.model import Extraction, Hints, SiteRule

_Element = etree._Element

#: Elements looked at for each field.
_MAX_ASKED = 5000
#: Characters of an element that may be a title, or a byline or date.
_TITLE_MAX, _LINE_MAX = 400, 160
#: Tags that say by themselves what stands in them.
_TELLING_TAGS = frozenset(("h1", "h2", "time", "address"))
#: Blocks proposed for the body beside the chosen one, and the share of its prose that each of them has at least.
_MAX_BODIES = 4
_LEAST_SHARE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A line for `sites:`."""

    #: "body", "title", "byline" or "date".
    key: str
    selector: str
    #: What it gives on this page, for a person.
    gives: str
    #: It gives what is read without it; False = another block one may have meant.
    is_current: bool = True


def suggest_rule(html: bytes | str, *, url: str, content_type: str | None = None) -> tuple[Proposal, ...]:
    """Propose selectors, those of today's reading first; empty for plain text and pages without text.

    Raises:
        NotHtml: as `extract_article`.
    """
    text, is_plain = read_document(html, content_type, url=url)
    root = None if is_plain else parse_page(text)
    untouched = None if is_plain else parse_page(text)
    if root is None or untouched is None:
        return ()
    twins = dict(zip(root.iter(), untouched.iter(), strict=True))
    found = extract_article(text, url=url)
    reading = read_page(root, Source(url=url, first_url=url, hints=Hints(), rule=SiteRule()))
    bodies = _bodies(reading, twins, untouched, text, found)
    return (*bodies, *_fields(untouched, found))


# --------------------------------------------------------------------------- body


def _bodies(
    reading: PageReading, twins: dict[_Element, _Element], root: _Element, text: str, found: Extraction
) -> Iterator[Proposal]:
    seen: set[str] = set()
    for block in _candidates(reading):
        twin = twins.get(block.element)
        selector = selector_of(twin, root) if twin is not None else None
        if selector is None:
            continue
        given = extract_article(text, url=reading.source.url, rule=SiteRule(body=selector))
        if given.text and given.text not in seen:
            seen.add(given.text)
            gives = f"{len(given.text.splitlines())} lines, {len(given.text):,} characters: {_opening(given.text)}"
            yield Proposal(key="body", selector=selector, gives=gives, is_current=given.text == found.text)


def _candidates(reading: PageReading) -> list[Block]:
    """The article's block, then others with much of the prose: those around it, within it and beside it."""
    top = reading.top
    if top is None:
        return []
    prose = {id(top): _prose(reading, top)}
    others: dict[int, Block] = {}
    for line in reading.lines:
        around = line.block.outward() if line.is_prose else ()
        others.update((id(block), block) for block in around if block.tag not in ("body", "html"))
    for block in others.values():
        prose[id(block)] = _prose(reading, block)
    least = _LEAST_SHARE * prose[id(top)]
    rivals = [block for block in others.values() if block is not top and prose[id(block)] >= least]
    distinct = {(block.first, block.last): block for block in rivals if (block.first, block.last) != _span(top)}
    return [top, *sorted(distinct.values(), key=lambda block: -prose[id(block)])[:_MAX_BODIES]]


def _span(block: Block) -> tuple[int, int]:
    return block.first, block.last


def _prose(reading: PageReading, block: Block) -> int:
    return prose_of(reading.lines[block.first : block.last])


def _opening(text: str) -> str:
    first = text.split("\n", 1)[0]
    return f'"{first[:60]}{"…" if len(first) > 60 else ""}"'


# --------------------------------------------------------------------------- fields


def _fields(root: _Element, found: Extraction) -> Iterator[Proposal]:
    """Where on the page the title, the writers and the date stand that were found."""
    given = {
        "title": found.title,
        "byline": ", ".join(found.byline),
        "date": found.published_at.isoformat() if found.published_at else None,
    }
    for key, gives in given.items():
        selector = next(_finders(root, key, found), None) if gives else None
        if gives and selector:
            yield Proposal(key=key, selector=selector, gives=gives)


def _finders(root: _Element, key: str, found: Extraction) -> Iterator[str]:
    body = root.find("body")
    for element in islice((root if body is None else body).iter(), _MAX_ASKED):
        if not _may_say(element, key, found):
            continue
        selector = selector_of(element, root)
        if selector and _is_telling(selector) and _gives(root, key, selector, found):
            yield selector


def _is_telling(selector: str) -> bool:
    """Whether it says more than a tag: the first <p> or <div> of a page is another thing on the next one."""
    last = selector.split()[-1]
    return not last.isalpha() or last in _TELLING_TAGS


def _gives(root: _Element, key: str, selector: str, found: Extraction) -> bool:
    """Whether the field comes out the same with the selector in force."""
    if key == "title":
        return fold(ruled_title(root, SiteRule(title=selector)) or "") == fold(found.title or "")
    if key == "byline":
        return ruled_names(root, SiteRule(byline=selector)) == found.byline
    return ruled_date(root, SiteRule(date=selector)) == found.published_at


def _may_say(element: _Element, key: str, found: Extraction) -> bool:
    if element.tag in ("script", "style", "a") and key != "byline":
        return False
    if key == "date":
        return element.tag == "time" or element.get("datetime") is not None or _is_named(element, "date", "publish")
    text = text_of(element, _TITLE_MAX + 1)
    if key == "title":
        return element.tag in ("h1", "h2") and fold(text) == fold(found.title or "")
    names = [fold(name) for name in found.byline]
    return len(text) <= _LINE_MAX and bool(names) and all(name in fold(text) for name in names)


def _is_named(element: _Element, *parts: str) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    return any(part in names for part in parts)
