"""One publication of the bundled newspaper as a web site: every path with what it answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from wireroom.demo.feeds import Item, atom, json_feed, rss
from wireroom.demo.press import Block, FeedPlan, Publication, Story

#: When the first edition came out, unless told otherwise; `expected.json` is written for it.
EDITION_AT = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)

_WRITERS = {"rss": (rss, "application/rss+xml"), "atom": (atom, "application/atom+xml")}
_HTML_OF: dict[str, Callable[[str], str]] = {
    "paragraph": lambda text: f"<p>{escape(text, quote=False)}</p>",
    "heading": lambda text: f"<h2>{escape(text, quote=False)}</h2>",
    "quote": lambda text: f"<blockquote><p>{escape(text, quote=False)}</p></blockquote>",
    "list": lambda text: f"<ul>{''.join(f'<li>{escape(line, quote=False)}</li>' for line in text.splitlines())}</ul>",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What a path answers."""

    body: bytes
    content_type: str
    modified_at: datetime
    status: int = 200
    #: Target of a redirect.
    location: str | None = None

    @property
    def etag(self) -> str:
        """A strong validator of the body as it is before any coding."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A publication at an address and a time."""

    paper: Publication
    #: Scheme, host and port, without a slash at the end.
    base: str
    #: When the first edition came out.
    edition_at: datetime
    #: Number of the edition that is out.
    edition: int

    def published_at(self, story: Story) -> datetime:
        """When the story came out."""
        return self.edition_at - story.age

    def updated_at(self, story: Story) -> datetime | None:
        """When the story was last changed; None = never."""
        return None if story.updated is None else self.edition_at - story.updated

    def page_path(self, story: Story) -> str:
        """Path of the story's page, percent-encoded."""
        if story.serving == "pdf":
            return f"/files/{story.slug}.pdf"
        if story.serving == "disallowed":
            return f"/members/{story.slug}/"
        at = self.published_at(story)
        facts = {"year": at.year, "month": at.month, "day": at.day, "slug": story.slug}
        return quote(self.paper.path.format(**facts, section=story.section, number=story.number))

    def link(self, story: Story) -> str | None:
        """Address that feeds give for the story; None = it has no page."""
        if story.serving == "nopage":
            return None
        return self.base + (f"/go/{story.number}" if story.serving == "redirect" else self.page_path(story))


def build_site(issue: Issue) -> Mapping[str, Resource]:
    """Return every path of the publication, percent-encoded, with its resource."""
    template = Environment(autoescape=True).from_string(issue.paper.template)
    stories = issue.paper.edition(issue.edition)
    site: dict[str, Resource] = {
        "/": _html(issue, _front_page(issue, stories), issue.edition_at),
        "/robots.txt": Resource(
            body=b"User-agent: *\nDisallow: /members/\n", content_type="text/plain", modified_at=issue.edition_at
        ),
    }
    for plan in issue.paper.feeds:
        site[plan.path] = _feed(issue, plan, stories)
    for story in stories:
        site |= _story_paths(issue, story, template.render(_page_facts(issue, story)))
    return site


def _story_paths(issue: Issue, story: Story, page: str) -> dict[str, Resource]:
    path, changed_at = issue.page_path(story), issue.updated_at(story) or issue.published_at(story)
    if story.serving in ("missing", "nopage"):
        return {}
    if story.serving == "pdf":
        return {path: Resource(body=_data("document.pdf"), content_type="application/pdf", modified_at=changed_at)}
    paths = {path: _html(issue, page, changed_at)}
    if story.picture:
        paths[_picture_path(story)] = Resource(
            body=_data("picture.png"), content_type="image/png", modified_at=changed_at
        )
    if story.serving == "redirect":
        paths[f"/go/{story.number}"] = Resource(
            body=b"", content_type="text/plain", modified_at=changed_at, status=301, location=issue.base + path
        )
    return paths


def _page_facts(issue: Issue, story: Story) -> dict[str, Any]:
    url = issue.base + issue.page_path(story)
    picture_url = issue.base + _picture_path(story) if story.picture else None
    return {
        "paper": issue.paper,
        "story": story,
        "base": issue.base,
        "url": url,
        "number": story.number,
        "published": issue.published_at(story),
        "updated": issue.updated_at(story),
        "picture_url": picture_url,
        "picture_path": _picture_path(story),
        "walled": story.serving == "paywall",
        "blocks": [_block_html(issue.paper, block) for block in story.blocks],
        "json_ld": _json_ld(issue, story, url, picture_url),
    }


