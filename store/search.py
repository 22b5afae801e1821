"""What a person types, as full-text queries: words, "phrases", -exclusions. Any string is a valid query.

Nothing in it is FTS5 syntax: every term is quoted. Terms with characters of scripts without spaces are looked up in the
index of pairs (store/grams.py), which also holds the other words of texts in such scripts; so an article is found by a
query if one of the two indexes, taken alone, says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from store.grams import folded, gram_phrase, has_run

#: The marks around a match in a snippet.
OPEN, CLOSE = "\x02", "\x03"

#: More terms than anybody types; FTS5 refuses expressions that nest deeper than 256.
_MAX_TERMS = 64
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"\0": " "})
_TERM = re.compile(r'(?P<minus>(?<!\S)[-\u2212\u2013](?=[^\s]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
#: Apostrophes that unicode61 takes for separators, and the one (a letter to Unicode) that it does not.
_APOSTROPHE = re.compile("(?<=\\w)['\u2018\u2019\u02bc\uff07](?=\\w)")
_LETTER_APOSTROPHE = "\u02bc"
#: A Russian word that may be written with е or ё; unicode61 folds Latin letters only. At most one ё is in a word.
_YO_WORD = re.compile("[а-яё]*[её][а-яё]*", re.IGNORECASE)
_CONTEXT_CHARS = 40

_Phrase = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query for the two indexes."""

    #: For `articles_fts`; None = it cannot find this.
    words: str | None
    #: For `articles_cjk`.
    grams: str
    #: The wanted terms, to be marked in a passage.
    terms: tuple[str, ...]


def compile_query(text: str) -> Query | None:
    """Return the query that `text` means; None if it holds nothing to look for."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for match in _TERM.finditer(text.translate(_QUOTES).encode("utf-8", "replace").decode()):
        term = match["phrase"] if match["phrase"] is not None else match["word"]
        if any(map(_is_token_char, term)) and len(wanted) + len(unwanted) < _MAX_TERMS:
            (unwanted if match["minus"] else wanted).append(term)
    if not wanted:
        return None
    return Query(
        words=None if any(map(has_run, wanted)) else _expression(wanted, unwanted, _word_phrase),
        grams=_expression(wanted, unwanted, _gram_phrase),
        terms=tuple(wanted),
    )


def marked_passage(text: str, terms: tuple[str, ...]) -> str | None:
    """Return the surroundings of the first of `terms` in `text` with the terms marked; None if none is there."""
    text = " ".join(folded(text).split())
    pattern = re.compile("|".join(re.escape(folded(term).strip()) for term in terms), re.IGNORECASE)
    first = pattern.search(text)
    if first is None:
        return None
    start, end = max(0, first.start() - _CONTEXT_CHARS), min(len(text), first.end() + 2 * _CONTEXT_CHARS)
    passage = pattern.sub(lambda match: f"{OPEN}{match.group()}{CLOSE}", text[start:end])
    return f"{'…' if start else ''}{passage}{'…' if end < len(text) else ''}"


def _expression(wanted: list[str], unwanted: list[str], phrase: _Phrase) -> str:
    expression = " AND ".join(map(phrase, wanted))
    return f"({expression}) NOT ({' OR '.join(map(phrase, unwanted))})" if unwanted else expression


def _word_phrase(term: str) -> str:
    return _variants(term, lambda form: f'"{form}"')


def _gram_phrase(term: str) -> str:
    return _variants(term, gram_phrase)


def _variants(term: str, phrase: _Phrase) -> str:
    """Return the phrase for `term`, with apostrophes as punctuation or as a letter, and ё where е is written."""
    forms = dict.fromkeys((_APOSTROPHE.sub("'", term), _APOSTROPHE.sub(_LETTER_APOSTROPHE, term)))
    if _YO_WORD.fullmatch(term):
        plain = term.lower().replace("ё", "е")
        forms |= dict.fromkeys(f"{plain[:at]}ё{plain[at + 1 :]}" for at, char in enumerate(plain) if char == "е")
        forms[plain] = None
    phrases = [phrase(form) for form in forms]
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"


def _is_token_char(char: str) -> bool:
    """Tell whether FTS5's unicode61 makes `char` part of a token."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category == "Co"
