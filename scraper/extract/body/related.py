"""Links to other stories that the page promotes, in page order."""

from __future__ import annotations

from urllib.parse import urlsplit

from lxml import etree

from scraper.clean.reader import safe_url
from scraper.extract.body.blocks import Block, Line
from scraper.extract.body.roles import Role
from scraper.extract.body.teasers import is_promoted
from scraper.extract.words.phrases import is_teaser_heading
from scraper.model import Link

_Element = etree._Element

MAX_RELATED = 40


def related_links(lines: list[Line], top: Block, base_url: str, url: str) -> tuple[Link, ...]:
    """Promoted links inside the article's block, then those of related blocks after it."""
    own = _address_key(url)
    found: dict[str, Link] = {}
    for line in _promoting(lines[top.first :], top.last - top.first):
        link = _link_of(line, base_url)
        if link is not None and _address_key(link.url) != own:
            found.setdefault(_address_key(link.url), link)
            if len(found) == MAX_RELATED:
                break
    return tuple(found.values())


def _promoting(lines: list[Line], end: int) -> list[Line]:
    """Lines dropped as promoted inside the article (the first `end` lines), and teasers in and after it."""
    found: list[Line] = []
    in_teasers = False
    for index, line in enumerate(lines):
        if line.dropped in ("related", "link") and index < end:
            found.append(line)
        elif line.weight <= 120 and line.link_share < 0.9 and is_teaser_heading(line.text):
            in_teasers = True
        elif line.is_prose and line.dropped is None:
            in_teasers = False
        elif _is_teaser(line, in_teasers) and (line.dropped is not None or index >= end):
            found.append(line)
    return found


def _is_teaser(line: Line, in_teasers: bool) -> bool:
    role = line.block.role
    return role is Role.RELATED or (in_teasers and role not in (Role.COMMENTS, Role.NAVIGATION, Role.HIDDEN))


def _link_of(line: Line, base_url: str) -> Link | None:
    if not line.links or not is_promoted(line) or line.link_share < 0.85 or len(line.text) > 300:
        return None
    address = safe_url(line.links[0].get("href"), base_url)
    return Link(url=address, title=_title_of(line)) if address else None


def _title_of(line: Line) -> str:
    """The line with a blank between parts that the page's style alone sets apart: a label, the headline, a length."""
    said = ""
    for element, is_tail in line.slots:
        text = (element.tail if is_tail else element.text) or ""
        is_edge = element.tag in _PARTS and said[-1:].strip() and text[:1].strip()
        said += f" {text}" if is_edge and _is_apart(element, said, text, is_tail=is_tail) else text
    return " ".join(said.split())


_PARTS = frozenset(("span", "small", "time", "strong", "b", "em", "i"))


def _is_apart(element: _Element, before: str, text: str, *, is_tail: bool) -> bool:
    """Whether an element follows another one directly, or a capital or number a small letter; an initial is no part."""
    if len(before.split()[-1]) == 1:
        return False
    if before[-1].islower() and (text[0].isupper() or text[0].isdigit()) and element.tag in ("span", "small", "time"):
        return True
    outer, previous = element.getparent(), element.getprevious()
    if previous is None and outer is not None and not outer.text:
        previous = outer.getprevious()
    return not is_tail and previous is not None and previous.tag in _PARTS and not previous.tail


def _address_key(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path.rstrip('/')}?{parts.query}"
