"""What feeds write as text or as HTML, as what it means: a title as one line, a plain text as HTML. Pure."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from typing import Literal

#: How a text is to be taken. "unknown": RSS does not say; its publishers write plain text and HTML.
Form = Literal["text", "html", "unknown"]

#: A title, and a name, in a document are read up to here.
MAX_LINE_CHARS = 10_000
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})(?:[\s/][^<>]{0,2000})?>|<!--[^<>]{0,2000}-->")
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
))  # fmt: skip
#: Words on both sides of these are two.
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
#: These have no end, or need none.
_ENDLESS = frozenset(("br", "dd", "dt", "hr", "img", "li", "p", "td", "th", "tr", "wbr"))
_KNOWN = _INLINE | _BLOCKS | _ENDLESS
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
#: Nobody writes of these: they are left over from a publisher that escaped once too often.
_LEFT_OVER = re.compile(
    r"&(?:#(?:3[489]|82[12]\d)|#x(?:2[267]|201[0-9A-F])|amp|quot|apos|[lr][sd]quo|[nm]dash|hellip);", re.I
)
#: Soft hyphens, zero-width characters and marks of order: no reader sees them.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))


def one_line(text: object, form: Form = "unknown") -> str | None:
    """Return a title as one line of plain text; None for none.

    In HTML tags fall away, without a blank inside a word, and references are read once. Where the form is not known,
    tags are those of elements that HTML has and that are closed: `Vec<String>`, and a `<b>` talked about, are text.
    """
    if not isinstance(text, str):
        return None
    text = text[:MAX_LINE_CHARS]
    if form != "text":
        text = _without_tags(text, is_html=form == "html") if "<" in text else text
        text = html.unescape(text) if form == "html" else _decoded(text)
    return " ".join(text.translate(_INVISIBLE).split()) or None


def paragraphs(text: str) -> str:
    """Return plain text as HTML."""
    parts = re.split(r"\n[^\S\n]{0,99}\n", html.escape(text, quote=False))
    return "".join(f"<p>{part.strip()}</p>" for part in parts if part.strip())


def _decoded(text: str) -> str:
    once = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    return once if once == text else _LEFT_OVER.sub(lambda found: html.unescape(found[0]), once)


def _without_tags(text: str, *, is_html: bool) -> str:
    tags = list(_TAG.finditer(text))
    closed = _closed(tags)
    parts, at = [], 0
    for tag in tags:
        name = (tag[2] or "").lower()
        is_known, is_closed = name in _KNOWN, name in _ENDLESS or tag.start() in closed
        if not name or (is_known or is_closed if is_html else is_known and is_closed):
            parts += [text[at : tag.start()], " " if name in _BLOCKS else ""]
            at = tag.end()
    return "".join([*parts, text[at:]])


def _closed(tags: list[re.Match[str]]) -> set[int]:
    """Return where tags stand that begin or end an element with both."""
    ends: defaultdict[str, list[int]] = defaultdict(list)
    found: set[int] = set()
    for tag in reversed(tags):
        name = (tag[2] or "").lower()
        if tag[1]:
            ends[name].append(tag.start())
        elif ends[name]:
            found |= {tag.start(), ends[name].pop()}
    return found
