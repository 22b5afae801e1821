"""A fragment of a page as a soup of what says something: BeautifulSoup's tree without the page's scaffolding."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import NavigableString, PageElement, Tag

from scraper.clean.media import PLAYERS, is_social_post, picture_address

#: Elements without a meaning of their own: where words stand on both sides of an edge, an `<hr>` keeps them apart.
_FRAMES = frozenset((
    "address", "article", "aside", "body", "center", "details", "div", "fieldset", "footer", "form",
    "header", "hgroup", "html", "main", "nav", "section", "summary",
))  # fmt: skip
#: Blocks that are kept if there is something in them.
_BLOCKS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "dl", "dir", "menu", "li", "dt", "dd", "blockquote",
    "figure", "figcaption", "noscript", "caption",
))  # fmt: skip
_INLINE = frozenset((
    "a", "b", "strong", "i", "em", "code", "kbd", "samp", "tt", "sub", "sup", "del", "s", "strike", "picture",
    "cite", "bdi", "bdo",
))  # fmt: skip
#: Kept even when empty.
_ALWAYS = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", *PLAYERS))
#: Nothing is in these, though the parser may think so.
_VOID = frozenset(("br", "img", "source", "embed"))
_EDGES = _BLOCKS | frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th"))
_SILENT = frozenset((
    "script", "style", "template", "svg", "math", "button", "select", "textarea", "canvas", "head", "title", "option",
    "noembed", "noframes", "xmp", "plaintext", *(PLAYERS.keys() - {"embed"}),
))  # fmt: skip

_MAX_SOURCES = 40
_TABLE_SECTIONS = frozenset(("thead", "tbody", "tfoot"))
#: A table with one of these in a cell arranges blocks rather than data.
_ARRANGED = frozenset((
    "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dir", "menu", "table", "blockquote", "figure", "pre",
))  # fmt: skip
_LISTS = frozenset(("ul", "ol"))
#: Paragraphs and characters that a cell of data under a header has at most.
_MAX_PARAGRAPHS, _MAX_CELL = 12, 1500


def soup_of(fragment: str) -> BeautifulSoup:
    """The soup of a fragment: elements that bear on its text, each with all its attributes.

    Frames around blocks, elements around nothing, white space between blocks, scripts and all elements that only
    style are left out: building the tree is the dearest step of cleaning, and of a page's elements these are the half.
    """
    return BeautifulSoup(f"<div>{fragment}</div>", builder=_Builder, multi_valued_attributes=None, string_containers={})


class _Builder(LXMLTreeBuilder):
    """Hands on what the parser reports once something is said inside it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        #: Elements begun in which nothing has been said so far.
        self._waiting: list[tuple[str, Mapping[Any, Any]]] = []
        #: Depth in elements whose content is not read, and in preformatted text.
        self._silent = 0
        self._preformatted = 0
        #: Of the spans begun, which say a language or a direction.
        self._spans: list[bool] = []
        #: Whether words came since the last edge of a block, and whether a frame's edge came since.
        self._is_after_words = False
        self._needs_break = False

    def start(self, tag: Any, attrib: Mapping[Any, Any], nsmap: Mapping[Any, Any] | None = None) -> None:
        if self._silent:
            self._silent += tag in _SILENT
            if tag == "source":
                self._hand_on(tag, attrib)
                self.soup.handle_endtag(tag)
        elif tag in _VOID:
            self._say(tag, attrib)
            self.soup.handle_endtag(tag)
        elif tag in _ALWAYS:
            self._say(tag, attrib)
            self._silent += tag in _SILENT
        elif tag in _INLINE:
            self._waiting.append((tag, attrib))
        elif tag == "pre" and self._preformatted:  # the soup compares each with the others
            self._needs_break = self._is_after_words
            self._preformatted += 1
        elif tag in _BLOCKS:
            self._needs_break = self._is_after_words
            self._waiting.append((tag, attrib))
            self._preformatted += tag == "pre"
        elif tag in _FRAMES:
            self._needs_break = self._is_after_words
            if attrib and is_social_post(attrib.get("data-href", "")):
                self._say("embed", {"src": attrib["data-href"]})
                self.soup.handle_endtag("embed")
        else:
            self._start_other(tag, attrib)

    def _start_other(self, tag: Any, attrib: Mapping[Any, Any]) -> None:
        self._silent += tag in _SILENT
        if tag == "span":
            self._spans.append("lang" in attrib or "dir" in attrib)
            if self._spans[-1]:
                self._waiting.append((tag, attrib))

    def end(self, tag: Any) -> None:
        if self._silent:
            self._silent -= tag in _SILENT
            if not self._silent and tag in PLAYERS:
                self.soup.handle_endtag(tag)
        elif tag in _VOID:
            return
        elif tag in _FRAMES:
            self._needs_break = self._is_after_words
        elif tag in _ALWAYS or tag in _BLOCKS or tag in _INLINE or (tag == "span" and self._spans.pop()):
            self._preformatted -= tag == "pre"
            if tag == "pre" and self._preformatted:
                self._needs_break = self._is_after_words
                return
            if self._waiting and tag not in _ALWAYS:
                self._waiting.pop()
                return
            if tag in _EDGES:
                self._is_after_words = self._needs_break = False
            self.soup.handle_endtag(tag)

    def data(self, data: Any) -> None:
        if self._silent:
            return
        if data.isspace() and not self._preformatted:
            if self._is_after_words and not self._needs_break:
                self.soup.handle_data("\n" if "\n" in data else " ")
            return
        self._begin()
        self._is_after_words = True
        self.soup.handle_data(data)

    # lxml asks what `start` takes for each document; working that out anew is a tenth of reading a short one.
    start.__signature__ = inspect.signature(start)  # type: ignore[attr-defined]  # functions have it where it is set

    def comment(self, text: Any) -> None:
        """Comments say nothing."""

    def pi(self, target: Any, data: Any = None) -> None:
        """Nor do processing instructions."""

    def _say(self, tag: str, attrib: Mapping[Any, Any]) -> None:
        """Begin an element that says something by being there."""
        is_edge = tag in _EDGES
        self._needs_break = self._needs_break and not is_edge
        self._begin()
        self._is_after_words = not is_edge
        self._hand_on(tag, attrib)

    def _begin(self) -> None:
        """Begin what was waiting, behind a break if words before would run into it."""
        if self._needs_break:
            if not any(tag in _EDGES for tag, _ in self._waiting):
                self._hand_on("hr", {})
                self.soup.handle_endtag("hr")
            self._needs_break = False
        for tag, attrib in self._waiting:
            self._hand_on(tag, attrib)
        self._waiting.clear()

    def _hand_on(self, tag: str, attrib: Mapping[Any, Any]) -> None:
        self.soup.handle_starttag(tag, None, None, dict(attrib))


