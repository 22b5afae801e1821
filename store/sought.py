"""What each term of a query asks of the indexes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from store.folding import flat, folded, is_run, lowered, narrowest, spelled_out, tokens
from store.query import Field, Query, Term
from store.stems import query_stems
from store.terms import days_from, days_until, hosts_above, language_facets, tag_facet

_MARKED = "SELECT article_id FROM marks WHERE {} IS NOT NULL AND article_id <= :bound ORDER BY article_id DESC"
_STREAMS = {
    "starred": _MARKED.format("starred_at"),
    "read": _MARKED.format("read_at"),
    "removed": """SELECT DISTINCT article_id FROM removals WHERE removed_at IS NOT NULL AND back_at IS NULL
        AND article_id <= :bound ORDER BY article_id DESC""",
}
_UNREAD = "NOT EXISTS (SELECT 1 FROM marks WHERE article_id = {id} AND read_at IS NOT NULL)"
_EXACT = """SELECT i.rowid FROM articles_fts i WHERE i.articles_fts MATCH :match AND i.rowid <= :bound
    ORDER BY i.rowid DESC"""
_NAMES: dict[Field, str] = {"by": "b_", "site": "n_", "section": "c_", "agency": "a_"}
#: Columns of the exact index.
_COLUMNS: dict[Field, str] = {"title": "title", "by": "byline", "site": "site_name", "section": "section"}
#: Apostrophes that the exact index takes for separators, and the one (a letter to Unicode) that it does not.
_APOSTROPHE = re.compile("(?<=\\w)['\u2018\u2019\u02bc\uff07](?=\\w)")
_LETTER_APOSTROPHE = "\u02bc"
#: A Russian word that may be written with е or ё; the exact index tells them apart. At most one ё is in a word.
_YO_WORD = re.compile("[а-дж-я]*[её][а-яё]*", re.IGNORECASE)
_POSSESSIVE = re.compile("(?<=\\w)'s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Ids from somewhere else, descending from `:bound`."""

    sql: str
    match: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What an article must have; all of it."""

    #: Expression over `articles_stems`; None = that index does not bound it; "" = nothing can be found.
    index: str | None = None
    stream: Stream | None = None
    #: Must occur among the folded words (see `store.folding.flat`) of the article, or of its headline.
    needle: str | None = None
    is_in_title: bool = False
    #: SQL condition on {id}.
    condition: str | None = None

    @property
    def is_index_alone(self) -> bool:
        """Say whether the index decides by itself."""
        return self.stream is None and self.needle is None and self.condition is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What terms are looked up in."""

    languages: tuple[str, ...]
    #: Ids of the feeds that a text means, and of those with a tag.
    feeds: Callable[[str], Collection[int]]
    tagged: Callable[[str], Collection[int]]


def sought(term: Term, book: Book) -> Sought:
    """Return what a term asks for, its minus apart."""
    if term.day is not None:
        return Sought(index=any_of(days_from(term.day) if term.kind == "from" else days_until(term.day)))
    if term.kind == "has":
        return Sought(index=any_of(["img"]))
    if term.kind == "is":
        if term.text == "unread":
            return Sought(condition=_UNREAD)
        return Sought(stream=Stream(sql=_STREAMS[term.text]))
    if term.field in (None, "title"):
        return _words(term, book)
    return _facet(term, book)


def any_of(terms: Iterable[str]) -> str:
    """Return the expression for one of these terms; empty for none."""
    return _joined(" OR ", [f'"{term}"' for term in dict.fromkeys(terms)])


def all_of(expressions: Iterable[str]) -> str:
    """Return the expression for all of these expressions; empty if one is or there is none."""
    found = list(dict.fromkeys(expressions))
    return _joined(" AND ", found) if all(found) else ""


def _joined(operator: str, found: list[str]) -> str:
    return found[0] if len(found) == 1 else f"({operator.join(found)})" if found else ""


# --------------------------------------------------------------------------- words


def query_tokens(term: Term) -> list[str]:
    """Return the words and runs of a term; an English possessive is no part of a word."""
    low = lowered(term.text)
    return tokens(_POSSESSIVE.sub("", low) if term.kind == "words" else low)


