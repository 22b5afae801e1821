"""Small measures of text that hold in every script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[\W_]+")
#: Marks and spaces that often are all that is not ASCII in a text.
_MARKS = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\xa0"
#: Folds ASCII at a third of the cost.
_ASCII_FOLD = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """A form to compare texts by: compatibility-normalised, case-folded, words with single spaces."""
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
    if text.isascii():
        return " ".join(text.translate(_ASCII_FOLD).split())
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def weight(text: str) -> int:
    """Length in UTF-8 bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def is_same(one: str, other: str) -> bool:
    """Two folded texts say the same: equal, or nearly all words shared."""
    return bool(other) and is_same_as_any(one, frozenset((other,)))


def is_same_as_any(folded: str, others: frozenset[str]) -> bool:
    """Whether a folded text says the same as one of the others."""
    if not folded or folded in others:
        return bool(folded)
    if folded.count(" ") < _MIN_WORDS - 1:
        return False
    words = set(folded.split())
    return any(_is_nearly(words, other) for other in _word_sets(others))


def _is_nearly(words: set[str], other: frozenset[str]) -> bool:
    fewer, more = sorted((len(words), len(other)))
    return fewer >= _MIN_WORDS and fewer >= _SHARED * more and len(words & other) >= _SHARED * more


#: Texts of fewer words must be equal; of longer ones this share of the words.
_MIN_WORDS = 4
_SHARED = 0.85


@lru_cache(maxsize=4)
def _word_sets(texts: frozenset[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(text.split()) for text in texts)
