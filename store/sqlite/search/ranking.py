"""Searches by relevance: like BM25, over the newest hits, from what the index knows already."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlite_utils import Database

from store.sqlite.search.compile import any_of, query_tokens
from store.sqlite.search.execute import Search
from store.sqlite.search.folding import is_run, narrowest
from store.sqlite.search.stems import query_stems

#: Hits that are compared: the newest ones.
COMPARED = 1000
#: Newest articles by which it is judged how rare a word is.
_SAMPLE = 20_000
#: What a word counts in the headline, said often, and said at all; times its rarity.
_WEIGHTS = {"t_": 2.0, "o_": 0.6, "": 1.0}
#: Newer is better, all else being equal: the share that the oldest hit compared loses.
_AGE = 0.05

_AMONG = """SELECT rowid FROM articles_stems WHERE articles_stems MATCH ? AND rowid BETWEEN ? AND ?
    ORDER BY rowid DESC LIMIT ?"""
_COMMON = "SELECT count(*) FROM articles_stems WHERE articles_stems MATCH ? AND rowid > ?"


def best_first(db: Database, search: Search, limit: int) -> Sequence[int]:
    """Return hits among the newest `COMPARED`, the most relevant first; at most `limit` unless it is negative."""
    hits = list(search.ids(COMPARED))
    if not hits:
        return array("q")
    scores = {number: -_AGE * place / len(hits) for place, number in enumerate(hits)}
    floor = max(0, db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0] - _SAMPLE)
    for terms in _words(search):
        rarity = _rarity(db, terms, floor)
        for prefix, weight in _WEIGHTS.items():
            for number in _among(db, search, any_of(f"{prefix}{term}" for term in terms), hits):
                if number in scores:
                    scores[number] += weight * rarity
    ordered = sorted(hits, key=lambda number: (-scores[number], -number))
    return array("q", ordered[:limit] if limit >= 0 else ordered)


def _words(search: Search) -> Iterator[tuple[str, ...]]:
    """Yield what each wanted word, or pair of a run, may be in the index."""
    for term in (term for clause in search.query.clauses for term in clause):
        if term.is_wanted and term.kind in ("words", "phrase") and term.field in (None, "title"):
            for token in query_tokens(term):
                if is_run(token):
                    yield from ((part,) for part in narrowest(token))
                else:
                    yield query_stems(token, search.book.languages)


def _rarity(db: Database, terms: tuple[str, ...], floor: int) -> float:
    """Return BM25's inverse document frequency, estimated from the newest articles."""
    with_it: int = db.execute(_COMMON, (any_of(terms), floor)).fetchone()[0]
    return math.log(1 + (_SAMPLE - with_it + 0.5) / (with_it + 0.5))


def _among(db: Database, search: Search, terms: str, hits: Sequence[int]) -> Iterator[int]:
    """Yield the hits that have one of the terms, and perhaps others that the index alone takes for hits."""
    match = f"{terms} AND ({search.expression})" if search.expression else terms
    rows = db.execute(_AMONG, (match, hits[-1], hits[0], 20 * COMPARED))
    return (row[0] for row in islice(rows, 20 * COMPARED))
