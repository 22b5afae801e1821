# ruff: noqa: E501 - tables of words read better unbroken
"""The judge of the witnesses: title, names, dates, site, section, language, description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit

from lxml import etree

from scraper.extract.bylines import split_names
from scraper.extract.dates import date_in_address, has_time, parse_instant, parse_written
from scraper.extract.text import fold
from scraper.extract.tree import text_of
from scraper.extract.witnesses import Witnesses, heading_texts, marked_as
from scraper.model import Hints

_Element = etree._Element

_TITLE_SEPARATOR = re.compile(r"\s+[|–—\-•·»:/~]+\s+|\s*\|\s*|\s+::\s+")
_MAX_TITLE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was decided about the article apart from its text and language."""

    title: str | None
    byline: tuple[str, ...]
    published_at: datetime | None
    updated_at: datetime | None
    section: str | None
    site_name: str | None
    summary: str | None
    #: The day in the address: the last resort.
    addressed_at: datetime | None
    #: Everything that calls itself the title; for recognising repeats in the text.
    titles: tuple[str, ...]


def judge(heard: Witnesses, *, url: str, hints: Hints) -> Metadata:
    """Decide each field on the strongest witness that speaks."""
    site = site_name(heard, url, hints)
    title = choose_title(heard, site, hints)
    candidates = [*_title_candidates(heard, site), *heading_texts(heard), heard.title_tag, hints.title, title]
    return Metadata(
        title=title,
        byline=choose_byline(heard, site, hints),
        published_at=choose_published(heard, hints),
        updated_at=_first_instant(_updated_candidates(heard)) or hints.updated_at,
        section=choose_section(heard, title),
        site_name=site,
        summary=choose_summary(heard, hints),
        addressed_at=date_in_address(urlsplit(url).path),
        titles=tuple(dict.fromkeys(text for text in candidates if text)),
    )


# --------------------------------------------------------------------------- title and site


def _title_candidates(heard: Witnesses, site: str | None) -> list[str]:
    raw = [
        heard.first("og:title"),
        heard.linked.headline,
        heard.first("twitter:title"),
        heard.first("dc.title", "dcterms.title", "dc:title", "title", "parsely-title", "sailthru.title"),
    ]
    return [trimmed for text in raw if text and (trimmed := without_site(unescape(text), site, heard))]


def choose_title(heard: Witnesses, site: str | None, hints: Hints) -> str | None:
    """A news article's declared headline; else the visible heading where a witness confirms it, else what the page declares."""
    declared = _title_candidates(heard, site)
    headings = [text for text in heading_texts(heard) if 2 < len(text) <= _MAX_TITLE]
    tag = without_site(heard.title_tag, site, heard) if heard.title_tag else None
    claims = [fold(text) for text in (*declared, tag, hints.title) if text]
    if heard.linked.headline and any("NewsArticle" in name for name in heard.linked.types):
        return without_site(heard.linked.headline, site, heard)[:_MAX_TITLE]
    for heading in headings:
        if any(_agrees(fold(heading), claim) for claim in claims):
            return heading
    for text in (*declared, hints.title, tag):
        if text:
            return text[:_MAX_TITLE]
    return headings[0] if headings else None


def _agrees(heading: str, claim: str) -> bool:
    if heading == claim:
        return True
    shared = set(heading.split()) & set(claim.split())
    return len(shared) >= 3 and len(shared) >= 0.6 * min(len(set(heading.split())), len(set(claim.split())))


def without_site(title: str, site: str | None, heard: Witnesses) -> str:
    """A title without the site's name before or after it."""
    title = " ".join(title.split())
    names = {
        fold(name)
        for name in (site, heard.first("og:site_name"), heard.linked.publisher, heard.linked.site_name)
        if name
    }
    pieces = _TITLE_SEPARATOR.split(title)
    if len(pieces) < 2:
        return title
    if fold(pieces[-1]) in names:
        return title[: title.rindex(pieces[-1])].rstrip(" |–—-•·»:/~")
    if fold(pieces[0]) in names:
        return title[title.index(pieces[0]) + len(pieces[0]) :].lstrip(" |–—-•·»:/~")
    return title


def site_name(heard: Witnesses, url: str, hints: Hints) -> str | None:
    """The publication's name."""
    for name in (
        heard.first("og:site_name"),
        heard.linked.publisher,
        heard.linked.site_name,
        heard.first("application-name", "dc.publisher", "publisher"),
        _site_in_title(heard, url),
        hints.site_name,
    ):
        if name and len(name) <= 80 and not name.startswith(("http", "@")):
            return unescape(name)
    return None


def _site_in_title(heard: Witnesses, url: str) -> str | None:
    """A piece of the title tag that the host's name spells."""
    host = re.sub(r"[^\w]", "", (urlsplit(url).hostname or "").removeprefix("www.").rsplit(".", 1)[0])
    for piece in reversed(_TITLE_SEPARATOR.split(heard.title_tag or "")[1:]):
        folded = fold(piece).replace(" ", "")
        if len(folded) >= 3 and (folded in host or host in folded):
            return piece.strip()
    return None


# --------------------------------------------------------------------------- names


