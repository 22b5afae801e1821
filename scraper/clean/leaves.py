"""Reads the soup of a fragment into leaves: paragraphs, headings, items, tables, pictures and players.

Only what these elements say passes; of attributes, addresses, language and direction, numbers of lists and tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bs4.element import NavigableString, PageElement, Tag

from scraper.clean.media import PLAYERS, embed_address, embed_of, is_social_post, picture_address
from scraper.clean.soup import attribute, data_rows, inside, number, picture_sources
from scraper.clean.tokens import Cell, Container, Leaf, Token, collapse, leaves_of, preformatted

#: Lists and quotations nested deeper than this are flattened.
MAX_NESTING = 12

INLINE_NAMES = {
    "a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "kbd": "code", "samp": "code",
    "tt": "code", "sub": "sub", "sup": "sup", "del": "del", "s": "del", "strike": "del", "cite": "cite", "bdi": "bdi",
    "bdo": "bdo", "span": "span",
}  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Longer than this, a heading was not closed.
_MAX_HEADING = 400
_LISTS = {"ul": "ul", "ol": "ol", "dl": "dl", "dir": "ul", "menu": "ul"}
#: What stands in a list; where it is missing, it is put around what is there.
_ITEM_OF = {"ul": "li", "ol": "li", "dl": "dd"}
_CONTAINERS = frozenset((*_LISTS, "li", "dt", "dd", "blockquote"))
_BREAKING = HEADINGS | _CONTAINERS | frozenset((
    "p", "pre", "hr", "figure", "figcaption", "caption", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
))  # fmt: skip
_MAX_SPAN = 64
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_DIRECTIONS = frozenset(("ltr", "rtl", "auto"))
_POST = re.compile(r"tweet|twitter|instagram|tiktok|reddit|bluesky|mastodon|threads|telegram|fb-|\bembed", re.I)


@dataclass(slots=True)
class _Figure:
    """A figure that is being read."""

    #: Leaves before it, and before its caption.
    start: int
    caption_at: int = 0
    caption: list[Token] = field(default_factory=list)


class Reader:
    """Turns a soup into leaves, without recursion into depth."""

    def __init__(self, resolve: Callable[[str | None], str | None], *, is_cell: bool = False) -> None:
        self._resolve = resolve
        self._is_cell = is_cell
        self._is_after_item = False
        self._leaves: list[Leaf] = []
        self._path: tuple[Container, ...] = ()
        self._tag = "p"
        self._voice = ""
        self._figures: list[_Figure] = []
        self._tokens: list[Token] = []
        self._inline: list[Token] = []
        self._count = 0
        #: The list made around items that have none, the last item of each list, what was shown already.
        self._stray: Container | None = None
        self._last_items: dict[int, Container] = {}
        self._shown: set[str] = set()

    def read(self, soup: Tag) -> list[Leaf]:
        """All leaves with something in them."""
        self._walk(soup)
        self._flush()
        return self._leaves

    def read_cell(self, cell: Tag) -> tuple[list[Token], list[Leaf]]:
        """What a cell says as one run, and the pictures in it."""
        self._walk(cell)
        leaves = leaves_of("td", (), self._tokens)
        words = next((leaf.tokens for leaf in leaves if leaf.tag == "td"), [])
        return words, [leaf for leaf in leaves if leaf.tag != "td"]

    def _walk(self, root: Tag) -> None:
        frames: list[tuple[Iterator[PageElement], str, tuple[Container, ...], str, str]]
        frames = [(iter(root.contents), "", self._path, self._tag, self._voice)]
        while frames:
            for node in frames[-1][0]:
                if isinstance(node, Tag):
                    frame = (iter(node.contents), node.name, self._path, self._tag, self._voice)
                    if self._open(node):
                        frames.append(frame)
                        break
                    self._voice = frame[-1]
                elif type(node) is NavigableString:
                    self._tokens.append(("text", node))
            else:
                _, name, path, tag, voice = frames.pop()
                self._close(name, path, tag)
                self._voice = voice

    def _open(self, node: Tag) -> bool:
        """Take in the beginning of an element; whether there is something in it to read."""
        name = node.name
        if name in INLINE_NAMES:
            said = self._resolve(attribute(node, "href")) if name == "a" else _voice_of(node)
            token = ("open", INLINE_NAMES[name], said or "")
            self._inline.append(token)
            self._tokens.append(token)
            return True
        if name in _BREAKING:
            return self._open_block(name, node)
        if name == "br":
            self._tokens.append(("br",))
        elif name == "img":
            self._image(node)
        elif name == "noscript":
            for image in node.find_all("img", limit=20):
                self._image(image)
        elif name in PLAYERS:
            self._player(name, node)
        else:
            return True
        return False

    def _open_block(self, name: str, node: Tag) -> bool:
        if self._is_cell:
            self._divide(name)
            return True
        self._flush()
        self._voice = _voice_of(node) or self._voice
        if name in _CONTAINERS:
            self._enter(name, node)
        elif name in HEADINGS:
            self._tag = name
        elif name == "p":
            self._tag = "p"
        elif name == "figure":
            if self._sole_link(node):
                return False
            self._figures.append(_Figure(len(self._leaves)))
        elif name == "figcaption":
            return not self._take_caption(node)
        elif name == "pre":
            return not self._preformatted(node)
        elif name == "table":
            return not self._table(node)
        return True

    def _divide(self, name: str) -> None:
        """Keep a block in a cell from what stands before it: an item from the one before by a comma."""
        tokens = self._tokens
        if name == "li" and self._is_after_item and tokens[-1] == ("br",):
            tokens.pop()
            said = next((token[1] for token in reversed(tokens) if token[0] == "text" and token[1].strip()), "")
            tokens.append(("text", ", ") if said.rstrip()[-1:].isalnum() else ("br",))
        else:
            tokens.append(("br",))
        self._is_after_item = False

    def _close(self, name: str, path: tuple[Container, ...], tag: str) -> None:
        if name in INLINE_NAMES:
            self._tokens.append(("close", self._inline.pop()[1]))
        elif name in _BREAKING:
            if self._is_cell:
                self._tokens.append(("br",))
                self._is_after_item = name == "li"
                return
            self._flush()
            if name == "figure":
                self._end_figure(self._figures.pop())
            self._path, self._tag = path, tag

    # ---- blocks

    def _enter(self, name: str, node: Tag) -> None:
        """Go into a container, unless it is too deep or out of place."""
        self._tag = "p"
        room = MAX_NESTING - len(self._path)
        parent = self._path[-1].name if self._path else ""
        if name in _LISTS and room > 2:
            if parent in _ITEM_OF:
                self._path += (self._last_items.get(self._path[-1].number) or self._new_item(self._path[-1]),)
            self._path += (self._new(_LISTS[name], number(node, "start", 1) if name == "ol" else 1),)
        elif name == "li" and (parent in ("ul", "ol") or room > 2):
            if parent not in ("ul", "ol"):
                self._path += (self._stray_list(),)
            self._path += (self._new_item(self._path[-1]),)
        elif name in ("dt", "dd") and parent == "dl":
            self._path += (self._new(name),)
            self._last_items[self._path[-2].number] = self._path[-1]
        elif name == "blockquote" and room > 2:
            if parent in _ITEM_OF:
                self._path += (self._new_item(self._path[-1]),)
            self._path += (self._new(name),)
            self._name_post(node)

    def _new(self, name: str, start: int = 1) -> Container:
        self._count += 1
        return Container(name, self._count, start)

    def _new_item(self, parent: Container) -> Container:
        item = self._last_items[parent.number] = self._new(_ITEM_OF[parent.name])
        return item

    def _stray_list(self) -> Container:
        """The list for an item outside of one: that of the item just before, or a new one."""
        depth = len(self._path)
        before = self._leaves[-1].path if self._leaves else ()
        if self._stray is None or len(before) <= depth or before[: depth + 1] != (*self._path, self._stray):
            self._stray = self._new("ul")
        return self._stray

    def _name_post(self, quote: Tag) -> None:
        """Put a player behind the words of a social network's post, where they have no link to it."""
        if not (_POST.search(attribute(quote, "class")) or "data-instgrm-permalink" in quote.attrs):
            return
        links = quote.find_all("a", href=True, limit=50)
        named = [attribute(quote, "data-instgrm-permalink"), attribute(quote, "cite")]
        named += [attribute(link, "href") for link in reversed(links)]
        post = next((address for address in named if is_social_post(address)), None)
        found = embed_of(post) if post else None
        shown = (embed_of(attribute(link, "href")) for link in links if link.get_text(strip=True))
        if found and post and all(other is None or other.url != found.url for other in shown):
            quote.append(Tag(name="embed", attrs={"src": post}))

    def _flush(self) -> None:
        """End the leaf that is being gathered; the next one begins inside the same inline elements."""
        tokens = self._tokens
        if len(tokens) == len(self._inline):
            return
        tokens.extend([("close", token[1]) for token in reversed(self._inline)])
        leaves = leaves_of(self._tag, self._path, tokens)
        if leaves:
            self._add(leaves)
        self._tokens = list(self._inline)

    def _add(self, leaves: list[Leaf]) -> None:
        for leaf in leaves:
            leaf.voice = self._voice
            if self._path and self._path[-1].name in _ITEM_OF:
                leaf.path = (*self._path, self._new_item(self._path[-1]))
            if (
                leaf.tag in HEADINGS
                and sum(len(token[1]) for token in leaf.tokens if token[0] == "text") > _MAX_HEADING
            ):
                leaf.tag = "p"
        self._leaves.extend(leaves)

    # ---- pictures, players, preformatted text

    def _take_caption(self, node: Tag) -> bool:
        """Keep the first caption of a figure until its end; whether it is one."""
        figure = self._figures[-1] if self._figures else None
        if figure is None or figure.caption:
            return False
        figure.caption_at = len(self._leaves)
        figure.caption, pictures = self._read_apart(node)
        self._add(pictures)
        return True

    def _end_figure(self, figure: _Figure) -> None:
        """Put a figure's caption below its last picture; below anything else it is a paragraph."""
        picture = next((leaf for leaf in reversed(self._leaves[figure.start :]) if leaf.tag == "img"), None)
        if picture is not None and not picture.caption:
            picture.caption = figure.caption
        elif figure.caption:
            self._add([Leaf("p", self._path, figure.caption)])
            self._leaves.insert(figure.caption_at, self._leaves.pop())

    def _read_apart(self, node: Tag) -> tuple[list[Token], list[Leaf]]:
        """What a cell or a caption says as one run, and the pictures in it."""
        reader = Reader(self._resolve, is_cell=True)
        reader._shown = self._shown
        tokens, pictures = reader.read_cell(node)
        for picture in pictures:
            picture.path = self._path
        return tokens, pictures

    def _image(self, node: Tag) -> None:
        address = self._resolve(picture_address(node.attrs, picture_sources(node)))
        label = collapse(attribute(node, "alt")).strip()
        if address is None:
            if 0 < len(label) <= 8 and all(ord(sign) >= 0x200D and not sign.isalnum() for sign in label):
                self._tokens.append(("text", label))  # an emoji shown as a picture
        elif address not in self._shown:
            self._shown.add(address)
            self._tokens.append(("img", address, label))

    def _player(self, name: str, node: Tag) -> None:
        address = embed_address(name, node.attrs)
        title = attribute(node, "title") or attribute(node, "aria-label")
        if name in ("video", "audio"):
            source = node.find("source", src=True)
            address = address or (embed_address("embed", source.attrs) if isinstance(source, Tag) else None)
            title = title or name
        absolute = self._resolve(address)
        found = embed_of(absolute, collapse(title).strip()) if absolute else None
        url = self._resolve(found.url) if found else None
        if found and url and url not in self._shown:
            self._shown.add(url)
            self._tokens.append(("embed", url, found.label))

    def _sole_link(self, figure: Tag) -> bool:
        """Take a figure of nothing but a link for what cleaning makes of a player; whether it is one."""
        nodes = [node for node in figure.contents if isinstance(node, Tag) or str(node).strip()]
        link = nodes[0] if len(nodes) == 1 else None
        if not isinstance(link, Tag) or link.name != "a" or link.find(["img", *PLAYERS]) is not None:
            return False
        address, label = self._resolve(attribute(link, "href")), collapse(link.get_text()).strip()
        if address is None or not label:
            return False
        if address not in self._shown:
            self._shown.add(address)
            self._tokens.append(("embed", address, label))
        return True

    def _preformatted(self, node: Tag) -> bool:
        """Take preformatted text as it stands; False if it is a frame around blocks."""
        parts: list[str] = []
        for inner in inside(node):
            if isinstance(inner, Tag):
                if inner.name in ("br", "hr"):
                    parts.append("\n")
                elif inner.name in _BREAKING or inner.name == "img" or inner.name in PLAYERS:
                    return False
            elif type(inner) is NavigableString:
                parts.append(inner)
        raw = preformatted("".join(parts))
        if raw.strip():
            self._add([Leaf("pre", self._path, [("text", raw)])])
        return True

    # ---- tables

    def _table(self, node: Tag) -> bool:
        """Take a table of data; False if it arranges blocks."""
        found = data_rows(node)
        if found is None:
            return False
        caption = node.find("caption", recursive=False)
        if isinstance(caption, Tag):
            self._walk(caption)
            self._flush()
        figures: list[Leaf] = []
        rows: list[list[Cell]] = []
        for cells in found:
            row = [self._cell(cell, figures) for cell in cells]
            if any(cell.tokens for cell in row):
                rows.append(row)
        if max((len(row) for row in rows), default=0) > 1:
            self._add([Leaf("table", self._path, rows=rows)])
        else:
            self._add([leaf for row in rows for leaf in leaves_of("p", self._path, row[0].tokens)])
        self._add(figures)
        return True

    def _cell(self, node: Tag, figures: list[Leaf]) -> Cell:
        tokens, pictures = self._read_apart(node)
        figures.extend(pictures)
        row = node.parent
        section = row.parent if row is not None else None
        is_header = node.name == "th" or (section is not None and section.name == "thead")
        spans = [min(number(node, name, 1), _MAX_SPAN) or 1 for name in ("colspan", "rowspan")]
        return Cell(is_header, tokens, *spans)


def _voice_of(node: Tag) -> str:
    """The language and direction that an element names, as attributes."""
    language, direction = attribute(node, "lang"), attribute(node, "dir").lower()
    written = f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    return written + (f' dir="{direction}"' if direction in _DIRECTIONS else "")
