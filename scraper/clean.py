"""Makes the chosen part of a page safe and plain: one body as HTML, Markdown and text.

BeautifulSoup reads the fragment and this module writes it anew from a short list of elements without any attribute
but links and picture addresses; nh3 has the last word on the HTML. Nothing of the page's own markup passes through.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from scraper.markup import Leaf, Token, to_html, to_markdown, to_text

#: Characters of a fragment that are cleaned; the rest is cut off.
MAX_FRAGMENT_CHARS = 200_000
#: Lists and quotations nested deeper than this are flattened.
MAX_NESTING = 12

_INLINE_NAMES = {
    "a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "kbd": "code", "samp": "code",
    "tt": "code", "sub": "sub", "sup": "sup", "del": "del", "s": "del", "strike": "del",
}  # fmt: skip
_LEAVES = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"))
_CONTAINERS = frozenset(("ul", "ol", "li", "blockquote", "table", "tr", "td", "th"))
_BREAKING = _LEAVES | _CONTAINERS | frozenset((
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "main", "nav", "section", "summary", "tbody",
    "tfoot", "thead",
))  # fmt: skip
_SILENT = frozenset((
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "button", "select",
    "textarea",
    "audio", "video", "canvas", "head", "title", "option", "noembed", "noframes", "xmp", "plaintext",
))  # fmt: skip
_RENAMED = {"dir": "ul", "menu": "ul", "th": "th"}
_LINK_REL = "noopener noreferrer nofollow"
_SCHEMES = frozenset(("http", "https"))
_TAGS = _LEAVES | _CONTAINERS | frozenset(_INLINE_NAMES.values()) | {"br", "figure", "img", "tbody"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}

_EAST_ASIAN = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff9f"
_EAST_ASIAN_BREAK = re.compile(rf"(?<=[{_EAST_ASIAN}])[ \t\r]*\n\s*(?=[{_EAST_ASIAN}])")
_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0xFEFF, 0x2060), None) | dict.fromkeys(range(9))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One text in three forms."""

    #: Safe to show.
    html: str
    #: CommonMark, tables as in GitHub's dialect.
    markdown: str
    #: Blocks with one blank line between them; list items and table rows on lines of their own.
    text: str


EMPTY = Body(html="", markdown="", text="")


def clean_body(fragment: str, *, base_url: str) -> Body:
    """A fragment of a page, cleaned; relative addresses are resolved against `base_url`."""
    fragment = _CONTROL.sub(" ", fragment[:MAX_FRAGMENT_CHARS])
    if not fragment.strip():
        return EMPTY
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fragments that look like an address or like XML
        soup = BeautifulSoup(fragment, "lxml")
    leaves = _Reader(base_url).read(soup)
    html = nh3.clean(
        to_html(leaves), tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=set(_SCHEMES), link_rel=_LINK_REL
    )
    return Body(html=html, markdown=to_markdown(leaves), text=to_text(leaves))


def plain_text(fragment: str) -> str:
    """The words of a small piece of HTML on one line: titles, summaries, names."""
    return " ".join(clean_body(fragment, base_url="").text.split()) if fragment else ""


def collapse(text: str) -> str:
    """White space as single spaces; a line break inside Chinese or Japanese text is none."""
    if not text.isascii():
        text = _EAST_ASIAN_BREAK.sub("", text.translate(_INVISIBLE))
    return _SPACES.sub(" ", text)


def safe_url(address: str | None, base_url: str) -> str | None:
    """The absolute http(s) address, None if it is none."""
    if not address:
        return None
    try:
        absolute = urljoin(base_url, "".join(_CONTROL.sub("", address).split()))
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not parts.netloc:
        return None
    return quote(absolute, safe="%/:=&?~#+!$,;'@()*[]-._|").replace("|", "%7C")


# --------------------------------------------------------------------------- reading the soup


