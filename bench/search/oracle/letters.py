"""What is alike, restated from docs/reference/search.md: letter by letter, by the names that Unicode gives them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import Stemmer

#: Scripts without spaces, as Unicode names their letters.
_RUN_NAMES = (
    "CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "CJK RADICAL", "KANGXI", "IDEOGRAPHIC", "HIRAGANA",
    "KATAKANA", "HALFWIDTH KATAKANA", "THAI", "LAO", "MYANMAR", "KHMER",
    "HANGUL",
)  # fmt: skip
_JOINERS = "\u200c\u200d"
_APOSTROPHES = "\u02bc\u2018\u2019\uff07"
_STRETCH = "\u0640"
_STROKES = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ё": "е"}
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
_NORDIC = {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"}
_SPELLINGS = {"de": _GERMAN, **dict.fromkeys(("da", "nb", "nn", "no", "sv", "fi"), _NORDIC)}
#: Languages whose rules are known, by Snowball's names.
_RULES = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip
_LONGEST = 64


class Word(NamedTuple):
    """A word of a text, or a run of a script without spaces."""

    #: Without case, in compatible forms; with accents.
    lowered: str
    #: As it is compared.
    folded: str
    is_run: bool


def words_in(text: str) -> list[Word]:
    """Return the words and runs of a text."""
    found: list[Word] = []
    word = ""
    for char in f"{lower(text)} ":
        if word and not _goes_on(word, char):
            is_run = _is_run(word[0])
            found.append(Word(word, fold(word) if is_run else fold(word)[:_LONGEST], is_run))
            word = ""
        if word or _begins(char):
            word += char
    return found


def goes_on(char: str) -> bool:
    """Say whether a character is a letter, a digit, or what belongs to one before it."""
    return char.isalnum() or (unicodedata.category(char)[0] == "M" and not _is_sign(char)) or char in _JOINERS


def lower(text: str) -> str:
    """Return a text without case and typographic forms."""
    low = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join("'" if char in _APOSTROPHES else char for char in low)


@cache
def fold(word: str) -> str:
    """Return a lowered word as it is compared: without accents and points."""
    kept = ""
    base = ""
    for char in unicodedata.normalize("NFKD", word):
        if char in _JOINERS or char == _STRETCH or _is_point(char):
            continue
        if "\u0300" <= char <= "\u036f" and _is_accented(base):
            continue
        if not unicodedata.combining(char):
            base = char
        kept += char
    return "".join(_STROKES.get(char, char) for char in unicodedata.normalize("NFC", kept))


def spelled(word: str, language: str | None) -> str:
    """Return a lowered word with the letters written out that a language writes so."""
    letters = _SPELLINGS.get(primary(language), {})
    return "".join(letters.get(char, char) for char in unicodedata.normalize("NFC", word))


def primary(language: str | None) -> str:
    """Return the first subtag of a language."""
    return (language or "").lower().replace("_", "-").split("-")[0]


def has_rules(language: str | None) -> bool:
    """Say whether the inflections of a language are known."""
    return primary(language) in _RULES


@cache
def forms(word: str, language: str | None) -> frozenset[str]:
    """Return what a lowered word of an article in a language is known by."""
    ways = {word, fold(word), spelled(word, language)}
    return frozenset(fold(_reduced(way, language))[:_LONGEST] for way in ways) - {""}


def asked_forms(word: str, languages: Sequence[str]) -> frozenset[str]:
    """Return what a typed word may be known by."""
    return frozenset({fold(word)[:_LONGEST]}).union(*(forms(word, language) for language in languages)) - {""}


def name_forms(word: str, languages: Sequence[str | None]) -> frozenset[str]:
    """Return what a word of a name is known by: as it is written, or spelled out."""
    return frozenset(fold(way)[:_LONGEST] for way in (word, *(spelled(word, language) for language in languages)))


def _reduced(word: str, language: str | None) -> str:
    return _stemmer(primary(language)).stemWord(word) if has_rules(language) else word


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_RULES[language])


@cache
def _begins(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or (_is_run(char) and unicodedata.category(char)[0] == "M")


def _goes_on(word: str, char: str) -> bool:
    if _is_run(word[0]) or _is_run(char):
        return _is_run(word[0]) and _is_run(char)
    return goes_on(char)


@cache
def _is_run(char: str) -> bool:
    name = unicodedata.name(char, "")
    return unicodedata.category(char)[0] in "LMN" and name.startswith(_RUN_NAMES) and "DIGIT" not in name


def _is_sign(char: str) -> bool:
    """Say whether a mark belongs to signs, not to letters: circles, keys, the look of a picture."""
    return "\u20d0" <= char <= "\u20ff" or "\ufe00" <= char <= "\ufe0f"


def _is_point(char: str) -> bool:
    return unicodedata.category(char) == "Mn" and unicodedata.name(char, "").startswith(("ARABIC", "HEBREW"))


def _is_accented(base: str) -> bool:
    return unicodedata.name(base, "").startswith(("LATIN", "GREEK", "DIGIT"))
