"""What an article is known by in `articles_stems`: stems of its words, and facets.

A stem stands by itself for the word anywhere in the article. All other terms have a `_`, which no word has; with a
letter before a stem, a term says where or how:

    t_  in the headline            b_  in an author's name      c_  in the section's name
    o_  often, for its length      n_  in the site's name       a_  in an agency's name
    w_  in an earlier version      v_  in an earlier version, the word as it was written

Other facets: f_12 a feed; s_example.org the host and those above it; lang_zh, lang_zh-hant, lang_zh-hant-tw; g_world a
tag of the article's own; has_image; and the day it was published as d_202 d_2026 d_202611 d_20261126.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from scraper.urls import host_of
from store.sqlite.database.columns import strings
from store.sqlite.schema.migrations import INDEXED
from store.sqlite.search.folding import folded, is_plain, is_run, lowered, parts, spelled_out, tokens
from store.sqlite.search.stems import index_stems, stem_language

#: Weight of a word by BM25 (k1 = 1.2, b = 0.75, so many words on average) from which it counts as said often.
_OFTEN, _K1, _B, _AVERAGE_WORDS = 1.5, 1.2, 0.75, 350
#: Facet of an article with a picture.
IMAGE = "has_image"
#: Terms of names, by column.
NAME_PREFIXES = {"byline": "b_", "section": "c_", "site_name": "n_", "agencies": "a_"}
_NOT_IN_TAG = re.compile(r"[^\w.-]+")
#: Characters; no host name has more (RFC 1035).
_LONGEST_HOST = 253
_NOT_IN_HOST = re.compile(r"[^a-z0-9.-]+")
#: Newspapers are no older, and nothing is published that far ahead.
_FIRST_DECADE, _LAST_DECADE = 160, 210
#: BCP 47, with as many subtags as anybody writes.
_LANGUAGE = re.compile("[a-z]{2,3}(-[a-z0-9]{1,8}){0,9}")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


#: Columns with texts that are searched.
SAID = (*INDEXED, "agencies")


class Words(NamedTuple):
    """What an article is found by."""

    terms: set[str]
    #: Folded words of each of `INDEXED`, in their order, for `articles_words`; None = `articles_fts` has the same.
    written: tuple[str, ...] | None


def words_of(row: Mapping[str, Any]) -> Words:
    """Return what the words of an article, whose row is given, are found by."""
    language = stem_language(row["language"])
    said = said_in(row)
    found = {name: tokens(text) for name, text in said.items()}
    counts = Counter(token for name in INDEXED for token in found[name])
    indexed = index_stems(counts, language)
    terms = _spread(indexed, counts)
    terms |= {f"o_{stem}" for stem in _often(indexed, counts, sum(counts.values()))}
    terms |= {f"t_{stem}" for stem in _spread(indexed, found["title"])}
    for name, prefix in NAME_PREFIXES.items():
        terms |= {f"{prefix}{part}" for part in _name_parts(found[name], language)}
    is_same = all(is_plain(row[name] or "") for name in INDEXED) and "\\" not in row["byline"]
    return Words(terms, None if is_same else _written([found[name] for name in INDEXED]))


def said_in(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of an article that are searched, by column."""
    said = {name: row[name] or "" for name in SAID}
    return said | {name: "\n".join(strings(said[name] or "[]")) for name in ("byline", "agencies")}


def earlier_terms(row: Mapping[str, Any]) -> set[str]:
    """Return the terms of an article that has another version, for the words of the version whose row is given."""
    words = (folded(token) for text in said_in(row).values() for token in tokens(text) if not is_run(token))
    return {f"w_{term}" for term in words_of(row).terms if "_" not in term} | {f"v_{word}" for word in words if word}


