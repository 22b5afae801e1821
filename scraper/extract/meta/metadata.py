"""The judge of the witnesses: each field with its value, the witness it comes from and those who said otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape

from scraper.clean.reader import plain_text, safe_url
from scraper.extract.meta.authors import choose_byline
from scraper.extract.meta.authors import with_masthead as byline_with_masthead
from scraper.extract.meta.candidates import UNTOLD, Claim, Told, first_told, said
from scraper.extract.meta.dates import choose_dates
from scraper.extract.meta.declared import Witnesses, heading_texts
from scraper.extract.meta.headline_area import Masthead
from scraper.extract.meta.titles import Site, choose_site, choose_title, declared_titles, site_of
from scraper.extract.page.text import fold
from scraper.model import Hints, Image
from scraper.text.language import language_of, language_tag

_MAX_SECTION = 60
_MAX_SUMMARY = 2000
_SUMMARY_METAS = ("og:description", "description", "twitter:description", "dc.description", "dcterms.description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was decided about the article apart from its text."""

    title: Told[str]
    byline: Told[tuple[str, ...]]
    section: Told[str]
    site_name: Told[str]
    summary: Told[str]
    #: These two are decided once the article's lines are known.
    published_at: Told[datetime] = UNTOLD
    updated_at: Told[datetime] = UNTOLD
    #: These three are decided last, with the article's text and pictures at hand.
    language: Told[str] = UNTOLD
    image: Told[Image] = UNTOLD
    canonical_url: Told[str] = UNTOLD
    #: Everything that calls itself the title; for recognising repeats in the text.
    titles: tuple[str, ...] = ()
    site: Site


def judge(heard: Witnesses, *, url: str, hints: Hints) -> Metadata:
    """Decide each field on the strongest witness that speaks."""
    name = choose_site(heard, url, hints)
    site = site_of(heard, name.value, url)
    title = choose_title(heard, site, hints)
    declared = (claim.value for claim in declared_titles(heard, site))
    candidates = [*declared, *heading_texts(heard), heard.title_tag, hints.title, title.value]
    return Metadata(
        title=title,
        byline=choose_byline(heard, site, hints),
        section=choose_section(heard, title.value),
        site_name=name,
        summary=choose_summary(heard, hints),
        titles=tuple(dict.fromkeys(text for text in candidates if text)),
        site=site,
    )


def with_masthead(meta: Metadata, seen: Masthead, heard: Witnesses, *, url: str, hints: Hints) -> Metadata:
    """The metadata after a look at the lines around the headline."""
    published, updated = choose_dates(heard, seen, url, hints)
    ruled = meta.published_at
    return replace(
        meta,
        byline=byline_with_masthead(meta.byline, seen.names, heard, meta.site),
        published_at=replace(ruled, heard=published.heard) if ruled.by else published,
        updated_at=updated,
    )


def completed(
    meta: Metadata, heard: Witnesses, text: str, images: Told[tuple[Image, ...]], *, base: str, hints: Hints
) -> Metadata:
    """The metadata with what needs the article's text and pictures."""
    lead = images.value[0] if images.value else None
    return replace(
        meta,
        language=choose_language(heard, text, hints),
        image=Told(lead, images.by, images.rule, images.heard),
        canonical_url=choose_canonical(heard, base),
    )


def choose_language(heard: Witnesses, text: str, hints: Hints) -> Told[str]:
    """What the markup claims, where the text does not clearly speak another language."""
    claims = [
        *said("<html lang>", heard.html_lang),
        *said("JSON-LD inLanguage", heard.linked.language),
        *heard.claims("content-language", "og:locale", "language", "dc.language")[:4],
        *said("feed entry", hints.language),
    ]
    tags = tuple(Claim(claim.by, tag) for claim in claims if (tag := language_tag(claim.value)))
    value = language_of(text, *(claim.value for claim in claims))
    by = next((claim.by for claim in tags if claim.value == value), "the text itself" if value else None)
    return Told(value, by, heard=tags)


def choose_canonical(heard: Witnesses, base: str) -> Told[str]:
    """The address the page gives as its own, absolute."""
    declared = [*said("link rel=canonical", heard.canonical), *heard.claims("og:url")[:1]]
    found = ((claim.by, safe_url(claim.value, base)) for claim in declared)
    return first_told([Claim(by, address) for by, address in found if address])


def choose_section(heard: Witnesses, title: str | None) -> Told[str]:
    """The part of the paper: declared, else the last breadcrumb before the article."""
    declared = heard.claims("article:section", "og:article:section", "parsely-section", "section", "articlesection")
    if heard.linked.section:
        declared.append(Claim("JSON-LD articleSection", heard.linked.section))
    crumbs = [crumb for crumb in heard.linked.breadcrumbs if fold(crumb) != fold(title or "")]
    if len(crumbs) >= 2:
        declared.append(Claim("breadcrumbs", crumbs[1]))
    plain = [Claim(claim.by, unescape(claim.value)) for claim in declared]
    return first_told(plain, accept=lambda text: len(text) <= _MAX_SECTION and "://" not in text)


def choose_summary(heard: Witnesses, hints: Hints) -> Told[str]:
    """The standfirst as the page declares it; the feed's where the page has none."""
    claims = [*heard.claims(*_SUMMARY_METAS), *said("JSON-LD description", heard.linked.description)]
    plain = [Claim(claim.by, unescape(claim.value)[:_MAX_SUMMARY]) for claim in claims]
    if not plain and hints.summary_html:
        plain = said("feed entry", plain_text(hints.summary_html)[:_MAX_SUMMARY])
    return first_told(plain)
