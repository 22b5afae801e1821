"""Whether two entries of a feed tell the same story. Pure (POLICY: Identity).

Asked where a key is not enough: several entries have one address, an address comes again under another guid, a story
comes again under another address.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import urlsplit

from scraper.model import ParsedEntry, PastEntry
from scraper.text.folding import folded
from scraper.text.overlap import shared
from scraper.urls import host_of, registrable_domain

#: Shorter texts repeat by chance.
MIN_TELLING_CHARS = 200
#: So much of the shorter one of two long texts is in the other if they are one.
_SAME_SHARE = 0.8
#: More than this share of the words of the shorter one of two headlines is in the other if one was made of the other.
_SAME_WORDS = 0.5
#: Of very long texts the beginnings are compared.
_MAX_CHARS = 20_000
#: A guid has so many versions at most.
_MAX_VERSIONS = 20
#: A number in an address that is an article's has so many digits.
_MIN_DIGITS = 3
_TAG = re.compile(r"<[^<>]*>")
_NUMBER = re.compile(r"\d+")
#: A headline as it is compared: folded, its numbers, its words.
_Headline = tuple[str, list[str], frozenset[str]]
#: A guid that counts the versions of its entry.
_COUNTED = re.compile(r"(.+)#(\d{1,2})", re.DOTALL)


def is_told_by_words(entry: ParsedEntry) -> bool:
    """Say whether equal words mean the same story: a bare headline ("Weather") comes again with other news."""
    if entry.on_file is not None:
        return True
    text = entry.content_html or entry.summary_html or ""
    return bool(entry.title or text) and (entry.published_at is not None or len(text) >= MIN_TELLING_CHARS)


def counted_guid(entry: ParsedEntry) -> str | None:
    """Return the guid without the number of its version (`...#3`); None if it has none.

    Where the link has the same fragment, that is a place in a page.
    """
    found = _COUNTED.fullmatch(entry.guid or "")
    if found is None or (entry.link or "").endswith(f"#{found[2]}"):
        return None
    return found[1]


def is_same_headline(one: str | None, other: str | None) -> bool:
    """Say whether one headline was made of the other: most words are the same, and all numbers."""
    return _is_made_of(_headline(one), _headline(other))


def _headline(title: str | None) -> _Headline:
    title = title or ""
    return folded(title), _NUMBER.findall(title), frozenset(map(folded, title.split()))


def _is_made_of(one: _Headline, other: _Headline) -> bool:
    if not one[0] or not other[0] or one[1] != other[1]:
        return False
    fewer, more = sorted((one[2], other[2]), key=len)
    return one[0] == other[0] or len(fewer & more) > _SAME_WORDS * len(fewer)


def tells_the_same(now: ParsedEntry, before: PastEntry) -> bool:
    """Say whether an entry under an address that is on file under another guid is that entry all the same.

    Two of headline, text and date agree; one of the first two where there are no dates.
    """
    headline = is_same_headline(now.title, before.known.title)
    text = _has_same_text(now, before)
    if now.published_at is None or before.known.published_at is None:
        return headline or text
    return headline + text + (now.published_at == before.known.published_at) >= 2


def story_key(entry: ParsedEntry | PastEntry) -> tuple[object, ...] | None:
    """Return what an entry keeps when its headline changes in guid and link; None if that is not enough to tell it.

    Its date, its summary (else its text), its site and the number in its address: `/p/found-81723`,
    `/p/found-alive-81723`.
    """
    number, words = address_number(entry.link), _words(entry.summary_html or entry.content_html)
    if number is None or entry.dated is None or not words:
        return None
    return entry.dated, words, registrable_domain(host_of(entry.link or "")), number


def address_number(link: str | None) -> str | None:
    """Return the number in an address that may be its article's: the longest, of several the last."""
    try:
        parts = urlsplit(link or "")
    except ValueError:
        return None
    numbers = [number for number in _NUMBER.findall(f"{parts.path}?{parts.query}") if len(number) >= _MIN_DIGITS]
    return max(reversed(numbers), key=len, default=None)


def _has_same_text(now: ParsedEntry, before: PastEntry) -> bool:
    one, other = _text(now), _text(before)
    if not one or not other:
        return False
    if min(len(one), len(other)) < MIN_TELLING_CHARS:
        return one == other
    return shared(one, other) >= _SAME_SHARE


def _text(entry: ParsedEntry | PastEntry) -> str:
    return _words(entry.content_html or entry.summary_html)


def _words(markup: str | None) -> str:
    return folded(html.unescape(_TAG.sub(" ", (markup or "")[:_MAX_CHARS])))


def stories_of(entries: Sequence[ParsedEntry], words: Sequence[str]) -> list[int]:
    """Tell the entries of one address apart: return for each the place of the first that tells the same story.

    `words` is what the article of each would be known by. The same are those of the same words, and those of which a
    guid counts the versions (`...#0`, `...#3`) under one headline.
    """
    first_of: dict[str, int] = {}
    counted: defaultdict[str, list[tuple[int, _Headline]]] = defaultdict(list)
    for place, (entry, key) in enumerate(zip(entries, words, strict=True)):
        guid = counted_guid(entry)
        if key in first_of or guid is None:
            first_of.setdefault(key, place)
            continue
        versions, headline = counted[guid], _headline(entry.title)
        first_of[key] = next((first for first, other in versions if _is_made_of(headline, other)), place)
        if first_of[key] == place and len(versions) < _MAX_VERSIONS:
            versions.append((place, headline))
    return [first_of[key] for key in words]
