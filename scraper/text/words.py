"""The words of a text as stories are compared by them: tokens, runs, figures, and the keys of a sketch. Pure.

In scripts that are written without spaces (Chinese, Japanese, Thai and their like) every character is a token.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import cached_property

from rensa import RMinHash

Run = tuple[str, ...]

#: Keys of a text. A copy cut to a third of its source shares one with it in 299 cases of 300, to a seventh in 7 of 8;
#: each costs a random write, and together they are most of what stories cost.
KEYS = 14
#: Tokens of a run: in a comparison, and in a sketch, where a set phrase must not count. Words; characters.
_RUN = {False: 3, True: 5}
_SKETCHED_RUN = {False: 5, True: 8}
#: Whoever changes it, or anything before it, finds no kin among the articles of the last 14 days; nothing else breaks.
_SEED = 48
#: Characters that stand for a word, where every character is a token.
_CHARACTERS_A_WORD = 2
#: Of very long texts the beginning is looked at.
_MAX_CHARS = 60_000
#: Letters of a word that tells a subject, in any language with letters.
_LONG_WORD = 5

_UNSPACED = (
    "\u0e01-\u0e2e\u0e30-\u0e4e\u0e81-\u0edf\u1000-\u1049\u1050-\u109f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
)
#: What separates words. Vowel signs of Hindi or Arabic do not, whatever `\W` says of them.
_BETWEEN = (
    r"\s\x00-/:-@\[-`{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u055a-\u055f\u0589\u05be\u05c0\u05c3\u060c\u061b\u061f"
    r"\u066a-\u066c\u06d4\u0964\u0965\u0e2f\u0e4f-\u0e5b\u104a-\u104f\u17d4-\u17da\u2000-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u3004\u3008-\u3040\u309b\u309c\u30a0\u30fb\ufe00-\ufe4f\U0001f000-\U0001faff"
)
_ASCII_TOKEN = re.compile("[0-9A-Za-z]+")
_TOKEN = re.compile(f"[{_UNSPACED}]|[^{_BETWEEN}{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_DIGIT = re.compile(r"\d")
#: Of so many characters at the beginning the capitals are looked for; so many of the letters have two cases in a script
#: that has capitals.
_LOOKED_AT, _CASED = 2000, 0.5


@dataclass(frozen=True, kw_only=True)
class Words:
    """The tokens of a text in order, folded; what is made of them is made when it is asked for, and once."""

    tokens: tuple[str, ...]
    #: Whether most of it is written without spaces.
    is_unspaced: bool = False
    #: The text itself, as far as it is looked at.
    raw: str = field(default="", repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many words it has, about."""
        return self.as_words(len(self.tokens))

    def as_words(self, tokens: int) -> int:
        """Return how many words so many tokens of this text are, about."""
        return tokens // _CHARACTERS_A_WORD if self.is_unspaced else tokens

    @cached_property
    def runs(self) -> frozenset[Run]:
        """Three words or five characters side by side."""
        return frozenset(self.runs_of(self.run_length))

    @property
    def run_length(self) -> int:
        """How many tokens a run has."""
        return _RUN[self.is_unspaced]

    def runs_of(self, length: int) -> Iterator[Run]:
        """Return the runs of so many tokens, in order."""
        return zip(*(self.tokens[at:] for at in range(length)), strict=False)

    @cached_property
    def known(self) -> frozenset[str]:
        """Its tokens, once each."""
        return frozenset(self.tokens)

    @cached_property
    def figures(self) -> frozenset[str]:
        """The numbers in it."""
        return frozenset(token for token in self.known if _DIGIT.search(token))

    @cached_property
    def has_capitals(self) -> bool:
        """Whether its script tells names by capitals."""
        letters = [letter for letter in self.raw[:_LOOKED_AT] if letter.isalpha()]
        return sum(letter.lower() != letter.upper() for letter in letters) > _CASED * len(letters)

    @cached_property
    def names(self) -> frozenset[str]:
        """Its facts, in a script that tells names by capitals."""
        return self.facts if self.has_capitals else frozenset()

    @cached_property
    def facts(self) -> frozenset[str]:
        """Its numbers and names: words that stand in it with a capital alone. All, where there are no capitals."""
        if not self.has_capitals:
            return self.known
        words = _split(self.raw)
        small = {word for word in words if word[0].islower()}
        return self.figures | {word.casefold() for word in words if word[0].isupper() and word.casefold() not in small}

    @cached_property
    def pairs(self) -> frozenset[Run]:
        """Two tokens side by side."""
        return frozenset(self.runs_of(2))

    @cached_property
    def telling(self) -> frozenset[Run]:
        """What tells a subject: numbers, names and words that are not short, or pairs of characters."""
        if self.is_unspaced:
            return self.pairs
        names = self.facts if self.has_capitals else self.figures
        return frozenset((token,) for token in self.known if len(token) >= _LONG_WORD or token in names)

    def told_in(self, other: Words) -> frozenset[Run]:
        """Return which of its telling words stand in another text."""
        if not self.is_unspaced:
            return frozenset(run for run in self.telling if run[0] in other.known)
        return self.telling & other.pairs

    def sketch(self) -> tuple[int, ...]:
        """Return the text's keys (signed, 64 bits); two texts share as many as they have of their runs in common.

        None of a text that is shorter than one run.
        """
        runs = [" ".join(run) for run in self.runs_of(_SKETCHED_RUN[self.is_unspaced])]
        if not runs:
            return ()
        sketch = RMinHash(num_perm=KEYS, seed=_SEED)
        sketch.update(runs)
        return tuple(slot << 32 | value for slot, value in enumerate(sketch.digest()))


