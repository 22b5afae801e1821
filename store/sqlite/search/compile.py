"""What each term of a query asks of the indexes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from scraper.query.language import Field, Query, Term
from scraper.urls import host_of
from store.sqlite.search.folding import flat, folded, is_plain, is_run, lowered, narrowest, spelled_out, tokens
from store.sqlite.search.stems import query_stems
from store.sqlite.search.terms import (
    IMAGE,
    NAME_PREFIXES,
    days_from,
    days_until,
    hosts_above,
    language_facets,
    tag_facet,
)

_MARKED = "SELECT article_id FROM marks WHERE {} IS NOT NULL AND article_id <= :bound ORDER BY article_id DESC"
_READ = _MARKED.format("read_at")
_STREAMS = {
    "starred": _MARKED.format("starred_at"),
    "read": _READ,
    "removed": """SELECT DISTINCT article_id FROM removals WHERE removed_at IS NOT NULL AND back_at IS NULL
        AND article_id <= :bound ORDER BY article_id DESC""",
}
_UNREAD = "NOT EXISTS (SELECT 1 FROM marks WHERE article_id = {id} AND read_at IS NOT NULL)"
#: Words in their order: of articles whose words SQLite's tokenizer divides and folds as searches do ...
_PLAIN = """SELECT i.rowid AS id FROM articles_fts i WHERE i.articles_fts MATCH :match AND i.rowid <= :bound
    AND NOT EXISTS (SELECT 1 FROM article_facets WHERE article_id = i.rowid AND is_rewritten)"""
#: ... and of all others.
_REWRITTEN = "SELECT o.rowid AS id FROM articles_words o WHERE o.articles_words MATCH :match AND o.rowid <= :bound"
_COLUMNS: dict[Field, str] = {
    "title": "title", "by": "byline", "site": "site_name", "section": "section", "agency": "agencies",
}  # fmt: skip
_POSSESSIVE = re.compile("(?<=\\w)'s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Ids from somewhere else, descending from `:bound`."""

    sql: str
    match: str = ""
    #: What is sought is all that is not among them.
    is_outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What an article must have; all of it."""

    #: Expression over `articles_stems`; None = that index does not bound it; "" = nothing can be found.
    index: str | None = None
    stream: Stream | None = None
    #: Must all occur among the folded words (see `store.sqlite.search.folding.flat`) of one of the article's texts ...
    needles: tuple[str, ...] = ()
    #: ... or of this one.
    column: str | None = None
    #: SQL condition on {id} that says the same as `stream`.
    condition: str | None = None

    @property
    def is_index_alone(self) -> bool:
        """Say whether the index decides by itself."""
        return self.stream is None and not self.needles


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What terms are looked up in."""

    languages: tuple[str, ...]
    #: The id of the feed that a text means, if it means one, and the ids of those with a tag.
    feed: Callable[[str], int | None]
    tagged: Callable[[str], Collection[int]]


def sought(term: Term, book: Book) -> Sought:
    """Return what a term asks for, its minus apart."""
    if term.day is not None:
        return Sought(index=any_of(days_from(term.day) if term.kind == "from" else days_until(term.day)))
    if term.kind == "has":
        return Sought(index=any_of([IMAGE]))
    if term.kind == "is":
        if term.text == "unread":
            return Sought(condition=_UNREAD, stream=Stream(sql=_READ, is_outside=True))
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
    return list(filter(folded, tokens(_POSSESSIVE.sub("", low) if term.kind == "words" else low)))


def _words(term: Term, book: Book) -> Sought:
    found = query_tokens(term)
    if not found:
        return Sought(index="")
    before = "t_" if term.field == "title" else ""
    is_prefix = term.kind == "prefix" and not is_run(found[-1])
    index = all_of(_token(token, before, book) for token in (found[:-1] if is_prefix else found)) or None
    if any(map(is_run, found)):
        is_whole = len(found) == 1 and len(found[0]) <= 2
        needles = () if is_whole else (_needle(found, is_prefix=is_prefix),)
        return Sought(index=index or "", needles=needles, column=_COLUMNS[term.field] if term.field else None)
    if is_prefix or term.kind == "phrase" or len(found) > 1:
        return Sought(index=index, stream=_side_by_side(found, term.field, is_prefix=is_prefix))
    return Sought(index=index or "")


