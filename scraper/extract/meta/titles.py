"""The headline and the publication's name, judged on what the page declares and what it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from lxml import etree

from scraper.extract.meta.candidates import Claim, Told, said
from scraper.extract.meta.declared import Witnesses, heading_texts, marked_as
from scraper.extract.page.text import fold
from scraper.extract.page.tree import readable, squeezed, text_of
from scraper.model import Hints
from scraper.urls import host_of

_Element = etree._Element

_SEPARATOR = re.compile(r"(?<!\s)\s+(?:[–—\-•·:/~«‹›]+|::)\s+|(?:(?<!\s)\s+)?[|｜│ㅣ»]+\s*|(?<=\w)：\s*")
_BAR = re.compile(r"(?:(?<!\s)\s+)?[|｜│ㅣ»]+\s*")
_EDGES = " |｜│ㅣ–—-•·»«:：/~"
#: Soft hyphens, zero-width characters and marks of direction at no one's service.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_MAX_TITLE = 400
_MAX_SITE = 80
_OTHER_TITLES = ("twitter:title", "dc.title", "dcterms.title", "dc:title", "title", "parsely-title", "sailthru.title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How a page names its publication; for telling it from a headline or a person."""

    name: str | None
    #: All names of it, folded.
    names: frozenset[str] = field(default_factory=frozenset)
    #: The host without "www." and what follows the last dot, letters and digits only.
    label: str = ""

    def is_named(self, text: str) -> bool:
        """Whether a text is the publication's name, or what its host spells."""
        folded = fold(text)
        solid = folded.replace(" ", "")
        if folded in self.names:
            return True
        return len(solid) >= 4 and len(self.label) >= 3 and (solid == self.label or solid.startswith(self.label + "de"))


def plain_title(text: str) -> str:
    """A title in one line, without entities and invisible characters."""
    return " ".join(plain_heading(unescape(text)).split())


def plain_heading(text: str) -> str:
    """What a reader sees of a heading: without invisible characters."""
    return text.translate(_INVISIBLE)


# --------------------------------------------------------------------------- the publication


def host_label(url: str) -> str:
    """The letters and digits of a host without "www." and the top-level domain."""
    return re.sub(r"\W", "", host_of(url).removeprefix("www.").rsplit(".", 1)[0])


def choose_site(heard: Witnesses, url: str, hints: Hints) -> Told[str]:
    """The publication's name, without its slogan."""
    label = host_label(url)
    claims = [
        *heard.claims("og:site_name"),
        *said("JSON-LD publisher", heard.linked.publisher),
        *said("JSON-LD site name", heard.linked.site_name),
        *said("microdata publisher", _marked_publisher(heard)),
        *heard.claims("application-name", "dc.publisher", "publisher"),
        *said("<title>", _site_in_title(heard, label)),
        *said("feed entry", hints.site_name),
    ]
    for claim in claims:
        name = plain_title(claim.value)
        if name and len(name) <= _MAX_SITE and not name.startswith(("http", "@")):
            return Told(_without_slogan(name, heard, label), claim.by, heard=tuple(claims))
    return Told(heard=tuple(claims))


def _without_slogan(name: str, heard: Witnesses, label: str) -> str:
    """The piece of "Name - what we stand for" that the title tag ends with or the host spells."""
    pieces = _SEPARATOR.split(name)
    if len(pieces) < 2:
        return name
    ends = {fold(piece) for piece in _SEPARATOR.split(heard.title_tag or "")[1:]}
    for piece in pieces:
        solid = fold(piece).replace(" ", "")
        if len(solid) >= 3 and (fold(piece) in ends or solid == label):
            return piece
    return name


def _marked_publisher(heard: Witnesses) -> str | None:
    """The name inside what microdata marks as the publisher."""
    for element in marked_as(heard, "publisher"):
        if element.get("itemprop") == "publisher":
            name = next((inner for inner in element.iter() if inner.get("itemprop") == "name"), element)
            return name.get("content") or text_of(name, _MAX_SITE) or None
    return None


def _site_in_title(heard: Witnesses, label: str) -> str | None:
    """A piece of the title tag that the host's name spells."""
    for piece in reversed(_SEPARATOR.split(heard.title_tag or "")[1:]):
        solid = fold(piece).replace(" ", "")
        if len(solid) >= 3 and label and (solid in label or label in solid):
            return piece.strip()
    return None


def site_of(heard: Witnesses, name: str | None, url: str) -> Site:
    """Every name the publication goes by."""
    declared = (name, heard.first("og:site_name"), heard.linked.publisher, heard.linked.site_name)
    headed = [text_of(element, 200) for element in heard.headings[:3] if _links_home(element)]
    names = frozenset(folded for text in (*declared, *headed) if text and (folded := fold(text)))
    return Site(name=name, names=names, label=host_label(url))


def _links_home(heading: _Element) -> bool:
    """A heading that is a link to the front page: the masthead's name."""
    link = heading.find(".//a[@href]")
    if link is None:
        link = heading.getparent()
    address = link.get("href") if link is not None and link.tag == "a" else None
    if not address:
        return False
    return re.fullmatch(r"(?:https?:)?(?://[^/?#]+)?/?(?:index\.\w+)?", address.strip()) is not None


