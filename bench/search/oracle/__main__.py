"""Compares searches with the oracle.

    python -m bench.search.oracle --articles 4000 --queries 2000 --seed 1

Prints every search that differs, and ends with status 1 if there is one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.search.oracle.cases import CLOCK, Cases
from store import open_store


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search.oracle", description=__doc__)
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "wireroom.db", clock=CLOCK) as store:
        cases = Cases(store, given.seed, given.articles)
        print(f"{given.articles:,} articles filed", flush=True)
        hits, empty, differences = 0, 0, 0
        for _ in range(given.queries):
            checked = cases.check(cases.query())
            hits, empty = hits + checked.hits, empty + (not checked.hits)
            if checked.difference is not None:
                differences += 1
                print(checked.difference, flush=True)
    print(f"{given.queries:,} searches, {empty:,} of them without a hit, {hits:,} hits: {differences:,} differ")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
