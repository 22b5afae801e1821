"""Words with their frequencies, from pages."""

from __future__ import annotations

import gzip
import html
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from store.sqlite.search.folding import is_run, lowered

_CUT = re.compile(r"<(script|style|head|nav|footer)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_PAGE_CHARS = 400_000
_JAPANESE = re.compile("[\u3041-\u30ff]")
_RUN = re.compile("[\u3041-\u30ff\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and their cumulated counts, as `random.choices` takes them."""

    words: list[str]
    weights: list[int]

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """Return so many words, by their frequencies."""
        return rng.choices(self.words, cum_weights=self.weights, k=count)

    def at(self, share: float) -> str:
        """Return the most frequent word of four letters or more that makes up less than `share` of the text."""
        counts = [after - before for before, after in itertools.pairwise([0, *self.weights])]
        return next(
            word
            for word, count in zip(self.words, counts, strict=True)
            if count < share * self.weights[-1] and (len(word) > 3 or is_run(word)) and word.isalpha()
        )


def read_vocabularies(folder: Path, most: int) -> tuple[Vocabulary, Vocabulary]:
    """Return the words of at most `most` pages under `folder`: of those with spaces, and Japanese ones in runs."""
    spaced: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    for text in itertools.islice(_texts(folder), most):
        words = _CUT.sub(" ", text)
        plain = html.unescape(words)
        if _JAPANESE.search(plain):
            runs.update(_RUN.findall(plain))
        else:
            spaced.update(word for word in _WORD.findall(lowered(plain)) if not is_run(word) and len(word) < 30)
    if not spaced:
        raise SystemExit(f"There are no pages with words in {folder}.")
    return _vocabulary(spaced), _vocabulary(runs or Counter({"東京": 3, "首脳会談": 2, "経済": 1}))


def _vocabulary(counts: Counter[str]) -> Vocabulary:
    common = counts.most_common()
    return Vocabulary([word for word, _ in common], list(itertools.accumulate(count for _, count in common)))


def _texts(folder: Path) -> Iterator[str]:
    """Yield pages: files of HTML, and the strings of JSON Lines that look like it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".htm"):
            yield path.read_text("utf-8", "replace")[:_PAGE_CHARS]
        elif path.name.endswith(".html.gz"):
            yield gzip.decompress(path.read_bytes()).decode("utf-8", "replace")[:_PAGE_CHARS]
        elif path.suffix == ".jsonl":
            for line in path.open(encoding="utf-8", errors="replace"):
                yield from _strings(json.loads(line))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str) and "<p" in value[:_PAGE_CHARS]:
        yield value[:_PAGE_CHARS]
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
