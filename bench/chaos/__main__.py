"""`python -m bench.chaos --origin FILE`: run the daemon against a hostile origin twice, judge, print the table."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench.chaos.evidence import Evidence, collect
from bench.chaos.judge import REASONS, Violation, exchange_s, judge
from bench.chaos.run import Plan, run


def main() -> int:
    """Run, judge and print; the exit status is 1 if something was violated."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="wireroom-chaos-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        plan = Plan(origin=options.origin, folder=folder, port=options.port, only=options.only, limit_s=options.limit)
        if not options.judge_only:
            run(plan)
        evidence = collect(folder)
        found = judge(evidence)
        violations = tuple(each for each in found if each.subject not in REASONS)
    _print(evidence, violations)
    for subject in sorted({each.subject for each in found} & REASONS.keys()):
        print(f"explained    {subject:38} {REASONS[subject]}")
    return 1 if violations else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--origin", type=Path, required=True, help="the program that serves the endpoints")
    parser.add_argument("--port", type=int, default=8801, help="its port; the canary is on the next one")
    parser.add_argument("--only", default="", help="a regular expression: only these endpoints")
    parser.add_argument("--keep", type=Path, help="keep database, log and evidence here")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds for each of the two rounds")
    parser.add_argument("--judge-only", action="store_true", help="judge again what --keep holds")
    return parser.parse_args()


def _print(evidence: Evidence, violations: tuple[Violation, ...]) -> None:
    print(f"{'endpoint':38} {'polls':>5} {'asked':>5} {'s':>6} {'bytes':>11}  outcome")
    broken = {violation.subject for violation in violations}
    for endpoint in evidence.endpoints:
        seen = evidence.seen(endpoint)
        feed = evidence.feeds.get(endpoint.url)
        outcome = feed.outcome if feed else evidence.article_outcome(endpoint)
        mark = "!" if endpoint.id in broken else " "
        print(
            f"{mark}{endpoint.id[:37]:37} {feed.polls if feed else 0:5} {seen.requests:5} {seen.max_seconds:6.1f} "
            f"{seen.max_bytes:11,}  {outcome}"
        )
    print("\nprocesses, peak resident memory:")
    for process in evidence.processes:
        print(f"  {process.peak_mb:6.0f} MB  {process.name}")
    print(f"\nrun: {json.dumps(evidence.run)}")
    longest = max((exchange_s(endpoint, evidence) for endpoint in evidence.endpoints), default=0.0)
    peak = max((process.peak_mb for process in evidence.processes), default=0.0)
    print(
        f"\n{len(evidence.endpoints)} endpoints; canary hits {len(evidence.canary_hits)}; longest exchange "
        f"{longest:.1f} s; largest process {peak:.0f} MB"
    )
    print(f"violations: {len(violations)}")
    for kind, count in Counter(violation.kind for violation in violations).most_common():
        print(f"  {count:4}  {kind}")
    for violation in violations:
        print(f"{violation.kind:12} {violation.subject:38} {violation.text}")


if __name__ == "__main__":
    sys.exit(main())
