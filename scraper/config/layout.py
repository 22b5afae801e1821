"""Where the feeds stand in the text of feeds.yaml, and the text with one more or one less of them.

Works on the marks of the YAML nodes. It expects a file that loads, and may be wrong about one that is laid out
strangely: the caller reads the result before it keeps it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ruamel.yaml.nodes import CollectionNode, Node, ScalarNode, SequenceNode

from scraper.config.document import Composed, compose_short, decode, feeds_entry
from scraper.config.rows import Item

_BOM = "\ufeff"

#: What takes the place of the text from a start to an end.
Edit = tuple[int, int, str]


def insert_items(raw: bytes, items: Sequence[Item]) -> bytes:
    """Return the file `raw` with `items` at the end of its list of feeds."""
    composed = compose_short(decode(raw))
    edit = _insertion(composed.short.text, _feeds_entry(composed), items)
    return _encoded(composed.short.restored(*edit), raw)


def delete_item(raw: bytes, index: int, url: str) -> bytes:
    """Return the file `raw` without the feed at position `index`, the one with the address `url`."""
    composed = compose_short(decode(raw), stays=lambda item: url == (item if isinstance(item, str) else item["url"]))
    edit = _deletion(composed.short.text, _feeds_entry(composed)[1], composed.position(index))
    return _encoded(composed.short.restored(*edit), raw)


def _insertion(text: str, entry: tuple[Node, Node], items: Sequence[Item]) -> Edit:
    key, feeds = entry
    if isinstance(feeds, SequenceNode) and feeds.value and _is_flow(feeds):
        at = _end(feeds.value[-1])
        return at, at, "".join(", " + json.dumps(item, ensure_ascii=False) for item in items)
    if isinstance(feeds, SequenceNode) and feeds.value:
        column = feeds.start_mark.column
        at, new = _placed(text, _end(feeds.value[-1]), column, _block_lines(items, column))
        return at, at, new
    start, end = (feeds.start_mark.index, _end(feeds)) if _is_written(feeds) else (_end(key) + 1,) * 2
    start = len(text[:start].rstrip(" \t\r\n"))
    at, new = _placed(text, end, 0, _block_lines(items, 2))
    return start, at, text[end:at] + new


def _deletion(text: str, feeds: Node, index: int) -> Edit:
    item = feeds.value[index]
    if _is_flow(feeds):
        start, end = item.start_mark.index, _end(item)
        comma = re.compile(r"\s*,[ \t]*").match(text, end)
        if comma:
            end = comma.end()
        elif index:
            start = _end(feeds.value[index - 1])
    else:
        column = feeds.start_mark.column
        start = _dash_line(text, item.start_mark.index, column)
        end = _after_comments(text, _line_end(text, _end(item)), column)
    return start, end, ""


def _feeds_entry(composed: Composed) -> tuple[Node, Node]:
    entry = feeds_entry(composed.root)
    assert entry is not None, "a file that loads is a mapping with the key feeds"
    return entry


def _encoded(text: str, raw: bytes) -> bytes:
    return (_BOM + text if raw.startswith(_BOM.encode()) else text).encode()


# --------------------------------------------------------------------------- places in the text


def _is_written(node: Node) -> bool:
    """Return whether there is text for `node`: `feeds:` with nothing behind it has a null that is not."""
    return bool(node.end_mark.index > node.start_mark.index)


def _is_flow(node: Node) -> bool:
    """Return whether `node` is a list or mapping in brackets."""
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _end(node: Node) -> int:
    """Return where the text of `node` ends; the mark of a block lies behind the comments that follow it."""
    if isinstance(node, ScalarNode) or _is_flow(node) or not node.value:
        return int(node.end_mark.index)
    children = [part for child in node.value for part in (child if isinstance(child, tuple) else (child,))]
    return max((_end(child) for child in children if _is_written(child)), default=node.start_mark.index)


def _line_end(text: str, at: int) -> int:
    """Return where the line after the one with `at` begins."""
    if at and text[at - 1] == "\n":  # the mark of a block scalar
        return at
    newline = text.find("\n", at)
    return len(text) if newline < 0 else newline + 1


def _after_comments(text: str, at: int, column: int) -> int:
    """Return where the comment lines from `at` on that are indented deeper than `column` end: they belong above."""
    comment = re.compile(rf" {{{column + 1},}}#[^\n]*(\n|$)")
    while match := comment.match(text, at):
        at = match.end()
    return at


def _dash_line(text: str, at: int, column: int) -> int:
    """Return where the line with the dash of the item at `at` begins."""
    while True:
        start = text.rfind("\n", 0, at) + 1
        if text[start : start + column + 1] == " " * column + "-" or not start:
            return start
        at = start - 1


# --------------------------------------------------------------------------- new lines


#: Text that needs no quotes anywhere: words that begin with a letter (ruamel's emitter leaves `?0` bare, which its
#: parser then refuses), and addresses without a character that YAML might take for its own.
_PLAIN = re.compile(r"[^\W\d_]\w*([ ./'-]\w+)*|([1-9]\d*[smhd])+|https?://[\w./:?=&%~+@#-]*[\w/]")
_NOT_TEXT = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def _block_lines(items: Sequence[Item], column: int) -> list[str]:
    lines = []
    for item in items:
        parts = [_written(item)] if isinstance(item, str) else [f"{key}: {_written(item[key])}" for key in item]
        lines += [" " * column + ("  " if index else "- ") + part for index, part in enumerate(parts)]
    return lines


def _written(value: object) -> str:
    """Return `value` as it may stand behind a key."""
    if isinstance(value, list):
        return "[" + ", ".join(_written(part) for part in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)


def _placed(text: str, at: int, column: int, lines: Sequence[str]) -> tuple[int, str]:
    """Return where `lines` go, below the line with `at` and the comments that belong to it, and their text there."""
    newline = "\r\n" if "\r\n" in text else "\n"
    at = _after_comments(text, _line_end(text, at), column)
    head = newline if at and text[at - 1] != "\n" else ""
    return at, head + "".join(line + newline for line in lines)
