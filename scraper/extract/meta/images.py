"""The pictures of an article, with captions and credits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from scraper.clean.media import picture_address
from scraper.clean.reader import safe_url
from scraper.clean.tokens import collapse
from scraper.extract.body.blocks import Block, Line, is_block
from scraper.extract.body.roles import Role, own_names
from scraper.extract.meta.candidates import Claim, Told
from scraper.extract.meta.credits import Beside, Words, split_caption, words_in_figure
from scraper.extract.meta.declared import Witnesses
from scraper.model import Image

_Element = etree._Element

MAX_IMAGES = 60
_MAX_SOURCES = 20


def source_of(element: _Element) -> str | None:
    """The address an `<img>` would show, lazy loading undone; None for tracking pixels and ornaments."""
    return picture_address(element.attrib, [source.attrib for source in _sources_of(element)])


def _sources_of(element: _Element) -> list[_Element]:
    """The `<source>` elements before an image in a `<picture>`; the parser may nest what follows in them."""
    found: list[_Element] = []
    while len(found) < _MAX_SOURCES:
        found += [near for near in islice(element.itersiblings(preceding=True), _MAX_SOURCES) if near.tag == "source"]
        above = element.getparent()
        if above is None or above.tag not in ("picture", "source"):
            return []
        if above.tag == "picture":
            return found
        found.append(above)
        element = above
    return found


def elements_around(top: Block, blocks: Sequence[Block], title: _Element | None) -> list[_Element]:
    """The `<img>` elements of the article: those in its block and, where the headline stands above, between the two."""
    roles = {block.element: block.role for block in blocks}
    outer = top.element
    if title is not None:
        above = set(title.iterancestors())
        outer = next((element for element in (outer, *outer.iterancestors()) if element in above), outer)
    if outer.tag == "body":
        outer = top.element
    found = []
    is_after_title = title is None or outer is top.element
    for element in outer.iter("img", "h1"):
        if element is title:
            is_after_title = True
        elif element.tag == "img" and is_after_title and _role_of(element, roles) in _SHOWN:
            found.append(element)
    return found


_SHOWN = frozenset({None, Role.CAPTION, Role.HIDDEN, Role.STANDFIRST, Role.SHARE})


def _role_of(element: _Element, roles: dict[_Element, Role | None]) -> Role | None:
    """The role of the block a picture stands in; one without text is asked for its own."""
    for ancestor in element.iterancestors():
        if ancestor in roles:
            return roles[ancestor]
        if is_block(ancestor) and (role := own_names(ancestor)[0]) is not None:
            return role
    return None


def pictures(elements: Iterable[_Element], base_url: str) -> list[Image]:
    """The pictures of a subtree in order."""
    found: dict[str, Image] = {}
    for element in elements:
        if len(found) >= MAX_IMAGES:
            break
        address = safe_url(source_of(element), base_url)
        if address is not None and address not in found:
            caption, credit = words_in_figure(element)
            alt = collapse(element.get("alt") or "").strip()
            found[address] = Image(url=address, alt=alt or None, caption=caption, credit=credit)
    return list(found.values())


def with_words_beside(
    chosen: Told[tuple[Image, ...]], elements: Iterable[_Element], base_url: str, beside: Beside
) -> Told[tuple[Image, ...]]:
    """The chosen pictures; where no figure tells who made one, with what the lines beside it tell."""
    words: dict[str, Words] = {}
    for element in islice(elements, MAX_IMAGES):
        address = safe_url(source_of(element), base_url)
        if address is not None and not any(words.get(address, ())):
            words[address] = beside.words_of(element)
    images = []
    for image in chosen.value or ():
        caption, credit = words.get(image.url, (None, None)) if image.credit is None else (None, None)
        images.append(replace(image, caption=image.caption or caption, credit=image.credit or credit))
    return replace(chosen, value=tuple(images) if chosen.value else chosen.value)


def leads_text(elements: Sequence[_Element], prose: Sequence[Line]) -> bool:
    """Whether the first picture stands above the text, a standfirst aside: where a page shows its lead."""
    picture = next((element for element in elements if source_of(element)), None)
    if picture is None or len(prose) < _STANDFIRSTS + 1:
        return False
    text = prose[_STANDFIRSTS].block.element
    order = text.getroottree().iter("img", str(text.tag))
    return next((element for element in order if element is picture or element is text), None) is picture


_STANDFIRSTS = 1


def choose_images(
    heard: Witnesses, inside: Sequence[Image], captions: Sequence[Line], base_url: str, hint: str | None, *, leads: bool
) -> Told[tuple[Image, ...]]:
    """All pictures, the lead first: as the page shows it where it shows the declared one, else the declared one.

    `inside` are the pictures around and in the text, in page order; `leads` says that the first stands above the text:
    with words of its own it is shown as the article's, and outweighs a declared one that is shown nowhere.
    """
    declared = _declared(heard, base_url, hint)
    claims = (*declared, *(Claim("first picture of the page", image.url) for image in inside[:1]))
    images = list(inside)
    if not declared:
        return Told(tuple(images), "first picture of the page" if images else None, heard=claims)
    lead = declared[0]
    twin = next((image for image in images if _same_picture(image.url, lead.value)), None)
    if twin is None and images and leads and (images[0].caption or images[0].credit):
        return Told(tuple(images), "first picture of the page", "captioned, above the text", claims)
    if twin is None:
        return Told((Image(url=lead.value, **_loose_words(captions, images)), *images), lead.by, heard=claims)
    images.remove(twin)
    return Told((twin, *images), lead.by, "as the page shows it", claims)


_IMAGE_METAS = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


def _declared(heard: Witnesses, base_url: str, hint: str | None) -> list[Claim[str]]:
    """What is declared as the article's picture, but for logos and stand-ins."""
    linked = (Claim("JSON-LD image", address) for address in heard.linked.images[:3])
    feed = [Claim("feed entry", hint)] if hint else []
    found = ((claim.by, safe_url(claim.value, base_url)) for claim in (*heard.claims(*_IMAGE_METAS), *linked, *feed))
    return [Claim(by, address) for by, address in found if address and not _STAND_IN.search(address)]


