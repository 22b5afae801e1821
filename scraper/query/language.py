"""The language of searches: what a person types, as clauses. Any string is a query; what is wrong with it is told.

A query is clauses, all of which must hold; a clause is terms joined by OR, one of which must hold.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Field = Literal["title", "by", "site", "feed", "tag", "lang", "section", "agency", "was"]
Kind = Literal["words", "phrase", "prefix", "from", "until", "is", "has"]

#: The language in one table: what is written, what it finds. The help and the reference are made from it.
LANGUAGE: tuple[tuple[str, str], ...] = (
    ("election results", "articles with all the words, in any inflection of their language"),
    ('"election results"', "the words as they are written, side by side"),
    ("-results", "articles without the word; a minus may stand before any term"),
    ("mayor OR council", "either; OR (in capitals) binds its two neighbours"),
    ("elect*", "words that begin with it; at least two letters"),
    ("東京, กรุง, 서울", "Chinese, Japanese, Thai, Korean and their like: any part of a word, of one character or more"),
    ("title:strike", "in the headline; also title:\"general strike\" and title:strik*"),
    ("by:smith", "one of the authors; by:\"ann smith\" needs both words"),
    ("site:example.org", "the site, by its host (with those below it) or a word of its name"),
    ("feed:courier", "the feed, by number, name or address, or by a part of its name that no other has"),
    ("tag:world", "the tag, of a feed or of the article"),
    ("lang:de", "the language; lang:pt-br is narrower"),
    ("section:sport", "a word of the section"),
    ("agency:reuters", "a word of a news agency's name"),
    ("after:2026-11-01", "published (or else first seen) on that day, in UTC, or later; also 2026-11, 2026, 7d, 2w"),
    ("before:2026-11", "published before that day, month or year, or longer ago than 7d, 2w"),
    ("is:starred", "starred; also is:unread, is:read, is:removed (taken down by its site)"),
    ("has:image", "with a picture"),
    ("was:denied", "words of an earlier version of the article, in any inflection"),
)  # fmt: skip

#: What people write for a field.
_SYNONYMS = {
    "author": "by", "byline": "by", "from": "by", "headline": "title", "intitle": "title", "host": "site",
    "source": "site", "inurl": "site", "language": "lang", "category": "section", "label": "tag", "since": "after",
    "date": "after", "until": "before",
}  # fmt: skip
FIELDS: tuple[Field, ...] = ("title", "by", "site", "feed", "tag", "lang", "section", "agency", "was")
STATES = {"is": ("starred", "unread", "read", "removed"), "has": ("image",)}

#: More terms than anybody types; what follows is not looked at.
_MAX_TERMS = 64
_MAX_CHARS = 5000
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"\0": " "})
_TERM = re.compile(
    r"(?P<minus>(?<!\S)[-\u2212\u2013](?=[^\s]))?(?:(?P<field>[A-Za-z]{1,20}):)?"
    r'(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SPAN = re.compile(r"(\d{1,5})([dw])")
_MIN_PREFIX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that an article is asked for."""

    kind: Kind
    #: Words as they were typed; of `is` and `has` the state; empty for days.
    text: str = ""
    field: Field | None = None
    is_wanted: bool = True
    #: Of `from` (this day or later) and `until` (before this day).
    day: date | None = None


Clause = tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a string asks for."""

    clauses: tuple[Clause, ...]
    #: What in it cannot be meant, a sentence each; such parts are taken for words.
    faults: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether it names nothing that is wanted: it finds nothing then."""
        return not any(term.is_wanted for clause in self.clauses for term in clause)


def parse_query(text: str, today: date) -> Query:
    """Return what `text` means on the day `today`."""
    shown = text[:_MAX_CHARS].translate(_QUOTES).encode("utf-8", "replace").decode()
    clauses: list[Clause] = []
    faults: list[str] = []
    joins = False
    for match in _TERM.finditer(shown):
        if match.group() == "OR" and clauses and not joins:
            joins = True
            continue
        term = _term(match, today)
        faults += _faults(match, term)
        if term is None:
            continue
        if joins:
            clauses[-1] = (*clauses[-1], term)
        else:
            clauses.append((term,))
        joins = False
        if sum(map(len, clauses)) == _MAX_TERMS:
            break
    if joins:  # nothing follows: it is a word
        clauses.append((Term(kind="words", text="OR"),))
    return Query(clauses=tuple(clauses), faults=tuple(faults))


