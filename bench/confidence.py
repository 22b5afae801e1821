"""`python -m bench.confidence FOLDER --scorer FILE [--write]`: make the weights of `Extraction.confidence`, try them.

A page is right when the scorer gives its body 0.7 or more. The weights are a logistic regression on the part look; what
a witness is worth is how often descriptions of pages share so many words with their own text and with the text of
another page in the same language. FOLDER and FILE are those of `bench.ablate`; see bench/README.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ablate import Page, load_scorer, read_pages
from scraper.extract import confidence
from scraper.extract.analysis import Source, read_page
from scraper.extract.article import finish
from scraper.extract.confidence import Signs, counts_of, signs_of
from scraper.extract.page.sniff import read_document
from scraper.extract.page.tree import parse_page
from scraper.model import Hints, SiteRule

RIGHT = 0.7
NAMES = ("constant", "short", "few", "unspoken", "elsewhere", "told")
#: Pulls the weights towards 0: the few wrong pages would be learned by heart.
_RIDGE = 1.0
_STEPS = 30
#: Upper ends of the classes of shares whose evidence is measured.
_CLASSES = (0.3, 0.5, 0.6, 0.8, 2.0)
#: Pages of others that each description is compared with.
_OTHERS = 3
_OUT = Path(confidence.__file__).with_suffix(".json")

Row = Sequence[float]
Weights = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page's signs and whether its text is right."""

    set_name: str
    part: str
    signs: Signs
    figure: float
    described: str
    text: str
    language: str | None

    @property
    def is_right(self) -> bool:
        """It is the article, or most of it."""
        return self.figure >= RIGHT

    @property
    def row(self) -> Row:
        """What the weights are multiplied by."""
        return [counts_of(self.signs)[name] for name in NAMES]


def main(arguments: list[str] | None = None) -> int:
    """Print how well the weights hold; write them when asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.confidence", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help=f"write {_OUT.name}")
    asked = parser.parse_args(arguments)
    cases = [case for page in read_pages(asked.folder, asked.scorer) if (case := read_case(page)) is not None]
    look = [case for case in cases if case.part == "look"]
    worth = measured_evidence(look, random.Random(1))
    if asked.write:
        table = {"weights": dict.fromkeys(NAMES, 0.0), "evidence": worth}
        _OUT.write_text(json.dumps(table), encoding="utf-8")
        confidence._table.cache_clear()
    weights = fitted([case.row for case in look], [case.is_right for case in look])
    if asked.write:
        named = {name: round(weight, 3) for name, weight in zip(NAMES, weights, strict=True)}
        table = {"weights": {**named, "heard": 1.0}, "evidence": worth}
        _OUT.write_text(f"{json.dumps(table, indent=1)}\n", encoding="utf-8")
    sys.stdout.write("".join(f"{line}\n" for line in report(cases, weights, worth)))
    return 0


def read_case(page: Page) -> Case | None:
    """The signs of a page and how right its text is; None = its set has no truth of a body, or there is no text."""
    judge = load_scorer(page.scorer)
    body = gzip.decompress(page.path.read_bytes()) if page.path.suffix == ".gz" else page.path.read_bytes()
    root = parse_page(read_document(body, None, url=page.address)[0])
    if page.set_name not in judge.MAIN or root is None:
        return None
    source = Source(url=page.address, first_url=page.address, hints=Hints(), rule=SiteRule())
    reading = read_page(root, source)
    found, _ = finish(reading)
    figure = judge.page_figure(judge.score_page(page.set_name, judge.unseal(page.truth), {"text": found.text}))
    if figure is None or not found.text:
        return None
    return Case(
        set_name=page.set_name,
        part=page.part,
        signs=signs_of(reading, found.text),
        figure=figure,
        described=reading.heard.first(*confidence.DESCRIPTIONS) or "",
        text=found.text,
        language=found.language,
    )


# --------------------------------------------------------------------------- the weights


def fitted(rows: Sequence[Row], right: Sequence[bool]) -> Weights:
    """Logistic regression by Newton's steps, with a ridge on all weights but the first."""
    size = len(rows[0])
    weights: list[float] = [0.0] * size
    for _ in range(_STEPS):
        slope = [-_RIDGE * weight if at else 0.0 for at, weight in enumerate(weights)]
        bend = [[_RIDGE * (one == other > 0) for other in range(size)] for one in range(size)]
        for row, is_right in zip(rows, right, strict=True):
            share = probability(row, weights)
            for one in range(size):
                slope[one] += (is_right - share) * row[one]
                for other in range(size):
                    bend[one][other] += share * (1 - share) * row[one] * row[other]
        step = _solved(bend, slope)
        weights = [weight + by for weight, by in zip(weights, step, strict=True)]
    return tuple(weights)


