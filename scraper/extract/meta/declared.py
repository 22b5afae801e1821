"""Everything a page says about itself outside its text, gathered in one pass: meta tags, links, JSON-LD, microdata,
headings, dates and visible bylines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from lxml import etree

from scraper.extract.meta.candidates import Claim
from scraper.extract.meta.jsonld import LinkedData, read_linked_data
from scraper.extract.page.tree import squeezed, text_of
from scraper.extract.words.datelines import label_of
from scraper.text.dates import agree, read_date, read_written

_Element = etree._Element

#: Parts of class names that promise an author, a date or a breadcrumb.
_PROMISES = re.compile("uthor|yline|autor|ublish|date|readcrumb")
_UNMARKED_TAGS = frozenset(("script", "style", "body", "html"))
_MAX_MARKED = 400
_QUOTING = frozenset(("figcaption", "caption", "blockquote", "q"))
_ASIDES = ("aside", "nav", "footer", "figcaption", "blockquote")
#: Names of one meta tag that are read, and contents of one name.
_MAX_NAMES = 20
_MAX_SAID = 200


@dataclass(slots=True, kw_only=True)
class Witnesses:
    """Raw statements, in page order; nothing is judged yet."""

    #: Lower-case name, property or itemprop -> contents.
    meta: dict[str, list[str]] = field(default_factory=dict)
    linked: LinkedData = field(default_factory=LinkedData)
    title_tag: str | None = None
    headings: list[_Element] = field(default_factory=list)
    #: `<time>` elements, and those whose attributes promise an author, a date or a breadcrumb.
    marked: list[_Element] = field(default_factory=list)
    canonical: str | None = None
    amp: str | None = None
    base: str | None = None
    html_lang: str | None = None

    def first(self, *names: str) -> str | None:
        """The first non-empty content among the meta names, in the order asked."""
        for name in names:
            for content in self.meta.get(name, ()):
                if content:
                    return content
        return None

    def every(self, *names: str) -> list[str]:
        """All contents of the meta names."""
        return [content for name in names for content in self.meta.get(name, ()) if content]

    def claims(self, *names: str) -> list[Claim[str]]:
        """The same, each with the name that carries it."""
        return [Claim(name, content) for name in names for content in self.meta.get(name, ()) if content]


def hear_witnesses(root: _Element) -> Witnesses:
    """Gather what the page says of itself; the tree is left as it is."""
    heard = Witnesses(
        html_lang=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    )
    scripts: list[str] = []
    for element in root.iter(*_HEARD_TAGS):
        _hear(element, heard, scripts)
    heard.marked = _marked(root)
    heard.linked = read_linked_data(scripts)
    return heard


_HEARD_TAGS = ("meta", "link", "script", "title", "h1", "base")
_LINK_TAGS = frozenset(("a", "link"))
_ALWAYS_MARKED = frozenset(("h1", "time"))


def _marked(root: _Element) -> list[_Element]:
    """What `Witnesses.marked` is made of. The one loop over all attributes of a page: nothing is asked twice."""
    found: list[_Element] = []
    promising: dict[str, bool] = {}
    for element in root.iter():
        if element.tag in _ALWAYS_MARKED:
            found.append(element)
            continue
        for name, value in cast("list[tuple[str, str]]", element.items()):
            if name == "class":
                if value not in promising:
                    promising[value] = _PROMISES.search(value) is not None
                is_marked = promising[value]
            else:
                is_marked = (
                    name == "itemprop"
                    or (name == "id" and "yline" in value)
                    or (name == "rel" and value == "author" and element.tag in _LINK_TAGS)
                )
            if is_marked:
                found.append(element)
                break
    return [element for element in found if element.tag not in _UNMARKED_TAGS][:_MAX_MARKED]


def _hear(element: _Element, heard: Witnesses, scripts: list[str]) -> None:
    tag = element.tag
    if tag == "meta":
        _hear_meta(element, heard)
    elif tag == "link":
        _hear_link(element, heard)
    elif tag == "script":
        if "ld+json" in (element.get("type") or "").lower() and element.text:
            scripts.append(element.text)
    elif tag == "title":
        if heard.title_tag is None and not _is_inside_svg(element):
            heard.title_tag = squeezed(element.text) or None
    elif tag == "h1":
        heard.headings.append(element)
    elif heard.base is None:
        heard.base = element.get("href")


def _is_inside_svg(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in ("svg", "symbol", "g")


def _hear_meta(element: _Element, heard: Witnesses) -> None:
    content = squeezed(element.get("content"))
    if not content:
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        names = element.get(attribute)
        for name in names.lower().split()[:_MAX_NAMES] if names else ():
            said = heard.meta.setdefault(name, [])
            if len(said) < _MAX_SAID:
                said.append(content)


def _hear_link(element: _Element, heard: Witnesses) -> None:
    relations = (element.get("rel") or "").lower().split()
    if "canonical" in relations and heard.canonical is None:
        heard.canonical = element.get("href")
    elif "amphtml" in relations:
        heard.amp = element.get("href")


def marked_as(heard: Witnesses, *parts: str) -> list[_Element]:
    """Marked elements with one of the parts in their names or as their tag; those below the first h1 come first."""
    above: list[_Element] = []
    below: list[_Element] = []
    found = above
    for element in heard.marked:
        if element.tag == "h1":
            found = below
        names = " ".join(element.get(attribute) or "" for attribute in ("itemprop", "rel", "class", "id")).lower()
        if element.tag in parts or any(part in names for part in parts):
            found.append(element)
    return below + above


_ELSEWHERE = re.compile(r"comment|related|recommend|teaser|sidebar|popular|trending|read-?next|newsletter")


def is_elsewhere(element: _Element, heard: Witnesses) -> bool:
    """In a comment, a teaser or the like, and the headline is not: what it says is not said of the article."""
    headed = {around for heading in heard.headings[:3] for around in heading.iterancestors()}
    for ancestor in (element, *element.iterancestors()):
        if ancestor in headed or ancestor.tag in ("body", "html", "main", "article"):
            return False
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}".lower()
        if ancestor.tag in _ASIDES or _ELSEWHERE.search(names):
            return True
    return False


def date_label(element: _Element) -> str | None:
    """Which date an element holds: "published" or "updated", as the words before it or its names tell."""
    names = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
    is_update = "publi" not in names and ("modif" in names or "updat" in names)
    return label_of(_words_before(element)) or ("updated" if is_update else None)


def machine_date(element: _Element) -> str | None:
    """What an element tells a machine of a date; None where it shows a reader another day."""
    told = (
        element.get("datetime") or element.get("content") or (element.get("title") if element.tag == "abbr" else None)
    )
    date, text = read_date(told), text_of(element, 100)
    shown = (read_written(text, is_month_first=is_month_first) for is_month_first in (False, True))
    return told if date and any(one is None or agree(date, one) for one in shown) else None


def _words_before(element: _Element) -> str:
    """The nearest text before an element, of those that stand beside it or the ones around it."""
    for place in (element, *islice(element.iterancestors(), 2)):
        before, parent = place.getprevious(), place.getparent()
        if parent is None or place.tag in ("article", "body"):
            break
        texts = (parent.text,) if before is None else (before.tail, text_of(before, 60))
        for text in texts:
            if text and any(char.isalnum() for char in text):
                return squeezed(text)
    return ""


def is_quoted(element: _Element) -> bool:
    """In a caption or a quotation; what holds a headline, too, is none."""
    around = (element, *islice(element.iterancestors(), 8))
    found = next((ancestor for ancestor in around if ancestor.tag in _QUOTING), None)
    return found is not None and next(found.iter("h1", "h2"), None) is None


def heading_texts(heard: Witnesses) -> list[str]:
    """The h1 texts."""
    return [text for element in heard.headings[:6] if (text := text_of(element, 400))]
