"""How sure it is that an extracted text is the article's.

Weighed are the text itself (short, hardly a sentence, less than the page holds elsewhere) and two witnesses: what the
page says of itself, and what the feed says. The weights are in confidence.json, made by `python -m bench.confidence`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from scraper.extract.analysis import PageReading
from scraper.extract.body.blocks import prose_of
from scraper.extract.page.text import weight
from scraper.text.words import words_of

#: e to the power of this is the number of bytes from which a text is no longer short.
_LONG = 7.0
_FEW_SENTENCES = 2
#: Words that say what a text is about have so many letters; a witness needs so many of them, more are not read.
_TELLING_LETTERS, _LEAST_TOLD, _MOST_TOLD = 4, 8, 400
#: Characters of a witness that are read.
_READ_MAX = 20_000
#: Of a feed's words so many are the page's description of itself if they are no second witness.
_REPEATED = 0.8
DESCRIPTIONS = ("description", "og:description", "twitter:description")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for and against a text. All but `told` and `heard` are 0 or more, and speak against it."""

    #: How far it is from e^7 bytes, as a difference of logarithms.
    short: float
    #: 1 = it has two paragraphs at most.
    few: float
    #: Share of its bytes that are in no paragraph.
    unspoken: float
    #: Share of the page's paragraphs, by bytes, that are not in it.
    elsewhere: float
    #: Share of the words of the page's own description that are in it; None = it has none.
    told: float | None
    #: The same of what the feed says; None = it says little, or only what the page's description does.
    heard: float | None


def signs_of(reading: PageReading, text: str) -> Signs:
    """Return the signs of a text and of the reading that it was made by."""
    kept = [line for line in reading.inside if line.dropped is None]
    paragraphs = [line.weight for line in kept if line.is_prose]
    everywhere = prose_of(reading.lines)
    size = max(weight(text), 1)
    linked = reading.heard.linked
    described = reading.heard.first(*DESCRIPTIONS) or ""
    fed = next(filter(None, reading.fed), "")
    is_repeated = (share(fed, telling(described)) or 0) >= _REPEATED
    inside = telling(text)
    return Signs(
        short=max(0.0, _LONG - math.log(size)),
        few=float(len(paragraphs) <= _FEW_SENTENCES),
        unspoken=max(0.0, 1 - sum(paragraphs) / size),
        elsewhere=max(0.0, 1 - sum(paragraphs) / max(everywhere, 1)),
        told=_most(share(linked.body, inside), share(described, inside)),
        heard=None if is_repeated else share(fed, inside),
    )


def confidence_of(signs: Signs) -> float:
    """Return the probability, 0 to 1, that the text with these signs is the article's."""
    values = {**counts_of(signs), "heard": evidence(signs.heard)}
    odds = sum(_table().weights[name] * value for name, value in values.items())
    return round(1 / (1 + math.exp(-odds)), 3)


def counts_of(signs: Signs) -> dict[str, float]:
    """Return what the weights are multiplied by, the feed's word apart."""
    told = evidence(signs.told)
    against = {name: getattr(signs, name) for name in ("short", "few", "unspoken", "elsewhere")}
    return {"constant": 1.0, **against, "told": told}


def evidence(share: float | None) -> float:
    """Return what it is worth that a witness shares so many of its words with a text: a logarithm of likelihoods."""
    if share is None:
        return 0.0
    return next(worth for below, worth in _table().evidence if share < below)


def share(witness: str | None, inside: frozenset[str]) -> float | None:
    """Return which share of the telling words of a witness are among those of a text; None = it has too few."""
    asked = telling(_ADDRESS.sub(" ", (witness or "")[:_READ_MAX]), most=_MOST_TOLD)
    return len(asked & inside) / len(asked) if len(asked) >= _LEAST_TOLD else None


def _most(*shares: float | None) -> float | None:
    return max((share for share in shares if share is not None), default=None)


def telling(text: str, *, most: int | None = None) -> frozenset[str]:
    """Return the words that say what a text is about; pairs of characters where it is written without spaces."""
    words = words_of(text)
    if words.is_unspaced:
        return frozenset(map("".join, zip(words.tokens[:most], words.tokens[1:], strict=False)))
    return frozenset([token for token in words.tokens if len(token) >= _TELLING_LETTERS][:most])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    weights: Mapping[str, float]
    #: Pairs: for shares below the first the second.
    evidence: tuple[tuple[float, float], ...]


@cache
def _table() -> _Table:
    read = json.loads(resources.files("scraper.extract").joinpath("confidence.json").read_text("utf-8"))
    return _Table(weights=read["weights"], evidence=tuple((below, worth) for below, worth in read["evidence"]))