def probability(row: Row, weights: Sequence[float]) -> float:
    """What the weights make of a row."""
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, row, strict=True))))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss's elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for other in range(size):
            if other != at:
                factor = rows[other][at] / rows[at][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [rows[at][size] / rows[at][at] for at in range(size)]


def measured_evidence(cases: Sequence[Case], rng: random.Random) -> list[list[float]]:
    """For each class of shares the logarithm of how much likelier it is of a page's own text than of another's."""
    own: list[float] = []
    foreign: list[float] = []
    for case in cases:
        own += _shares(case.described, case.text)
        others = [other for other in rng.sample(cases, 40) if other.language == case.language and other is not case]
        for other in others[:_OTHERS]:
            foreign += _shares(case.described, other.text)
    found = []
    below = 0.0
    for end in _CLASSES:
        # One case more in each class: what was never seen is not impossible.
        ratio = (
            (_within(own, below, end) + 1) / (len(own) + 1) * (len(foreign) + 1) / (_within(foreign, below, end) + 1)
        )
        found.append([end, round(math.log(ratio), 2)])
        below = end
    return found


def _shares(described: str, text: str) -> list[float]:
    share = confidence.share(described, confidence.telling(text))
    return [] if share is None else [share]


def _within(shares: Sequence[float], start: float, end: float) -> int:
    return sum(start <= share < end for share in shares)


# --------------------------------------------------------------------------- the report


def report(cases: Sequence[Case], weights: Weights, worth: list[list[float]]) -> list[str]:
    """The lines that are printed."""
    look = [case for case in cases if case.part == "look"]
    lines = [
        f"weights: {dict(zip(NAMES, (round(weight, 2) for weight in weights), strict=True))}",
        f"evidence: {worth}",
    ]
    lines.append(
        "| pages | number | right at | above .5 | of them right | below .5 | least sure 5 % | said | next 15 % | said |"
    )
    lines.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for part in ("look", "blind"):
        lines += _line(part, [case for case in cases if case.part == part], lambda case: probability(case.row, weights))
    for name in sorted({case.set_name for case in look}):
        rest = [case for case in look if case.set_name != name]
        others = fitted([case.row for case in rest], [case.is_right for case in rest])
        asked = [case for case in look if case.set_name == name]
        lines += _line(f"{name}, by weights of the others", asked, lambda case, w=others: probability(case.row, w))  # type: ignore[misc]  # mypy infers no type for a lambda with a default
    return lines


def _line(name: str, cases: Sequence[Case], judge: Callable[[Case], float]) -> list[str]:
    if not cases:
        return []
    sure = sorted(((judge(case), case.is_right) for case in cases), key=lambda one: one[0])
    above = [is_right for said, is_right in sure if said > 0.5]
    tenths = []
    for start, end in ((0.0, 0.05), (0.05, 0.2)):
        some = sure[int(start * len(sure)) : max(int(end * len(sure)), 1)]
        tenths += [sum(right for _, right in some) / len(some), sum(said for said, _ in some) / len(some)]
    shown = " | ".join(f"{one:.2f}" for one in tenths)
    share = sum(above) / max(len(above), 1)
    return [f"| {name} | {len(cases)} | {len(above)} | {share:.3f} | {len(cases) - len(above)} | {shown} |"]


if __name__ == "__main__":
    sys.exit(main())
