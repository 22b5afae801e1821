"""`python -m bench.ablate FOLDER --scorer FILE`: what each rule and word list of the extractor is worth.

Each is switched off in turn, and the pages on which that may change anything are read again. A worth is what the pages
lose without it, so a rule with a negative one does harm. FOLDER holds the sets, each a folder with `pages.jsonl` and
`truth.jsonl`; FILE is a Python module that scores a page. See bench/README.md.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import multiprocessing
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from statistics import mean
from types import FrameType, ModuleType
from typing import Any

from bench.switches import Watch, find_switches, forget
from scraper.extract import extract_article

#: What the scorer must have.
_NEEDED = ("MAIN", "SILVER", "page_figure", "part_of", "score_page", "unseal")
BODY, METADATA = "F1", ("title", "byline_f1", "date", "image")
PARTS = ("look", "blind")
#: A page whose reading does not end without a rule counts as unread.
_MAX_S = 20

Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, its truth and the switches to try on it."""

    set_name: str
    part: str
    address: str
    path: Path
    truth: Mapping[str, Any]
    scorer: Path
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a page came out with everything on, and without one switch after the other."""

    set_name: str
    part: str
    whole: Figures
    #: Switches that may act on it.
    may_act: frozenset[str] = frozenset()
    #: Those of them that were tried.
    tried: frozenset[str] = frozenset()
    #: By switch; absent = the same.
    without: Mapping[str, Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a switch is worth, by part and measure."""

    name: str
    kind: str
    #: Pages where it acts: their extraction is another one without it (an estimate if not all were tried).
    acts: Mapping[str, int]
    worth: Mapping[tuple[str, str], float]
    #: Of the part look with one set left out in turn: the least and the greatest.
    spread: tuple[float, float]
    is_sampled: bool


