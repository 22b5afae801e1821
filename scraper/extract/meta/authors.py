# ruff: noqa: E501 - tables of words read better unbroken
"""Who wrote it: structured data, meta tags, the feed, what the page marks as its author, the line at the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from lxml import etree

from scraper.extract.meta.candidates import Claim, Told, said
from scraper.extract.meta.declared import Witnesses, is_elsewhere, marked_as
from scraper.extract.meta.titles import Site
from scraper.extract.page.text import fold
from scraper.extract.page.tree import squeezed, text_of
from scraper.extract.words.agencies import agencies_of
from scraper.extract.words.bylines import is_opening, looks_like_person, split_names
from scraper.model import Hints
from scraper.urls import path_of

_Element = etree._Element
Names = tuple[str, ...]

#: Meta names that carry writers, the most particular first: a bare "author" is often the publisher.
_AUTHOR_METAS = (
    "article:author", "article:author_name", "article_author", "byl", "parsely-author", "sailthru.author", "cxenseparse:author",
    "citation_author", "dc.creator", "dcterms.creator", "dc:creator", "author", "qc:author", "shareaholic:article_author_name",
    "og:article:author", "creator",
)  # fmt: skip
_ADDRESS_METAS = ("article:author", "author", "og:article:author")

_STRUCTURED = "JSON-LD author"
_MARKED, _LINE, _ADDRESS = "marked as author on the page", "line at the headline", "address of the author's page"
_SEEN = (_MARKED, _LINE, _ADDRESS)
ONLY_HOUSE = "nobody but the publication is named"
_ONLY_LOGIN = "nobody but an account is named"
#: Rules that hold only where the page shows no person.
_WEAK = (ONLY_HOUSE, _ONLY_LOGIN)
_LOGIN = re.compile(r"[a-z][\w.-]{0,40}|[^\W\d]{0,20}\d[\w.-]{0,40}|[A-Z][a-z]+[A-Z]|[A-Z]{1,3}")
_COMPANY = re.compile(
    r"\b(?:Inc|INC|Ltd|LLC|GmbH|e\.\s?V|AG|S\.A|plc|PLC|Corp)\.?$|^[\w-]{3,}(?:\.[\w-]+)*\.[a-z]{2,4}$"
)
_DESK_WORDS = (
    "the a our staff desk team editor editors editorial newsroom news online web redaktion redaktionen redaktionsteam redação redacción redacao redazione rédaction "
    "toimitus redactie redakcja redakce редакция agencies agency report reporter reporters writer writers contributor admin blog von der die das de la"
)
_DESK = frozenset(_DESK_WORDS.split())
_MAX_LINE = 120
#: What has more words, and small letters, is said of a person.
_SAID_WORDS = 3


def choose_byline(heard: Witnesses, site: Site, hints: Hints) -> Told[Names]:
    """The first witness who names a person; else the publication or desk that is named."""
    claims = [*_declared(heard), *said("feed entry", _split_all(hints.authors)), *_marked(heard, site)]
    return _judged(claims, site)


def with_masthead(told: Told[Names], seen: Names, heard: Witnesses, site: Site) -> Told[Names]:
    """The same after a look at the page: a named person outweighs the publication's own name and an account's."""
    if told.value and told.rule not in _WEAK:
        return told
    late = [*said(told.by or "", told.value or ()), *said(_LINE, seen), *said(_ADDRESS, _named_in_address(heard))]
    found = _judged(late, site)
    return Told(found.value, found.by, found.rule, (*told.heard, *late))


def _judged(claims: Sequence[Claim[Names]], site: Site) -> Told[Names]:
    """The first claim with a person in it; what merely looks like a name must look well where another is declared."""
    weak: Told[Names] = Told()
    for claim in claims:
        persons = tuple(name for name in claim.value if not is_house(name, site))
        if claim.by in _SEEN and weak.value:
            persons = tuple(name for name in persons if looks_like_person(name))
        named = claim.value if claim.by == _STRUCTURED else persons
        if persons and not all(_is_account(name) for name in persons):
            return Told(named, claim.by, heard=tuple(claims))
        if persons and weak.rule != _ONLY_LOGIN:
            weak = Told(named, claim.by, _ONLY_LOGIN, tuple(claims))
        elif not weak.value:
            weak = Told(claim.value, claim.by, ONLY_HOUSE, tuple(claims))
    return weak


def is_house(name: str, site: Site) -> bool:
    """Whether a name is the publication's own, a company's, or no more than a desk of it."""
    if site.is_named(name) or _COMPANY.search(name):
        return True
    own = {word for known in site.names for word in known.split()}
    return all(word in _DESK or word in own for word in fold(name).split())


def _is_account(name: str) -> bool:
    """Whether a name is written as accounts and initials are: "tferriby", "ssi"."""
    return _LOGIN.fullmatch(name) is not None and not agencies_of((name,), "")


def _declared(heard: Witnesses) -> list[Claim[Names]]:
    claims = said(_STRUCTURED, _split_all(heard.linked.authors))
    for name in _AUTHOR_METAS:
        values = [value for value in heard.every(name) if "://" not in value and not value.startswith("@")]
        claims += said(name, _split_all(values))
    return claims


def _split_all(values: Sequence[str]) -> Names:
    names = {fold(name): name for value in reversed(values) for name in reversed(split_names(unescape(value)))}
    return tuple(reversed(names.values()))


# --------------------------------------------------------------------------- what the page marks


def _marked(heard: Witnesses, site: Site) -> list[Claim[Names]]:
    """The names in the first element that the page marks as its writer's; a person before the house."""
    weak: Names = ()
    for element in marked_as(heard, "author", "byline", "autor")[:12]:
        if element.tag in ("meta", "link") or is_elsewhere(element, heard) or len(text_of(element, 200)) > _MAX_LINE:
            continue
        names = names_in(element)
        is_sentence = any(len(name.split()) > _SAID_WORDS and not looks_like_person(name) for name in names)
        if names and not is_sentence and not all(is_house(name, site) or _is_account(name) for name in names):
            return said(_MARKED, names)
        weak = weak or names
    return said(_MARKED, weak)


