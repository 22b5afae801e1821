"""Rows: CPU milliseconds a page costs to extract, on one core. And the quality that this buys, on our own fixtures."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from bench.contestant import OURS, PEERS, BenchError, Contestant
from bench.fixtures import load_pages, score_text
from bench.origin.page import render_page
from bench.origin.words import write_story
from bench.rounds import Measure, Results, Row, collect, play
from wireroom.demo.press import load_press
from wireroom.demo.site import EDITION_AT, Issue, build_site

#: Group name -> (file name, address) of each page.
Groups = dict[str, list[tuple[str, str]]]
#: Program -> its interpreter, module and arguments.
_PROGRAMS = {
    "wireroom": (OURS, "bench.ours.extract"),
    "trafilatura": (PEERS, "bench.peers.trafilatura_pages"),
    "trafilatura, fast": (PEERS, "bench.peers.trafilatura_pages", "fast"),
    "readability-lxml": (PEERS, "bench.peers.readability_pages"),
    "resiliparse": (PEERS, "bench.peers.resiliparse_pages"),
}
#: Packages that join where they are installed: they need Python 3.12, and are not in the lock file.
_PORTS = ("etrafilatura", "trafipy")
_TITLES = {"demo": "the bundled newspaper's pages", "made": "made pages, as large as real ones", "given": "given pages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionPlan:
    """What to extract."""

    rounds: int
    #: Pages to make.
    made: int
    #: A folder of .html and .html.gz files to take instead; None = made ones and those of the bundled newspaper.
    given: Path | None = None


def measure_extraction(plan: ExtractionPlan, scratch: Path) -> list[Row]:
    """Return a row for each group of pages and each peer.

    Raises:
        BenchError: there are no pages, or a program failed.
    """
    pages = scratch / "pages"
    pages.mkdir()
    groups = _copy_given(plan.given, pages) if plan.given else {**_print_demo(pages), **_make(plan.made, pages)}
    programs = _PROGRAMS | installed_ports()
    played = play(plan.rounds, {name: _pass(program, pages, groups) for name, program in programs.items()})
    return [
        Row(
            key=f"extract {group}",
            work=f"extract {_TITLES[group]} ({len(groups[group])}, {_mean_kb(pages, groups[group]):.0f} kB; CPU)",
            unit="ms each",
            peer=peer,
            ours=collect(group, played["wireroom"]),
            theirs=collect(group, played[peer]),
        )
        for group in groups
        for peer in programs
        if peer != "wireroom"
    ]


def installed_ports(python: Path = PEERS) -> dict[str, tuple[Path, str, str]]:
    """The ports that the peers' Python has; standard error says which it has not, and what to do."""
    found = {}
    for name in _PORTS:
        if subprocess.run([str(python), "-c", f"import {name}"], capture_output=True, check=False).returncode:
            sys.stderr.write(f"{name} is not installed; to compare it: {python} -m pip install {name} (Python 3.12+)\n")
        else:
            found[name] = (python, "bench.peers.port_pages", name)
    return found


def _pass(program: tuple[Path, *tuple[str, ...]], pages: Path, groups: Groups) -> Callable[[], Results]:
    """Return what extracts every page once, in a new process."""

    def run() -> Results:
        with Contestant(*program) as contestant:
            answers = contestant.ask("extract", folder=str(pages), groups=groups)
        return {group: _measure(program[1], group, answer) for group, answer in answers.items()}

    return run


def _measure(module: str, group: str, answer: Mapping[str, float]) -> Measure:
    # A page without text is quickly done: too many of them, and the figures would not compare.
    if group != "given" and answer["empty"] > answer["count"] / 4:
        raise BenchError(f"{module} found no text in {answer['empty']} of {answer['count']} pages ({group})")
    return Measure(count=int(answer["count"]), seconds=answer["seconds"], cpu_seconds=answer["seconds"])


def _print_demo(pages: Path) -> Groups:
    found: list[tuple[str, str]] = []
    for paper in load_press():
        base = f"https://{paper.key}.example"
        for path, resource in build_site(Issue(paper=paper, base=base, edition_at=EDITION_AT, edition=1)).items():
            if resource.status == 200 and resource.content_type.startswith("text/html") and path != "/":
                name = f"demo-{len(found):03}.html"
                (pages / name).write_bytes(resource.body)
                found.append((name, base + path))
    return {"demo": found}


def _make(count: int, pages: Path) -> Groups:
    found: list[tuple[str, str]] = []
    for number in range(count):
        name, url = f"made-{number:03}.html", f"https://made.example/2026/01/05/{number}.html"
        (pages / name).write_bytes(render_page(write_story(1, number), url))
        found.append((name, url))
    return {"made": found}


def _copy_given(folder: Path, pages: Path) -> Groups:
    found: list[tuple[str, str]] = []
    for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.html.gz"))):
        body = path.read_bytes()
        name = f"given-{len(found):05}.html"
        (pages / name).write_bytes(gzip.decompress(body) if path.suffix == ".gz" else body)
        # No address is known; both sides are given the same one.
        found.append((name, f"https://given.example/{len(found)}.html"))
    if not found:
        raise BenchError(f"{folder} holds no .html or .html.gz file")
    return {"given": found}


def _mean_kb(pages: Path, group: list[tuple[str, str]]) -> float:
    return sum((pages / name).stat().st_size for name, _ in group) / len(group) / 1000


# --------------------------------------------------------------------------- quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What one program makes of the fixtures that hold an article."""

    program: str
    pages: int
    #: Mean F1 of words.
    body_f1: float
    exact_pages: int


def measure_quality(scratch: Path) -> list[Quality]:
    """Have every program read tests/pages: bytes and address, without the HTTP header and the feed's word.

    Raises:
        BenchError: a program failed.
    """
    folder = scratch / "fixtures"
    folder.mkdir()
    fixtures = {f"{page.name}.html": page for page in load_pages() if page.text and page.content_type is None}
    for name, page in fixtures.items():
        (folder / name).write_bytes(page.body)
    asked = [(name, page.url) for name, page in fixtures.items()]
    found = []
    for program, command in (_PROGRAMS | installed_ports()).items():
        with Contestant(*command) as contestant:
            texts = contestant.ask("read", folder=str(folder), pages=asked)["texts"]
        scores = [score_text(page, texts[name]) for name, page in fixtures.items()]
        exact = sum(is_exact for _, is_exact in scores)
        found.append(
            Quality(program=program, pages=len(scores), body_f1=mean(f1 for f1, _ in scores), exact_pages=exact)
        )
    return found