def main(arguments: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.ablate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--only", default="", help="a regular expression: the switches to try")
    parser.add_argument("--phrases", action="store_true", help="also each phrase by itself")
    parser.add_argument("--at-most", type=int, default=60, help="pages of a part on which one is tried; 0 = all")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    asked = parser.parse_args(arguments)
    pages = read_pages(asked.folder, asked.scorer)
    names = [
        name
        for name, switch in find_switches().items()
        if re.search(asked.only, name) and (asked.phrases or switch.kind != "phrase")
    ]
    worths, whole = ablate(pages, names, at_most=asked.at_most, processes=asked.processes)
    sys.stdout.write("".join(f"{line}\n" for line in table(worths, whole)))
    if asked.json:
        asked.json.write_text(json.dumps([_as_json(worth) for worth in worths], indent=1), encoding="utf-8")
    return 0


# --------------------------------------------------------------------------- the pages


def read_pages(folder: Path, scorer: Path) -> list[Page]:
    """The pages of all gold sets. Ends the program, saying what is missing, if there is none."""
    judge = load_scorer(scorer)
    sets = sorted(path.parent for path in folder.glob("*/pages.jsonl"))
    if not sets:
        sys.exit(
            f"{folder} holds no set: each is a folder with pages.jsonl, truth.jsonl and the pages named in the first"
        )
    found = []
    for home in sets:
        if home.name in judge.SILVER:
            continue
        truth = {row["id"]: row for row in _rows(home / "truth.jsonl")}
        for row in _rows(home / "pages.jsonl"):
            if row["id"] not in truth:
                sys.exit(f"{home / 'truth.jsonl'} says nothing of a page that pages.jsonl names: the set is incomplete")
            told = truth[row["id"]]
            path, url = home / row["html_path"], row.get("url") or "http://page.example/"
            part = judge.part_of(told)
            found.append(Page(set_name=home.name, part=part, address=url, path=path, truth=told, scorer=scorer))
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        sys.exit(f"{path} is missing: a set needs pages.jsonl and truth.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


@lru_cache(maxsize=1)
def load_scorer(path: Path) -> ModuleType:
    """The module that scores pages. Ends the program, saying what is missing, if it is none."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if not path.is_file() or spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file: --scorer names the module that scores a page")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    missing = [name for name in _NEEDED if not hasattr(module, name)]
    if missing:
        sys.exit(f"the scorer {path} has no {', '.join(missing)}: see bench/README.md for what it must have")
    return module


# --------------------------------------------------------------------------- one page


def look_over(page: Page) -> Tried:
    """Read a page once, and see what acts on it."""
    watch = _watch()
    watch.start()
    figures = score(page, extract(page))
    seen = frozenset(watch.seen)
    return Tried(set_name=page.set_name, part=page.part, whole=figures, may_act=seen, without={})


def switch_off(page: Page) -> Tried:
    """Read a page with everything on, then without each of its switches in turn."""
    forget()
    usual = extract(page)
    whole = score(page, usual)
    without: dict[str, Figures] = {}
    for name in page.tried:
        forget()
        with find_switches()[name].off():
            found = extract(page)
        if found != usual:
            without[name] = score(page, found)
    forget()
    return Tried(set_name=page.set_name, part=page.part, whole=whole, without=without)


@lru_cache(maxsize=1)
def _watch() -> Watch:
    return Watch()


def extract(page: Page) -> dict[str, Any]:
    """What the extractor makes of a page, as scorers ask for it; nothing if it fails."""
    body = page.path.read_bytes()
    body = gzip.decompress(body) if page.path.suffix == ".gz" else body
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(_MAX_S)
    try:
        found = extract_article(body, url=page.address)
    except Exception:  # noqa: BLE001 - without one of its rules anything may go wrong
        return {}
    finally:
        signal.alarm(0)
    return {
        "text": found.text,
        "title": found.title,
        "byline": list(found.byline),
        "published": found.published_at.isoformat() if found.published_at else None,
        "site": found.site_name,
        "language": found.language,
        "image": found.image.url if found.image else None,
        "canonical_url": found.canonical_url,
    }


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError


def score(page: Page, found: dict[str, Any]) -> Figures:
    """The figures of a page: F1 of its body where its set is in the pool, and the metadata that it has truth of."""
    judge = load_scorer(page.scorer)
    scored = judge.score_page(page.set_name, judge.unseal(page.truth), found)
    body = judge.page_figure(scored) if page.set_name in judge.MAIN else None
    figures = {BODY: body} if body is not None else {}
    return {**figures, **{name: scored["meta"][name] for name in METADATA if name in scored["meta"]}}


# --------------------------------------------------------------------------- all pages


def ablate(
    pages: list[Page], names: Iterable[str], *, at_most: int, processes: int
) -> tuple[list[Worth], dict[tuple[str, str], float]]:
    """The worth of each switch, and the figures with everything on by part and measure."""
    seen = list(_all(look_over, pages, processes, "read once"))
    wanted = set(names)
    may_act: dict[tuple[str, str], list[int]] = {}
    for at, tried in enumerate(seen):
        for name in wanted.intersection(tried.may_act):
            may_act.setdefault((name, tried.part), []).append(at)
    plan: dict[int, list[str]] = {}
    chance = random.Random(1)
    for (name, _), places in sorted(may_act.items()):
        for at in places if not 0 < at_most < len(places) else chance.sample(places, at_most):
            plan.setdefault(at, []).append(name)
    asked = [replace(pages[at], tried=tuple(tried)) for at, tried in sorted(plan.items())]
    for at, found in zip(sorted(plan), _all(switch_off, asked, processes, "read again"), strict=True):
        seen[at] = replace(seen[at], tried=frozenset(plan[at]), without=found.without)
    totals = Counter((tried.part, measure, tried.set_name) for tried in seen for measure in tried.whole)
    worths = [_worth(name, [tried for tried in seen if name in tried.may_act], totals) for name in wanted]
    return sorted(worths, key=lambda worth: (-worth.worth["blind", BODY], -worth.worth["look", BODY])), _whole(seen)


def _all(work: Any, pages: list[Page], processes: int, what: str) -> Iterator[Tried]:
    with multiprocessing.get_context("spawn").Pool(processes, os.nice, (10,)) as pool:
        for count, tried in enumerate(pool.imap(work, pages, chunksize=4), 1):
            if count % 100 == 0 or count == len(pages):
                sys.stderr.write(f"{what}: {count} of {len(pages)} pages\n")
            yield tried


def _whole(seen: list[Tried]) -> dict[tuple[str, str], float]:
    told = {
        (part, measure): [tried.whole[measure] for tried in seen if tried.part == part and measure in tried.whole]
        for part in PARTS
        for measure in (BODY, *METADATA)
    }
    return {key: mean(values) for key, values in told.items() if values}


def _worth(name: str, here: list[Tried], totals: Mapping[tuple[str, str, str], int]) -> Worth:
    """What a switch is worth, by the pages on which it may act and the pages that there are."""
    sets = [key[2] for key in totals if key[:2] == ("look", BODY)]
    left = [_loss(name, here, totals, "look", BODY, without=one) for one in sets] or [0.0]
    measures = [(part, measure) for part in PARTS for measure in (BODY, *METADATA)]
    return Worth(
        name=name,
        kind=find_switches()[name].kind,
        acts={part: _acts(name, [tried for tried in here if tried.part == part]) for part in PARTS},
        worth={(part, measure): _loss(name, here, totals, part, measure) for part, measure in measures},
        spread=(min(left), max(left)),
        is_sampled=any(name not in tried.tried for tried in here),
    )


def _acts(name: str, here: list[Tried]) -> int:
    count = sum(name in tried.tried for tried in here)
    return round(sum(name in tried.without for tried in here) * len(here) / count) if count else 0


def _loss(
    name: str,
    here: list[Tried],
    totals: Mapping[tuple[str, str, str], int],
    part: str,
    measure: str,
    *,
    without: str | None = None,
) -> float:
    """How much less the mean of a measure is without the switch, a set left out."""
    pages = sum(count for key, count in totals.items() if key[:2] == (part, measure) and key[2] != without)
    may_act = [tried for tried in here if tried.part == part and measure in tried.whole and tried.set_name != without]
    counted = [tried for tried in may_act if name in tried.tried]
    losses = [
        tried.whole[measure] - tried.without[name].get(measure, 0.0) for tried in counted if name in tried.without
    ]
    return sum(losses) / len(counted) * len(may_act) / pages if counted else 0.0


# --------------------------------------------------------------------------- the table


def table(worths: list[Worth], whole: Mapping[tuple[str, str], float]) -> Iterator[str]:
    """The lines of a Markdown table, the most useful on blind pages first; those that act nowhere at the end."""
    yield from (f"{part}, {measure}: {figure:.4f}" for (part, measure), figure in whole.items())
    yield ""
    yield "| switch | kind | acts look | blind | worth look | one set less | worth blind | metadata look | blind |"
    yield "|---|---|---:|---:|---:|---|---:|---|---|"
    for worth in worths:
        if any(worth.acts.values()):
            yield _row(worth)
    idle = [worth.name for worth in worths if not any(worth.acts.values())]
    yield ""
    yield f"Act on no page ({len(idle)}): {'; '.join(sorted(idle)) or 'none'}"
    yield "~ = tried on a sample of the pages on which it may act"


def _row(worth: Worth) -> str:
    low, high = worth.spread
    cells = (
        f"{'~' if worth.is_sampled else ''}{worth.name}".replace("|", "\\|"),
        worth.kind,
        *(str(worth.acts[part]) for part in PARTS),
        f"{worth.worth['look', BODY]:+.5f}",
        f"{low:+.5f} {high:+.5f}",
        f"{worth.worth['blind', BODY]:+.5f}",
        *(_metadata(worth, part) for part in PARTS),
    )
    return f"| {' | '.join(cells)} |"


def _metadata(worth: Worth, part: str) -> str:
    told = ((measure, worth.worth[part, measure]) for measure in METADATA)
    return ", ".join(f"{measure} {figure:+.4f}" for measure, figure in told if abs(figure) >= 0.00005)


def _as_json(worth: Worth) -> dict[str, Any]:
    figures = {f"{part} {measure}": figure for (part, measure), figure in worth.worth.items()}
    return {
        "name": worth.name,
        "kind": worth.kind,
        "acts": worth.acts,
        "is_sampled": worth.is_sampled,
        "spread": worth.spread,
        **figures,
    }


if __name__ == "__main__":
    sys.exit(main())