_STAND_IN = re.compile(
    r"logo|default[-_.]|placeholder|fallback|/assets/|favicon|avatar|social-share|share-image|"
    r"/(?:social|share|sharing|facebook|twitter|opengraph|open-graph|og[-_]?image)(?:[-_]?(?:image|img|picture|pic|card|banner|\d{1,4}(?:x\d{1,4})?)){0,3}\.(?:png|jpe?g|gif|webp)",
    re.I,
)


def _loose_words(captions: Sequence[Line], images: Sequence[Image]) -> dict[str, str | None]:
    """The first caption line that no picture in the text has taken."""
    taken = {word for image in images for word in (image.caption, image.credit) if word}
    for line in captions[:1]:
        caption, credit = split_caption(line.text)
        if not taken & {caption, credit}:
            return {"caption": caption, "credit": credit}
    return {}


def _same_picture(one: str, other: str) -> bool:
    return _picture_key(one) == _picture_key(other)


def _picture_key(address: str) -> str:
    """What names the picture in an address: its last part that is more than a size or a format."""
    inner = unquote(address).lower()
    inner = inner[max(0, inner.rfind("http")) :]
    for part in reversed(re.split(r"[?#]", inner)[0].rstrip("/").split("/")[3:]):
        words = [word for word in re.split(r"[-_~=,;@]+", _FORMAT.sub("", part)) if word and not _SIZE.match(word)]
        if len("".join(words)) >= _MIN_KEY:
            return re.sub(r"(?<=\d\d\d)[a-z]{1,2}$", "", "-".join(words))
    return address


_FORMAT = re.compile(r"(?:\.(?:jpe?g|png|webp|gif|avif)){1,9}$")
_SIZE = re.compile(
    r"(?:[a-z]{0,3}\d{1,4}(?:[a-z.]\d{1,4})*|x{0,2}[sml]|large|small|medium|scaled|full|original|social|og|thumb\w*|image|photo|jpe?g|png|webp)$"
)
_MIN_KEY = 5
