"""The pictures of an article, with captions and credits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import etree

from scraper.clean import collapse, safe_url
from scraper.extract.blocks import Block, Line
from scraper.extract.phrases import credit_of, is_credit
from scraper.extract.roles import Role
from scraper.extract.tree import text_of
from scraper.extract.witnesses import Witnesses
from scraper.model import Image

_Element = etree._Element

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-src-large",
    "data-full",
    "data-image",
    "data-url",
    "data-orig-file",
    "data-hi-res-src",
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_MIN_SIDE = 90
_USELESS = re.compile(
    r"(?:^data:|pixel|spacer|blank\.|1x1|placeholder|transparent|avatar|gravatar|emoji|icon|logo|sprite|/ads?/|doubleclick|feedburner|\.svg(?:$|\?))",
    re.I,
)
_WIDTH = re.compile(r"\s(\d+)w$")
MAX_IMAGES = 60


def source_of(element: _Element) -> str | None:
    """The address an `<img>` would show, lazy loading undone; None for tracking pixels and ornaments."""
    if _is_tiny(element):
        return None
    found = (
        [element.get(name) for name in _LAZY]
        + [_largest(element.get(name)) for name in _LAZY_SETS]
        + [element.get("src")]
    )
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        found += [_largest(source.get("srcset") or source.get("data-srcset")) for source in parent.iter("source")]
    usable = [address for address in found if address and not _USELESS.search(address)]
    return usable[0] if usable else None


def _is_tiny(element: _Element) -> bool:
    for name in ("width", "height"):
        digits = re.match(r"\d+", element.get(name) or "")
        if digits and int(digits[0]) < _MIN_SIDE:
            return True
    return False


def _largest(candidates: str | None) -> str | None:
    """The widest of a srcset, up to 1,600 pixels where it says."""
    best, best_width = None, -1
    for entry in re.split(r",\s+", candidates or "")[:20]:
        address = entry.strip().split(" ")[0]
        width = _WIDTH.search(entry.strip())
        size = int(width[1]) if width else 0
        if (address and best_width < size <= 1600) or best is None:
            best, best_width = address, size
    return best or None


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
    return next((roles[ancestor] for ancestor in element.iterancestors() if ancestor in roles), None)


def pictures(elements: Iterable[_Element], base_url: str) -> list[Image]:
    """The pictures of a subtree in order."""
    found: dict[str, Image] = {}
    for element in elements:
        if len(found) >= MAX_IMAGES:
            break
        address = safe_url(source_of(element), base_url)
        if address is not None and address not in found:
            caption, credit = _words_of(_figure_of(element))
            alt = collapse(element.get("alt") or "").strip()
            found[address] = Image(url=address, alt=alt or None, caption=caption, credit=credit)
    return list(found.values())


def _figure_of(element: _Element) -> _Element | None:
    """The element that holds a picture and what is said of it."""
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag == "figure":
            return ancestor
        if re.search(r"caption|figure", ancestor.get("class") or "", re.I) and ancestor.tag in ("div", "span", "dl"):
            return ancestor
        if depth > 5 or ancestor.tag in ("body", "article", "main", "section"):
            return None
    return None


def _words_of(figure: _Element | None) -> tuple[str | None, str | None]:
    if figure is None:
        return None, None
    credit = next((text_of(part, 300) for part in figure.iter() if _is_credit_part(part)), None)
    whole = text_of(figure, 1200)
    if len(whole) > 1000:
        return None, None
    return split_caption(whole, credit)


def _is_credit_part(element: _Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    return any(part in names for part in ("credit", "copyright", "source", "photographer", "author", "agency"))


def split_caption(whole: str, credit: str | None = None) -> tuple[str | None, str | None]:
    """A caption as its description and its maker."""
    whole = collapse(whole).strip()
    if credit and credit in whole:
        caption = whole.replace(credit, " ").strip(" |·-–—/")
        return " ".join(caption.split()) or None, credit_of(credit) or credit.strip(" ()©[]") or None
    if is_credit(whole):
        found = credit_of(whole)
        if found is not None:
            cut = whole.rfind(found)
            before = re.split(r"[\w ]*(?:[:：©(|/]|\bby\b)\s*$", whole[:cut])[0].strip(" .|(–—-")
            return before or None, found
        return None, whole.strip(" ()©") or None
    return whole or None, None


def choose_images(
    heard: Witnesses, inside: Sequence[Image], captions: Sequence[Line], base_url: str, hint: str | None
) -> tuple[Image, ...]:
    """All pictures, the lead first: as the page shows it where it shows the declared one, else the declared one.

    `inside` are the pictures around and in the text, in page order.
    """
    lead_url = _declared(heard, base_url, hint)
    images = list(inside)
    if lead_url is None:
        return tuple(images)
    twin = next((image for image in images if _same_picture(image.url, lead_url)), None)
    if twin is None and images and _captioned_first(images):
        return tuple(images)
    if twin is None:
        return (Image(url=lead_url, **_loose_words(captions, images)), *images)
    images.remove(twin)
    return (twin, *images)


def _declared(heard: Witnesses, base_url: str, hint: str | None) -> str | None:
    names = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    for address in (*heard.every(*names), *heard.linked.images, hint):
        absolute = safe_url(address, base_url)
        if absolute and not _STAND_IN.search(absolute):
            return absolute
    return None


_STAND_IN = re.compile(r"logo|default[-_.]|placeholder|fallback|/assets/|favicon|avatar|social-share|share-image", re.I)


def _captioned_first(images: Sequence[Image]) -> bool:
    """The page's first picture has words of its own: it is shown as the article's."""
    return bool(images[0].caption or images[0].credit)


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
    """The file's name without size and format."""
    name = re.split(r"[?#]", address)[0].rstrip("/").rsplit("/", 1)[-1].lower()
    return re.sub(
        r"(?:[-_@](?:\d{2,4}x\d{2,4}|scaled|\dx|large|small|medium|w?\d{3,4}))*(?:\.(?:jpe?g|png|webp|gif|avif))*$",
        "",
        name,
    )