def _faults(match: re.Match[str], term: Term | None) -> list[str]:
    """Return what is wrong with something written as field:value; `https://...`, `12:30`, `std::string` are words."""
    name, value = match["field"] or "", match["phrase"] if match["word"] is None else match["word"]
    field, written = name.lower(), match.group().lstrip("-\u2212\u2013")
    is_meant = field and term is not None and term.field is None and (match["word"] is None or value[:1].isalnum())
    if not is_meant or (term is not None and term.kind not in ("words", "prefix", "phrase")):
        return []
    if field in STATES:
        known = " or ".join(f"{field}:{state}" for state in STATES[field])
        return [f"{_quoted(written)} is not known; write {known}"]
    if field in ("after", "before"):
        return [f"{_quoted(value)} is not a date; write {field}:2026-11-01, {field}:2026-11, {field}:2026, {field}:7d"]
    words = _quoted(written.replace('"', ""))
    return [f"there is no field {_quoted(name)}; {_suggestion(field)}to search for the words, write {words}"]


def _suggestion(field: str) -> str:
    names = (*FIELDS, *STATES, "after", "before")
    near = [_SYNONYMS[field]] if field in _SYNONYMS else difflib.get_close_matches(field, names, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}:"? ' if near else f"the fields are {', '.join(names)}; "


def _quoted(text: str) -> str:
    return f'"{text if len(text) <= 60 else text[:59] + "…"}"'


def _term(match: re.Match[str], today: date) -> Term | None:
    field = (match["field"] or "").lower()
    is_phrase = match["phrase"] is not None
    value = match["phrase"] if is_phrase else match["word"]
    term = _named(field, value, today) if field else None
    if term is None and field in FIELDS and _has_word(value):
        narrowed: Field = next(name for name in FIELDS if name == field)
        term = replace(_plain(value, is_phrase=is_phrase), field=narrowed)
    if term is None:
        whole = f"{match['field']}:{value}" if field else value
        term = _plain(whole, is_phrase=is_phrase) if _has_word(whole) else None
    return term and replace(term, is_wanted=not match["minus"])


def _plain(value: str, *, is_phrase: bool) -> Term:
    if is_phrase:
        return Term(kind="phrase", text=value)
    stem = value.removesuffix("*")
    is_prefix = stem != value and sum(map(str.isalnum, stem)) >= _MIN_PREFIX and _ends_in_word(stem)
    return Term(kind="prefix", text=stem) if is_prefix else Term(kind="words", text=value)


def _named(field: str, value: str, today: date) -> Term | None:
    """Return a term about a state or a time; None if it is none."""
    if field in STATES:
        return Term(kind=field, text=value.lower()) if value.lower() in STATES[field] else None  # type: ignore[arg-type]  # a key of STATES
    if field in ("after", "before"):
        day = _first_day(value, today)
        return None if day is None else Term(kind="from" if field == "after" else "until", day=day)
    return None


def _first_day(value: str, today: date) -> date | None:
    """Return the first day of what `value` means: a day, month or year, or so many days or weeks ago."""
    try:
        if span := _SPAN.fullmatch(value.lower()):
            return today - timedelta(days=int(span[1]) * (7 if span[2] == "w" else 1))
        if named := _DAY.fullmatch(value):
            return date(int(named[1]), int(named[2] or 1), int(named[3] or 1))
    except (ValueError, OverflowError):
        return None
    return None


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _ends_in_word(text: str) -> bool:
    """Say whether a text ends in a letter, a digit, or a mark that belongs to one."""
    return text[-1].isalnum() or unicodedata.category(text[-1])[0] == "M" or text[-1] in "\u200c\u200d"
