"""Whether a site's articles have stopped being what they were: a new layout, a wall, a box in every text. Pure.

The newest articles of a site are held against those before them. An alarm wants nearly all of the newest to have
changed in the same way, so that a quiet week of short items raises none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from scraper.model import DRIFT_WINDOW, WALLS, Drift, Settled

#: Articles that must have changed, and how many of the newest are looked at.
NEWEST, _MOST = 12, 10
#: Articles before them by which a site is known.
_LEAST_BEFORE = 15
#: Texts shorter than this share of what was usual have collapsed.
_COLLAPSED = 1 / 3
#: What had been so common before is no news.
_RARE = 0.2
#: Characters of a paragraph that is worth a name.
_BLOCK = 40


def drift_of(articles: Sequence[Settled]) -> Drift | None:
    """Return what has gone wrong with a site; None = nothing, or too little is known. The newest comes first."""
    newest, before = articles[:NEWEST], articles[NEWEST:DRIFT_WINDOW]
    if len(newest) < NEWEST or len(before) < _LEAST_BEFORE:
        return None
    return _walls(newest, before) or _collapse(newest, before) or _repeated(newest, before)


def _walls(newest: Sequence[Settled], before: Sequence[Settled]) -> Drift | None:
    found = Counter(one.kind for one in newest if one.kind in WALLS)
    kind, count = max(found.items(), key=lambda pair: pair[1], default=(None, 0))
    usual = sum(one.kind == kind for one in before) / len(before)
    if count < _MOST or usual > _RARE:
        return None
    words = str(kind).replace("_", " ")
    return Drift(alarm="wall", detail=f"{count} of the last {NEWEST} articles are {words}; it was {usual:.0%} before")


def _collapse(newest: Sequence[Settled], before: Sequence[Settled]) -> Drift | None:
    read, usual = ([one.word_count for one in part if one.is_full] for part in (newest, before))
    if len(read) < _MOST or len(usual) < _LEAST_BEFORE:
        return None
    shortest = sorted(usual)[len(usual) // 4]
    if sum(words < shortest for words in read) < _MOST or median(read) >= _COLLAPSED * median(usual):
        return None
    detail = f"the last {len(read)} texts have {median(read):.0f} words, those before {median(usual):.0f}"
    return Drift(alarm="short texts", detail=detail)


def _repeated(newest: Sequence[Settled], before: Sequence[Settled]) -> Drift | None:
    found = Counter(block for one in newest for block in _blocks(one))
    usual = Counter(block for one in before for block in _blocks(one))
    for block, count in found.most_common(1):
        if count >= _MOST and usual[block] <= _RARE * len(before):
            return Drift(alarm="repeated block", detail=f'{count} of the last {NEWEST} texts have "{block[:80]}"')
    return None


def _blocks(article: Settled) -> set[str]:
    return {line for line in article.text.splitlines() if len(line) >= _BLOCK} if article.is_full else set()
