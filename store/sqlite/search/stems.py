"""Words without their inflections, by language (Snowball)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import Stemmer

from store.sqlite.search.folding import folded, is_run, spelled_out

#: Primary language subtags and Snowball's names.
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def stemmer_version() -> str:
    """Return the version of the rules: another one may give other stems."""
    version: str = Stemmer.version()
    return version


def stem_language(language: str | None) -> str | None:
    """Return the primary subtag of a language whose inflections are known; None for any other."""
    primary = (language or "").lower().replace("_", "-").partition("-")[0]
    return primary if _ALGORITHMS.get(primary) in _known() else None


def stems(words: Iterable[str], language: str | None) -> list[str]:
    """Return the stem of each lowered word, folded, in their order; `language` as `stem_language` gives it.

    Words of languages without rules are only folded.
    """
    if language is None:
        return list(map(folded, words))
    return list(map(folded, _stemmer(_ALGORITHMS[language]).stemWords(list(words))))


def query_stems(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Return what a lowered word may have become in the index, given the languages there.

    `index_stems` puts the forms without accents, and with letters spelled out, beside the word, so one of these is met
    whichever way the article or the reader writes it.
    """
    plain = folded(word)
    found = {plain: None}
    for language in languages:
        found |= dict.fromkeys(stems((word, plain, spelled_out(word, language)), language))
    return tuple(filter(None, found))


def index_stems(words: Iterable[str], language: str | None) -> dict[str, tuple[str, ...]]:
    """Return what each distinct lowered word is indexed as: its stem, and those of its other forms if they differ.

    These are without accents (muller), and with letters spelled out as the language does (mueller). A run of a script
    without spaces is itself.
    """
    distinct = dict.fromkeys(words)
    plain = [word for word in distinct if word.isascii()]
    found: dict[str, tuple[str, ...]] = {
        word: (stem,) for word, stem in zip(plain, stems(plain, language), strict=True)
    }
    if len(plain) < len(distinct):
        others = [word for word in distinct if not word.isascii()]
        found |= {word: (word,) for word in others if is_run(word)}
        others = [word for word in others if word not in found]
        spelled = [spelled_out(word, language) for word in others]
        forms = [stems(words, language) for words in (others, map(folded, others), spelled)]
        found |= {word: tuple(dict.fromkeys(these)) for word, *these in zip(others, *forms, strict=True)}
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(Stemmer.algorithms())


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)  # without its cache, whose upkeep costs more than it spares
