"""Whether a site's articles have stopped being what they were: a new layout, a wall, a box in every text. Pure.

The newest articles of a site are held against all of its past that is on file. An alarm wants nearly all of the newest
to have changed in the same way, each beside its like (its section, the length that its feed gives), and more of them
than any run of so many before: a night of briefs, a weekend, a burst of a paid section have been there before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from statistics import mean, median

from scraper.model import DRIFT_TEXTS, DRIFT_WINDOW, Drift, Settled

#: How many of the newest are looked at, articles that must have changed, and how many more than in any run before.
NEWEST, _MOST, _MARGIN = 20, 17, 3
#: Articles before them by which a site is known, also of the same kind of day, ...
_LEAST_BEFORE = 30
#: ... by which a section of it is, and by which its shortest runs are.
_LEAST_IN_SECTION, _LEAST_FOR_RUNS = 15, 200
#: Texts shorter than this share of what is usual have collapsed ...
_COLLAPSED = 1 / 3
#: ... and runs whose middle text is shorter than this share of that of the shortest run before.
_SHORTEST_RUN = 1 / 2
#: What had been so common before is no news.
_RARE = 0.2
#: Characters of a paragraph that is worth a name.
_BLOCK = 40
#: Where the feed's words are so many times the page's, or the page's the feed's, it does not announce their length.
_ANNOUNCES = 3.0


def drift_of(articles: Sequence[Settled]) -> Drift | None:
    """Return what has gone wrong with a site; None = nothing, or too little is known. The newest comes first."""
    newest, before = articles[:NEWEST], articles[NEWEST:DRIFT_WINDOW]
    if len(newest) < NEWEST or len(before) < _LEAST_BEFORE or _is_first_of_its_kind(newest, before):
        return None
    return (
        _unread(articles[:DRIFT_WINDOW])
        or _collapse(newest, before)
        or _repeated(newest, before[: DRIFT_TEXTS - NEWEST])
    )


def _is_first_of_its_kind(newest: Sequence[Settled], before: Sequence[Settled]) -> bool:
    """Say whether most of the newest came on days (at weekends, or on weekdays) of which the past has too few."""
    days = Counter(one.is_weekend for one in newest if one.at is not None)
    if not days:
        return False
    kind = days.most_common(1)[0][0]
    return sum(one.is_weekend == kind for one in before if one.at is not None) < _LEAST_BEFORE


def _is_unprecedented(newest: Sequence[bool], before: Sequence[bool]) -> bool:
    """Say whether nearly all of the newest are so, and of no run of as many before them nearly as many were."""
    count = sum(newest)
    if count < _MOST:
        return False
    sums = [0, *accumulate(before)]
    most = max((sums[at + NEWEST] - sums[at] for at in range(len(sums) - NEWEST)), default=sums[-1])
    return count >= most + _MARGIN


def _by_section(
    before: Sequence[Settled], value: Callable[[Settled], float], figure: Callable[[list[float]], float]
) -> dict[str | None, float]:
    """Return a figure of the past: of all of it (None), and of each section that is known well enough."""
    values: dict[str | None, list[float]] = {None: []}
    for one in before:
        values[None].append(value(one))
        if one.section is not None:
            values.setdefault(one.section, []).append(value(one))
    return {
        key: figure(found)
        for key, found in values.items()
        if found and (key is None or len(found) >= _LEAST_IN_SECTION)
    }


# --------------------------------------------------------------------------- pages that give no text


def _unread(articles: Sequence[Settled]) -> Drift | None:
    """Count all that is not read in full as one: walls, lists, empty pages, whatever they are called.

    Articles of sections that are often not read say nothing, nor does a burst of one section that is little known.
    """
    past = articles[NEWEST:]
    usual = _by_section(past, lambda one: not one.is_full, mean)
    telling = [one for one in articles if usual.get(one.section, usual[None]) <= _RARE]
    newest, before = telling[:NEWEST], telling[NEWEST:]
    lost = [one for one in newest if not one.is_full]
    if not _is_unprecedented([not one.is_full for one in newest], [not one.is_full for one in before]):
        return None
    sections = {one.section for one in lost}
    if len(sections) == 1 and not sections <= usual.keys():
        return None
    kind, _ = Counter(one.kind or "not read" for one in lost).most_common(1)[0]
    counts = f"{len(lost)} of the last {len(newest)} articles were not read in full; it was {usual[None]:.0%} before"
    return Drift(alarm="wall", detail=f"{counts}; most of them: {kind.replace('_', ' ')}")


# --------------------------------------------------------------------------- texts that are shorter than they were


def _collapse(newest: Sequence[Settled], before: Sequence[Settled]) -> Drift | None:
    read, past = ([one for one in part if one.is_full] for part in (newest, before))
    if len(read) < _MOST or len(past) < _LEAST_IN_SECTION:
        return None
    usual = _by_section(past, lambda one: one.word_count, median)
    announced = _announced_share(past)
    flags = [[_is_collapsed(one, usual, announced) for one in part] for part in (newest, before)]
    if not (_is_unprecedented(*flags) or _is_shortest_run(read, past, announced)):
        return None
    detail = f"the last {len(read)} texts have {_middle(read):.0f} words, those before {_middle(past):.0f}"
    return Drift(alarm="short texts", detail=detail)


def _is_collapsed(one: Settled, usual: Mapping[str | None, float], announced: float | None) -> bool:
    is_short = one.is_full and one.word_count < _COLLAPSED * usual.get(one.section, usual[None])
    return is_short and not _is_as_announced(one, announced)


def _announced_share(past: Sequence[Settled]) -> float | None:
    """Return how many words of text come on a word of the feed's; None where the feed does not announce lengths."""
    shares = [one.word_count / one.announced for one in past if one.announced]
    if len(shares) < max(_LEAST_IN_SECTION, len(past) / 2):
        return None
    return share if 1 / _ANNOUNCES <= (share := median(shares)) <= _ANNOUNCES else None


def _is_as_announced(one: Settled, announced: float | None) -> bool:
    return announced is not None and one.word_count > _COLLAPSED * announced * one.announced > 0


def _is_shortest_run(read: Sequence[Settled], past: Sequence[Settled], announced: float | None) -> bool:
    """Say whether the middle of the newest texts is far below that of every run of as many before them."""
    if len(past) < _LEAST_FOR_RUNS or sum(_is_as_announced(one, announced) for one in read) > len(read) - _MOST:
        return False
    size = len(read)
    runs = [_middle(past[at : at + size]) for at in range(max(1, len(past) - size + 1))]
    return _middle(read) < _SHORTEST_RUN * min(runs) and _middle(read) < _COLLAPSED * _middle(past)


def _middle(articles: Sequence[Settled]) -> float:
    return median(one.word_count for one in articles)


# --------------------------------------------------------------------------- what is in every text


def _repeated(newest: Sequence[Settled], before: Sequence[Settled]) -> Drift | None:
    found = Counter(block for one in newest for block in _blocks(one))
    usual = Counter(block for one in before for block in _blocks(one))
    for block, count in found.most_common(1):
        if count >= _MOST and usual[block] <= _RARE * len(before):
            return Drift(alarm="repeated block", detail=f'{count} of the last {NEWEST} texts have "{block[:80]}"')
    return None


def _blocks(article: Settled) -> set[str]:
    return {line for line in article.text.splitlines() if len(line) >= _BLOCK} if article.is_full else set()