def names_in(element: _Element) -> Names:
    """The names in an element: what its inner elements say one by one, as long as they are of one kind.

    An element of another kind holds the job, the paper or the number of posts.
    """
    pieces = list(_pieces(element))
    if len(pieces) < 2 or not any(" " in text for text, _ in pieces):
        return split_names(text_of(element, 200)[:200])
    found: list[str] = []
    first = ("", "")
    joint = ""
    for text, kind in pieces:
        if is_opening(text) and not all(looks_like_person(name) for name in found):
            found = []
        names = split_names(text)
        is_like = (
            kind == first or _AND.fullmatch(joint) or _JOINING.match(text) or (joint == "," and kind[0] == first[0])
        )
        if found and names and not (is_like and all(looks_like_person(name) for name in names)):
            break
        first = kind if names and not found else first
        found += names
        joint = text.rpartition(" ")[2]
    return tuple(dict.fromkeys(found))


_AND = re.compile(r"and|und|et|y|e|og|och|en|i|и|та|&|/", re.I)
_JOINING = re.compile(rf"(?:{_AND.pattern})\s", re.I)


def _pieces(element: _Element) -> Iterator[tuple[str, tuple[str, str]]]:
    """The strings of an element, each with the tag and class of what holds it."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "end" and node is element:
            return
        holder = node if event == "start" else node.getparent()
        text = squeezed(node.text if event == "start" else node.tail)
        if text and holder is not None and holder.tag not in ("script", "style", "noscript", "template", "svg"):
            yield text, (holder.tag, holder.get("class") or "")


def _named_in_address(heard: Witnesses) -> Names:
    """The name that the address of an author's page spells: /author/anna-maria-muster -> Anna Maria Muster."""
    found = []
    for value in heard.every(*_ADDRESS_METAS):
        for address in value.split(",")[:6]:
            match = _AUTHOR_PAGE.search(path_of(address.strip()) if "://" in address else "")
            if match is not None:
                found.append(" ".join(part.capitalize() for part in match[1].split("-")))
    return tuple(dict.fromkeys(found))


_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|editors?|profiles?|people|staff|by|writers?|journalists?|autor(?:en|es|e)?|contributors?)/([a-z]+(?:-[a-z]+){1,3})/?$"
)
