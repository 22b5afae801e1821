"""What relative addresses in a feed's HTML are relative to: `xml:base`. Pure."""

from __future__ import annotations

import html
import re

from scraper.urls import absolute_address

_TAG = re.compile(r"<[a-zA-Z][^<>]{0,4000}>")
_ATTRIBUTE = re.compile(
    r"""(?<=[\s"'])(([\w:.-]{1,60})\s{0,9}=\s{0,9})("[^"]{0,4000}"|'[^']{0,4000}'|[^\s"'<>]{1,4000})"""
)
_ADDRESSES = frozenset(("href", "src", "poster", "data", "data-src", "data-original", "data-lazy-src"))
_SETS = frozenset(("srcset", "data-srcset"))
_ABSOLUTE = re.compile(r"\s{0,9}(?:#|[a-zA-Z][a-zA-Z0-9+.-]{0,20}:)")
_IN_SET = re.compile(r"\S+")
#: What says in a srcset how wide a picture is.
_WIDTH = re.compile(r"\d{1,5}(?:\.\d{1,3})?[wxh]")
_STATED = re.compile(rb"<[^<>]{1,500}\sxml:base\s{0,9}=")


def states_base(document: bytes) -> bool:
    """Say whether a document states what its addresses are relative to."""
    return _STATED.search(document) is not None


def with_base(markup: str, base: str) -> str:
    """Return HTML with its relative addresses resolved against `base`; all else stays as it is."""
    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(lambda found: _resolved(found, base), tag[0]), markup)


def _resolved(found: re.Match[str], base: str) -> str:
    name, written = found[2].lower(), found[3]
    if name not in _ADDRESSES and name not in _SETS:
        return found[0]
    value = html.unescape(written[1:-1] if written[0] in "\"'" else written)
    there = _IN_SET.sub(lambda each: _one_of_set(each[0], base), value) if name in _SETS else _absolute(value, base)
    return found[0] if there == value else f'{found[1]}"{html.escape(there)}"'


def _one_of_set(word: str, base: str) -> str:
    """Return a word of a srcset: an address with commas around it, or a width."""
    address = word.strip(",")
    if not address or _WIDTH.fullmatch(address):
        return word
    before, _, after = word.partition(address)
    return f"{before}{_absolute(address, base)}{after}"


def _absolute(address: str, base: str) -> str:
    return address if _ABSOLUTE.match(address) else absolute_address(address, base) or address
