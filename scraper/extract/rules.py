"""The user's help for one site: CSS selectors for body, title, byline and date, and what to take out.

They are applied, and made for an element as a person would: an id, a telling attribute, a class, else the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from cssselect import GenericTranslator, SelectorError
from lxml import etree

from scraper.extract.meta.candidates import Told
from scraper.extract.meta.metadata import Metadata
from scraper.extract.page.tree import drop_tree, text_of
from scraper.extract.words.bylines import split_names
from scraper.model import SiteRule
from scraper.text.dates import parse_instant
from scraper.urls import domains_of, host_of

_Element = etree._Element
T = TypeVar("T")


def apply_rule(body: _Element, rule: SiteRule) -> _Element | None:
    """Take out what the rule removes and give the element it names as the article, if the page has it."""
    for selector in rule.remove:
        for element in select(body, selector):
            if element is not body:
                drop_tree(element)
    if isinstance(rule.body, tuple):
        return _gathered(body, rule.body)
    found = select(body, rule.body)
    return found[0] if found else None


def _gathered(body: _Element, selectors: tuple[str, ...]) -> _Element | None:
    """Put what one of the selectors matches, in page order, into one new element in the first one's place."""
    matches = {element for selector in selectors for element in select(body, selector)} - {body}
    outermost: list[_Element] = []
    depth = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element not in matches:
            continue
        depth += 1 if event == "start" else -1
        if event == "start" and depth == 1:
            outermost.append(element)
    if len(outermost) < 2:
        return outermost[0] if outermost else None
    whole = etree.Element("div")
    outermost[0].addprevious(whole)
    for element in outermost:
        drop_tree(element)
        element.tail = None
        whole.append(element)
    return whole


def ruled_fields(meta: Metadata, root: _Element, rule: SiteRule) -> Metadata:
    """The metadata with the fields the rule selects put in."""
    title, names, date = ruled_title(root, rule), ruled_names(root, rule), ruled_date(root, rule)
    if title:
        meta = replace(meta, title=_ruled(title, meta.title), titles=(*meta.titles, title))
    if names:
        meta = replace(meta, byline=_ruled(names, meta.byline))
    return replace(meta, published_at=_ruled(date, meta.published_at)) if date else meta


def _ruled(value: T, told: Told[T]) -> Told[T]:
    return Told(value, "sites: rule", heard=told.heard)


def ruled_title(root: _Element, rule: SiteRule) -> str | None:
    """The title where the rule says it is."""
    return _selected_text(root, rule.title)


def ruled_names(root: _Element, rule: SiteRule) -> tuple[str, ...]:
    """The writers where the rule says they are."""
    return split_names(_selected_text(root, rule.byline))


def ruled_date(root: _Element, rule: SiteRule) -> datetime | None:
    """The instant where the rule says it is."""
    found = select(root, rule.date)
    if not found:
        return None
    return parse_instant(found[0].get("datetime") or found[0].get("content") or text_of(found[0], 200))


def _selected_text(root: _Element, selector: str | None) -> str | None:
    found = select(root, selector)
    return (found[0].get("content") or text_of(found[0], 600)) if found else None


def select(root: _Element, selector: str | None) -> list[_Element]:
    """The elements a selector matches, in page order; none for None or what is not a selector."""
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


def site_rule(sites: Mapping[str, SiteRule], url: str) -> SiteRule | None:
    """Return the user's rule for the host of an address, or for the nearest domain above it."""
    return next((sites[name] for name in domains_of(host_of(url)) if name in sites), None)


# --------------------------------------------------------------------------- made

#: A name that a person gave: no counters of a template, no hashes of a build.
_NAME = re.compile(r"-?[A-Za-z_][\w-]{1,39}")
_MADE_BY_MACHINE = re.compile(
    r"\d{3,}|[a-z]\d+[a-z]|(?:^|[-_])(?=[A-Za-z]*\d)[A-Za-z0-9]{5,}$|_(?=[A-Za-z]*[a-z][A-Z])[A-Za-z]{5,}$"
)
#: Ways to say where an element is, in the order of trust; a class may change with the day's mood, an itemprop hardly.
_TELLING = ("itemprop", "data-testid", "data-component", "role")
_MAX_STEPS = 4


def selector_of(element: _Element, root: _Element) -> str | None:
    """The shortest selector found that matches `element` first in `root`; None if none of a few steps does.

    A selector that matches other elements too is taken only if `element` is the first: so are `body`, `title`,
    `byline` and `date` of a site rule read.
    """
    tail = ""
    for depth, step in enumerate((element, *element.iterancestors())):
        if depth > _MAX_STEPS or step.tag == "html":
            return None
        for name in names_of(step):
            selector = f"{name} {tail}".rstrip()
            if _is_first(selector, element, root):
                return selector
        tail = f"{next(iter(names_of(step)))} {tail}".rstrip()
    return None


def names_of(element: _Element) -> Iterator[str]:
    """Selectors of one element by itself, the best first; the last is its tag."""
    tag = str(element.tag)
    identity = element.get("id") or ""
    if is_given(identity):
        yield f"#{identity}"
    for attribute in _TELLING:
        value = element.get(attribute) or ""
        if _NAME.fullmatch(value):
            yield f'{tag}[{attribute}="{value}"]'
    for name in (element.get("class") or "").split():
        if is_given(name):
            yield f"{tag}.{name}"
    yield tag


def is_given(name: str) -> bool:
    """Whether a class or id looks like a word that will be there tomorrow."""
    return bool(_NAME.fullmatch(name)) and not _MADE_BY_MACHINE.search(name)


def _is_first(selector: str, element: _Element, root: _Element) -> bool:
    found = select(root, selector)
    return bool(found) and found[0] is element
