"""`python -m bench.stories [--forms] [--pages FOLDER] [--set FILE] [--articles N] [--sizes 1000,10000,100000]`"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.stories.changes import Case
from bench.stories.cost import measure_ratio, measure_sizes
from bench.stories.pairs import ORDERS, Quality, make_cases, measure, measure_alone, read_cases, read_texts

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Measure what was asked for; the exit status is 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.stories", description=__doc__)
    parser.add_argument("--pages", type=Path, help="measure quality on the .html and .html.gz files of this folder")
    parser.add_argument("--forms", action="store_true", help="measure it on the forms in bench/stories/moulds alone")
    parser.add_argument("--set", type=Path, help="measure it on the cases of this file (bench/README.md has its form)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=0, help="file so many articles with and without stories")
    parser.add_argument("--sizes", default="", help="cost of one more article in archives of these sizes")
    options = parser.parse_args()
    scratch = ROOT / "bench" / "out"
    scratch.mkdir(exist_ok=True)
    is_right = True
    if options.pages or options.forms:
        texts = read_texts(options.pages) if options.pages else []
        is_right = _measure_orders(measure, make_cases(texts, options.seed), scratch, options.seed)
    if options.set:
        is_right = _measure_orders(measure_alone, read_cases(options.set), scratch, options.seed) and is_right
    for size, tell_ms, all_ms in measure_sizes([int(size) for size in options.sizes.split(",") if size], scratch):
        _say(f"{size:>9,} articles: {tell_ms:6.2f} ms for the story of one more, {all_ms:6.2f} ms to file it")
    if options.articles:
        ratio = measure_ratio(options.articles, scratch)
        told = f"{ratio.with_s:.1f} s with stories, {ratio.without_s:.1f} s without: {ratio.ratio:.2f} times"
        _say(f"{ratio.articles:,} articles filed in {told} (CPU {ratio.cpu_ratio:.2f}); {ratio.stories:,} stories")
        is_right = is_right and ratio.ratio <= 1.5
    return 0 if is_right else 1


def _measure_orders(measured: Callable[..., Quality], cases: Sequence[Case], scratch: Path, seed: int) -> bool:
    """Measure quality in every order of filing; say whether the goals are reached in each."""
    found = []
    for order in ORDERS:
        found.append(measured(cases, scratch, order, seed))
        _say(f"filed in the order {order}:")
        _print_quality(found[-1])
        _say(f"pairs that differ from the first order: {len(found[-1].pairs ^ found[0].pairs)}")
    return all(quality.precision >= 0.98 and quality.recall >= 0.93 for quality in found)


def _print_quality(quality: Quality) -> None:
    for kind, score in quality.scores.items():
        same, other = f"{score.same_joined:>4} of {score.same}", f"{score.other_joined:>4} of {score.other}"
        _say(f"{kind:46} told the same and joined {same:>14}, other and joined {other:>14}")
        for wrong in score.wrong[:3]:
            _say(f"    {wrong[:150]}")
    for stranger in quality.strangers[:5]:
        _say(f"joined across cases: {stranger}")
    _say(f"precision {quality.precision:.4f}, recall {quality.recall:.4f}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