def facets(row: Mapping[str, Any], feed_ids: Iterable[int], tags: Iterable[str]) -> set[str]:
    """Return the facets of an article that its feeds, tags and facts give it."""
    found = {f"f_{feed_id}" for feed_id in feed_ids}
    found |= {tag_facet(tag) for tag in tags}
    found |= {f"s_{host}" for host in hosts_above(host_of(row["url"]))}
    found |= set(language_facets(row["language"] or ""))
    if row["image_url"] or (row["images"] or "[]") != "[]":
        found.add(IMAGE)
    if day := _DAY.match(row["published_at"] or row["first_seen_at"]):
        year, month, of_month = day.groups()
        found |= {f"d_{year[:3]}", f"d_{year}", f"d_{year}{month}", f"d_{year}{month}{of_month}"}
    return found


def days_from(day: date) -> list[str]:
    """Return the facets of which an article published on `day` or later has one."""
    day = max(day, date(10 * _FIRST_DECADE, 1, 1))
    decades = [f"d_{decade}" for decade in range(day.year // 10 + 1, _LAST_DECADE)]
    years = [f"d_{year:04}" for year in range(day.year + 1, day.year // 10 * 10 + 10)]
    months = [f"d_{day.year:04}{month:02}" for month in range(day.month + 1, 13)]
    return [*decades, *years, *months, *(f"d_{day.year:04}{day.month:02}{number:02}" for number in range(day.day, 32))]


def days_until(day: date) -> list[str]:
    """Return the facets of which an article published before `day` has one."""
    decades = [f"d_{decade}" for decade in range(_FIRST_DECADE, min(day.year // 10, _LAST_DECADE))]
    years = [f"d_{year:04}" for year in range(day.year // 10 * 10, day.year)]
    months = [f"d_{day.year:04}{month:02}" for month in range(1, day.month)]
    return [*decades, *years, *months, *(f"d_{day.year:04}{day.month:02}{number:02}" for number in range(1, day.day))]


def _name_parts(words: Iterable[str], language: str | None) -> set[str]:
    """Return the folded words of a name, also with letters spelled out as the language does, and the parts of runs."""
    found: set[str] = set()
    for token in words:
        found |= parts(token) if is_run(token) else {folded(token), folded(spelled_out(token, language))}
    return found - {""}


def tag_facet(tag: str) -> str:
    """Return the facet of a tag; written with other case, accents or punctuation it is the same."""
    return "g_" + folded(_NOT_IN_TAG.sub("_", lowered(tag)))


def language_facets(language: str) -> tuple[str, ...]:
    """Return the facets of a language, the widest first: zh, zh-hant, zh-hant-tw; none if it is malformed."""
    code = language.lower().replace("_", "-")
    if not _LANGUAGE.fullmatch(code):
        return ()
    subtags = code.split("-")
    return tuple("lang_" + "-".join(subtags[:count]) for count in range(1, len(subtags) + 1))


def hosts_above(host: str) -> list[str]:
    """Return a host name and the domains that it is in, top-level ones left out; `www.` is no part of a name."""
    labels = _NOT_IN_HOST.sub("", host[-_LONGEST_HOST:].lower()).removeprefix("www.").split(".")
    return [".".join(labels[at:]) for at in range(max(1, len(labels) - 1))]


def _spread(indexed: Mapping[str, tuple[str, ...]], words: Iterable[str]) -> set[str]:
    """Return the terms of words and of the parts of runs."""
    found: set[str] = set()
    for word in words:
        if is_run(word):
            found |= parts(word)
        else:
            found.update(indexed[word])
    found.discard("")
    return found


def _written(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the folded words of texts; in place of each run a sign, so that what is beside it is not side by side."""
    forms = {word: "_" if is_run(word) else folded(word) for words in texts for word in set(words)}
    return tuple(" ".join(map(forms.__getitem__, words)) for words in texts)


def _often(indexed: Mapping[str, tuple[str, ...]], counts: Counter[str], length: int) -> list[str]:
    """Return the stems of words that are said more than once, and often for the length of the text."""
    norm = _K1 * (1 - _B + _B * length / _AVERAGE_WORDS)
    least = max(2.0, _OFTEN * norm / (_K1 + 1 - _OFTEN))
    sums: dict[str, int] = {}
    for word, count in counts.items():
        stem = indexed[word][0]
        sums[stem] = sums.get(stem, 0) + count
    return [stem for stem, count in sums.items() if count >= least and stem and not is_run(stem)]
