"""Feed lists as OPML: what every other feed reader can read and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from scraper.errors import WireroomError
from scraper.model import FeedSpec
from wireroom.found_feeds import FoundFeeds, named
from wireroom.opml_repair import declared_falsely
from wireroom.opml_repair import mended as mended_text

#: Folders deeper than this give no tags; real lists have two levels, and the XML parser takes 256.
MAX_DEPTH = 50
#: Types of elements whose `url` is no feed.
_LINKS = frozenset(("link", "image", "song", "video"))
#: Words in the types of FreshRSS for pages that it reads as feeds, and what is said of these.
_PAGES = ("xpath", "dotnotation", "dotpath")
#: Beginnings of FreshRSS's names for what it filters, and how it fetches.
_SETTINGS = ("filters", "cssfullcontent", "curlopt_")
_OF_A_PAGE = "a page that the other reader takes apart itself, not a feed"


class NotOpml(WireroomError):
    """The document is not an OPML feed list."""


def read_opml(
    document: bytes, left_out: list[str] | None = None, mended: list[str] | None = None
) -> tuple[FeedSpec, ...]:
    """Return the feeds of an OPML document in document order, each address once.

    What is no feed that can be polled is added to `left_out`, each with the reason, and what had to be mended to read
    a document that is not well-formed to `mended`. One that is cut is read as far as it goes.

    The names of the folders around a feed become its tags, outermost first; a feed that is listed in several folders
    gets the tags of all of them. `category` attributes ("/news/world,science") count as folders too.

    Raises:
        NotOpml: the document is not XML, or not OPML.
    """
    left_out = [] if left_out is None else left_out
    feeds = FoundFeeds(left_out, fate="")
    add_opml(document, feeds, left_out, [] if mended is None else mended)
    return feeds.specs()


def add_opml(document: bytes, feeds: FoundFeeds, left_out: list[str], mended: list[str]) -> None:
    """Add the feeds of an OPML document to others, as `read_opml` reads them."""
    root, is_cut = _parse(document, left_out, mended)
    if _local_name(root) != "opml":
        raise NotOpml(
            f"this is not an OPML feed list: its root element is <{_local_name(root)}>, not <opml>; "
            "export the list from the other reader as OPML"
        )
    body = next((element for element in root.iter() if _local_name(element) == "body"), None)
    outlines = list(_outlines(root if body is None else body, (), 0))
    if body is None and not outlines:
        raise NotOpml("this is not an OPML feed list: it has no <body>; export the list from the other reader as OPML")
    if body is None:
        mended.append("it has no <body>: the feeds outside of one are read")
    if is_cut and not any(outline.url for outline in outlines):
        raise NotOpml(f"this is not an OPML feed list: {left_out.pop().partition(';')[0]}, and no feed is in it")
    for outline in outlines:
        if outline.list_url:
            told = f"{named(outline.list_url, outline.name)}: a list of its own, which is not fetched"
            left_out.append(f"{told}; import that one, too")
        elif outline.is_link:
            left_out.append(f"{named(outline.url, outline.name)}: a link, not a feed")
        else:
            name = outline.name if outline.name != outline.url else None
            feeds.add(outline.url, name, outline.tags, fault=outline.fault)
            feeds.lacks(outline.url, outline.settings, "settings of the other reader, not taken over")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outline:
    """What an element of a list says of a feed, or of another list."""

    url: str
    name: str | None
    tags: tuple[str, ...]
    #: Why it cannot be polled.
    fault: str | None = None
    #: What FreshRSS was told to do with it.
    settings: tuple[str, ...] = ()
    is_link: bool = False
    #: Where another list is.
    list_url: str | None = None


def write_opml(feeds: Iterable[FeedSpec], *, title: str = "Wireroom feeds") -> str:
    """Return the feeds as an OPML 2.0 document, in the order given.

    Each feed stands in the folder of its first tag and names all its tags in `category`, so that readers with one
    folder for each feed and readers with tags both see what they can use.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _xml_text(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, list[FeedSpec]] = defaultdict(list)
    for feed in feeds:
        folders[feed.tags[0] if feed.tags else ""].append(feed)
    for name, members in folders.items():
        parent = etree.SubElement(body, "outline", text=_xml_text(name), title=_xml_text(name)) if name else body
        for feed in members:
            etree.SubElement(parent, "outline", _outline(feed))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True).decode()


