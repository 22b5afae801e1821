"""Reading an article's stored pages with today's extractor and site rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from scraper.errors import NotHtml
from scraper.extract import extract_page
from scraper.model import Draft, Extraction, KeptArticle, Rereading, SiteRule
from scraper.reading import site_rule
from scraper.versions import changes

#: The words are the same; HTML or Markdown differ.
MARKUP = "markup"
#: A page of which nothing but the feed's words was filed is readable now.
READABLE = "readable"


def reread(article: KeptArticle, sites: Mapping[str, SiteRule]) -> Rereading:
    """Read the pages of an article again and say what would change."""
    found = _extraction(article, sites)
    if found is None or not found.is_readable:
        return Rereading(article=article, found=None)
    return Rereading(article=article, found=found, changed=_changed(article, found))


def _extraction(article: KeptArticle, sites: Mapping[str, SiteRule]) -> Extraction | None:
    """Return the pages as one article; a later page that cannot be read leaves those before it."""
    so_far: Draft | None = None
    for page in article.pages:
        draft = so_far and Draft(
            next_url=page.url, is_whole=page.is_whole, urls=so_far.urls, extraction=so_far.extraction
        )
        try:
            found = extract_page(
                page.body,
                url=page.url,
                content_type=page.content_type,
                hints=article.hints,
                rule=site_rule(sites, page.url),
                draft=draft,
            )
        except NotHtml:
            continue
        if found.is_readable:
            urls = (*(so_far.urls if so_far else ()), page.url)
            so_far = Draft(next_url=None, urls=urls, extraction=found)
    return so_far.extraction if so_far else None


def _changed(article: KeptArticle, found: Extraction) -> tuple[str, ...]:
    if article.status != "full":
        return (READABLE,)
    changed = changes(article.current, found)
    is_rewritten = (article.current.html, article.current.markdown) != (found.html, found.markdown)
    return changed or ((MARKUP,) if is_rewritten else ())
