"""Feed documents of the bundled newspaper: RSS 2.0, Atom and JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from wireroom.demo.press import FeedPlan, Publication

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_CREATOR = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed."""

    guid: str
    #: None = the entry has no page.
    link: str | None
    title: str
    authors: tuple[str, ...]
    section: str
    published_at: datetime
    updated_at: datetime | None
    #: Plain text; empty = the entry says nothing.
    summary: str
    #: HTML; empty = only the summary.
    content: str
    #: Address, type and size of an attached file.
    enclosure: tuple[str, str, int] | None = None


def rss(paper: Publication, plan: FeedPlan, base: str, items: Sequence[Item]) -> bytes:
    """Return an RSS 2.0 document in the publication's encoding."""
    for prefix, namespace in (("atom", _ATOM), ("content", _CONTENT), ("dc", _CREATOR)):
        ET.register_namespace(prefix, namespace)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _texts(channel, title=plan.name, link=f"{base}/", description=paper.tagline, language=paper.language)
    ET.SubElement(channel, f"{{{_ATOM}}}link", rel="self", type="application/rss+xml", href=base + plan.path)
    for item in items:
        entry = ET.SubElement(channel, "item")
        _texts(entry, title=item.title, link=item.link, category=item.section)
        ET.SubElement(entry, "guid", isPermaLink="false").text = item.guid
        _texts(entry, pubDate=format_datetime(item.published_at, usegmt=True), description=item.summary or None)
        for name in item.authors:
            ET.SubElement(entry, f"{{{_CREATOR}}}creator").text = name
        if item.content:
            ET.SubElement(entry, f"{{{_CONTENT}}}encoded").text = item.content
        if item.enclosure:
            url, kind, size = item.enclosure
            ET.SubElement(entry, "enclosure", url=url, type=kind, length=str(size))
    return _document(root, paper.encoding)


def atom(paper: Publication, plan: FeedPlan, base: str, items: Sequence[Item]) -> bytes:
    """Return an Atom 1.0 document."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": paper.language})
    newest = max(item.updated_at or item.published_at for item in items)
    _texts(root, title=plan.name, id=f"{base}/", updated=newest.isoformat(), subtitle=paper.tagline)
    ET.SubElement(root, "link", rel="self", href=base + plan.path)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=f"{base}/")
    for item in items:
        entry = ET.SubElement(root, "entry")
        _texts(entry, title=item.title, id=item.guid, summary=item.summary or None)
        _texts(entry, published=item.published_at.isoformat())
        _texts(entry, updated=(item.updated_at or item.published_at).isoformat())
        ET.SubElement(entry, "category", term=item.section)
        if item.link:
            ET.SubElement(entry, "link", rel="alternate", type="text/html", href=item.link)
        for name in item.authors:
            _texts(ET.SubElement(entry, "author"), name=name)
        if item.content:
            ET.SubElement(entry, "content", type="html").text = item.content
    return _document(root, paper.encoding)


def json_feed(paper: Publication, plan: FeedPlan, base: str, items: Sequence[Item]) -> bytes:
    """Return a JSON Feed 1.1 document."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plan.name,
        "home_page_url": f"{base}/",
        "feed_url": base + plan.path,
        "language": paper.language,
        "items": [
            {
                "id": item.guid,
                **({"url": item.link} if item.link else {}),
                "title": item.title,
                "summary": item.summary,
                "content_html": item.content or f"<p>{item.summary}</p>",
                "date_published": item.published_at.isoformat(),
                "authors": [{"name": name} for name in item.authors],
                "tags": [item.section],
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _texts(parent: ET.Element, **texts: str | None) -> None:
    for name, text in texts.items():
        if text is not None:
            ET.SubElement(parent, name).text = text


def _document(root: ET.Element, encoding: str) -> bytes:
    body: bytes = ET.tostring(root, encoding=encoding, xml_declaration=True)
    return body
