"""`python -m bench.stories [--pages FOLDER] [--articles N] [--sizes 1000,10000,100000]`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.stories.cost import measure_ratio, measure_sizes
from bench.stories.pairs import Quality, measure, read_texts

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Measure what was asked for; the exit status is 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.stories", description=__doc__)
    parser.add_argument("--pages", type=Path, help="measure quality on the .html and .html.gz files of this folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=0, help="file so many articles with and without stories")
    parser.add_argument("--sizes", default="", help="cost of one more article in archives of these sizes")
    options = parser.parse_args()
    scratch = ROOT / "bench" / "out"
    scratch.mkdir(exist_ok=True)
    is_right = True
    if options.pages:
        quality = measure(read_texts(options.pages), scratch, options.seed)
        _print_quality(quality)
        is_right = quality.precision >= 0.99 and quality.recall >= 0.9
    for size, tell_ms, all_ms in measure_sizes([int(size) for size in options.sizes.split(",") if size], scratch):
        _say(f"{size:>9,} articles: {tell_ms:6.2f} ms for the story of one more, {all_ms:6.2f} ms to file it")
    if options.articles:
        ratio = measure_ratio(options.articles, scratch)
        told = f"{ratio.with_s:.1f} s with stories, {ratio.without_s:.1f} s without: {ratio.ratio:.2f} times"
        _say(f"{ratio.articles:,} articles filed in {told} (CPU {ratio.cpu_ratio:.2f}); {ratio.stories:,} stories")
        is_right = is_right and ratio.ratio <= 1.5
    return 0 if is_right else 1


def _print_quality(quality: Quality) -> None:
    for kind, score in quality.scores.items():
        count = score.right + score.wrong
        _say(f"{kind:36} {'same ' if score.is_same else 'apart'} {score.right:>4} of {count} right")
        for missed in score.missed[:3]:
            _say(f"    {missed[:150]}")
    for stranger in quality.strangers[:5]:
        _say(f"joined across cases: {stranger}")
    _say(f"precision {quality.precision:.4f}, recall {quality.recall:.4f}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
