"""Rich text as data, written out as HTML: what editors keep as lists of blocks with text and marks.

The forms differ in names alone (Portable Text, ProseMirror, Slate, Draft.js, Contentful, a paper's own): a block says
what it is in one of a few keys, and what it says in one of a few others.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

#: Blocks nested deeper are left out, and all that comes after so many values.
_MAX_DEPTH = 12
_MAX_VALUES = 40_000

_KINDS = ("type", "_type", "nodeType", "kind", "tagName", "tag", "component", "__typename", "style", "name")
_CONTENTS = ("text", "html", "value", "content", "children", "body", "nodes", "items", "paragraphs", "blocks", "data")
_ADDRESSES = ("src", "url", "href", "image")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_ESCAPED = re.compile(r"&lt;/?(?:p|br|h[1-6]|div|ul|strong|em|a)\b", re.I)
_BLOCK_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|blockquote|figure|table)\b", re.I)

_SILENT = re.compile(r"\bad\b|advert|related|recirc|promo|newsletter|embed|video|comment|script|button|outbrain", re.I)
_TAGS = (
    ("figure", re.compile(r"image|figure|photo|picture|\bimg", re.I)),
    ("li", re.compile(r"list[-_]?item|^li$", re.I)),
    ("ol", re.compile(r"ordered[-_]?list|^ol$", re.I)),
    ("ul", re.compile(r"list|^ul$", re.I)),
    ("blockquote", re.compile(r"quot", re.I)),
    ("h2", re.compile(r"head(?:er|ing|line)|^h[1-6]$|sub-?(?:title|head)|crosshead|^title", re.I)),
)
_UNORDERED = re.compile(r"un-?ordered|bullet", re.I)
_INLINE = re.compile(r"^(?:text|span|a|link|hyperlink|strong|b|bold|em|i|italic|textnode)$", re.I)


def is_html(text: str) -> bool:
    """Whether a string holds elements."""
    return _MARKUP.search(text) is not None


def unescaped(text: str) -> str:
    """A string with its markup as markup, where it was written in entities."""
    return html.unescape(text) if _ESCAPED.search(text) else text


def resolved(value: Any, store: Mapping[str, Any]) -> Any:
    """What an object that only names another one (Apollo's cache is made of them) stands for; others as they are."""
    if not store or not isinstance(value, dict):
        return value
    name = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
    found = store.get(name) if isinstance(name, str) else None
    return found if isinstance(found, dict) else value


def html_of(value: Any, store: Mapping[str, Any]) -> str:
    """HTML of a string, a block or a list of blocks; blocks that a list only refers to are looked up in `store`."""
    if isinstance(value, str):
        return _text_blocks(value)
    return _Writer(store).blocks(value, 0)


def _text_blocks(text: str) -> str:
    """A string as blocks: markup as it is, plain text a paragraph a line."""
    text = unescaped(text)
    if is_html(text):
        return text if _BLOCK_MARKUP.search(text) else f"<p>{text}</p>"
    lines = (line.strip() for line in html.unescape(text).splitlines())
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


class _Writer:
    """Writes blocks, each value once at most."""

    def __init__(self, store: Mapping[str, Any]) -> None:
        self._store = store
        self._left = _MAX_VALUES

    def blocks(self, value: Any, depth: int) -> str:
        """A value that stands for itself: a paragraph, a heading, a list of them."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return ""
        if isinstance(value, str):
            return _text_blocks(value)
        if isinstance(value, list):
            if value and all(isinstance(part, dict) and self._is_inline(part) for part in value):
                return f"<p>{self.inline(value, depth + 1)}</p>"
            return "".join(self.blocks(part, depth + 1) for part in value)
        return self._block(resolved(value, self._store), depth) if isinstance(value, dict) else ""

    def _block(self, block: dict[str, Any], depth: int) -> str:
        kind = _kind_of(block)
        if _SILENT.search(kind):
            return ""
        tag = next((tag for tag, names in _TAGS if names.search(kind)), "p")
        if tag == "figure":
            return _figure(block)
        tag = "ul" if tag == "ol" and _UNORDERED.search(kind) else tag
        said = _content_of(block)
        if isinstance(said, str) and not _BLOCK_MARKUP.search(unescaped(said)):
            return f"<{tag}>{self.inline(said, depth + 1)}</{tag}>"
        if isinstance(said, list) and said and all(self._is_inline(part) for part in said) and tag not in ("ul", "ol"):
            return f"<{tag}>{self.inline(said, depth + 1)}</{tag}>"
        if tag in ("ul", "ol") and isinstance(said, list):
            items = (self.blocks(part, depth + 1) for part in said)
            inner = "".join(item if item.startswith("<li") else f"<li>{item}</li>" for item in items if item)
        else:
            inner = self.blocks(said, depth + 1)
        return inner if tag in ("p", "h2") or not inner else f"<{tag}>{inner}</{tag}>"

    def inline(self, value: Any, depth: int) -> str:
        """A value that stands in a line."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return ""
        if isinstance(value, str):
            text = unescaped(value)
            return text if is_html(text) else html.escape(html.unescape(text), quote=False)
        if isinstance(value, list):
            return "".join(self.inline(part, depth + 1) for part in value)
        if not isinstance(value, dict):
            return ""
        value = resolved(value, self._store)
        inner = self.inline(_content_of(value), depth + 1)
        address = next((value[key] for key in ("href", "url") if isinstance(value.get(key), str)), None)
        return f'<a href="{html.escape(address)}">{inner}</a>' if address and inner else inner

    def _is_inline(self, value: Any) -> bool:
        if isinstance(value, str):
            return not _BLOCK_MARKUP.search(value)
        if not isinstance(value, dict):
            return False
        kind = _kind_of(value)
        return bool(_INLINE.search(kind)) or (not kind and isinstance(value.get("text"), str))


def _kind_of(block: dict[str, Any]) -> str:
    """What a block calls itself; a style such as "h2" says more than its type."""
    said = [block[key] for key in _KINDS if isinstance(block.get(key), str)]
    style = block.get("style")
    if isinstance(style, str) and style != "normal":
        return style[:60]
    return next((name[:60] for name in said if " " not in name), "")


def _content_of(block: dict[str, Any]) -> Any:
    return next((block[key] for key in _CONTENTS if block.get(key) and isinstance(block[key], str | list | dict)), "")


def _figure(block: dict[str, Any]) -> str:
    data = next((block[key] for key in ("image", "data", "attrs", "file") if isinstance(block.get(key), dict)), block)
    address = next((data[key] for key in _ADDRESSES if isinstance(data.get(key), str)), None)
    caption = next((part["caption"] for part in (block, data) if isinstance(part.get("caption"), str)), "")
    said = caption if is_html(caption) else html.escape(caption, quote=False)
    return f'<figure><img src="{html.escape(address)}"><figcaption>{said}</figcaption></figure>' if address else ""
