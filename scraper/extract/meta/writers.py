# ruff: noqa: E501 - tables of words read better unbroken
"""Who wrote it: structured data, meta tags, the feed, what the page marks as its author, the line at the headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import urlsplit

from lxml import etree

from scraper.extract.meta.titles import Site
from scraper.extract.meta.told import Claim, Told
from scraper.extract.meta.witnesses import Witnesses, is_elsewhere, marked_as
from scraper.extract.page.text import fold
from scraper.extract.page.tree import readable, squeezed, text_of
from scraper.extract.words.bylines import looks_like_person, split_names
from scraper.model import Hints

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
_COMPANY = re.compile(
    r"\b(?:Inc|INC|Ltd|LLC|GmbH|e\.\s?V|AG|S\.A|plc|PLC|Corp)\.?$|^[\w-]{3,}(?:\.[\w-]+)*\.[a-z]{2,4}$"
)
_SLUG = re.compile(r"^[a-z]+(?:-[a-z]+){1,3}$")
_DESK_WORDS = (
    "the a our staff desk team editor editors editorial newsroom news online web redaktion redaktionen redaktionsteam redação redacción redacao redazione rédaction "
    "toimitus redactie redakcja redakce редакция agencies agency report reporter reporters writer writers contributor admin blog von der die das de la"
)
_DESK = frozenset(_DESK_WORDS.split())
_MAX_LINE = 120


def choose_byline(heard: Witnesses, site: Site, hints: Hints) -> Told[Names]:
    """The first witness who names a person; else the publication or desk that is named."""
    claims = [*_declared(heard), *_claim("feed entry", _split_all(hints.authors)), *_marked(heard, site)]
    return _judged(claims, site)


def with_masthead(told: Told[Names], seen: Names, heard: Witnesses, site: Site) -> Told[Names]:
    """The same after a look at the page: a named person outweighs the publication's own name."""
    if told.value and told.rule != ONLY_HOUSE:
        return told
    late = [*_claim(told.by or "", told.value or ()), *_claim(_LINE, seen), *_claim(_ADDRESS, _named_in_address(heard))]
    found = _judged(late, site)
    return Told(found.value, found.by, found.rule, (*told.heard, *late))


def _judged(claims: Sequence[Claim[Names]], site: Site) -> Told[Names]:
    """The first claim with a person in it; what merely looks like a name must look well where a house is declared."""
    house: Claim[Names] | None = None
    for claim in claims:
        persons = tuple(name for name in claim.value if not is_house(name, site))
        if claim.by in _SEEN and house is not None:
            persons = tuple(name for name in persons if looks_like_person(name))
        if persons:
            return Told(claim.value if claim.by == _STRUCTURED else persons, claim.by, heard=tuple(claims))
        house = house or claim
    return Told(house.value, house.by, ONLY_HOUSE, tuple(claims)) if house is not None else Told()


def is_house(name: str, site: Site) -> bool:
    """Whether a name is the publication's own, a company's, or no more than a desk of it."""
    if site.is_named(name) or _COMPANY.search(name):
        return True
    own = {word for known in site.names for word in known.split()}
    return all(word in _DESK or word in own for word in fold(name).split())


def _claim(by: str, names: Names) -> list[Claim[Names]]:
    return [Claim(by, names)] if names else []


def _declared(heard: Witnesses) -> list[Claim[Names]]:
    claims = _claim(_STRUCTURED, _split_all(heard.linked.authors))
    for name in _AUTHOR_METAS:
        values = [value for value in heard.every(name) if "://" not in value and not value.startswith("@")]
        claims += _claim(name, _split_all([_unslugged(value) for value in values]))
    return claims


def _unslugged(value: str) -> str:
    """anna-muster -> Anna Muster."""
    return value.replace("-", " ").title() if _SLUG.match(value) else value


def _split_all(values: Sequence[str]) -> Names:
    names = {fold(name): name for value in reversed(values) for name in reversed(split_names(unescape(value)))}
    return tuple(reversed(names.values()))


# --------------------------------------------------------------------------- what the page marks


def _marked(heard: Witnesses, site: Site) -> list[Claim[Names]]:
    """The names in the first element that the page marks as its writer's; a person before the house."""
    house: Names = ()
    for element in marked_as(heard, "author", "byline", "autor")[:12]:
        if element.tag in ("meta", "link") or is_elsewhere(element, heard) or len(text_of(element, 200)) > _MAX_LINE:
            continue
        names = names_in(element)
        if names and not all(is_house(name, site) for name in names):
            return _claim(_MARKED, names)
        house = house or names
    return _claim(_MARKED, house)


def names_in(element: _Element) -> Names:
    """The names in an element: what its inner elements say one by one, up to something that is no person's name."""
    parts = [part for text in readable(element) if (part := squeezed(text))]
    if len(parts) < 2 or not any(" " in part for part in parts):
        return split_names(text_of(element, 200)[:200])
    found: list[str] = []
    for part in parts:
        names = split_names(part)
        if found and names and not all(looks_like_person(name) for name in names):
            break
        found += names
    return tuple(dict.fromkeys(found))


def _named_in_address(heard: Witnesses) -> Names:
    """The name that the address of an author's page spells: /author/anna-maria-muster -> Anna Maria Muster."""
    found = []
    for value in heard.every(*_ADDRESS_METAS):
        for address in value.split(",")[:6]:
            match = _AUTHOR_PAGE.search(_path(address))
            if match is not None:
                found.append(" ".join(part.capitalize() for part in match[1].split("-")))
    return tuple(dict.fromkeys(found))


_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|editors?|profiles?|people|staff|by|writers?|journalists?|autor(?:en|es|e)?|contributors?)/([a-z]+(?:-[a-z]+){1,3})/?$"
)


def _path(address: str) -> str:
    try:
        return urlsplit(address.strip()).path if "://" in address else ""
    except ValueError:
        return ""
