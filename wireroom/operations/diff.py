"""What differs between two versions of an article, word by word; pure.

Scripts without spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are compared by the character.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from scraper.model import Extraction

Op = Literal["same", "out", "in"]

#: Words on both sides together; of a longer passage that changed, the whole is shown as replaced.
_MOST_WORDS = 20_000
#: Pairs of paragraphs that are looked at, within one run of changed ones, and pairs of the same words.
_MOST_PAIRS = 40_000
#: Paragraphs with less in common than this read better one after the other than word by word.
_ALIKE = 0.3
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x312F),  # radicals, kana, Bopomofo
    (0x31F0, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),
    (0x20000, 0x3FFFF),
)
_INSIDE_WORDS = frozenset("'\u2019-.,:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A passage that is in both versions, only in the old one (out), or only in the new one (in)."""

    op: Op
    text: str


Passage = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """One fact about the article that differs."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two versions."""

    #: The title word by word; empty = it is the same.
    title: Passage
    facts: tuple[FactChange, ...]
    #: The paragraphs in the order of the new version, those that did not change included.
    text: tuple[Passage, ...]

    @property
    def has_other_text(self) -> bool:
        """The text differs."""
        return any(piece.op != "same" for passage in self.text for piece in passage)


def compare(old: Extraction, new: Extraction) -> Difference:
    """Return what differs from `old` to `new`."""
    told = zip(_facts(old).items(), _facts(new).values(), strict=True)
    return Difference(
        title=compare_words(old.title or "", new.title or "") if old.title != new.title else (),
        facts=tuple(FactChange(name=name, old=one, new=other) for (name, one), other in told if one != other),
        text=tuple(_passages(_paragraphs(old), _paragraphs(new))),
    )


def compare_words(old: str, new: str) -> Passage:
    """Return two texts as one, word by word, with what went out and what came in marked."""
    before, after = split_words(old), split_words(new)
    if len(before) + len(after) > _MOST_WORDS:
        return _joined([("out", old), ("in", new)])
    matcher = SequenceMatcher(None, [word.strip() for word in before], [word.strip() for word in after])
    parts: list[tuple[Op, str]] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(before[start:end], after[new_start:new_end], strict=True)
            parts.append(("same", "".join(max(pair, key=len) for pair in pairs)))  # with the blanks that either has
        else:
            parts += [("out", "".join(before[start:end])), ("in", "".join(after[new_start:new_end]))]
    return _joined(parts)


def split_words(text: str) -> list[str]:
    """Return the words of a text, each with the blanks after it; joined they are the text again.

    A word is a run of letters, marks and digits, with an apostrophe, a hyphen or a point between two of them; a
    character with its marks in scripts without spaces; any other sign by itself.
    """
    words: list[str] = []
    for at, sign in enumerate(text):
        if words and (sign.isspace() or _continues(words[-1], sign, text[at + 1 : at + 2])):
            words[-1] += sign
        else:
            words.append(sign)
    return words


def _continues(word: str, sign: str, following: str) -> bool:
    last = word[-1]
    if last.isspace():
        return False
    if unicodedata.category(sign)[0] == "M":
        return True
    if _is_unspaced(sign) or _is_unspaced(word[0]) or not _is_letter(word[0]):
        return False
    if sign in _INSIDE_WORDS:
        return last not in _INSIDE_WORDS and _is_letter(following)
    return _is_letter(sign)


def _is_letter(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in "LMN"


def _is_unspaced(sign: str) -> bool:
    code = ord(sign)
    return code >= _UNSPACED[0][0] and any(first <= code <= last for first, last in _UNSPACED)


def _joined(parts: Sequence[tuple[Op, str]]) -> Passage:
    """Return the parts as pieces, neighbours of one kind as one, none empty."""
    told = [(op, text) for op, text in parts if text]
    return tuple(Piece(op=op, text="".join(text for _, text in run)) for op, run in groupby(told, lambda part: part[0]))


# --------------------------------------------------------------------------- paragraphs


def _paragraphs(version: Extraction) -> list[str]:
    return [paragraph for paragraph in version.text.split("\n\n") if paragraph.strip()]


def _passages(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    counts = Counter(new)
    if sum(counts[paragraph] for paragraph in old) > _MOST_PAIRS:  # one line over and over: nobody's prose
        yield from _changed(old, new)
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (_joined([("same", paragraph)]) for paragraph in new[new_start:new_end])
        else:
            yield from _changed(old[start:end], new[new_start:new_end])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """Pair paragraphs that are alike, in order, and compare those word by word."""
    can_pair = len(old) * len(new) <= _MOST_PAIRS
    rest = [(gone, _word_set(gone)) for gone in old]
    for paragraph in new:
        words = _word_set(paragraph)
        looked_at = enumerate(rest) if can_pair else ()
        at = next((at for at, (_, others) in looked_at if _are_alike(others, words)), None)
        if at is None:
            yield _joined([("in", paragraph)])
            continue
        yield from (_joined([("out", gone)]) for gone, _ in rest[:at])
        yield compare_words(rest[at][0], paragraph)
        del rest[: at + 1]
    yield from (_joined([("out", gone)]) for gone, _ in rest)


def _word_set(paragraph: str) -> set[str]:
    return {word.strip() for word in split_words(paragraph)}


def _are_alike(words: set[str], others: set[str]) -> bool:
    """Say whether two paragraphs are versions of one: they share words, not merely letters."""
    return len(words & others) >= _ALIKE * max(len(words), len(others), 1)


# --------------------------------------------------------------------------- facts


def _facts(version: Extraction) -> dict[str, str | None]:
    image = version.image
    return {
        "byline": ", ".join(version.byline) or None,
        "agencies": ", ".join(version.agencies) or None,
        "published": _time(version.published_at),
        "updated": _time(version.updated_at),
        "section": version.section,
        "summary": version.summary,
        "picture": image.url if image else None,
        "caption": image.caption if image else None,
        "credit": image.credit if image else None,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None
