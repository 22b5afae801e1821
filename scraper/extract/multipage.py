"""An article of several pages as one: each page's text once, what is known about it from the first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml import etree

from scraper.clean.reader import EMPTY, Body, clean_body
from scraper.extract.article import extract_article
from scraper.extract.page.text import fold, weight
from scraper.extract.page.tree import parse_page, text_of
from scraper.model import Draft, Extraction, Hints, SiteRule

_Element = etree._Element

#: A paragraph of at least this many bytes that was on an earlier page is a repetition wherever it stands; a shorter
#: one ("Yes.", "* * *") only at the page's head or foot.
_LONG = 60


def extract_page(
    html: bytes | str,
    *,
    url: str,
    content_type: str | None = None,
    hints: Hints | None = None,
    rule: SiteRule | None = None,
    draft: Draft | None = None,
) -> Extraction:
    """The pages of `draft`, if any, and this one as one article; this one alone if it is not readable.

    A page that only repeats what was read adds nothing. Arguments and errors are those of `extract_article`.
    """
    first_url = draft.urls[0] if draft else url
    page = extract_article(html, url=url, content_type=content_type, hints=hints, rule=rule, first_url=first_url)
    if draft is None or not page.is_readable:
        return page
    return _whole(draft.extraction, page) if draft.is_whole else join_pages(draft.extraction, page, url=url)


def join_pages(so_far: Extraction, page: Extraction, *, url: str) -> Extraction:
    """Put what `page`, found at `url`, has new behind the pages so far."""
    added = _new_body(so_far.html, page.html, url)
    return replace(
        so_far,
        html=so_far.html + added.html,
        markdown=_joined(so_far.markdown, added.markdown),
        text=_joined(so_far.text, added.text),
        next_page=page.next_page,
        **_sides(so_far, page),
    )


def _whole(so_far: Extraction, page: Extraction) -> Extraction:
    """Take the text of a page that has the whole article; one that has less than the first page is another thing."""
    if weight(page.text) < weight(so_far.text):
        return so_far
    return replace(
        so_far,
        html=page.html,
        markdown=page.markdown,
        text=page.text,
        confidence=page.confidence,
        **_sides(so_far, page),
    )


def _sides(so_far: Extraction, page: Extraction) -> dict[str, Any]:
    """Return what stands beside the text, each thing once."""
    images = {image.url: image for image in (*page.images, *so_far.images)}
    order = dict.fromkeys(image.url for image in (*so_far.images, *page.images))
    related = {link.url: link for link in (*so_far.related, *page.related)}
    return {
        "image": so_far.image or page.image,
        "images": tuple(images[address] for address in order),
        "related": tuple(related.values()),
        "agencies": tuple(dict.fromkeys((*so_far.agencies, *page.agencies))),
    }


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _new_body(earlier: str, html: str, url: str) -> Body:
    """Return a page's body without the blocks that were on an earlier page."""
    known = {_key(element) for element in _blocks(earlier)}
    blocks = _blocks(html)
    is_new = [_key(element) not in known for element in blocks]
    if not any(is_new):
        return EMPTY
    first, last = is_new.index(True), len(blocks) - is_new[::-1].index(True)
    kept = (blocks[at] for at in range(first, last) if is_new[at] or _is_short(blocks[at]))
    fragment = "".join(etree.tostring(element, encoding="unicode", method="html", with_tail=False) for element in kept)
    return clean_body(fragment, base_url=url)


def _blocks(html: str) -> list[_Element]:
    """Return the outermost elements of a cleaned body."""
    root = parse_page(html) if html else None
    body = root.find("body") if root is not None else None
    return [] if body is None else list(body)


def _is_short(element: _Element) -> bool:
    return element.tag != "figure" and weight(_key(element)) < _LONG


def _key(element: _Element) -> str:
    """Return what a block is known by: its words, or its picture."""
    picture = next(element.iter("img"), None)
    return fold(text_of(element, 100_000)) or (picture.get("src") or "" if picture is not None else str(element.tag))
