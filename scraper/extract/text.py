"""Small measures of text that hold in every script."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """A form to compare texts by: compatibility-normalised, case-folded, words with single spaces."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def weight(text: str) -> int:
    """Length in UTF-8 bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def is_same(one: str, other: str) -> bool:
    """Two folded texts say the same: equal, or nearly all words shared."""
    if not one or not other:
        return False
    if one == other:
        return True
    left, right = set(one.split()), set(other.split())
    return min(len(left), len(right)) >= 4 and len(left & right) >= 0.85 * max(len(left), len(right))
