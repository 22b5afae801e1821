"""The user's help for one site, applied: CSS selectors for body, title, byline and date, and what to take out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from cssselect import GenericTranslator, SelectorError
from lxml import etree

from scraper.extract.bylines import split_names
from scraper.extract.dates import parse_instant
from scraper.extract.metadata import Metadata
from scraper.extract.tree import drop_tree, text_of
from scraper.model import SiteRule

_Element = etree._Element


def apply_rule(body: _Element, rule: SiteRule) -> _Element | None:
    """Take out what the rule removes and give the element it names as the article, if the page has it."""
    for selector in rule.remove:
        for element in select(body, selector):
            if element is not body:
                drop_tree(element)
    found = select(body, rule.body)
    return found[0] if found else None


def ruled_fields(meta: Metadata, root: _Element, rule: SiteRule) -> Metadata:
    """The metadata with the fields the rule selects put in."""
    title = _selected_text(root, rule.title)
    names = split_names(_selected_text(root, rule.byline))
    date = _selected_date(root, rule.date)
    if title:
        meta = replace(meta, title=title, titles=(*meta.titles, title))
    if names:
        meta = replace(meta, byline=names)
    return replace(meta, published_at=date) if date else meta


def _selected_text(root: _Element, selector: str | None) -> str | None:
    found = select(root, selector)
    return (found[0].get("content") or text_of(found[0], 600)) if found else None


def _selected_date(root: _Element, selector: str | None) -> datetime | None:
    found = select(root, selector)
    if not found:
        return None
    return parse_instant(found[0].get("datetime") or found[0].get("content") or text_of(found[0], 200))


def select(root: _Element, selector: str | None) -> list[_Element]:
    compiled = _compile(selector) if selector else None
    found = compiled(root) if compiled is not None else []
    return [element for element in found if isinstance(element, etree._Element)] if isinstance(found, list) else []


def selector_fault(selector: str) -> str | None:
    """Say what is wrong with a CSS selector of the configuration; None = nothing."""
    try:
        etree.XPath(GenericTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError) as exc:
        return str(exc) or type(exc).__name__
    return None


@lru_cache(maxsize=256)
def _compile(selector: str) -> etree.XPath | None:
    """None for what is not a CSS selector: a rule that cannot be read helps nothing and harms nothing."""
    if selector_fault(selector):
        return None
    return etree.XPath(GenericTranslator().css_to_xpath(selector))
