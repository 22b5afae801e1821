"""A page as an lxml tree, parsed once, with a bound on everything an attacker could make expensive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from scraper.clean.media import PLAYERS, picture_address
from scraper.clean.notation import is_marked, write_out
from scraper.extract.page.panels import open_panels
from scraper.extract.page.streamed import place_parts

#: Characters of a page that are read; the rest is cut off.
MAX_CHARS = 6_000_000
#: Attributes of one start tag beyond which they are all thrown away: libxml2 is quadratic in them (50,000 = 2.5 s).
MAX_ATTRIBUTES = 800
#: A tag with so many attributes is longer than this.
_LONG_TAG = 3000
#: Bytes; below this a tag of a page costs less than 2 s.
_LARGE_PAGE = 400_000

_START_TAG = re.compile(rb"<([a-zA-Z][\w:-]*)[\s/]")
_WHOLE_TAG = re.compile(rb"""<[a-zA-Z](?:[^"'>]*+(?:"[^"]*+"|'[^']*+'))*+[^"'>]*+""")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
#: Control characters, of which lxml refuses to make text, become spaces.
_XML_BYTES = bytes(32 if byte < 32 and byte not in b"\t\n\r" else byte for byte in range(256))

#: Never part of what a reader reads.
_UNREAD_TAGS = (
    "script", "style", "template", "svg", "math", "applet", "canvas", "map",
    "button", "input", "select", "textarea", "datalist", "progress", "meter", "dialog", "nav", "link", "meta", "title",
    "base", "frame", "frameset", "noframes", "option", "label", "legend",
)  # fmt: skip

#: Of those, the ones that a page may forget to close.
_MISNESTED_TAGS = ("button", "nav", "label", "dialog", "select", "object", "legend", "svg", "noscript")
_SWALLOWED_CHARS = 1500
_MAX_VISITS = 20_000

_Element = etree._Element


def parse_page(text: str) -> _Element | None:
    """The root element, None for a document without elements.

    Nesting beyond 2,048 elements is cut by the parser.
    """
    text = text[:MAX_CHARS]
    if "\ufffe" in text or "\uffff" in text:
        text = text.replace("\ufffe", " ").replace("\uffff", " ")
    data = _without_long_tags(text.encode("utf-8", "replace").translate(_XML_BYTES))
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    if root is None or not isinstance(root.tag, str):
        return None
    place_parts(root)
    if is_marked(text):
        write_out(root)
    return root


def _without_long_tags(data: bytes) -> bytes:
    """Take the attributes off start tags that have too many."""
    kept: list[bytes] = []
    done = 0
    for start, end in sorted({*_unended_tags(data), *(_quoting_tags(data) if len(data) > _LARGE_PAGE else ())}):
        script_end = data.find(b"</script", start, end)  # then it was "a<b" in a program
        end = end if script_end < 0 else script_end
        if start >= done and end - start >= _LONG_TAG and _attributes(data[start:end]) >= MAX_ATTRIBUTES:
            name = _START_TAG.match(data, start)
            kept += (data[done:start], b"<", name[1] if name else b"p")
            done = end
    return b"".join((*kept, data[done:])) if kept else data


def _unended_tags(data: bytes) -> Iterator[tuple[int, int]]:
    """Where a start tag may be long: looks closely only at places where no tag ends for a while."""
    before = at = 0
    step = _LONG_TAG // 2
    while at + step <= len(data):
        if data.find(b">", at, at + step) >= 0:
            at += step
            continue
        end = data.find(b">", at + step)
        end = len(data) if end < 0 else end
        tag = _START_TAG.search(data, data.rfind(b">", before, at) + 1, end)
        if tag:
            yield tag.start(), end
        before = end
        at = end + 1


def _quoting_tags(data: bytes) -> Iterator[tuple[int, int]]:
    """Long start tags that quote a ">"; too dear for every page."""
    for tag in _WHOLE_TAG.finditer(data):
        if tag.end() - tag.start() >= _LONG_TAG:
            yield tag.start(), tag.end()


def _attributes(tag: bytes) -> int:
    return len(_QUOTED.sub(b" ", tag).split()) - 1


def prune_unread(root: _Element) -> None:
    """Take out scripts, styles, controls and navigation, once the witnesses have been heard.

    Of players (videos, posts shown from elsewhere) stays the element, with nothing in it.
    """
    open_panels(root)
    _unwrap_amp_images(root)
    _rescue_lazy_images(list(root.iter("noscript")))
    _unwrap_misnested(root)
    _show_backgrounds(root)
    _empty_players(root)
    etree.strip_elements(root, *_UNREAD_TAGS, with_tail=False)
    fallbacks = list(root.iter("noscript"))
    if fallbacks and _has_other_text(root, fallbacks):
        etree.strip_elements(root, "noscript", with_tail=False)


def _unwrap_misnested(root: _Element) -> None:
    """A button or menu that was never closed has swallowed the article: make it a plain block."""
    budget = _MAX_VISITS
    for element in root.iter(*_MISNESTED_TAGS):
        prose = 0
        for paragraph in element.iter("p"):
            budget -= 1
            prose += len(paragraph.text or "")
            if prose > _SWALLOWED_CHARS or budget < 0:
                break
        if prose > _SWALLOWED_CHARS:
            element.tag = "div"


def _empty_players(root: _Element) -> None:
    """Nothing is read inside a player: an address that stands there moves to the player itself."""
    for player in list(root.iter(*PLAYERS)):
        if player.tag == "embed" and player.getparent() is not None:
            player.addprevious(etree.Element("embed", {str(name): str(value) for name, value in player.items()}))
            player.tag = "div"  # what follows an embed is not in it, whatever the parser thinks
            continue
        if len(player):
            inner = next((part for part in player.iter("source", "embed") if part is not player), None)
            if inner is not None and not (player.get("src") or player.get("data")):
                player.set("data" if player.tag == "object" else "src", inner.get("src") or inner.get("data-src") or "")
            for child in list(player):
                player.remove(child)
        player.text = None


def _unwrap_amp_images(root: _Element) -> None:
    for image in list(root.iter("amp-img")):
        image.tag = "img"
        for child in list(image):
            image.remove(child)


def _show_backgrounds(root: _Element) -> None:
    """A photograph as the background of an empty block is a picture like another; a label of no control is text."""
    for element in list(root.iter("div", "span", "a", "figure", "section", "header")):
        photo = _BACKGROUND.search(element.get("style") or "")
        if photo and len(element) == 0 and not squeezed(element.text):
            etree.SubElement(element, "img", {"src": photo[1], "alt": element.get("aria-label") or ""})
    for label in list(root.iter("label")):
        if label.get("for") is None and len(label) == 0 and next(label.iterancestors("form"), None) is None:
            label.tag = "span"


_BACKGROUND = re.compile(
    r"background(?:-image)?\s{0,3}:[^;()]{0,60}url\(\s{0,3}[\"']?([^\"'()\s]{4,600}\.(?:jpe?g|png|webp|avif)(?:\?[^\"'()\s]{0,400})?)[\"']?\s{0,3}\)",
    re.I,
)


def _rescue_lazy_images(fallbacks: list[_Element]) -> None:
    """Give an image that waits for a script the address its `<noscript>` twin has; without a twin that one is shown."""
    for fallback in fallbacks:
        image = fallback.find(".//img")
        if image is None:
            continue
        twin = _image_beside(fallback)
        if twin is None:
            image.tail = None
            fallback.addprevious(image)
        elif image.get("src") and picture_address(twin.attrib) is None:
            twin.set("data-src", image.get("src") or "")


def _image_beside(element: _Element) -> _Element | None:
    beside = [other for other in (element.getprevious(), element.getnext()) if other is not None]
    own = next((other for other in beside if other.tag == "img"), None)
    return (
        own
        if own is not None
        else next((found for other in beside if (found := other.find("./img")) is not None), None)
    )


def _has_other_text(root: _Element, fallbacks: list[_Element]) -> bool:
    inside = sum(len(text) for element in fallbacks for text in element.itertext())
    return inside == 0 or sum(len(text.strip()) for text in root.itertext()) - inside > 200


def script_chars(root: _Element, *, enough: int) -> int:
    """Characters of the page's scripts, counted until there are more than `enough`."""
    total = 0
    for script in root.iter("script"):
        total += len(script.text or "")
        if total > enough:
            break
    return total


def drop_tree(element: _Element) -> None:
    """Remove an element, keep the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def squeezed(text: str | None) -> str:
    """Text with each run of white space as one space."""
    return " ".join(text.split()) if text else ""


def text_of(element: _Element, limit: int = 2000) -> str:
    """What an element says, squeezed; reads no more than about `limit` characters."""
    parts: list[str] = []
    size = 0
    for part in readable(element):
        parts.append(part)
        size += len(part)
        if size > limit:
            break
    return squeezed("".join(parts))


def readable(element: _Element) -> Iterator[str]:
    """The strings of an element without those of scripts and styles, with a space at each block's edge."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        silent = node.tag in ("script", "style", "noscript", "template", "svg")
        if event == "start":
            if node.text and not silent:
                yield node.text
            continue
        if node.tag not in _INLINE:
            yield " "
        if node is not element and node.tail:
            yield node.tail


_INLINE = frozenset(("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small",
                     "span",                      "strong", "sub", "sup", "u", "wbr"))  # fmt: skip