def _words(term: Term, book: Book) -> Sought:
    found = query_tokens(term)
    before = "t_" if term.field == "title" else ""
    has_run = any(map(is_run, found))
    if term.kind == "prefix" and not has_run:
        return Sought(stream=_exact(term))
    index = all_of(_token(token, before, book) for token in found)
    if has_run:
        is_whole = len(found) == 1 and len(found[0]) <= 2
        needle = None if is_whole else flat(term.text)
        return Sought(index=index, needle=needle, is_in_title=term.field == "title")
    is_exact = term.kind == "phrase" or len(found) > 1
    return Sought(index=index, stream=_exact(term) if is_exact and index else None)


def _token(token: str, before: str, book: Book) -> str:
    if is_run(token):
        return all_of(any_of([before + part]) for part in narrowest(token))
    return any_of(before + stem for stem in query_stems(token, book.languages))


def written_match(query: Query) -> str | None:
    """Return the query over the exact index: words as they are typed; None if it asks for more than words."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for clause in query.clauses:
        if not all(_is_of_words(term) and (term.is_wanted or len(clause) == 1) for term in clause):
            return None
        match = f"({' OR '.join(_exact(term).match for term in clause)})"
        (wanted if clause[0].is_wanted else unwanted).append(match)
    if not wanted:
        return None
    found = f"({' AND '.join(wanted)})"
    return f"{found} NOT ({' OR '.join(unwanted)})" if unwanted else found


def _is_of_words(term: Term) -> bool:
    return (
        term.kind in ("words", "phrase", "prefix") and term.field is None and not any(map(is_run, query_tokens(term)))
    )


def _exact(term: Term) -> Stream:
    end = " *" if term.kind == "prefix" else ""
    phrases = [f'"{form}"{end}' for form in _forms(term.text.replace('"', " "))]
    match = f"({' OR '.join(phrases)})"
    return Stream(sql=_EXACT, match=f"{{{_COLUMNS[term.field]}}} : {match}" if term.field else match)


def _forms(text: str) -> Iterable[str]:
    """Return the ways to write `text`: apostrophes as punctuation or as a letter, and ё where е is written."""
    forms = dict.fromkeys((_APOSTROPHE.sub("'", text), _APOSTROPHE.sub(_LETTER_APOSTROPHE, text)))
    if _YO_WORD.fullmatch(text):
        plain = text.lower().replace("ё", "е")
        forms |= dict.fromkeys(f"{plain[:at]}ё{plain[at + 1 :]}" for at, char in enumerate(plain) if char == "е")
        forms[plain] = None
    return forms


# --------------------------------------------------------------------------- facets


def _facet(term: Term, book: Book) -> Sought:
    text = term.text.strip()
    if term.field == "feed":
        return Sought(index=any_of(f"f_{feed_id}" for feed_id in book.feeds(text)))
    if term.field == "tag":
        return Sought(index=any_of([tag_facet(text), *(f"f_{feed_id}" for feed_id in book.tagged(text))]))
    if term.field == "lang":
        return Sought(index=any_of(language_facets(text)[-1:]))
    if term.field == "was":
        return Sought(index=all_of(_token(token, "w_", book) for token in query_tokens(term)))
    assert term.field is not None
    if term.kind == "prefix" and term.field in _COLUMNS:
        return Sought(stream=_exact(term))
    before = _NAMES[term.field]
    names = all_of(any_of(before + form for form in forms) for forms in _narrow_parts(text, book.languages))
    if term.field == "site" and "." in text:
        host = hosts_above((text.partition("://")[2] or text).partition("/")[0])[0]
        return Sought(index=_joined(" OR ", list(filter(None, [names, any_of([f"s_{host}"])]))))
    return Sought(index=names)


def _narrow_parts(text: str, languages: Iterable[str]) -> list[tuple[str, ...]]:
    """Return of each word of a name, and of each part of a run, the forms of which an article has one."""
    found: dict[tuple[str, ...], None] = {}
    for token in tokens(text):
        if is_run(token):
            found |= dict.fromkeys((part,) for part in narrowest(token))
        else:
            spelled = (folded(spelled_out(token, language)) for language in languages)
            found[tuple(dict.fromkeys((folded(token), *spelled)))] = None
    return sorted(forms for forms in found if all(forms))