def words_of(text: str | None) -> Words:
    """Return the words of a text: without case, punctuation and compatibility forms."""
    text = (text or "")[:_MAX_CHARS]
    if text.isascii():
        return Words(tokens=tuple(_split(text.lower())), raw=text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    tokens = tuple(_TOKEN.findall(folded))
    return Words(tokens=tokens, is_unspaced=2 * len(_IS_UNSPACED.findall(folded)) > len(tokens), raw=text)


def _split(text: str) -> list[str]:
    """Return the words of a text as they are written."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text)
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def share_in(text: str, other: str) -> float:
    """Return how much of a text stands in another, in passages of three words (five characters) or more: 0 to 1."""
    words = words_of(text)
    own = sum(end - start for start, end in own_passages(words, words_of(other).runs))
    return 1 - own / (len(words.tokens) or 1) if words.tokens else 0


def own_passages(words: Words, runs: Set[Run]) -> list[tuple[int, int]]:
    """Return where a text has tokens that stand in none of some runs, as (start, end), in order."""
    found: list[tuple[int, int]] = []
    upto = 0
    for at, run in enumerate(words.runs_of(words.run_length)):
        if run in runs:
            if at > upto:
                found.append((upto, at))
            upto = at + words.run_length
    if upto < len(words.tokens):
        found.append((upto, len(words.tokens)))
    return found


def checksum(text: str) -> int:
    """Return a number of 32 bits for a text, the same on every machine."""
    return zlib.crc32(text.encode("utf-8", "replace"))


#: Han and kana are counted by the character, as word processors do; a run of anything else between spaces is a word.
#: Scripts without spaces whose words are several characters long: Thai, Lao, Burmese, Khmer.
_COUNTED_BY_LENGTH = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{1,1000}")
#: Characters of such a script that count as a word: running Thai has four to five.
_WORD_CHARS = 5
_COUNTED_SINGLY = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def word_count(text: str) -> int:
    """Return the number of words in a text of any script.

    Every character of Chinese and Japanese is one; Thai, Lao, Burmese and Khmer have one for every five characters.
    """
    spaced, singles = _COUNTED_SINGLY.subn(" ", text)
    runs = _COUNTED_BY_LENGTH.findall(spaced)
    by_length = sum(-(-len(run) // _WORD_CHARS) for run in runs)
    return len((_COUNTED_BY_LENGTH.sub(" ", spaced) if runs else spaced).split()) + singles + by_length
