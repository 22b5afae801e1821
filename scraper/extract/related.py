"""Links to other stories that the page promotes, in page order."""

from __future__ import annotations

from urllib.parse import urlsplit

from scraper.clean import safe_url
from scraper.extract.blocks import Block, Line
from scraper.extract.lines import is_promoted
from scraper.extract.phrases import is_teaser_heading
from scraper.extract.roles import Role
from scraper.model import Link

MAX_RELATED = 40


def related_links(lines: list[Line], top: Block, blocks: list[Block], base_url: str, url: str) -> tuple[Link, ...]:
    """Promoted links inside the article's block, then those of related blocks after it."""
    inside = [line for line in lines[top.first : top.last] if line.dropped in ("related", "link")]
    after = _teasers_after(lines[top.last :])
    own = _address_key(url)
    found: dict[str, Link] = {}
    for line in (*inside, *after):
        link = _link_of(line, base_url)
        if link is not None and _address_key(link.url) != own:
            found.setdefault(_address_key(link.url), link)
    return tuple(found.values())[:MAX_RELATED]


def _teasers_after(lines: list[Line]) -> list[Line]:
    found: list[Line] = []
    inside = False
    for line in lines:
        if line.weight <= 120 and is_teaser_heading(line.text) and line.link_share < 0.9:
            inside = True
        elif line.block.role is Role.RELATED or (inside and line.block.role not in (Role.COMMENTS, Role.NAVIGATION)):
            found.append(line)
        elif line.is_prose:
            inside = False
    return found


def _link_of(line: Line, base_url: str) -> Link | None:
    if not line.links or not is_promoted(line) or line.link_share < 0.85 or len(line.text) > 300:
        return None
    address = safe_url(line.links[0].get("href"), base_url)
    return Link(url=address, title=line.text) if address else None


def _address_key(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path.rstrip('/')}?{parts.query}"
