"""The data that a page carries for its own scripts: JSON in `<script>` elements, assignments and attributes.

A page that is built by its scripts often holds its article there alone. Everything is read once, and no deeper than a
bound: JSON as it stands, the objects a program assigns, else the program's strings; in strings, more JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote

from lxml import etree

_Element = etree._Element

#: Characters of a page's data that are read, places of a program where an object may begin, strings of it.
_MAX_CHARS = 6_000_000
_MAX_STARTS = 40
_MAX_STRINGS = 20_000
#: Shorter data holds no article; a string of a program that says something has at most so many characters.
_LEAST = 300
_MAX_STRING = 400_000
_MAX_ELEMENTS = 20_000
_PROGRAMS = ("", "text/javascript", "application/javascript", "module")

_ASSIGNED = re.compile(r"=\s*+(?=[\[{])")
#: Ends at the latest with its line or the text, and so never fails behind a quotation mark.
_STRING = re.compile(
    r"""'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+(?:'|(?=\n)|\\?\Z)|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+(?:"|(?=\n)|\\?\Z)""", re.S
)
_HEX = re.compile(r"\\x([0-9a-fA-F]{2})")
_OTHER_ESCAPE = re.compile(r"\\([^\"\\/bfnrtu])")
_ENCODED = ("%7B", "%5B", "%7b", "%5b")
_UNDEFINED = re.compile(r"(?<=[:,\[])\s*+undefined(?=\s*+[,}\]])")
_DECODER = json.JSONDecoder(strict=False)


def state_of(scripts: Sequence[_Element], body: _Element) -> Iterator[Any]:
    """The values in a page's scripts and in the long attributes of its body; a program's strings as one object."""
    left = _MAX_CHARS
    for script in scripts:
        text = (script.text or "").strip()[:left]
        kind = (script.get("type") or "").lower()
        left -= len(text)
        if len(text) >= _LEAST and (kind in _PROGRAMS or "json" in kind):
            yield from _values(text)
    for element in islice(body.iter(), _MAX_ELEMENTS):
        for value in map(str, element.values()):
            if left >= len(value) >= _LEAST and value[0] in "[{":
                left -= len(value)
                yield from _values(value)


def inner_value(text: str) -> Any:
    """What a string holds that is JSON itself, plain or percent-encoded; None for other strings."""
    text = unquote(text) if text.startswith(_ENCODED) else text
    return _decoded(text) if len(text) >= _LEAST and text[0] in "[{" else None


def _values(text: str) -> Iterator[Any]:
    if text[0] in "[{" and (value := _decoded(text)) is not None:
        yield _with_references(value)
        return
    found = list(_assigned(text))
    yield from found or (dict(enumerate(_strings(text))),)


def _decoded(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _assigned(text: str) -> Iterator[Any]:
    """The objects that a program assigns, where they are JSON."""
    text = _UNDEFINED.sub("null", text)
    at = 0
    for _ in range(_MAX_STARTS):
        start = _ASSIGNED.search(text, at)
        if start is None:
            return
        try:
            value, at = _DECODER.raw_decode(text, start.end())
        except json.JSONDecodeError as error:
            at = max(error.pos, start.end())
        except RecursionError:
            return
        else:
            if at - start.end() >= _LEAST:
                yield value


def _strings(program: str) -> Iterator[str]:
    for found in islice(_STRING.finditer(program), _MAX_STRINGS):
        inner = found[0][1:-1]
        if 1 < len(inner) <= _MAX_STRING:
            yield _unescaped(inner) if "\\" in inner else inner


def _unescaped(inner: str) -> str:
    """A string of a program as it says it; JSON knows fewer escapes."""
    inner = _HEX.sub(r"\\u00\1", inner).replace("\\'", "'").replace('\\"', '"').replace('"', '\\"')
    value = _decoded(f'"{_OTHER_ESCAPE.sub(_plain, inner)}"')
    return value if isinstance(value, str) else ""


def _plain(escape: re.Match[str]) -> str:
    return "" if escape[1] == "\n" else escape[1]


# --------------------------------------------------------------------------- values that refer to each other


def _with_references(value: Any) -> Any:
    """A list whose objects name their parts by place in the list (Nuxt writes such), with the parts put in."""
    if not (isinstance(value, list) and len(value) > 1 and _is_referring(value[0])):
        return value
    made: list[Any] = [type(part)() if isinstance(part, dict | list) else part for part in value]
    for part, whole in zip(value, made, strict=True):
        if isinstance(part, dict):
            whole.update({key: _at(made, place) for key, place in part.items()})
        elif isinstance(part, list):
            whole.extend(_at(made, place) for place in part)
    return made


def _is_referring(first: Any) -> bool:
    """Whether all parts of the first object are places."""
    parts = first.values() if isinstance(first, dict) else first[1:] if isinstance(first, list) else ()
    return bool(parts) and all(type(place) is int for place in parts)


def _at(made: list[Any], place: Any) -> Any:
    return made[place] if type(place) is int and 0 <= place < len(made) else place