def _token(token: str, before: str, book: Book) -> str:
    if is_run(token):
        return all_of(any_of([before + part]) for part in narrowest(token))
    return any_of(before + stem for stem in query_stems(token, book.languages))


def _needle(found: Sequence[str], *, is_prefix: bool = False) -> str:
    """Return what is among the folded words where tokens stand side by side: runs in part, words whole."""
    needle = flat(found)
    needle = needle[1:] if is_run(found[0]) else needle
    return needle[:-1] if is_run(found[-1]) or is_prefix else needle


def _side_by_side(found: Sequence[str], field: Field | None, *, is_prefix: bool) -> Stream:
    """Return the articles that have words side by side, the last one perhaps begun only."""
    words = flat(found).strip()
    match = f'"{words}" *' if is_prefix else f'"{words}"'
    sql = f"{_PLAIN} UNION ALL {_REWRITTEN}" if is_plain(words) else _REWRITTEN
    return Stream(sql=f"{sql} ORDER BY id DESC", match=f"{{{_COLUMNS[field]}}} : ({match})" if field else match)


def written_match(query: Query) -> str | None:
    """Return the query over `articles_fts`: words as they are typed; None if it asks for more than words."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for clause in query.clauses:
        if not all(_is_of_words(term) and (term.is_wanted or len(clause) == 1) for term in clause):
            return None
        match = f"({' OR '.join(map(_typed, clause))})"
        (wanted if clause[0].is_wanted else unwanted).append(match)
    if not wanted:
        return None
    found = f"({' AND '.join(wanted)})"
    return f"{found} NOT ({' OR '.join(unwanted)})" if unwanted else found


def _is_of_words(term: Term) -> bool:
    return (
        term.kind in ("words", "phrase", "prefix") and term.field is None and not any(map(is_run, query_tokens(term)))
    )


def _typed(term: Term) -> str:
    """Return a term as it was typed, and as searches fold it: other programs' words may be either."""
    forms = dict.fromkeys((term.text.replace('"', " "), flat(tokens(term.text)).strip()))
    end = " *" if term.kind == "prefix" else ""
    return " OR ".join(f'"{form}"{end}' for form in forms)


# --------------------------------------------------------------------------- facets


def _facet(term: Term, book: Book) -> Sought:
    text = term.text.strip()
    if term.field == "feed":
        feed_id = book.feed(text)
        return Sought(index="" if feed_id is None else any_of([f"f_{feed_id}"]))
    if term.field == "tag":
        return Sought(index=any_of([tag_facet(text), *(f"f_{feed_id}" for feed_id in book.tagged(text))]))
    if term.field == "lang":
        return Sought(index=any_of(language_facets(text)[-1:]))
    found = query_tokens(term)
    if term.field == "was":
        return Sought(index=all_of(_with_prefix(term, "v_", [_token(token, "w_", book) for token in found])))
    assert term.field is not None
    column = _COLUMNS[term.field]
    before = NAME_PREFIXES[column]
    names = all_of(_with_prefix(term, before, [_name_token(token, before, book) for token in found]))
    if term.field == "site" and "." in text and term.kind != "prefix":
        host = hosts_above(host_of(text if "://" in text else f"http://{text}"))[0]
        return Sought(index=_joined(" OR ", list(filter(None, [names, any_of([f"s_{host}"])]))))
    needles = tuple(_needle([token]) for token in found if is_run(token) and len(token) > 2)
    return Sought(index=names, needles=needles, column=column)


def _with_prefix(term: Term, before: str, asked: list[str]) -> list[str]:
    """Return what is asked of the index for each word of a term, where the last one may be the beginning of a word."""
    last = query_tokens(term)[-1:]
    if term.kind != "prefix" or not last or is_run(last[0]):
        return asked
    return [*asked[:-1], f'"{before}{folded(last[0])}" *']


def _name_token(token: str, before: str, book: Book) -> str:
    """Return what is asked of the index for a word of a name: it as written, or with letters spelled out."""
    if is_run(token):
        return _token(token, before, book)
    spelled = (folded(spelled_out(token, language)) for language in book.languages)
    return any_of(before + form for form in (folded(token), *spelled) if form)
