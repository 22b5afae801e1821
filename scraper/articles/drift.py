"""Whether a site's articles have stopped being what they were: a new layout, a wall, a box in every text. Pure.

The newest articles of a site are held against all of its past that is on file. An alarm wants nearly all of the newest
to have changed in the same way, each beside its likes (its section, hour, kind of day and of page, the length that its
feed gives), and more of them than any run of so many before. Of what comes in a burst only a few count: a night of
briefs, a burst of a paid section say nothing about a site. Texts are judged among those that were read in full.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from statistics import mean, median

from scraper.model import DRIFT_TEXTS, DRIFT_WINDOW, Drift, Settled

#: How many of the newest are looked at.
NEWEST = 20
#: Where so many come at more than this times the usual pace, it is a burst: not more of them count.
_FEW, _FASTER = 6, 4
#: Share of them that must have changed, and how many times as many as in any run before.
_NEARLY_ALL, _TIMES = 0.85, 2
#: Where many come from sections that say nothing, so many others at least.
_LEAST_CHANGED = 10
#: Articles before them by which a site is known, also of the same kind of day, ...
_LEAST_BEFORE = 30
#: ... by which likes are (a section, an hour), and by which its shortest runs are.
_LEAST_LIKES, _LEAST_FOR_RUNS = 15, 200
#: Hours before and after that are the same time of day.
_ABOUT_H = 2
#: Texts shorter than this share of what is usual have collapsed, ...
_COLLAPSED = 1 / 3
#: ... and where runs of short ones are usual, those shorter than this share of the middle one of the shortest run.
_SHORTEST_RUN = 1 / 2
#: What had been so common before is no news.
_RARE = 0.2
#: Characters of a paragraph that is worth a name.
_BLOCK = 40
_FIGURES = re.compile(r"\d+")
#: Where the feed's words are so many times the page's, or the page's the feed's, it does not announce their length.
_ANNOUNCES = 3.0

#: What articles have in common.
Like = tuple[str, object]
_ALL: Like = ("all", None)


def drift_of(articles: Sequence[Settled]) -> Drift | None:
    """Return what has gone wrong with a site; None = nothing, or too little is known. The newest comes first."""
    if len(articles) < NEWEST + _LEAST_BEFORE:
        return None
    articles = _at_usual_pace(articles[:DRIFT_WINDOW])
    if len(articles) < NEWEST + _LEAST_BEFORE:
        return None
    return _unread(articles) or _collapse(articles) or _repeated(articles[:DRIFT_TEXTS])


def _at_usual_pace(articles: Sequence[Settled]) -> Sequence[Settled]:
    """Return the articles without those of a burst that came faster than the site usually files."""
    times = [one.at.timestamp() for one in articles if one.at is not None]
    if len(times) < len(articles):
        return articles
    least = median(times[at] - times[at + _FEW] for at in range(len(times) - _FEW)) / _FASTER
    kept: list[Settled] = []
    kept_at: list[float] = []
    for one, at in zip(articles, times, strict=True):
        if len(kept) < _FEW or kept_at[-_FEW] - at >= least:
            kept.append(one)
            kept_at.append(at)
    return kept


def _is_unprecedented(newest: Sequence[bool], before: Sequence[bool]) -> bool:
    """Say whether nearly all of the newest are so, and of no run of as many before them more than half as many were."""
    count, size = sum(newest), len(newest)
    if count < _NEARLY_ALL * size:
        return False
    sums = [0, *accumulate(before)]
    most = max((sums[at + size] - sums[at] for at in range(len(sums) - size)), default=sums[-1])
    return count >= most * _TIMES


# --------------------------------------------------------------------------- pages that give no text


def _unread(articles: Sequence[Settled]) -> Drift | None:
    """Count all that is not read in full as one: walls, lists, empty pages, whatever they are called.

    Articles of sections that are often not read say nothing, nor does a burst of one section that is little known.
    """
    usual = _by_section(articles[NEWEST:])
    newest, before = (
        [one for one in part if usual.get(one.section, usual[None]) <= _RARE]
        for part in (articles[:NEWEST], articles[NEWEST:])
    )
    lost = [one for one in newest if not one.is_full]
    if len(lost) < _LEAST_CHANGED:
        return None
    if not _is_unprecedented([not one.is_full for one in newest], [not one.is_full for one in before]):
        return None
    sections = {one.section for one in lost}
    if len(sections) == 1 and not sections <= usual.keys():
        return None
    kind, _ = Counter(one.kind or "not read" for one in lost).most_common(1)[0]
    counts = f"{len(lost)} of the last {len(newest)} articles were not read in full; it was {usual[None]:.0%} before"
    return Drift(alarm="wall", detail=f"{counts}; most of them: {kind.replace('_', ' ')}")


def _by_section(past: Sequence[Settled]) -> dict[str | None, float]:
    """Return the share that was not read: of all (None), and of each section that is known well enough."""
    values: dict[str | None, list[bool]] = {None: []}
    for one in past:
        values[None].append(not one.is_full)
        if one.section is not None:
            values.setdefault(one.section, []).append(not one.is_full)
    return {key: mean(found) for key, found in values.items() if key is None or len(found) >= _LEAST_LIKES}


# --------------------------------------------------------------------------- texts that are shorter than they were


def _collapse(articles: Sequence[Settled]) -> Drift | None:
    newest, before = ([one for one in part if one.is_full] for part in (articles[:NEWEST], articles[NEWEST:]))
    if len(newest) < _LEAST_CHANGED or len(before) < _LEAST_BEFORE or _is_first_of_its_kind(newest, before):
        return None
    announced = _announced_share(before)
    usual = _usual(before)
    unknown = _unknown_section(newest, usual)
    is_short = [
        [
            (unknown is None or one.section != unknown) and _is_collapsed(one, _least_usual(one, usual), announced)
            for one in part
        ]
        for part in (newest, before)
    ]
    shortest = _shortest_run(before, len(newest)) * _SHORTEST_RUN / _COLLAPSED
    is_shortest = [_is_collapsed(one, min(shortest, usual[_ALL]), announced) for one in newest]
    if not (_is_unprecedented(*is_short) or sum(is_shortest) >= _NEARLY_ALL * len(newest)):
        return None
    detail = f"the last {len(newest)} texts have {_middle(newest):.0f} words, those before {_middle(before):.0f}"
    return Drift(alarm="short texts", detail=detail)


def _is_first_of_its_kind(newest: Sequence[Settled], before: Sequence[Settled]) -> bool:
    """Say whether most of the newest came on days (at weekends, or on weekdays) of which the past has too few."""
    days = Counter(one.is_weekend for one in newest if one.at is not None)
    if not days:
        return False
    kind = days.most_common(1)[0][0]
    return sum(one.is_weekend == kind for one in before if one.at is not None) < _LEAST_BEFORE


def _likes(one: Settled) -> Iterator[Like]:
    """Yield what an article is like others in: all, its section, kind, kind of day, and hour."""
    yield _ALL
    yield "kind", one.kind
    if one.section is not None:
        yield "section", one.section
    if one.at is not None:
        yield "weekend", one.is_weekend
        yield "hour", one.at.hour


def _usual(past: Sequence[Settled]) -> dict[Like, float]:
    """Return the middle length of each group of likes that is known well enough, and of all."""
    counts: defaultdict[Like, list[int]] = defaultdict(list)
    for one in past:
        for like in _likes(one):
            counts[like].append(one.word_count)
    hours = {h: [n for d in range(-_ABOUT_H, _ABOUT_H + 1) for n in counts["hour", (h + d) % 24]] for h in range(24)}
    counts.update({("hour", h): found for h, found in hours.items()})
    return {
        like: median(found) for like, found in counts.items() if found and (like == _ALL or len(found) >= _LEAST_LIKES)
    }


def _unknown_section(newest: Sequence[Settled], usual: Mapping[Like, float]) -> str | None:
    """Return the section that half of the newest are from, if it is little known; None = there is no such."""
    section, count = Counter(one.section or "" for one in newest).most_common(1)[0]
    return section if count >= len(newest) / 2 and section and ("section", section) not in usual else None


def _least_usual(one: Settled, usual: Mapping[Like, float]) -> float:
    """Return the shortest length that is usual among the likes of an article."""
    return min(usual[like] for like in _likes(one) if like in usual)


def _is_collapsed(one: Settled, usual: float, announced: float | None) -> bool:
    return one.word_count < _COLLAPSED * usual and not _is_as_announced(one, announced)


def _announced_share(past: Sequence[Settled]) -> float | None:
    """Return how many words of text come on a word of the feed's; None where the feed does not announce lengths."""
    shares = [one.word_count / one.announced for one in past if one.announced]
    if len(shares) < max(_LEAST_LIKES, len(past) / 2):
        return None
    return share if 1 / _ANNOUNCES <= (share := median(shares)) <= _ANNOUNCES else None


