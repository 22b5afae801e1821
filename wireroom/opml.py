"""Feed lists as OPML: what every other feed reader can read and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from scraper.addresses import without_credentials
from scraper.config.values import feed_address, parse_address
from scraper.errors import WireroomError
from scraper.model import FeedSpec

#: Folders deeper than this give no tags; real lists have two levels, and the XML parser takes 256.
MAX_DEPTH = 50
#: Of an address or name in a message.
_SHOWN_CHARS = 200


class NotOpml(WireroomError):
    """The document is not an OPML feed list."""


def read_opml(document: bytes, left_out: list[str] | None = None) -> tuple[FeedSpec, ...]:
    """Return the feeds of an OPML document in document order, each address once.

    Those that cannot be polled are added to `left_out`, each with the reason.

    The names of the folders around a feed become its tags, outermost first; a feed that is listed in several folders
    gets the tags of all of them. `category` attributes ("/news/world,science") count as folders too.

    Raises:
        NotOpml: the document is not XML, or not OPML.
    """
    root = _parse(document)
    body = next((child for child in root if _local_name(child) == "body"), None)
    if _local_name(root) != "opml" or body is None:
        raise NotOpml(
            f"this is not an OPML feed list: its root element is <{_local_name(root)}>, not <opml> with a <body>; "
            "export the list from the other reader as OPML"
        )
    feeds: dict[str, FeedSpec] = {}
    for spec in _feeds_under(body, (), 0):
        if fault := _fault(spec):
            if left_out is not None and fault not in left_out:
                left_out.append(fault)
            continue
        known = feeds.get(spec.url)
        feeds[spec.url] = replace(known, tags=_once((*known.tags, *spec.tags))) if known else spec
    return tuple(feeds.values())


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


def _parse(document: bytes) -> etree._Element:
    # Entities stay unexpanded and nothing is loaded: a hostile list reads no file and no network (XXE), and
    # huge_tree=False keeps libxml2's own limits on depth and size.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as exc:
        raise NotOpml(f"this is not an OPML feed list: {exc.msg}") from exc


def _feeds_under(element: etree._Element, folders: tuple[str, ...], depth: int) -> Iterator[FeedSpec]:
    for outline in element:
        if _local_name(outline) != "outline":
            continue
        attributes = {name.lower(): str(value).strip() for name, value in outline.attrib.items()}
        name = attributes.get("title") or attributes.get("text") or None
        url = attributes.get("xmlurl") or (attributes.get("url", "") if attributes.get("type") == "rss" else "")
        if url:
            tags = _once((*folders, *_categories(attributes.get("category", ""))))
            yield FeedSpec(url=feed_address(url), name=name if name != url else None, tags=tags)
        inner = (*folders, name) if name and not url and depth < MAX_DEPTH else folders
        yield from _feeds_under(outline, inner, depth + 1)


def _fault(spec: FeedSpec) -> str | None:
    """Say why a feed cannot be polled; None = it can be."""
    try:
        parse_address(spec.url)
    except ValueError as exc:
        name = f" ({spec.name[:_SHOWN_CHARS]})" if spec.name else ""
        return f"{without_credentials(spec.url)[:_SHOWN_CHARS]}{name}: {exc}"
    return None


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
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _xml_text(text: str) -> str:
    """Leave out what XML 1.0 cannot hold (control characters)."""
    return "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))