# --------------------------------------------------------------------------- the headline


def declared_titles(heard: Witnesses, site: Site) -> list[Claim[str]]:
    """What the markup gives as the title, the publication's name taken off."""
    raw = [
        *heard.claims("og:title"),
        *said("JSON-LD headline", heard.linked.headline),
        *heard.claims(*_OTHER_TITLES),
    ]
    return [Claim(claim.by, text) for claim in raw if (text := without_site(claim.value, site))]


def choose_title(heard: Witnesses, site: Site, hints: Hints) -> Told[str]:
    """A news article's own headline; else the visible heading where a witness confirms it; else the declared."""
    declared = declared_titles(heard, site)
    tag = said("<title>", without_site(heard.title_tag or "", site))
    feed = said("feed entry", hints.title)
    shown = [Claim("<h1>", plain_heading(text)) for text in heading_texts(heard) if 2 < len(text) <= _MAX_TITLE]
    claims = (*declared, *shown, *tag, *feed)
    if heard.linked.headline and any("NewsArticle" in name for name in heard.linked.types):
        headline = without_site(heard.linked.headline, site)[:_MAX_TITLE]
        same = (claim.value for claim in shown if _letters(claim.value) == _letters(headline))
        return Told(next(same, headline), "JSON-LD headline", "a news article's own headline", claims)
    heading = _confirmed_heading(heard.headings[:6], [*declared, *tag, *feed], site)
    if heading is not None:
        return Told(heading.value, heading.by, "the heading on the page, confirmed by another witness", claims)
    for claim in (*declared, *feed, *tag):
        return Told(_longest_piece(claim.value)[:_MAX_TITLE], claim.by, heard=claims)
    return Told(shown[0].value, "<h1>", heard=claims) if shown else Told(heard=claims)


def _letters(title: str) -> str:
    """A title in which forms of quotation marks, dashes and blanks do not count."""
    return " ".join(title.translate(_TYPOGRAPHY).split())


_TYPOGRAPHY = str.maketrans("\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2010\u2011", "'''\"\"\"----")


def _confirmed_heading(headings: list[_Element], witnesses: list[Claim[str]], site: Site) -> Claim[str] | None:
    """The first heading that says what a witness says, in its own letters; without a kicker that one leaves out."""
    said = {fold(claim.value) for claim in witnesses}
    divided = (_DIVIDER.split(claim.value, 1) for claim in witnesses)
    firsts = {fold(parts[0]) for parts in divided if len(parts) > 1 and " " in parts[0]}
    for element in headings:
        heading = plain_heading(text_of(element, _MAX_TITLE))
        folded = fold(heading)
        if not folded or len(heading) > _MAX_TITLE or site.is_named(heading):
            continue
        behind, other = _without_side_words(element)
        known = [*(part for part in behind if fold(part) in firsts)]
        if folded not in said:
            known += [part for part in (*behind, *other) if fold(part) in said]
        if known:
            return Claim("<h1>", known[0])
        if folded in firsts or any(_agrees(folded, claim) for claim in said):
            return Claim("<h1>", heading)
    return None


#: What parts a headline from the publication, or from what else a title adds.
_DIVIDER = re.compile(r"\s[–—•·»-]\s|\s?[|｜│ㅣ]\s?")


def _without_side_words(heading: _Element) -> tuple[list[str], list[str]]:
    """A heading without a kicker before it, and without a date or sub-heading after it: three words or more."""
    parts = [plain_heading(squeezed(text)) for text in readable(heading) if fold(text)]
    cuts = range(1, min(len(parts), 12))
    behind = [" ".join(parts[cut:]) for cut in cuts]
    other = [*(" ".join(parts[:-cut]) for cut in cuts), plain_heading(text_of(heading, _MAX_TITLE)).partition(": ")[2]]
    return [text for text in behind if fold(text).count(" ") >= 2], [
        text for text in other if fold(text).count(" ") >= 2
    ]


def _agrees(heading: str, claim: str) -> bool:
    if heading == claim:
        return True
    mine, theirs = set(heading.split()), set(claim.split())
    shared = len(mine & theirs)
    if shared >= 3 and shared >= 0.6 * min(len(mine), len(theirs)):
        return True
    solid, whole = heading.replace(" ", ""), claim.replace(" ", "")
    return len(solid) >= 8 and 2 * len(solid) >= len(whole) and solid in whole


def without_site(title: str, site: Site) -> str:
    """A title without the publication's name before or after it."""
    title = plain_title(title)
    pieces = _SEPARATOR.split(title)
    if len(pieces) < 2:
        return title
    if site.is_named(pieces[-1]):
        return title[: title.rindex(pieces[-1])].rstrip(_EDGES)
    if site.is_named(pieces[0]):
        return title[title.index(pieces[0]) + len(pieces[0]) :].lstrip(_EDGES)
    return title


def _longest_piece(title: str) -> str:
    """Of what bars divide, the part with most words: a section or a publication stands beside it."""
    pieces = [piece for piece in _BAR.split(title) if piece]
    return max(pieces, key=lambda piece: len(piece.split())) if pieces else title