def _parse(document: bytes, left_out: list[str], mended: list[str]) -> tuple[etree._Element, bool]:
    """Return the root element, and whether the document was damaged beyond what can be mended."""
    try:
        text = declared_falsely(document)
        if text is None:
            return etree.fromstring(document, _parser()), False
        root = etree.fromstring(text.encode(), _parser(encoding="utf-8"))
    except etree.XMLSyntaxError as exc:
        return _mended_root(document, exc, left_out, mended)
    mended.append("it is in UTF-8, whatever it says")
    return root, False


def _mended_root(
    document: bytes, exc: etree.XMLSyntaxError, left_out: list[str], mended: list[str]
) -> tuple[etree._Element, bool]:
    if b"<!ENTITY" in document:  # nothing that other readers write
        raise NotOpml(f"this is not an OPML feed list: {exc.msg}") from exc
    text, said = mended_text(document)
    mended += said
    try:
        return etree.fromstring(text.encode(), _parser(encoding="utf-8")), False
    except etree.XMLSyntaxError as again:
        root = etree.fromstring(text.encode(), _parser(encoding="utf-8", recover=True)) if "<" in text else None
        if root is None:
            raise NotOpml(f"this is not an OPML feed list: {exc.msg}") from exc
        left_out.append(f"cut off or damaged ({again.msg}); it is read as far as it goes")
        return root, True


def _parser(**options: Any) -> etree.XMLParser:
    # Entities stay unexpanded and nothing is loaded: a hostile list reads no file and no network (XXE), and
    # huge_tree=False keeps libxml2's own limits on depth and size.
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, **options)


def _outlines(element: etree._Element, folders: tuple[str, ...], depth: int) -> Iterator[_Outline]:
    """Yield what an element lists, however deep."""
    for outline in element:
        if _local_name(outline) != "outline":
            continue
        attributes = {_without_namespace(str(name)): str(value).strip() for name, value in outline.items()}
        name = attributes.get("title") or attributes.get("text") or None
        kind = attributes.get("type", "").lower()
        url = attributes.get("xmlurl") or attributes.get("url", "")
        list_url = attributes.get("opmlurl") or (url if kind == "include" else None)
        if url or list_url:
            tags = _once((*folders, *_categories(attributes.get("category", ""))))
            is_link = not attributes.get("xmlurl") and kind in _LINKS
            fault = _OF_A_PAGE if any(mark in kind for mark in _PAGES) else None
            settings = () if fault else tuple(name for name in attributes if name.startswith(_SETTINGS))
            yield _Outline(
                url=url, name=name, tags=tags, fault=fault, settings=settings, is_link=is_link, list_url=list_url
            )
        inner = (*folders, name) if name and not url and depth < MAX_DEPTH else folders
        yield from _outlines(outline, inner, depth + 1)


def _categories(attribute: str) -> tuple[str, ...]:
    return tuple(part.strip() for path in attribute.split(",") for part in path.split("/") if part.strip())


def _outline(feed: FeedSpec) -> dict[str, str]:
    name = _xml_text(feed.name or feed.url)
    attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": _xml_text(feed.url)}
    # A comma or slash inside a tag would read back as two tags; the first tag is whole in the folder's name.
    first, *others = feed.tags or ("",)
    kept = [first] if first and first == _one_category(first) else []
    categories = [*kept, *map(_one_category, others)]
    return attributes | ({"category": ",".join(map(_xml_text, categories))} if categories else {})


def _one_category(tag: str) -> str:
    return tag.replace(",", " ").replace("/", " ")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _local_name(element: etree._Element) -> str:
    # Comments and processing instructions have a function for a tag.
    return _without_namespace(element.tag) if isinstance(element.tag, str) else ""


def _without_namespace(name: str) -> str:
    # Not by etree.QName, which refuses names that only a damaged document has.
    return name.rpartition("}")[2].lower()


def _xml_text(text: str) -> str:
    """Leave out what XML 1.0 cannot hold (control characters)."""
    return "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))
