"""How well sites that changed are told from those that did not: `python -m bench.drift`, on made sites, no network.

The rule is asked as the daemon asks it: after every article once a site changed, after every third of one that stays
what it is. A change is told if its alarm comes with one of the first twenty articles after it; an alarm before it, or
of a site that stayed what it was, is false.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bench.newsrooms import CHANGES, UNCHANGED, Change, Stream
from scraper.articles.drift import drift_of
from scraper.model import DRIFT_TEXTS, DRIFT_WINDOW, Settled

#: Articles within which a change must be told.
WITHIN = 20
#: A site changes after so many articles at least and at most.
BEFORE = (150, 450)
#: Articles of a site that stays what it is.
LENGTH = 600
#: And is looked at after so many.
EVERY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What came of one kind in all replays."""

    told: int
    false: int


def looks(articles: Sequence[Settled], begin: int, end: int, every: int = 1) -> str:
    """Return the first alarm after one of the articles `begin` to `end`; empty = none. Only newest texts are given."""
    bare = [replace(one, text="") for one in articles]
    for now in range(begin, end, every):
        texts = articles[max(0, now - DRIFT_TEXTS) : now]
        past = bare[max(0, now - DRIFT_WINDOW) : max(0, now - DRIFT_TEXTS)]
        if found := drift_of([*reversed(texts), *reversed(past)]):
            return found.alarm
    return ""


def unchanged(stream: Stream, seeds: Sequence[str], length: int = LENGTH) -> Score:
    """Replay a kind of site that stays what it is."""
    articles = (list(islice(stream(_chance(seed)), length)) for seed in seeds)
    return Score(told=0, false=sum(bool(looks(each, 1, length + 1, EVERY)) for each in articles))


def changed(alarm: str, change: Change, seeds: Sequence[str]) -> Score:
    """Replay a change, on one kind of site after the other."""
    streams, told, false = list(UNCHANGED.values()), 0, 0
    for number, seed in enumerate(seeds):
        rng = _chance(seed)
        before = rng.randint(*BEFORE)
        articles = list(islice(streams[number % len(streams)](rng), before + WITHIN))
        articles[before:] = map(change(rng), articles[before:])
        if looks(articles, before - WITHIN, before + 1):
            false += 1
            continue
        found = looks(articles, before + 1, before + WITHIN + 1)
        told += bool(found) and found == (alarm or found)
    return Score(told=told, false=false)


def _chance(seed: str) -> random.Random:
    return random.Random(zlib.crc32(seed.encode()))


def main() -> int:
    """Print a row for each kind; 1 if fewer than 95 % of a change were told, or anything of an unchanged site."""
    parser = argparse.ArgumentParser(prog="bench.drift", description=__doc__)
    parser.add_argument("--seeds", type=int, default=40, help="replays of each kind (40)")
    parser.add_argument("--first", type=int, default=1, help="first seed (1)")
    parser.add_argument("--only", default="", help="kinds with this in their name")
    options = parser.parse_args()
    failed = 0

    def seeds(name: str) -> list[str]:
        return [f"{name} {options.first + n}" for n in range(options.seeds)]

    print(f"{'kind':34} {f'told within {WITHIN}':>16} {'false alarms':>16}")
    for name, (alarm, change) in CHANGES.items():
        if options.only in name:
            found = changed(alarm, change, seeds(name))
            is_bad = found.told < 0.95 * options.seeds or found.false > 0
            failed += is_bad
            told, false = (f"{n} of {options.seeds}" for n in (found.told, found.false))
            print(f"{name:34} {told:>16} {false:>16}{' !' if is_bad else ''}", flush=True)
    for name, stream in UNCHANGED.items():
        if options.only in name:
            found = unchanged(stream, seeds(name))
            failed += found.false > 0
            print(
                f"{name:34} {'-':>16} {f'{found.false} of {options.seeds}':>16}{' !' if found.false else ''}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
