"""Passages of articles around what a search found, with marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from scraper.query.language import Term
from store.sqlite.search.compile import query_tokens
from store.sqlite.search.execute import Search
from store.sqlite.search.folding import Token, folded, is_run, lowered, places, tokens
from store.sqlite.search.stems import index_stems, query_stems, stem_language

#: The marks around a match.
OPEN, CLOSE = "\x02", "\x03"

_BEFORE_CHARS, _AFTER_CHARS = 50, 110
_OVERLAP_CHARS = 150
#: So far into a text a match is looked for, so much at a time.
_LONGEST_CHARS, _PIECE_CHARS = 400_000, 1000
_SQL = """SELECT id, language, text, title, site_name, byline, section, credit FROM articles
    WHERE id IN (SELECT value FROM json_each(?))"""
_SHOWN = ("text", "title", "site_name", "byline", "section", "credit")

_POSSESSIVE = re.compile(r"['\u2019]s(?!\w)")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What is marked."""

    stems: frozenset[str]
    prefixes: tuple[str, ...]
    #: Folded words that stand side by side.
    phrases: tuple[tuple[str, ...], ...]
    #: Parts of runs of scripts without spaces, lowered.
    runs: tuple[str, ...]


def passages(db: Database, article_ids: Sequence[int], search: Search) -> dict[int, str]:
    """Return a marked passage for each article that has one."""
    marker = _marker(search)
    found = {}
    for row in db.execute(_SQL, (str(list(article_ids)),)):
        language = stem_language(row["language"])
        marked = (marked_passage(row[name] or "", marker, language) for name in _SHOWN)
        if passage := next(filter(None, marked), None):
            found[row["id"]] = passage
    return found


def marked_passage(text: str, marker: Marker, language: str | None) -> str | None:
    """Return the surroundings of the first match in `text` on one line, matches marked; None if there is none."""
    for at in range(0, min(len(text), _LONGEST_CHARS), _PIECE_CHARS):
        # Pieces overlap by what a passage holds, so that no match is cut in two.
        piece = text[at : at + _PIECE_CHARS + _OVERLAP_CHARS]
        if spans := matches(piece, marker, language):
            start = max(0, at + spans[0][0] - _BEFORE_CHARS)
            return _cut(text, start, [(at + first, at + last) for first, last in spans])
    return None


def matches(text: str, marker: Marker, language: str | None) -> list[Span]:
    """Return where matches begin and end, in order, apart from each other."""
    words = {word for word, forms in index_stems(tokens(text), language).items() if _is_wanted(word, forms, marker)}
    if not words and not marker.phrases and not any(part in lowered(text) for part in marker.runs):
        return []  # most pieces of a text end here
    found = places(text)
    spans: list[Span] = []
    for token in found:
        if token.word in words:
            spans.append((token.start, token.end + _possessive(text, token.end)))
    for part in marker.runs:
        for token in found:
            if part in token.word:
                spans += _in_run(token, part)
    if marker.phrases:
        spans += _phrases(found, marker.phrases)
    return _apart(spans)


def _possessive(text: str, at: int) -> int:
    """Return the length of the English ending that follows a word."""
    ending = _POSSESSIVE.match(text, at)
    return len(ending[0]) if ending else 0


def _marker(search: Search) -> Marker:
    terms = [term for clause in search.query.clauses for term in clause if term.is_wanted and _is_shown(term)]
    found = [(term, query_tokens(term)) for term in terms]
    words = [token for term, (*said,) in found if term.kind == "words" and len(said) == 1 for token in said]
    stems = {stem for word in words if not is_run(word) for stem in query_stems(word, search.book.languages)}
    apart = {token for term, said in found if term.field for token in said if not is_run(token)}
    return Marker(
        stems=frozenset(stems | set(map(folded, apart))),
        prefixes=tuple(folded(said[-1]) for term, said in found if term.kind == "prefix" and said),
        phrases=tuple(
            tuple(map(folded, said)) for term, said in found if (term.kind == "phrase" or len(said) > 1) and said
        ),
        runs=tuple(token for _, said in found for token in said if is_run(token)),
    )


def _is_shown(term: Term) -> bool:
    return term.kind in ("words", "phrase", "prefix") and term.field in (None, "title", "by", "section", "site")


def _is_wanted(word: str, forms: tuple[str, ...], marker: Marker) -> bool:
    form = folded(word)
    return form in marker.stems or not marker.stems.isdisjoint(forms) or form.startswith(marker.prefixes)


def _in_run(token: Token, part: str) -> Iterator[Span]:
    """Yield where a part of a run matches; all of the run where its usual form has another length."""
    at = token.word.find(part)
    while at >= 0:
        if len(token.word) != token.end - token.start:
            yield (token.start, token.end)
            return
        yield (token.start + at, token.start + at + len(part))
        at = token.word.find(part, at + len(part))


def _phrases(found: Sequence[Token], phrases: Sequence[tuple[str, ...]]) -> Iterator[Span]:
    words = [folded(token.word) for token in found]
    for phrase in phrases:
        for at, word in enumerate(words):
            if word == phrase[0] and tuple(words[at : at + len(phrase)]) == phrase:
                yield (found[at].start, found[at + len(phrase) - 1].end)


def _apart(spans: list[Span]) -> list[Span]:
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _cut(text: str, start: int, spans: Sequence[Span]) -> str:
    end = min(len(text), spans[0][1] + _AFTER_CHARS)
    while 0 < start < spans[0][0] and text[start - 1].isalnum() and text[start].isalnum() and text[start].isascii():
        start += 1
    while spans[0][1] < end < len(text) and text[end - 1].isalnum() and text[end].isascii() and text[end].isalnum():
        end -= 1
    out, at = [], start
    for first, last in spans:
        if last > end:
            break
        out += [text[at:first], OPEN, text[first:last], CLOSE]
        at = last
    out.append(text[at:end])
    return f"{'…' if start else ''}{' '.join(''.join(out).split())}{'…' if end < len(text) else ''}"
