"""An article's stored HTML as it is shown: plain elements only, pictures as links."""

from __future__ import annotations

from dataclasses import dataclass

import lxml.html
from lxml.html import HtmlElement
from markupsafe import Markup

from wireroom.web.show import web_address

#: Elements that are shown. What is stored has passed nh3 already; this is the second lock on the same door.
_SHOWN = frozenset((
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "b", "i", "a",
    "br", "hr", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "sub", "sup",
    "del", "ins", "dl", "dt", "dd", "q", "cite", "abbr", "small", "kbd", "span", "div", "img",
))  # fmt: skip
#: Elements that go with all that is in them; any other unknown one leaves its text behind.
_DROPPED = frozenset((
    "script", "style", "template", "noscript", "iframe", "frame", "object", "embed", "applet", "svg", "math", "form",
    "input", "button", "select", "textarea", "audio", "video", "canvas", "head", "title", "meta", "link", "base",
    "plaintext", "xmp", "noembed", "noframes",
))  # fmt: skip
_KEPT_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
_EVERYWHERE = frozenset(("lang", "dir"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBody:
    """An article's text, ready for a page."""

    html: Markup
    #: Pictures that became links.
    picture_count: int


def shown_body(html: str, *, without_picture: str | None = None) -> ShownBody:
    """Return stored HTML for a page: nothing in it loads anything, and links give nothing away.

    The picture at the address `without_picture` is left out: the page shows it above the text, with its credit.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = lxml.html.fragment_fromstring(html.encode("utf-8", "replace"), create_parent="div", parser=parser)
    for image in root.xpath(".//img[@src=$address]", address=without_picture or ""):
        _drop_with_frame(image)
    picture_count = _make_inert(root)
    _order_headings(root)
    for wide in root.iter("pre", "table"):
        wide.set("tabindex", "0")  # they scroll sideways, and keys scroll what has the focus
    return ShownBody(html=Markup(_inner_html(root)), picture_count=picture_count)


def _make_inert(root: HtmlElement) -> int:
    picture_count = 0
    for element in list(root.iterdescendants()):
        if element.getparent() is None:
            continue  # went with an element around it
        name = element.tag if isinstance(element.tag, str) else ""
        if name == "h1":
            element.tag = "h2"  # the page has its h1: the title
        elif name in _DROPPED or not name:
            element.drop_tree()
            continue
        elif name not in _SHOWN:
            element.drop_tag()
            continue
        elif name == "img":
            picture_count += 1
            _link_picture(element)
            continue
        _strip_attributes(element)
    return picture_count


def _order_headings(root: HtmlElement) -> None:
    """Give headings levels that begin below the page's title and go down one at a time."""
    opened: list[int] = []
    for heading in root.iter("h2", "h3", "h4", "h5", "h6"):
        level = int(heading.tag[1])
        while opened and opened[-1] >= level:
            opened.pop()
        opened.append(level)
        heading.tag = f"h{1 + len(opened)}"


def _drop_with_frame(element: HtmlElement) -> None:
    """Take an element out with its caption, and the elements around it that held nothing else."""
    parent = element.getparent()
    for caption in parent.findall("figcaption") if parent is not None and parent.tag == "figure" else ():
        caption.drop_tree()
    element.drop_tree()
    if parent is not None and parent.getparent() is not None and not len(parent) and not (parent.text or "").strip():
        _drop_with_frame(parent)


def _strip_attributes(element: HtmlElement) -> None:
    kept = _EVERYWHERE | _KEPT_ATTRIBUTES.get(str(element.tag), set())
    for name in list(element.attrib):
        if name not in kept:
            del element.attrib[name]
    if element.tag == "a":
        address = web_address(element.get("href"))
        if address is None:
            element.attrib.pop("href", None)
        else:
            element.set("href", address)
            element.set("rel", "noopener noreferrer")


def _link_picture(image: HtmlElement) -> None:
    address, alt = web_address(image.get("src")), (image.get("alt") or "").strip()
    is_linked = any(parent.tag == "a" for parent in image.iterancestors())
    image.tag = "span" if address is None or is_linked else "a"
    image.text = f"Picture: {alt}" if alt else "Picture"
    image.attrib.clear()
    image.set("class", "picture")
    if image.tag == "a" and address is not None:
        image.set("href", address)
        image.set("rel", "noopener noreferrer")


def _inner_html(root: HtmlElement) -> str:
    children = (lxml.html.tostring(child, encoding="unicode") for child in root)
    lead = Markup.escape(root.text or "")
    return str(lead) + "".join(children)
