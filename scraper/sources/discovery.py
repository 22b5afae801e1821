"""Find the feeds that a web page offers. Pure."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import lxml.etree
import lxml.html

from scraper.model import Link
from scraper.urls import absolute_address

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json"}
)
_FEED_WORDS = re.compile(
    r"(?:^|[/._?=-])(?:rss|atom|feed|feeds|rdf|index\.xml|feed\.json)(?:[/._?=&-]|$)", re.IGNORECASE
)
#: Where sites keep a feed that no page names; tried last, in this order.
USUAL_PLACES = ("/feed/", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
MAX_FOUND = 25


def feeds_in_page(html: bytes, *, url: str) -> tuple[Link, ...]:
    """Return the feeds a page declares (`link rel=alternate`), then links that look like one; absolute, each once."""
    try:
        root = lxml.html.document_fromstring(html)
    except (lxml.etree.ParserError, ValueError):
        return ()
    base = absolute_address(str(root.xpath("string(//base/@href)")), url) or url
    declared = [
        (link.get("href"), link.get("title")) for link in root.iterfind(".//link[@href]") if _declares_feed(link)
    ]
    linked = [
        (a.get("href"), str(a.xpath("string()")))
        for a in root.iterfind(".//a[@href]")
        if _FEED_WORDS.search(a.get("href") or "")
    ]
    found: dict[str, Link] = {}
    for href, title in (*declared, *linked):
        if address := absolute_address(href, base):
            found.setdefault(address, Link(url=address, title=" ".join((title or "").split())[:200]))
    return tuple(found.values())[:MAX_FOUND]


def _declares_feed(link: lxml.etree._Element) -> bool:
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    return "alternate" in (link.get("rel") or "").lower().split() and kind in _FEED_TYPES


def usual_places(url: str) -> tuple[str, ...]:
    """Return the addresses at which a site often has a feed."""
    return tuple(urljoin(url, place) for place in USUAL_PLACES)
