"""Whether two texts fill one form with different news: police briefs, weather, horoscopes. Pure.

Two copies of one text differ by what was added, cut or set right. Two fillings of one form go on alike, and every few
words, between the same words, one has a name or a number where the other has another one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Set
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from scraper.text.words import Run, Words, own_passages

#: Longer passages between the same words were written anew; words.
_LONGEST_SLOT = 24
#: Two texts are fillings of one form where they contradict each other so often, and once in so many shared words. Other
#: words in a slot, without another name or number, count for a part: an editor may have chosen them. They count in full
#: on one site, which does not edit its own copy under another address.
_CONTRADICTIONS, _WORDS_EACH, _SOFT = 1.9, 60, 0.34


class _Slot(NamedTuple):
    start: int
    end: int


def is_one_form(titles: tuple[Words, Words], texts: tuple[Words, Words], *, is_one_site: bool) -> bool:
    """Say whether two articles fill one form with different news."""
    hard, soft = _counted(texts)
    hard += _is_title_form(titles, texts)
    count = hard + (soft if is_one_site else _SOFT * soft)
    if not (hard or is_one_site) or count < _CONTRADICTIONS:
        return False
    return count * _WORDS_EACH >= min(_shared(*texts), _shared(*reversed(texts)))


def _shared(words: Words, other: Words) -> float:
    """Return how many of a text's words the other text has."""
    own = sum(end - start for start, end in own_passages(words, other.runs))
    return words.as_words(len(words.tokens) - own)


def _counted(texts: tuple[Words, Words]) -> tuple[int, int]:
    """Count where two texts have other names or numbers in the same place, and where just other words; each once."""
    one, other = texts
    names: tuple[set[Run], set[Run]] = set(), set()
    words: tuple[set[Run], set[Run]] = set(), set()
    for slots in _slots(one, other):
        for at, (text, slot, beside) in enumerate(zip(texts, slots, (other, one), strict=True)):
            for group in _own(text, slot, beside):
                words[at].add(group)
                if text.is_unspaced or not text.facts.isdisjoint(group):
                    names[at].add(group)
    hard = min(map(len, names))
    return hard, min(map(len, words)) - hard


def _slots(one: Words, other: Words) -> Iterator[tuple[_Slot, _Slot]]:
    """Yield where two texts go on alike, differ by a few words, and go on alike again."""
    theirs: defaultdict[tuple[Run, Run], deque[_Slot]] = defaultdict(deque)
    for slot in _short_gaps(other, one.runs):
        theirs[_around(other, slot)].append(slot)
    for slot in _short_gaps(one, other.runs):
        if found := theirs.get(_around(one, slot)):
            yield slot, found.popleft()


def figures_beside(words: Words, other: Words) -> frozenset[str]:
    """Return a text's numbers, without those in whole passages that the other text lacks."""
    own = [at for at in own_passages(words, other.runs) if words.as_words(at[1] - at[0]) > _LONGEST_SLOT]
    starts, ends = (0, *(end for _, end in own)), (*(start for start, _ in own), len(words.tokens))
    kept = chain.from_iterable(words.tokens[start:end] for start, end in zip(starts, ends, strict=True))
    return words.figures.intersection(kept)


def _short_gaps(words: Words, runs: Set[Run]) -> Iterator[_Slot]:
    for start, end in own_passages(words, runs):
        if words.as_words(end - start) <= _LONGEST_SLOT:
            yield _Slot(start, end)


def _around(words: Words, slot: _Slot) -> tuple[Run, Run]:
    length = words.run_length - 1
    return words.tokens[max(0, slot.start - length) : slot.start], words.tokens[slot.end : slot.end + length]


def _own(words: Words, slot: _Slot, beside: Words) -> Iterator[Run]:
    """Yield what the other text lacks of a slot: words side by side as one."""
    tokens = words.tokens[slot.start : slot.end]
    if not words.is_unspaced:
        for lacks, group in groupby(tokens, key=lambda token: token not in beside.known):
            if lacks:
                yield tuple(group)
    elif _has_own(words, slot, beside):
        yield tokens


def _has_own(words: Words, slot: _Slot, beside: Words) -> bool:
    """Say whether a slot holds anything that the other text lacks."""
    if not words.is_unspaced:
        return not beside.known.issuperset(words.tokens[slot.start : slot.end])
    near = words.tokens[max(0, slot.start - 1) : slot.end + 1]
    return not beside.pairs.issuperset(pairwise(near))


def _is_title_form(titles: tuple[Words, Words], texts: tuple[Words, Words]) -> bool:
    """Say whether two headlines are alike but for something that each text tells and the other lacks."""
    one, other = (title.tokens for title in titles)
    shortest = min(len(one), len(other))
    start = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    end = next((at for at in range(shortest - start) if one[-1 - at] != other[-1 - at]), shortest - start)
    if 2 * (start + end) < shortest:
        return False
    slots = (_Slot(start, len(one) - end), _Slot(start, len(other) - end))
    return all(
        _has_own(title, slot, beside) and _is_told(title, slot, text)
        for title, slot, text, beside in zip(titles, slots, texts, reversed(texts), strict=True)
    )


def _is_told(title: Words, slot: _Slot, text: Words) -> bool:
    tokens = title.tokens[slot.start : slot.end]
    return bool(tokens) and not text.known.isdisjoint(tokens)