class _Reader:
    """Turns a soup into leaves, without recursion."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._leaves: list[Leaf] = []
        self._path: list[tuple[str, int]] = []
        self._inline: list[Token] = []
        self._count = 0
        self._leaf = Leaf("p", ())

    def read(self, soup: BeautifulSoup) -> list[Leaf]:
        """All leaves with something in them."""
        layout = {id(table) for table in soup.find_all("table") if _is_layout(table)}
        for event, node in _events(soup):
            if isinstance(node, Tag):
                name = _RENAMED.get(node.name, node.name)
                if (
                    name in ("table", "tr", "td", "th")
                    and id(node if name == "table" else node.find_parent("table")) in layout
                ):
                    name = "div"
                (self._open if event == "open" else self._close)(name, node)
            elif type(node) is NavigableString:
                self._leaf.tokens.append(("text", str(node)))
        self._flush("p")
        return self._leaves

    def _open(self, name: str, node: Tag) -> None:
        if name in _INLINE_NAMES:
            token = self._inline_token(_INLINE_NAMES[name], node)
            self._inline.append(token)
            self._leaf.tokens.append(token)
        elif name == "br":
            self._leaf.tokens.append(("br",))
        elif name == "img":
            self._image(node)
        elif name in _BREAKING:
            self._flush("p")
            if name in _CONTAINERS and len(self._path) < MAX_NESTING:
                self._count += 1
                self._path.append((name, self._count))
            self._start_leaf(name if name in _LEAVES else "p")

    def _close(self, name: str, node: Tag) -> None:
        if name in _INLINE_NAMES:
            if self._inline:
                self._leaf.tokens.append(("close", self._inline.pop()[1]))
        elif name in _BREAKING:
            self._flush("p")
            if name in _CONTAINERS and any(open_name == name for open_name, _ in self._path):
                while self._path.pop()[0] != name:
                    pass
            self._start_leaf("p")

    def _inline_token(self, name: str, node: Tag) -> Token:
        if name != "a":
            return ("open", name, "")
        address = node.get("href")
        return ("open", "a", safe_url(address if isinstance(address, str) else None, self._base_url) or "")

    def _image(self, node: Tag) -> None:
        source, alt = node.get("src"), node.get("alt")
        address = safe_url(source if isinstance(source, str) else None, self._base_url)
        if address is None:
            return
        tag = self._leaf.tag
        self._flush("p")
        label = collapse(alt if isinstance(alt, str) else "").strip()
        self._leaves.append(Leaf("figure", tuple(self._path), [("img", address, label)]))
        self._start_leaf(tag)

    def _start_leaf(self, tag: str) -> None:
        self._leaf = Leaf(tag, tuple(self._path), list(self._inline))

    def _flush(self, next_tag: str) -> None:
        leaf = self._leaf
        leaf.tokens.extend(("close", token[1]) for token in reversed(self._inline))
        leaf.tokens = _tidied(leaf.tokens, is_pre=leaf.tag == "pre")
        leaf.path = tuple(self._path)
        if any(token[0] == "text" for token in leaf.tokens):
            self._leaves.append(leaf)
        self._start_leaf(next_tag)


def _events(soup: BeautifulSoup) -> Iterator[tuple[str, PageElement]]:
    stack: list[tuple[Tag, Iterator[PageElement]]] = [(soup, iter(soup.contents))]
    while stack:
        tag, children = stack[-1]
        node = next(children, None)
        if node is None:
            stack.pop()
            if stack:
                yield "close", tag
        elif isinstance(node, Tag):
            if node.name not in _SILENT:
                yield "open", node
                stack.append((node, iter(node.contents)))
        elif not isinstance(node, PreformattedString):
            yield "text", node


def _is_layout(table: Tag) -> bool:
    """A table that arranges blocks rather than data."""
    if table.find(["table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "figure", "img"]) is not None:
        return True
    rows = table.find_all("tr", limit=200)
    if all(len(row.find_all(["td", "th"], limit=2)) < 2 for row in rows):
        return True
    return any(len(cell.find_all("p", limit=2)) > 1 for row in rows for cell in row.find_all(["td", "th"], limit=20))


def _tidied(tokens: list[Token], *, is_pre: bool) -> list[Token]:
    """White space collapsed across elements, empty elements and outer breaks taken out."""
    if is_pre:
        raw = "".join("\n" if token[0] == "br" else token[1] for token in tokens if token[0] in ("br", "text"))
        raw = "\n".join(line.rstrip() for line in raw.splitlines()).strip("\n")
        return [("text", raw)] if raw.strip() else []
    tokens = _joined(tokens)
    out: list[Token] = []
    at_edge = True
    for token in tokens:
        if token[0] == "text":
            words = token[1].lstrip(" ") if at_edge else token[1]
            if words:
                out.append(("text", words))
                at_edge = words.endswith(" ")
        elif token[0] == "br":
            if any(seen[0] == "text" for seen in out):
                _strip_end(out)
                out.append(token)
                at_edge = True
        else:
            out.append(token)
    _strip_end(out)
    return _without_empty(out)


def _joined(tokens: list[Token]) -> list[Token]:
    """Neighbouring texts as one, so that a break between Chinese characters is seen; white space collapsed."""
    out: list[Token] = []
    for token in tokens:
        if token[0] == "text" and out and out[-1][0] == "text":
            out[-1] = ("text", out[-1][1] + token[1])
        else:
            out.append(token)
    return [("text", collapse(token[1])) if token[0] == "text" else token for token in out]


def _strip_end(tokens: list[Token]) -> None:
    """Take white space and breaks off the end, leaving closings in place."""
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index][0] == "text":
            tokens[index] = ("text", tokens[index][1].rstrip(" "))
            if tokens[index][1]:
                return
            del tokens[index]
        elif tokens[index][0] == "br":
            del tokens[index]


def _without_empty(tokens: list[Token]) -> list[Token]:
    """Drop elements around nothing, links without an address, and elements inside their like."""
    out: list[Token] = []
    kept: list[bool] = []
    depth: dict[str, int] = {}
    for token in tokens:
        if token[0] == "open":
            name = token[1]
            keep = not depth.get(name) and (name != "a" or bool(token[2])) and not depth.get("code")
            kept.append(keep)
            depth[name] = depth.get(name, 0) + keep
            if keep:
                out.append(token)
        elif token[0] == "close":
            if kept.pop():
                depth[token[1]] -= 1
                if out and out[-1][0] == "open":
                    out.pop()
                else:
                    out.append(token)
        else:
            out.append(token)
    return out
