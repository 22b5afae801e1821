"""A page read and judged: its witnesses, its lines, the block that is the article, why lines were dropped.

tree -> witnesses -> metadata
    |-> user's rule -> lines and blocks -> root -> line rules -> related, masthead, pictures
    |-> where next to nothing is shown: the text in the page's own data, read in the same way

Nothing is cleaned yet: what was decided can be read off (`explain.py`) or made an article of (`article.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from lxml import etree

from scraper.clean.reader import plain_text, safe_url
from scraper.extract.body.blocks import Block, Line, lines_and_blocks
from scraper.extract.body.facts import Facts, folded_set, folded_witnesses
from scraper.extract.body.line_rules import drop_lines
from scraper.extract.body.related import related_links
from scraper.extract.body.root import choose_root, with_lead
from scraper.extract.body.unseen import may_be_unseen, says_more, text_in_state
from scraper.extract.kind import MANY_SCRIPT_CHARS
from scraper.extract.meta.candidates import UNTOLD, Told
from scraper.extract.meta.credits import Beside
from scraper.extract.meta.dates import is_month_first
from scraper.extract.meta.declared import Witnesses, hear_witnesses
from scraper.extract.meta.headline_area import Masthead, read_masthead
from scraper.extract.meta.images import (
    choose_images,
    elements_around,
    leads_text,
    pictures,
    source_of,
    with_words_beside,
)
from scraper.extract.meta.metadata import Metadata, judge, with_masthead
from scraper.extract.page.hidden import drop_hidden
from scraper.extract.page.state import state_of
from scraper.extract.page.text import fold
from scraper.extract.page.tree import parse_page, prune_unread, script_chars, text_of
from scraper.extract.paging import Ahead, look_ahead
from scraper.extract.rules import apply_rule, ruled_fields
from scraper.model import Hints, Image, Link, SiteRule
from scraper.urls import absolute_address, host_of

_Element = etree._Element

#: Pictures of one article that are shown; the others are left out.
MAX_SHOWN_IMAGES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a page comes from and what is known beforehand."""

    url: str
    #: Address of the article's first page; `url` itself unless this is a later one.
    first_url: str
    hints: Hints
    rule: SiteRule


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What was decided about a page."""

    source: Source
    #: What relative links are relative to.
    base: str
    heard: Witnesses
    meta: Metadata
    ahead: Ahead
    #: Characters of scripts, counted up to `kind.MANY_SCRIPT_CHARS`.
    script_chars: int
    #: The words of the feed's content and of its summary, of those that it gave.
    fed: tuple[str, ...]
    #: All lines of the page that a reader sees, in order.
    lines: list[Line]
    #: The block that holds the article; None = the page has no text.
    top: Block | None = None
    #: The user's rule named it.
    is_ruled: bool = False
    related: tuple[Link, ...] = ()
    images: Told[tuple[Image, ...]] = UNTOLD

    @property
    def inside(self) -> list[Line]:
        """The lines of the article's block, the dropped ones too."""
        return self.lines[self.top.first : self.top.last] if self.top else []


def read_page(root: _Element, source: Source) -> PageReading:
    """Read a page. Of the tree, what no reader reads is taken out, and what the user's rule removes."""
    url, hints, rule = source.url, source.hints, source.rule
    heard = hear_witnesses(root)
    base = _base_url(heard, url)
    untouched = PageReading(
        source=source,
        base=base,
        heard=heard,
        meta=ruled_fields(judge(heard, url=url, hints=hints), root, rule),
        ahead=look_ahead(root, url=url, base=base, first_url=source.first_url, rule=rule),
        script_chars=script_chars(root, enough=MANY_SCRIPT_CHARS),
        fed=tuple(map(plain_text, filter(None, (hints.content_html, hints.summary_html)))),
        lines=[],
    )
    found = root.find("body")
    body = root if found is None else found
    scripts = list(root.iter("script"))
    chosen = apply_rule(body, rule)
    prune_unread(body)
    drop_hidden(body, root)
    reading = _read_body(body, chosen, untouched)
    if reading.is_ruled or heard.linked.is_free is False or not may_be_unseen(reading.lines, reading.inside):
        return reading
    titles = folded_set(*untouched.meta.titles)
    text = text_in_state(state_of(scripts, body), titles)
    told = parse_page(f"<article><h1>{escape(untouched.meta.title.value or '')}</h1>{text}</article>") if text else None
    if told is None:
        return reading
    prune_unread(told)
    again = _read_body(told, None, untouched)
    return again if says_more(again.inside, reading.inside) else reading


def _read_body(body: _Element, chosen: _Element | None, page: PageReading) -> PageReading:
    """Read the lines of a body, which is the page's or was made of its data; `chosen` is what a rule names in it."""
    heard, base, source = page.heard, page.base, page.source
    url, hints = source.url, source.hints
    lines, blocks = lines_and_blocks(body)
    if not lines:
        return replace(page, meta=with_masthead(page.meta, Masthead(), heard, url=url, hints=hints))
    facts = _facts(page)
    top = choose_root(lines, blocks, facts)
    ruled = _block_of(chosen, blocks)
    top = ruled or with_lead(top, lines, facts)
    inside = lines[top.first : top.last]
    drop_lines(inside, facts)
    related = related_links(lines, top, base, url)
    seen = read_masthead(lines, top, facts, is_month_first=is_month_first(heard))
    return replace(
        page,
        meta=with_masthead(page.meta, seen, heard, url=url, hints=hints),
        lines=lines,
        top=top,
        is_ruled=ruled is not None,
        related=related,
        images=_images(heard, top, lines, blocks, facts, base, hints),
    )


def _base_url(heard: Witnesses, url: str) -> str:
    return absolute_address(heard.base, url) or url


def _facts(page: PageReading) -> Facts:
    heard, meta = page.heard, page.meta
    return Facts(
        titles=folded_set(*meta.titles),
        names=folded_set(*(meta.byline.value or ())),
        site=fold(meta.site_name.value or ""),
        section=fold(meta.section.value or ""),
        body=fold(heard.linked.body or ""),
        told=folded_witnesses(heard.linked.body, *page.fed),
        language=heard.html_lang,
        host=host_of(page.base),
    )


def _block_of(element: _Element | None, blocks: list[Block]) -> Block | None:
    return next((block for block in blocks if block.element is element), None) if element is not None else None


def _images(
    heard: Witnesses, top: Block, lines: list[Line], blocks: list[Block], facts: Facts, base: str, hints: Hints
) -> Told[tuple[Image, ...]]:
    """Give the pictures of the article's block their addresses, and choose those that are the article's."""
    for index, element in enumerate(top.element.iter("img")):
        element.set("src", (safe_url(source_of(element), base) or "") if index < MAX_SHOWN_IMAGES else "")
    inside = lines[top.first : top.last]
    title = next((heading for heading in heard.headings if facts.is_title(fold(text_of(heading, 400)))), None)
    around = elements_around(top, blocks, title)
    prose = [line for line in inside if line.dropped is None and line.is_prose]
    captions = [line for line in inside if line.dropped == "caption"]
    leads = leads_text(around, prose)
    beside = Beside(lines, top.element.getroottree().getroot())
    chosen = choose_images(heard, pictures(around, base), captions, base, hints.image_url, leads=leads)
    return with_words_beside(chosen, around, base, beside)
