"""What a search names that the archive does not have: feeds, tags, languages. Asked before a search is made."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from itertools import islice

from sqlite_utils import Database

from scraper.query.language import Term, parse_query
from store.sqlite.database.columns import strings
from store.sqlite.search.feed_names import find_feed
from store.sqlite.search.index import languages
from store.sqlite.search.terms import language_facets, tag_facet

#: Of names that are compared with one that is not known.
_MOST_NAMES = 5_000
#: Names of languages that people write for their codes; and codes of languages that have no stems.
_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi",
    "french": "fr", "francais": "fr", "german": "de", "deutsch": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
    "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "jp": "ja", "korean": "ko", "kr": "ko",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
    "spanish": "es", "espanol": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk", "ua": "uk",
    "vietnamese": "vi", "cn": "zh", "gr": "el", "cz": "cs", "dk": "da", "se": "sv",
}  # fmt: skip


def query_faults(db: Database, text: str, tag: str | None, today: date) -> tuple[str, ...]:
    """Return what is wrong with a query, and with the tag of a filter.

    That is what cannot be meant, and values that nothing in the archive has.
    """
    query = parse_query(text, today)
    found = list(query.faults)
    if tag is not None and tag not in (known := _known_tags(db)):
        found.append(_tag_fault(tag, known))
    for term in (term for clause in query.clauses for term in clause):
        found += _faults(db, term)
    return tuple(dict.fromkeys(found))


def _known_tags(db: Database) -> tuple[str, ...]:
    """Return the tags of feeds and of articles."""
    tags = {tag for (given,) in db.execute("SELECT tags FROM feeds WHERE tags <> '[]'") for tag in strings(given)}
    return tuple(sorted(tags | {tag for (tag,) in db.execute("SELECT DISTINCT tag FROM article_tags")}))


def _tag_fault(tag: str, known: Iterable[str]) -> str:
    return f'nothing has the tag "{tag}"{_near(tag, known)}'


def _faults(db: Database, term: Term) -> list[str]:
    text = term.text.strip()
    if term.field == "feed":
        _, fault = find_feed(db, text)
        return [fault] if fault else []
    if term.field == "tag":
        known = _known_tags(db)
        return [] if tag_facet(text) in map(tag_facet, known) else [_tag_fault(text, known)]
    if term.field == "lang" and not _has_language(db, text):
        return [f'no article is in the language "{text}"{_language_hint(db, text)}']
    return []


def _near(text: str, names: Iterable[str]) -> str:
    known = list(islice(names, _MOST_NAMES))
    words = {word: name for name in known for word in (name.casefold(), *name.casefold().split())}
    near = difflib.get_close_matches(text.casefold()[:100], words, n=1, cutoff=0.6)
    if near:
        return f'; did you mean "{words[near[0]]}"?'
    some = sorted(known, key=str.casefold)[:8]
    return f"; there are {', '.join(some)}{' ...' if len(known) > len(some) else ''}" if some else ""


def _has_language(db: Database, text: str) -> bool:
    facet = language_facets(text)[-1:]
    return bool(facet) and _is_indexed(db, facet[0])


def _is_indexed(db: Database, facet: str) -> bool:
    sql = "SELECT 1 FROM articles_stems WHERE articles_stems MATCH ? LIMIT 1"
    return db.execute(sql, (f'"{facet}"',)).fetchone() is not None


def _language_hint(db: Database, text: str) -> str:
    code = _LANGUAGES.get(text.casefold())
    if code and _has_language(db, code):
        return f'; did you mean "lang:{code}"?'
    codes = sorted({*languages(db), *(code for code in _LANGUAGES.values() if _is_indexed(db, f"lang_{code}"))})
    return f"; there are {', '.join(codes)}" if codes else ""
