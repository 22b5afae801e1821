"""Rows: article pages fetched, extracted and filed per second, Wireroom beside a loop around trafilatura."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.contestant import OURS, PEERS, BenchError, Contestant
from bench.origin.site import WAVES
from bench.rounds import Measure, Results, Row, collect, play

_PEER = "trafilatura loop"
_WORK = (
    "fetch, extract and file {} pages, each on a host never met (robots.txt asked first)",
    "fetch, extract and file {} pages, hosts known",
)
#: Least time between two pages of a host, with something to spare.
_GAP_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlesPlan:
    """What to fetch."""

    rounds: int
    #: Pages a row, each on a host of its own.
    pages: int


def measure_articles(plan: ArticlesPlan, scratch: Path) -> list[Row]:
    """Return a row for pages on new hosts and one for pages on known hosts; none where loopback is one address.

    Raises:
        BenchError: a program failed or did not file all pages.
    """
    with Contestant(OURS, "bench.origin.server") as origin:
        there = origin.ask("open", seed=1, feeds=0, articles=plan.pages)
        if there["hosts"] < plan.pages:
            print(
                "articles: left out, loopback is one address here and Wireroom leaves a second between pages of a host"
            )
            return []
        turns = {"wireroom": _ours(origin, there, scratch), _PEER: _theirs(there, scratch)}
        played = play(plan.rounds, turns)
    return [
        Row(
            key=f"file {wave}",
            work=_WORK[wave].format(plan.pages),
            unit="per second",
            peer=_PEER,
            ours=collect(str(wave), played["wireroom"]),
            theirs=collect(str(wave), played[_PEER]),
        )
        for wave in range(WAVES)
    ]


def _ours(origin: Contestant, there: dict[str, Any], scratch: Path) -> Callable[[], Results]:
    """Return what plays Wireroom's round: poll the feeds that list a wave, uncounted, then file its pages."""

    def run() -> Results:
        origin.ask("reset")
        results = {}
        with (
            tempfile.TemporaryDirectory(dir=scratch) as folder,
            Contestant(OURS, "bench.ours.daemon") as contestant,
        ):
            contestant.ask("open", folder=folder, feeds=there["lists"], full_text=True, has_warm_up=False)
            for wave, urls in enumerate(there["waves"]):
                origin.ask("bring_out", wave=wave)
                contestant.ask("poll")
                time.sleep(_GAP_S if wave else 0)
                results[str(wave)] = _file(contestant, "wireroom", len(urls))
            contestant.ask("close")
        return results

    return run


def _theirs(there: dict[str, Any], scratch: Path) -> Callable[[], Results]:
    """Return what plays the peer's round; it has no hosts to know, so both rows are the same work to it."""

    def run() -> Results:
        results = {}
        with (
            tempfile.TemporaryDirectory(dir=scratch) as folder,
            Contestant(PEERS, "bench.peers.trafilatura_loop") as contestant,
        ):
            contestant.ask("open", folder=folder)
            for wave, urls in enumerate(there["waves"]):
                results[str(wave)] = _file(contestant, _PEER, len(urls), urls=urls)
            contestant.ask("close")
        return results

    return run


def _file(contestant: Contestant, name: str, count: int, **arguments: object) -> Measure:
    answer, cpu = contestant.ask_counting("file", **arguments)
    if answer.get("full") != count:
        raise BenchError(f"{name} filed {answer.get('full', 0)} of {count} pages in full: {answer}")
    return Measure(count=count, seconds=answer["seconds"], cpu_seconds=cpu)
