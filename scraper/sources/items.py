"""The items of a feed document as their bytes: those that are known already need no parsing.

feedparser takes a millisecond for an entry, and of a feed that has changed all but a few are as they were. An item is
known by a fingerprint of its bytes and of what bears on them (encoding, namespaces, address). Whatever makes that
doubtful (another encoding than an ASCII superset, a DOCTYPE, items in items) makes the document be parsed whole. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise

from scraper.sources.bases import states_base
from scraper.sources.entry_dates import shows_month_first

#: Bytes of a document that is taken apart; larger ones are parsed whole.
MAX_BYTES = 4 * 1024 * 1024
#: Changes with what Wireroom makes of an item: fingerprints of another reading are not known.
_READING = f"4 {version('feedparser')}"
#: What bounds an item, or hides what looks so, or counts readers' comments (which no entry has).
_TOKEN = re.compile(
    rb"<!\[CDATA\[|<!--|<(slash:comments|thr:total)>\s{0,9}\d{1,9}\s{0,9}</\1>|<(/?)(?:item|entry)(?=[\s/>])[^<>]*(>?)"
)
_DECLARATION = re.compile(rb"\s*(?:\xef\xbb\xbf\s*)?<\?xml\b[^>]{0,300}\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([\w.:-]{1,40})""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
#: Encodings in which no byte of another character is that of a sign of markup.
_PLAIN = re.compile(r"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]", re.IGNORECASE)
_ROOTS = re.compile(rb"<(?:rss|channel|feed|rdf:RDF)\b[^<>]{0,8000}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a document: `document[start:end]`."""

    start: int
    end: int
    #: 64 bits of a SHA-256, signed: as SQLite keeps whole numbers.
    fingerprint: int
    #: It bears on nothing but itself, and may be left out of the document.
    is_alone: bool


def items_of(document: bytes, *, url: str, content_type: str | None) -> tuple[Item, ...]:
    """Return the items of an XML feed in their order; none where they cannot be told apart for certain."""
    if len(document) > MAX_BYTES or b"<!DOCTYPE" in document or not _is_plain(document, content_type):
        return ()
    places = _places(document)
    if not places:
        return ()
    context = _context(document[: places[0][0]], url, content_type)
    context += b"month first" if shows_month_first(document) else b""
    context += b"base" if states_base(document) else b""
    return tuple(_item(document, place, context) for place in places)


def without(document: bytes, items: Sequence[Item], known: Container[int]) -> tuple[bytes, tuple[bool, ...]]:
    """Return the document without its known items, and of each item whether it was left out."""
    is_out = tuple(item.is_alone and item.fingerprint in known for item in items)
    cut = [item for item, out in zip(items, is_out, strict=True) if out]
    edges = [0, *(edge for item in cut for edge in (item.start, item.end)), len(document)]
    return b"".join(document[start:end] for start, end in list(pairwise(edges))[::2]), is_out


#: Start and end of an item, and of the counters in it.
_Place = tuple[int, int, list[tuple[int, int]]]


def _places(document: bytes) -> list[_Place]:
    """Return where items are; none if one is not closed, or stands in another."""
    found: list[_Place] = []
    counters: list[tuple[int, int]] = []
    start: int | None = None
    at = 0
    while token := _TOKEN.search(document, at):
        at = token.end()
        if token[0] in _HIDING:
            at = document.find(_HIDING[token[0]], at)
            if at < 0:
                return []
        elif token[1]:
            counters.append(token.span())
        elif not token[3] or document[at - 2 : at - 1] == b"/" or (token[2] == b"/") is (start is None):
            return []
        elif start is None:
            start, counters = token.start(), []
        else:
            found.append((start, at, counters))
            start = None
    return found if start is None else []


_HIDING = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}


def _item(document: bytes, place: _Place, context: bytes) -> Item:
    start, end, counters = place
    digest = hashlib.sha256(context)
    edges = [start, *(edge for counter in counters for edge in counter), end]
    for first, last in list(pairwise(edges))[::2]:
        digest.update(document[first:last])
    return Item(
        start=start,
        end=end,
        fingerprint=int.from_bytes(digest.digest()[:8], signed=True),
        # A prefix that is declared in an item holds for those behind it, too: feedparser has one table of them.
        is_alone=document.find(b"xmlns", start, end) < 0,
    )


def _is_plain(document: bytes, content_type: str | None) -> bool:
    """Say whether a byte below 128 is always the ASCII character, as far as header and document tell."""
    declaration = _DECLARATION.match(document)
    declared = _ENCODING.search(declaration[0]) if declaration else None
    charset = _CHARSET.search(content_type or "")
    told = [declared[1].decode("ascii", "replace")] if declared else []
    told += [charset[1]] if charset else []
    return all(_PLAIN.fullmatch(name) for name in told) and b"\0" not in document[:200]


def _context(head: bytes, url: str, content_type: str | None) -> bytes:
    """Return what bears on every item: how it is read, and what stands around it."""
    declaration = _DECLARATION.match(head)
    parts = [_READING.encode(), url.encode("utf8", "replace"), (content_type or "").encode("utf8", "replace")]
    parts += [declaration[0].strip()] if declaration else []
    return b"\0".join((*parts, *_ROOTS.findall(head), b""))