# --------------------------------------------------------------------------- asking its elements


def attribute(node: Tag, name: str) -> str:
    """An attribute, empty where it is missing."""
    value = node.attrs.get(name)
    return value if isinstance(value, str) else ""


def number(node: Tag, name: str, default: int) -> int:
    """An attribute that counts something."""
    value = attribute(node, name).strip()
    return int(value) if re.fullmatch(r"[0-9]{1,8}", value) else default


def picture_sources(image: Tag) -> list[Mapping[str, object]]:
    """The attributes of the `<source>` elements beside an image in a `<picture>`."""
    frame = image.parent
    if frame is None or frame.name != "picture":
        return []
    return [node.attrs for node in frame.contents[:_MAX_SOURCES] if isinstance(node, Tag) and node.name == "source"]


def inside(root: Tag) -> Iterator[PageElement]:
    """All nodes in an element in document order; the soup's own walk looks for the last one first."""
    pending = [iter(root.contents)]
    while pending:
        for node in pending[-1]:
            yield node
            if isinstance(node, Tag):
                pending.append(iter(node.contents))
                break
        else:
            pending.pop()


def data_rows(table: Tag) -> list[list[Tag]] | None:
    """The cells of a table of data, row by row; None for one that arranges blocks."""
    rows: list[list[Tag]] = []
    for part in _only_tags(table):
        sections = _only_tags(part) if part.name in _TABLE_SECTIONS else [part]
        for row in sections:
            if row.name == "tr":
                rows.append(_only_tags(row))
            elif row.name not in ("caption", "colgroup", "col"):
                return None
    is_headed = (
        any(cell.name == "th" for row in rows for cell in row) or table.find("thead", recursive=False) is not None
    )
    is_even = all(
        cell.name in ("td", "th") and not _is_arranged(cell, is_headed=is_headed) for row in rows for cell in row
    )
    return rows if is_even and any(len(row) > 1 for row in rows) else None


def _only_tags(node: Tag) -> list[Tag]:
    """The elements in an element; loose words count as one that is not wanted there."""
    return [
        child if isinstance(child, Tag) else Tag(name="loose")
        for child in node.contents
        if isinstance(child, Tag) or (type(child) is NavigableString and child.strip())
    ]


def _is_arranged(cell: Tag, *, is_headed: bool) -> bool:
    """Whether a cell holds blocks; under headers it may hold a short list or a few paragraphs."""
    paragraphs = words = 0
    for inner in inside(cell):
        if isinstance(inner, Tag):
            paragraphs += inner.name == "p"
            if inner.name in _ARRANGED and not (is_headed and inner.name in _LISTS):
                return True
            if paragraphs > (_MAX_PARAGRAPHS if is_headed else 1):
                return True
            if inner.name == "img" and picture_address(inner.attrs, picture_sources(inner)):
                return True
        elif is_headed and isinstance(inner, NavigableString):
            words += len(inner)
    return words > _MAX_CELL