def _json_ld(issue: Issue, story: Story, url: str, picture_url: str | None) -> Markup:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": story.title,
        "datePublished": issue.published_at(story).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "Organization", "name": issue.paper.name},
        "articleSection": story.section,
        "inLanguage": issue.paper.language,
        "isAccessibleForFree": story.serving != "paywall",
        **({"image": picture_url} if picture_url else {}),
    }
    # "<" would end the script element.
    return Markup(json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c"))


def _block_html(paper: Publication, block: Block) -> Markup:
    if block.kind == "promo":
        slug, _, title = block.text.partition(" | ")
        return Markup('<h4><a href="/story/{}/">{}</a></h4>').format(slug, title)
    if paper.line_breaks:
        return Markup("<b>{}</b>" if block.kind == "heading" else "{}").format(block.text)
    # Japanese paragraphs begin with an ideographic space.
    indent = "\u3000" if paper.language == "ja" and block.kind == "paragraph" else ""
    return Markup(_HTML_OF[block.kind](indent + block.text))


def _front_page(issue: Issue, stories: tuple[Story, ...]) -> str:
    links = Markup("").join(
        Markup('<li><a href="{}">{}</a></li>').format(issue.link(story), story.title)
        for story in stories
        if story.serving != "nopage"
    )
    feeds = Markup("").join(
        Markup('<link rel="alternate" type="{}" title="{}" href="{}">').format(_feed_type(plan), plan.name, plan.path)
        for plan in issue.paper.feeds
    )
    return Markup(
        '<!DOCTYPE html><html lang="{0}" dir="{1}"><head><title>{2}</title>{3}</head>'
        "<body><h1>{2}</h1><p>{4}</p><ul>{5}</ul></body></html>"
    ).format(issue.paper.language, issue.paper.direction, issue.paper.name, feeds, issue.paper.tagline, links)


def _feed(issue: Issue, plan: FeedPlan, stories: tuple[Story, ...]) -> Resource:
    chosen = [story for story in stories if plan.section in ("", story.section)]
    items = [_item(issue, plan, story) for story in chosen]
    write = _WRITERS[plan.format][0] if plan.format in _WRITERS else json_feed
    newest = max(item.updated_at or item.published_at for item in items)
    return Resource(
        body=write(issue.paper, plan, issue.base, items),
        content_type=f"{_feed_type(plan)}; charset={issue.paper.encoding}",
        modified_at=newest,
    )


def _feed_type(plan: FeedPlan) -> str:
    return _WRITERS[plan.format][1] if plan.format in _WRITERS else "application/feed+json"


def _item(issue: Issue, plan: FeedPlan, story: Story) -> Item:
    link = issue.link(story)
    told = {"none": (), "first": story.blocks[:1], "full": story.blocks}[plan.content]
    # Without a page the entry itself is the article.
    blocks = story.blocks if story.serving == "nopage" else told
    pdf = (issue.base + issue.page_path(story), "application/pdf", len(_data("document.pdf")))
    return Item(
        guid=f"{issue.paper.key}-{story.number}",
        link=link and link + plan.tracking,
        title=story.title,
        authors=story.authors,
        section=story.section,
        published_at=issue.published_at(story),
        updated_at=issue.updated_at(story),
        summary=story.summary,
        content="\n".join(_HTML_OF[block.kind](block.text) for block in blocks if block.kind in _HTML_OF),
        enclosure=pdf if story.serving == "pdf" else None,
    )


def _html(issue: Issue, page: str, modified_at: datetime) -> Resource:
    encoding = issue.paper.encoding
    # xmlcharrefreplace: an old encoding lacks some characters; browsers of its time used references too.
    body = page.encode(encoding, "xmlcharrefreplace")
    return Resource(body=body, content_type=f"text/html; charset={encoding}", modified_at=modified_at)


def _picture_path(story: Story) -> str:
    return f"/media/{story.number}.png"


def _data(name: str) -> bytes:
    return (files(__package__) / name).read_bytes()
