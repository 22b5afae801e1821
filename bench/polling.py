"""Rows: feeds polled per second, Wireroom's whole path beside `reader`."""

from __future__ import annotations

import tempfile
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.contestant import OURS, PEERS, BenchError, Contestant
from bench.rounds import Measure, Results, Row, collect, play

_PEER = "reader"
#: Share of the feeds that have something new in the last row.
CHANGED = 0.1
_WORK = {
    "first": "first poll of {} feeds, pages not fetched",
    "settled": "the same, and what the feeds say filed as articles",
    "unchanged": "{} feeds polled again, nothing changed",
    "changed": "{} feeds polled again, a tenth of them changed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingPlan:
    """What to poll."""

    rounds: int
    feeds: int
    reader_workers: int
    #: A file of feed addresses to poll instead, one a line, the last one to warm up with; None = our own.
    given: Path | None = None
    #: An address that makes that origin publish new entries; None = it cannot, and the last row is left out.
    publish_url: str | None = None


class _OwnOrigin:
    """The bench's own feeds: what they answer is known."""

    can_publish = True

    def __init__(self, plan: PollingPlan, stack: ExitStack) -> None:
        self._process = stack.enter_context(Contestant(OURS, "bench.origin.server"))
        self.feeds: list[str] = self._process.ask("open", seed=1, feeds=plan.feeds, articles=0)["feeds"]

    def reset(self) -> None:
        self._process.ask("reset")

    def expected(self, not_modified: int) -> int | None:
        return not_modified

    def publish(self) -> int:
        return int(self._process.ask("publish", share=CHANGED)["changed"])


class _GivenOrigin:
    """Somebody else's feeds."""

    def __init__(self, given: Path, publish_url: str | None) -> None:
        lines = [line.strip() for line in given.read_text("utf-8").splitlines()]
        self.feeds = [line for line in lines if line and not line.startswith("#")]
        self._publish_url = publish_url or ""
        self.can_publish = bool(publish_url)
        if len(self.feeds) < 2:
            raise BenchError(f"{given} must hold at least two feed addresses, one a line")

    def reset(self) -> None:
        """Leave it: what it has published, it has published."""

    def expected(self, not_modified: int) -> int | None:
        """Expect nothing: they may send no validators, or publish meanwhile."""

    def publish(self) -> int:
        with urllib.request.urlopen(self._publish_url) as answer:
            answer.read()
        return 0


def measure_polling(plan: PollingPlan, scratch: Path) -> list[Row]:
    """Return a row for each kind of poll.

    Raises:
        BenchError: a program failed, or the two did not do the same work.
    """
    with ExitStack() as stack:
        origin = _GivenOrigin(plan.given, plan.publish_url) if plan.given else _OwnOrigin(plan, stack)
        ours = _turn(OURS, "bench.ours.daemon", origin, scratch, full_text=False)
        theirs = _turn(PEERS, "bench.peers.reader_polls", origin, scratch, workers=plan.reader_workers)
        played = play(plan.rounds, {"wireroom": ours, _PEER: theirs})
    count = len(origin.feeds) - 1
    return [
        Row(
            key=f"poll {key}",
            work=work.format(count),
            unit="per second",
            peer=_PEER,
            ours=collect(key, played["wireroom"]),
            theirs=collect(key, played[_PEER]),
        )
        for key, work in _WORK.items()
        if key in played["wireroom"][0]
    ]


def _turn(
    python: Path, module: str, origin: _OwnOrigin | _GivenOrigin, scratch: Path, **options: object
) -> Callable[[], Results]:
    """Return what plays one round: a new database, all kinds of polls one after the other in one process."""
    count = len(origin.feeds) - 1

    def run() -> Results:
        origin.reset()
        with tempfile.TemporaryDirectory(dir=scratch) as folder, Contestant(python, module) as contestant:
            contestant.ask("open", folder=folder, feeds=origin.feeds, has_warm_up=True, **options)
            results = {"first": _poll(contestant, module, count, origin.expected(0))}
            results["settled"] = _settle(contestant, results["first"]) if python == OURS else results["first"]
            # One poll to settle: some readers send validators only from their second poll on.
            contestant.ask("poll")
            results["unchanged"] = _poll(contestant, module, count, origin.expected(count))
            if origin.can_publish:
                changed = origin.publish()
                results["changed"] = _poll(contestant, module, count, origin.expected(count - changed))
            contestant.ask("close")
        return results

    return run


def _poll(contestant: Contestant, module: str, count: int, not_modified: int | None) -> Measure:
    """Have it poll and check that it did what the row says; `not_modified` is how many 304 there must be."""
    answer, cpu = contestant.ask_counting("poll")
    found = (answer.get("feeds", 0), answer.get("failed", 0))
    if found != (count, 0):
        raise BenchError(f"{module}: {found[0]} of {count} feeds polled, {found[1]} of them failed")
    if not_modified is not None and answer.get("not_modified", 0) != not_modified:
        raise BenchError(f"{module}: {answer.get('not_modified', 0)} feeds not modified, expected {not_modified}")
    return Measure(count=count, seconds=answer["seconds"], cpu_seconds=cpu)


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
