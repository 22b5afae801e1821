"""What an article is known by in `articles_stems`: stems of its words, and facets.

A stem stands by itself for the word anywhere in the article; with a letter before it, it says where or how:

    t_  in the headline            b_  in an author's name      c_  in the section's name
    o_  often, for its length      n_  in the site's name       a_  in an agency's name
    w_  in an earlier version

Other facets: f_12 a feed; s_example.org the host and those above it; lang_pt, lang_pt-br; g_world a tag of the
article's own; img a picture; and the day it was published as t202 y2026 m202611 d20261126.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from store.folding import folded, is_run, lowered, parts, spelled_out, tokens
from store.schema import INDEXED
from store.stems import index_stems, stem_language

#: Weight of a word by BM25 (k1 = 1.2, b = 0.75, so many words on average) from which it counts as said often.
_OFTEN, _K1, _B, _AVERAGE_WORDS = 1.5, 1.2, 0.75, 350
_NAME_PREFIXES = {"byline": "b_", "section": "c_", "site_name": "n_", "agencies": "a_"}
_NOT_IN_TAG = re.compile(r"[^\w.-]+")
#: Characters; no host name has more (RFC 1035).
_LONGEST_HOST = 253
_NOT_IN_HOST = re.compile(r"[^a-z0-9.-]+")
#: Newspapers are no older, and nothing is published that far ahead.
_FIRST_DECADE, _LAST_DECADE = 160, 210
_LANGUAGE = re.compile("[a-z]{2,3}(-[a-z0-9]{2,8})*")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def word_terms(row: Mapping[str, Any]) -> set[str]:
    """Return the terms for the words of an article, whose row is given."""
    language = stem_language(row["language"])
    found: list[str] = []
    for name in INDEXED:
        found += tokens(row[name] or "")
    counts = Counter(found)
    indexed = index_stems(counts, language)
    terms = _spread(indexed, counts)
    terms |= {f"o_{stem}" for stem in _often(indexed, counts, len(found))}
    title = tokens(row["title"] or "")
    terms |= {f"t_{stem}" for stem in _spread(indexed, title)}
    for name, prefix in _NAME_PREFIXES.items():
        terms |= {f"{prefix}{part}" for part in name_parts(row[name] or "", language)}
    return terms


def earlier_terms(terms: Iterable[str]) -> set[str]:
    """Return what the terms of an article become once it has another version."""
    return {f"w_{term}" for term in terms if term[1:2] != "_"}


def facets(row: Mapping[str, Any], feed_ids: Iterable[int], tags: Iterable[str]) -> set[str]:
    """Return the facets of an article that its feeds, tags and facts give it."""
    found = {f"f_{feed_id}" for feed_id in feed_ids}
    found |= {tag_facet(tag) for tag in tags}
    found |= {f"s_{host}" for host in hosts_above(_host(row["url"]))}
    found |= set(language_facets(row["language"] or ""))
    if row["image_url"] or (row["images"] or "[]") != "[]":
        found.add("img")
    if day := _DAY.match(row["published_at"] or row["first_seen_at"]):
        year, month, of_month = day.groups()
        found |= {f"t{year[:3]}", f"y{year}", f"m{year}{month}", f"d{year}{month}{of_month}"}
    return found


def days_from(day: date) -> list[str]:
    """Return the facets of which an article published on `day` or later has one."""
    day = max(day, date(10 * _FIRST_DECADE, 1, 1))
    decades = [f"t{decade}" for decade in range(day.year // 10 + 1, _LAST_DECADE)]
    years = [f"y{year}" for year in range(day.year + 1, day.year // 10 * 10 + 10)]
    months = [f"m{day.year}{month:02}" for month in range(day.month + 1, 13)]
    return [*decades, *years, *months, *(f"d{day:%Y%m}{number:02}" for number in range(day.day, 32))]


def days_until(day: date) -> list[str]:
    """Return the facets of which an article published before `day` has one."""
    decades = [f"t{decade}" for decade in range(_FIRST_DECADE, min(day.year // 10, _LAST_DECADE))]
    years = [f"y{year}" for year in range(day.year // 10 * 10, day.year)]
    months = [f"m{day.year}{month:02}" for month in range(1, day.month)]
    return [*decades, *years, *months, *(f"d{day:%Y%m}{number:02}" for number in range(1, day.day))]


def name_parts(text: str, language: str | None) -> set[str]:
    """Return the folded words of a name, also with letters spelled out as the language does, and the parts of runs."""
    found: set[str] = set()
    for token in tokens(text):
        found |= parts(token) if is_run(token) else {folded(token), folded(spelled_out(token, language))}
    return found - {""}


def tag_facet(tag: str) -> str:
    """Return the facet of a tag; written with other case, accents or punctuation it is the same."""
    return "g_" + folded(_NOT_IN_TAG.sub("_", lowered(tag)))


def language_facets(language: str) -> tuple[str, ...]:
    """Return the facets of a language: itself and its primary subtag; none if it is malformed."""
    language = language.lower().replace("_", "-")
    if not _LANGUAGE.fullmatch(language):
        return ()
    return tuple(dict.fromkeys((f"lang_{language.partition('-')[0]}", f"lang_{language}")))


def hosts_above(host: str) -> list[str]:
    """Return a host name and the domains that it is in, top-level ones left out; `www.` is no part of a name."""
    labels = _NOT_IN_HOST.sub("", host[-_LONGEST_HOST:].lower()).removeprefix("www.").split(".")
    return [".".join(labels[at:]) for at in range(max(1, len(labels) - 1))]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


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


def _often(indexed: Mapping[str, tuple[str, ...]], counts: Counter[str], length: int) -> list[str]:
    """Return the stems of words that are said more than once, and often for the length of the text."""
    norm = _K1 * (1 - _B + _B * length / _AVERAGE_WORDS)
    least = max(2.0, _OFTEN * norm / (_K1 + 1 - _OFTEN))
    sums: dict[str, int] = {}
    for word, count in counts.items():
        stem = indexed[word][0]
        sums[stem] = sums.get(stem, 0) + count
    return [stem for stem, count in sums.items() if count >= least and stem and not is_run(stem)]