def _is_as_announced(one: Settled, announced: float | None) -> bool:
    return announced is not None and one.word_count > _COLLAPSED * announced * one.announced > 0


def _shortest_run(past: Sequence[Settled], size: int) -> float:
    """Return the middle length of the shortest run of so many; 0 where too little is known of them."""
    if len(past) < _LEAST_FOR_RUNS:
        return 0.0
    return min(_middle(past[at : at + size]) for at in range(len(past) - size + 1))


def _middle(articles: Sequence[Settled]) -> float:
    return median(one.word_count for one in articles)


# --------------------------------------------------------------------------- what is in every text


def _repeated(articles: Sequence[Settled]) -> Drift | None:
    newest, before = (
        [one for one in part if one.is_full and one.text] for part in (articles[:NEWEST], articles[NEWEST:])
    )
    if len(newest) < _LEAST_CHANGED or len(before) < _LEAST_CHANGED:
        return None
    found = Counter(block for one in newest for block in _blocks(one))
    usual = Counter(block for one in before for block in _blocks(one))
    for block, count in found.most_common():
        if count >= _NEARLY_ALL * len(newest) and usual[block] <= _RARE * len(before):
            return Drift(alarm="repeated block", detail=f'{count} of the last {len(newest)} texts have "{block[:80]}"')
    return None


def _blocks(article: Settled) -> set[str]:
    """Return the paragraphs of a text; a figure that changes from page to page makes no other one."""
    return {_FIGURES.sub("0", line) for line in article.text.splitlines() if len(line) >= _BLOCK}
