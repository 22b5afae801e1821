"""Text as searches see it: words without case, accents and typographic forms; runs of scripts without spaces in pairs.

Chinese, Japanese, Thai and their like put no spaces between words (Korean glues particles to them), so a run of such
characters is known by its characters and by its pairs of neighbours: 東京都 -> 東 京 都 東京 京都.

The index keeps no text: a row is taken out by giving its old words again. Changing what is returned here takes a new
`VERSION` in store/indexing.py, which builds the index anew.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple

_RUN_CHARS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0edf"  # Lao
    "\u1000-\u109f"  # Burmese
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"  # Hangul
    "\u1780-\u17d3"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
)
#: Marks that belong to the letter before them: accents, vowel signs, and the joiners of Persian and Indic words.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0730-\u074a\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a51\u0a81-\u0acd\u0b01-\u0b57\u0b82-\u0bd7\u0c00-\u0c56\u0c81-\u0cd6"
    "\u0d00-\u0d57\u0d82-\u0ddf\u200c\u200d"
)
_RUN = re.compile(f"[{_RUN_CHARS}]+")
_TOKEN = re.compile(rf"[{_RUN_CHARS}]+|(?:(?![{_RUN_CHARS}])[^\W_])(?:(?![{_RUN_CHARS}])[^\W_]|[{_MARKS}])*")
_ASCII_TOKEN = re.compile("[a-z0-9]+")

#: After a Latin or Greek letter; on others a mark makes another letter (й).
_ACCENTS = re.compile("(?<=[\u0000-\u03ff\u1e00-\u1fff])[\u0300-\u036f]+")
#: Vowel points and stretching of Arabic and Hebrew, which are written or not; joiners.
_POINTS = re.compile("[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u200c\u200d]+")
#: Letters that do not decompose. A Russian word may be written with е or ё.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ё": "е"})
#: Letters and how they are written where they are not at hand, by language (primary subtag). Case folding makes ß ss.
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
_NORDIC = {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"}
_SPELLINGS = {
    language: str.maketrans(letters)
    for letters, names in ((_GERMAN, "de"), (_NORDIC, "da nb nn no sv fi"))
    for language in names.split()
}
#: The letter apostrophe of Ukrainian and of transliterations divides like the others.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u02bc\u2018\u2019\uff07", "'"))
#: A word is known by so many characters of it: more is junk.
_LONGEST = 64


class Token(NamedTuple):
    """A word, or a run of a script without spaces, lowered, and where it stands in the text."""

    word: str
    start: int
    end: int


def is_run(token: str) -> bool:
    """Tell whether a token is a run of a script without spaces."""
    return not token.isascii() and _RUN.match(token) is not None


def lowered(text: str) -> str:
    """Return `text` without case, in compatible forms (half-width, ligatures), with plain apostrophes."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_APOSTROPHES)


def folded(word: str) -> str:
    """Return a lowered word without accents."""
    if word.isascii():
        return word[:_LONGEST]
    plain = _POINTS.sub("", _ACCENTS.sub("", unicodedata.normalize("NFKD", word)))
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)[:_LONGEST]


def spelled_out(word: str, language: str | None) -> str:
    """Return a lowered word without the letters that its language can spell out (müller, mueller); or the word."""
    letters = None if word.isascii() else _SPELLINGS.get(language or "")
    return word if letters is None else unicodedata.normalize("NFC", word).translate(letters)


def tokens(text: str) -> list[str]:
    """Return the words and runs of a text, lowered, in their order."""
    low = lowered(text)
    return (_ASCII_TOKEN if low.isascii() else _TOKEN).findall(low)


def places(text: str) -> list[Token]:
    """Return the words and runs of a text with their places."""
    if text.isascii():
        return [Token(match.group(), *match.span()) for match in _ASCII_TOKEN.finditer(text.lower())]
    return [Token(lowered(match.group()), *match.span()) for match in _TOKEN.finditer(text)]


def parts(run: str) -> set[str]:
    """Return the characters of a run and its pairs of neighbours."""
    return {*run, *map("".join, pairwise(run))}


def narrowest(run: str) -> list[str]:
    """Return the parts of a run that an index has to have for it: its pairs, or its only character."""
    return list(map("".join, pairwise(run))) or [run]


def flat(text: str) -> str:
    """Return the folded words of a text, a blank between them: what phrases are looked for in."""
    return " ".join(map(folded, tokens(text)))
