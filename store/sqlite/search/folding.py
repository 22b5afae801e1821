"""Text as searches see it: words without case, accents and typographic forms; runs of scripts without spaces in pairs.

Chinese, Japanese, Thai and their like put no spaces between words (Korean glues particles to them), so a run of such
characters is known by its characters and by its pairs of neighbours: 東京都 -> 東 京 都 東京 京都.

The index keeps no text: a row is taken out by giving its old words again. Changing what is returned here takes new
`RULES` in store/sqlite/search/index.py, which builds the index anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

_RUN_CHARS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ece\u0edc-\u0edf"  # Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f"  # Burmese
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"  # Hangul
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
)
#: Marks of letters (Unicode category M) of all scripts that are in use: accents, vowel signs; and the joiners of
#: Persian and Indic words. They belong to the letter before them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3"
    "\u07fd\u0816-\u0819\u081b-\u0823\u0825-\u0827\u0829-\u082d\u0859-\u085b\u0898-\u089f\u08ca-\u08e1"
    "\u08e3-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7"
    "\u09e2\u09e3\u09fe-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2\u0ae3"
    "\u0afa-\u0b03\u0b3c\u0b3e-\u0b57\u0b62\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c56"
    "\u0c62\u0c63\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0ce2\u0ce3\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57"
    "\u0d62\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0df2\u0df3\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e\u0f3f"
    "\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u0fc6\u135d-\u135f\u1712-\u1715\u1732-\u1734\u1752\u1753\u1772"
    "\u1773\u180b-\u180d\u180f\u1885\u1886\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b04"
    "\u1b34-\u1b44\u1b6b-\u1b73\u1b80-\u1b82\u1ba1-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce8"
    "\u1ced\u1cf4\u1cf7-\u1cf9\u1dc0-\u1dff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099"
    "\u309a\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ua6f0\ua6f1\ua802\ua806\ua80b\ua823-\ua827\ua82c\ua880"
    "\ua881\ua8b4-\ua8c5\ua8e0-\ua8f1\ua8ff\ua926-\ua92d\ua947-\ua953\ua980-\ua983\ua9b3-\ua9c0"
    "\uaa29-\uaa36\uaa43\uaa4c\uaa4d\uaab0\uaab2-\uaab4\uaab7\uaab8\uaabe\uaabf\uaac1"
    "\uaaeb-\uaaef\uaaf5\uaaf6\uabe3-\uabea\uabec\uabed\ufb1e\ufe20-\ufe2f\u200c\u200d"
    "\U00010d24-\U00010d27\U00011100-\U00011102\U00011127-\U00011134\U00011145\U00011146\U00011435-\U00011446"
    "\U00016af0-\U00016af4\U00016b30-\U00016b36\U00016f4f\U00016f51-\U00016f92\U0001e130-\U0001e136"
    "\U0001e2ec-\U0001e2ef\U0001e8d0-\U0001e8d6\U0001e944-\U0001e94a"
)
#: What SQLite's tokenizer (unicode61 remove_diacritics 2) divides and folds as we do, whatever stands beside.
_PLAIN_CHARS = (
    "\u0001-\u00a9\u00ab-\u00b1\u00b4-\u00b8\u00bb\u00bf-\u00c5\u00c7-\u00cf\u00d1-\u00d7\u00d9-\u00de"
    "\u00e0-\u00e5\u00e7-\u00ef\u00f1-\u00f7\u00f9-\u010f\u0112-\u0125\u0128-\u0130\u0134-\u013e\u0143-\u0148"
    "\u014a-\u0151\u0154-\u017e\u01cd-\u01dc\u0218-\u021b\u0400\u0402-\u0450\u0452-\u0481\u048a-\u0527"
    "\u05d0-\u05ea\u05f3\u05f4\u060c\u061b\u061f\u0621\u0627-\u063a\u0641-\u064a\u0660-\u066d\u0671"
    "\u0679-\u06bf\u06c1\u06c3-\u06d2\u06d4\u06d5\u1e00-\u1e99\u1ea0-\u1eff\u200b\u200e\u200f\u2010-\u2064"
    "\u20a0-\u20a7\u20a9-\u20b9\u2190-\u23f3\u24eb-\u26ff"
)
_RUN = re.compile(f"[{_RUN_CHARS}]+")
_TOKEN = re.compile(rf"[{_RUN_CHARS}]+|(?:(?![{_RUN_CHARS}])[^\W_])(?:(?![{_RUN_CHARS}])[^\W_]|[{_MARKS}])*")
_ASCII_TOKEN = re.compile("[a-z0-9]+")
_PLAIN = re.compile(f"[{_PLAIN_CHARS}]*")

#: After a Latin or Greek letter; on others a mark makes another letter (й).
_ACCENTS = re.compile("(?<=[\u0000-\u02ff\u0370-\u03ff\u1e00-\u1fff])[\u0300-\u036f]+")
#: Vowel points and stretching of Arabic and Hebrew, which are written or not; joiners.
_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
    "\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff\ufb1e\u200c\u200d]+"
)
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
_LONG_WORD = re.compile(rf"[^\W_]{{{_LONGEST + 1}}}")


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
    """Return a lowered word without accents; a run is whole."""
    if word.isascii():
        return word[:_LONGEST]
    plain = _POINTS.sub("", _ACCENTS.sub("", unicodedata.normalize("NFKD", word)))
    found = unicodedata.normalize("NFC", plain).translate(_LETTERS)
    return found if is_run(word) else found[:_LONGEST]


def is_plain(text: str) -> bool:
    """Tell whether SQLite's own tokenizer makes the same words of a text as `flat`."""
    if (not text.isascii() and _PLAIN.fullmatch(text) is None) or "\0" in text:
        return False
    # Words stand between blanks, which are found sooner; most texts have nothing long between them.
    return max(map(len, text.split()), default=0) <= _LONGEST or _LONG_WORD.search(text) is None


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


def flat(words: Iterable[str]) -> str:
    """Return tokens folded, a blank between them and around: what phrases are looked for in."""
    return f" {' '.join(filter(None, map(folded, words)))} "
