"""The command: which rows, how many rounds, what to print."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.articles import ArticlesPlan, measure_articles
from bench.contestant import PEERS, ROOT, BenchError
from bench.extraction import ExtractionPlan, Quality, measure_extraction, measure_quality
from bench.polling import PollingPlan, measure_polling
from bench.report import as_json, as_markdown, as_text, describe_run
from bench.rounds import Row

_PARTS = ("extraction", "polling", "articles")
_QUICK = {"rounds": 1, "feeds": [30], "articles": 20, "made": 12}
_FULL = {"rounds": 3, "feeds": [200, 2000], "articles": 200, "made": 60}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print the table and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _options(given)
    if not PEERS.exists():
        print("bench: the peers are not installed; run: sh bench/run.sh", file=sys.stderr)
        return 2
    out = ROOT / "bench" / "out"
    out.mkdir(exist_ok=True)
    facts = describe_run(given, options.rounds, out)
    rows: list[Row] = []
    quality: list[Quality] = []
    try:
        for part, measure in _parts(options).items():
            if part in options.only:
                print(f"bench: {part} ...", file=sys.stderr)
                with tempfile.TemporaryDirectory(dir=out) as scratch:
                    rows += measure(Path(scratch))
        if "extraction" in options.only:
            with tempfile.TemporaryDirectory(dir=out) as scratch:
                quality = measure_quality(Path(scratch))
    except BenchError as exc:
        print(f"bench: {exc}", file=sys.stderr)
        return 1
    print((as_markdown if options.markdown else as_text)(rows, facts, quality))
    if options.json:
        options.json.write_text(as_json(rows, facts, quality), encoding="utf-8")
    return 0


def _parts(options: argparse.Namespace) -> dict[str, Callable[[Path], list[Row]]]:
    extraction = ExtractionPlan(rounds=options.rounds, made=options.made, given=options.pages)
    polling = [
        PollingPlan(
            rounds=options.rounds,
            feeds=feeds,
            reader_workers=options.reader_workers,
            is_smallest=feeds == min(options.feeds),
            given=options.origin,
            publish_url=options.publish_url,
        )
        for feeds in (options.feeds[:1] if options.origin else options.feeds)
    ]
    articles = ArticlesPlan(rounds=options.rounds, pages=options.articles)
    return {
        "extraction": lambda scratch: measure_extraction(extraction, scratch),
        "polling": lambda scratch: [row for plan in polling for row in measure_polling(plan, scratch)],
        "articles": lambda scratch: measure_articles(articles, scratch),
    }


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure Wireroom beside named peers, in one run.")
    parser.add_argument("--quick", action="store_true", help="one small round: shows that it works, not how fast")
    parser.add_argument("--only", action="append", choices=_PARTS, help="measure this part (again for another)")
    parser.add_argument("--rounds", type=_positive, help="interleaved rounds (3)")
    parser.add_argument("--feeds", type=_positive, nargs="+", help="feeds to poll, in one list or several (200 2000)")
    parser.add_argument("--articles", type=_positive, help="article pages to file, each on its own host (200)")
    parser.add_argument("--made", type=_positive, metavar="PAGES", help="pages to make for the extraction (60)")
    parser.add_argument("--pages", type=Path, metavar="DIR", help="extract these .html and .html.gz files instead")
    parser.add_argument("--origin", type=Path, metavar="FILE", help="poll these feeds instead, one address a line")
    parser.add_argument("--publish-url", metavar="URL", help="what makes that origin publish in a tenth of its feeds")
    parser.add_argument("--reader-workers", type=_positive, default=10, help="threads of reader (10)")
    parser.add_argument("--markdown", action="store_true", help="print a section for RESULTS.md")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every round's figures there")
    options = parser.parse_args(arguments)
    for name, value in (_QUICK if options.quick else _FULL).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    options.only = options.only or list(_PARTS)
    return options


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
