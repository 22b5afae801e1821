"""Feed documents of the synthetic origin: RSS 2.0 and Atom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from xml.sax.saxutils import escape as xml

from bench.origin.page import published_at
from bench.origin.words import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry: a story and where its page is."""

    story: Story
    url: str


def render_feed(name: str, base: str, entries: Sequence[Listed], *, is_atom: bool) -> bytes:
    """Return the document that lists `entries`, newest first."""
    return (_atom if is_atom else _rss)(name, base, entries).encode()


def _rss(name: str, base: str, entries: Sequence[Listed]) -> str:
    items = "\n".join(
        f"<item><title>{xml(entry.story.title)}</title><link>{entry.url}</link>"
        f'<guid isPermaLink="false">bench-{entry.story.number}</guid>'
        f"<pubDate>{format_datetime(published_at(entry.story), usegmt=True)}</pubDate>"
        f"<dc:creator>{xml(entry.story.author)}</dc:creator><category>{xml(entry.story.section)}</category>"
        f"<description>{xml(_summary(entry.story))}</description>{_content(entry.story)}</item>"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{name}</title><link>{base}/</link><description>{name}</description>\n{items}\n</channel></rss>"
    )


def _atom(name: str, base: str, entries: Sequence[Listed]) -> str:
    items = "\n".join(
        f"<entry><title>{xml(entry.story.title)}</title><id>tag:bench,2026:{entry.story.number}</id>"
        f'<link rel="alternate" type="text/html" href="{entry.url}"/>'
        f"<published>{published_at(entry.story).isoformat()}</published>"
        f"<updated>{published_at(entry.story).isoformat()}</updated>"
        f"<author><name>{xml(entry.story.author)}</name></author>"
        f'<summary type="html">{xml(_summary(entry.story))}</summary></entry>'
        for entry in entries
    )
    updated = max(published_at(entry.story) for entry in entries).isoformat()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{name}</title><id>{base}/</id><updated>{updated}</updated>"
        f'<link rel="alternate" href="{base}/"/>\n{items}\n</feed>'
    )


def _summary(story: Story) -> str:
    return f"<p>{escape(story.paragraphs[0], quote=False)}</p>"


def _content(story: Story) -> str:
    """A third of the entries carry their opening paragraphs in HTML."""
    if story.number % 3:
        return ""
    html = "".join(f"<p>{escape(text, quote=False)}</p>" for text in story.paragraphs[:3])
    return f"<content:encoded>{xml(html)}</content:encoded>"
