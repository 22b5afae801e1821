"""Rows: feeds polled per second, Wireroom's whole path beside other programs."""

from __future__ import annotations

import shutil
import tempfile
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.contestant import OURS, PEERS, BenchError, Contestant
from bench.rounds import Measure, Results, Row, collect, play

_READER, _NEWSBOAT, _BARE = "reader", "newsboat", "requests alone"
#: Share of the feeds that have something new in the row "changed".
CHANGED = 0.1
LATENCY_MS = 100
#: Threads of the loop that only asks: as many as Wireroom has slots.
_BARE_WORKERS = 32
_WORK = {
    "first": "first poll of {} feeds, pages not fetched",
    "settled": "the same, and what the feeds say filed as articles",
    "unchanged": "{} feeds polled again, nothing changed",
    "changed": "{} feeds polled again, a tenth of them changed",
    "resent": "{} feeds polled again, each sends its unchanged body and no validators",
    "far": "{} feeds polled again, nothing changed, each 100 ms away",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingPlan:
    """What to poll."""

    rounds: int
    feeds: int
    reader_workers: int
    #: The list is short enough for what takes long: filing all that its feeds say, and newsboat.
    is_smallest: bool = True
    #: A file of feed addresses to poll instead, one a line, the last one to warm up with; None = our own.
    given: Path | None = None
    #: An address that makes that origin publish new entries; None = it cannot, and the last row is left out.
    publish_url: str | None = None


class _OwnOrigin:
    """The bench's own feeds: what they answer is known."""

    can_publish = can_set = True

    def __init__(self, plan: PollingPlan, stack: ExitStack) -> None:
        self._process = stack.enter_context(Contestant(OURS, "bench.origin.server"))
        there = self._process.ask("open", seed=1, feeds=plan.feeds, articles=0)
        self.feeds: list[str] = there["feeds"]
        self._entries: int = there["entries"]

    def reset(self) -> None:
        self._process.ask("reset")

    def set(self, *, latency_ms: float = 0, validators: bool = True) -> None:
        self._process.ask("set", latency_ms=latency_ms, validators=validators)

    def take_requests(self) -> int:
        """Return how many requests came since this was asked last."""
        return int(self._process.ask("count")["requests"])

    def check_first(self, entries: int) -> None:
        if entries != self._entries:
            raise BenchError(f"{entries} of {self._entries} entries filed by the first poll")

    def check_again(self, changed: int, not_modified: int) -> None:
        expected = len(self.feeds) - 1 - changed
        if not_modified != expected:
            raise BenchError(f"{not_modified} feeds not modified, expected {expected}")

    def publish(self) -> int:
        return int(self._process.ask("publish", share=CHANGED)["changed"])


class _GivenOrigin:
    """Somebody else's feeds."""

    can_set = False

    def __init__(self, given: Path, publish_url: str | None) -> None:
        lines = [line.strip() for line in given.read_text("utf-8").splitlines()]
        self.feeds = [line for line in lines if line and not line.startswith("#")]
        self._publish_url = publish_url or ""
        self.can_publish = bool(publish_url)
        if len(self.feeds) < 2:
            raise BenchError(f"{given} must hold at least two feed addresses, one a line")

    def reset(self) -> None:
        """Leave it: what it has published, it has published."""

    def check_first(self, entries: int) -> None:
        """Expect nothing: what they hold is not known."""

    def check_again(self, changed: int, not_modified: int) -> None:
        """Expect nothing: they may send no validators, or publish meanwhile."""

    def publish(self) -> int:
        with urllib.request.urlopen(self._publish_url) as answer:
            answer.read()
        return 0


def measure_polling(plan: PollingPlan, scratch: Path) -> list[Row]:
    """Return a row for each kind of poll and each peer that did it.

    Raises:
        BenchError: a program failed, or they did not do the same work.
    """
    with ExitStack() as stack:
        origin = _GivenOrigin(plan.given, plan.publish_url) if plan.given else _OwnOrigin(plan, stack)
        turns = {
            "wireroom": _turn(OURS, "bench.ours.daemon", origin, scratch, settles=plan.is_smallest, full_text=False),
            _READER: _turn(PEERS, "bench.peers.reader_polls", origin, scratch, workers=plan.reader_workers),
        }
        if isinstance(origin, _OwnOrigin):
            turns[_BARE] = _turn(PEERS, "bench.peers.requests_loop", origin, scratch, workers=_BARE_WORKERS)
            if plan.is_smallest and shutil.which("newsboat"):  # it takes minutes for thousands of feeds
                turns[_NEWSBOAT] = _turn(PEERS, "bench.peers.newsboat_polls", origin, scratch, workers=_BARE_WORKERS)
            elif plan.is_smallest:
                print("polling: newsboat is not installed (Debian: apt install newsboat); its rows are left out")
        played = play(plan.rounds, turns)
    count = len(origin.feeds) - 1
    return [
        Row(
            key=f"poll {key} {count} {peer}",
            work=work.format(count),
            unit="per second",
            peer=peer,
            ours=collect(key, played["wireroom"]),
            theirs=collect(key, played[peer]),
        )
        for key, work in _WORK.items()
        for peer in turns
        if peer != "wireroom" and key in played[peer][0] and key in played["wireroom"][0]
    ]


def _turn(
    python: Path,
    module: str,
    origin: _OwnOrigin | _GivenOrigin,
    scratch: Path,
    *,
    settles: bool = False,
    **options: object,
) -> Callable[[], Results]:
    """Return what plays one round: a new database, all kinds of polls one after the other in one process."""
    count = len(origin.feeds) - 1

    def run() -> Results:
        origin.reset()
        with tempfile.TemporaryDirectory(dir=scratch) as folder, Contestant(python, module) as contestant:
            contestant.ask("open", folder=folder, feeds=origin.feeds, has_warm_up=True, **options)
            game = _Game(contestant, module, origin, count)
            results = {"first": game.poll("first")}
            if settles:
                results["settled"] = _settle(contestant, results["first"])
            elif module == "bench.peers.reader_polls":  # it has filed what the feeds say
                results["settled"] = results["first"]
            # One poll to settle: some readers send validators only from their second poll on.
            contestant.ask("poll")
            results["unchanged"] = game.poll("unchanged")
            if origin.can_publish:
                game.published = origin.publish()
                results["changed"] = game.poll("changed")
            if isinstance(origin, _OwnOrigin) and module != "bench.peers.newsboat_polls":
                results |= _elsewhere(game, origin)
            contestant.ask("close")
        return results

    return run


def _elsewhere(game: _Game, origin: _OwnOrigin) -> Results:
    """Poll the same feeds as they are on other sites: far away, and without validators."""
    origin.set(latency_ms=LATENCY_MS)
    far = game.poll("far")
    origin.set(validators=False)
    return {"far": far, "resent": game.poll("resent")}


@dataclass(slots=True)
class _Game:
    """One program's round: polls, each held against what the origin has seen of it."""

    contestant: Contestant
    module: str
    origin: _OwnOrigin | _GivenOrigin
    count: int
    published: int = 0

    def poll(self, kind: str) -> Measure:
        """Have it poll and check that it did the work.

        Raises:
            BenchError: it did not.
        """
        own = self.origin if isinstance(self.origin, _OwnOrigin) else None
        if own:
            own.take_requests()
        measure, answer = _poll(self.contestant, self.module, self.count)
        if own and (seen := own.take_requests()) < self.count:
            raise BenchError(f"{self.module}: the origin saw {seen} requests for {self.count} feeds")
        if kind == "first" and "entries_new" in answer:
            self.origin.check_first(answer["entries_new"])
        if kind in ("unchanged", "changed", "far") and "not_modified" in answer:
            self.origin.check_again(self.published if kind == "changed" else 0, answer["not_modified"])
        return measure


def _poll(contestant: Contestant, module: str, count: int) -> tuple[Measure, dict[str, Any]]:
    """Have it poll and check that it polled everything."""
    answer, cpu = contestant.ask_counting("poll")
    polled, failed = answer.get("feeds", 0), answer.get("failed", 0)
    if polled != count or failed:
        raise BenchError(f"{module}: {polled} of {count} feeds polled, {failed} of them failed")
    return Measure(count=count, seconds=answer["seconds"], cpu_seconds=cpu), answer


def _settle(contestant: Contestant, first: Measure) -> Measure:
    """File what the first poll left pending; the two together are what `reader` does in one."""
    answer, cpu = contestant.ask_counting("file")
    if not answer.get("articles") or answer.get("pending"):
        raise BenchError(f"wireroom filed too few of {answer.get('articles', 0)} articles: {answer}")
    return Measure(
        count=first.count,
        seconds=first.seconds + answer["seconds"],
        cpu_seconds=None if cpu is None or first.cpu_seconds is None else first.cpu_seconds + cpu,
    )
