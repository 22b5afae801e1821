"""Reading the stored pages of a version with today's extractor and site rules. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scraper.articles.revisions import changes
from scraper.errors import NotHtml
from scraper.extract import extract_page
from scraper.extract.rules import site_rule
from scraper.model import Draft, Extraction, KeptVersion, Rereading, SiteRule

#: The words are the same; HTML or Markdown differ.
MARKUP = "markup"
#: A page of which nothing but the feed's words was filed is readable now.
READABLE = "readable"


def reread(version: KeptVersion, sites: Mapping[str, SiteRule]) -> Rereading:
    """Read the pages of a version again and say what would change."""
    found = _extraction(version, sites)
    rules = rules_version(site_rule(sites, version.pages[0].url))
    was_left = version.status != "full"
    if found is None or not found.is_readable or (was_left and found.is_doubtful):
        return Rereading(version=version, found=None, rules_version=rules)
    return Rereading(version=version, found=found, changed=_changed(version, found), rules_version=rules)


def rules_version(rule: SiteRule | None) -> str:
    """Return what tells two ways of reading a page apart: a checksum of the program and of the site's rule."""
    return hashlib.sha256(_program() + repr(rule).encode()).hexdigest()[:12]


@cache
def _program() -> bytes:
    """Return the checksum of this package's sources, tables of words included."""
    root = Path(__file__).parent
    found = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.digest()


def _extraction(version: KeptVersion, sites: Mapping[str, SiteRule]) -> Extraction | None:
    """Return the pages as one article; a later page that cannot be read leaves those before it."""
    so_far: Draft | None = None
    for page in version.pages:
        draft = so_far and Draft(
            next_url=page.url, is_whole=page.is_whole, urls=so_far.urls, extraction=so_far.extraction
        )
        try:
            found = extract_page(
                page.body,
                url=page.url,
                content_type=page.content_type,
                hints=version.hints,
                rule=site_rule(sites, page.url),
                draft=draft,
            )
        except NotHtml:
            continue
        if found.is_readable:
            urls = (*(so_far.urls if so_far else ()), page.url)
            so_far = Draft(next_url=None, urls=urls, extraction=found)
    return so_far.extraction if so_far else None


def _changed(version: KeptVersion, found: Extraction) -> tuple[str, ...]:
    if version.status != "full":
        return (READABLE,)
    changed = changes(version.shown, found)
    is_rewritten = (version.shown.html, version.shown.markdown) != (found.html, found.markdown)
    return changed or ((MARKUP,) if is_rewritten else ())
