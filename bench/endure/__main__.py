"""`python -m bench.endure PART ...`: one part, its table, and exit status 1 if something was violated."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.endure import kills
from bench.endure.beside import beside
from bench.endure.growing import growing_origin
from bench.endure.locked import locked
from bench.endure.verdict import Row, print_table

_WRITES = (*range(1, 12), 15, 20, 27, 35, 50, 70, 100)


def main() -> int:
    """Run one part and print what came of it."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # what was started is ended, too
    with tempfile.TemporaryDirectory(prefix="wireroom-endure-") as scratch:
        folder = options.keep or Path(scratch)
        return print_table(f"{options.part}", list(_rows(options, folder)))


def _rows(options: argparse.Namespace, folder: Path) -> Iterator[Row]:
    if options.part == "beside":
        yield from beside(folder, options.port)
        return
    if options.part == "locked":
        yield from locked(folder, options.port, options.seconds)
        return
    if options.origin is None:
        raise SystemExit("--origin: the program that serves growing feeds")
    with growing_origin(options.origin, options.port) as origin:
        if options.part == "kills":
            yield from kills.random_kills(origin, folder, options.times, options.seed)
        elif options.part == "exact-kills":
            yield from kills.exact_kills(origin, folder, _WRITES)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.endure", description=__doc__)
    parser.add_argument("part", choices=("kills", "exact-kills", "beside", "locked"))
    parser.add_argument("--origin", type=Path, help="the program that serves growing feeds")
    parser.add_argument("--port", type=int, default=8861, help="its port; the one after it is taken, too")
    parser.add_argument("--times", type=int, default=100, help="how many kills")
    parser.add_argument("--seconds", type=float, default=35.0, help="how long the database is locked")
    parser.add_argument("--seed", default="wireroom", help="of the moments")
    parser.add_argument("--keep", type=Path, help="keep configuration, database and log here")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