def choose_byline(heard: Witnesses, site: str | None, hints: Hints) -> tuple[str, ...]:
    """The writers: structured data, meta tags, what the page shows, the feed."""
    site_folded = fold(site or "")
    for source in (_linked_names, _meta_names, _marked_names):
        names = source(heard)
        if names and (source is not _marked_names or site_folded not in {fold(name) for name in names}):
            return names
    return _from_hints(hints)


def _split_all(values: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    names = {fold(name): name for value in reversed(values) for name in reversed(split_names(unescape(value)))}
    return tuple(reversed(names.values()))


def _linked_names(heard: Witnesses) -> tuple[str, ...]:
    return _split_all(heard.linked.authors)


def _meta_names(heard: Witnesses) -> tuple[str, ...]:
    values = heard.every(
        "author",
        "article:author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "dc:creator",
        "parsely-author",
        "sailthru.author",
        "article:author_name",
        "cxenseparse:author",
        "og:article:author",
        "citation_author",
        "creator",
    )
    return _split_all([value for value in values if "://" not in value and not value.startswith("@")])


def _from_hints(hints: Hints) -> tuple[str, ...]:
    return _split_all(hints.authors)


def _marked_names(heard: Witnesses) -> tuple[str, ...]:
    for parts in (("author",), ("byline",), ("autor",)):
        for element in marked_as(heard, *parts)[:12]:
            if element.tag in ("meta", "link") or _is_elsewhere(element):
                continue
            names = split_names(text_of(element, 200)[:200])
            if names and len(text_of(element, 200)) <= 120:
                return names
    return ()


def _is_elsewhere(element: _Element) -> bool:
    """In a comment, a teaser or the like."""
    for ancestor in (element, *element.iterancestors()):
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}".lower()
        if ancestor.tag in ("aside", "nav", "footer") or re.search(
            r"comment|related|recommend|teaser|sidebar|widget|popular|trending|-list|card", names
        ):
            return ancestor.tag not in ("body", "html", "main")
    return False


# --------------------------------------------------------------------------- dates


def choose_published(heard: Witnesses, hints: Hints) -> datetime | None:
    """When it appeared: markup, then the feed."""
    found = _first_instant(_published_candidates(heard))
    if found is not None:
        return found
    visible = _visible_date(heard)
    return visible or hints.published_at


def _published_candidates(heard: Witnesses) -> list[str | None]:
    meta = heard.every(
        "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
        "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date", "dc:date", "dcterms.date", "dcterms.issued", "date", "pubdate", "publish-date", "publish_date", "publication_date",
        "publishdate", "pdate", "ptime", "displaydate", "citation_publication_date", "article.published", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "date.created", "article_date_original", "datecreated", "created",
    )  # fmt: skip
    marked = [
        element.get("datetime") or element.get("content") or text_of(element, 100)
        for element in marked_as(heard, "datepublished", "datecreated")
        if element.tag != "meta"
    ]
    return [heard.linked.published, *meta, *marked]


def _updated_candidates(heard: Witnesses) -> list[str | None]:
    meta = heard.every(
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "last-modified",
        "dcterms.modified",
        "dc.date.modified",
        "lastmod",
        "revised",
        "article:modified",
    )
    return [heard.linked.modified, *meta]


def _first_instant(candidates: list[str | None]) -> datetime | None:
    """The first that parses; one with a time of the same day is better than a bare day."""
    first: datetime | None = None
    for text in candidates[:20]:
        found = parse_instant(text)
        if found is None or text is None:
            continue
        if has_time(text):
            return found if first is None or abs((found - first).total_seconds()) < 172_800 else first
        first = first or found
    return first


def _visible_date(heard: Witnesses) -> datetime | None:
    for element in heard.times[:8]:
        if not _is_elsewhere(element):
            found = parse_instant(element.get("datetime") or text_of(element, 100))
            if found is not None:
                return found
    for element in marked_as(heard, "date", "publish", "byline")[:25]:
        text = element.get("datetime") or element.get("content") or text_of(element, 160)
        if element.tag in ("meta", "link") or len(text) > 160 or _is_elsewhere(element):
            continue
        found = parse_written(text) or parse_instant(text)
        if found is not None:
            return found
    return None


# --------------------------------------------------------------------------- section and description


def choose_section(heard: Witnesses, title: str | None) -> str | None:
    """The part of the paper: declared, else the last breadcrumb before the article."""
    declared = (
        heard.first("article:section", "og:article:section", "parsely-section", "section", "articlesection")
        or heard.linked.section
    )
    if declared and len(declared) <= 60 and "://" not in declared:
        return unescape(declared)
    crumbs = [crumb for crumb in heard.linked.breadcrumbs if len(crumb) <= 60 and fold(crumb) != fold(title or "")]
    if len(crumbs) >= 2:
        return crumbs[1]
    return None


def choose_summary(heard: Witnesses, hints: Hints) -> str | None:
    """The standfirst as the page declares it."""
    found = (
        heard.first("og:description", "description", "twitter:description", "dc.description", "dcterms.description")
        or heard.linked.description
    )
    return unescape(found)[:2000] if found else None
