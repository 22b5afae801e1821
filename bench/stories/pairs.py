"""How well stories are found: texts changed as newsrooms change them, and forms filled anew, filed among all others."""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Literal

from bench.stories.changes import Case, Desk, of_moulds, of_texts
from bench.stories.moulds import read_moulds
from bench.stories.newsroom import Item, Newsroom
from scraper.extract import extract_article

#: Words of a text that is worth changing.
_LEAST = 120
#: Cases of each kind, reports of each form.
_CASES, _REPORTS = 60, 6
_BATCH = 200

Order = Literal["given", "reversed", "shuffled"]
ORDERS: tuple[Order, ...] = ("given", "reversed", "shuffled")


@dataclass(slots=True)
class Score:
    """What came of a kind of case: of its pairs that tell the same and of those that do not, how many were joined."""

    same: int = 0
    same_joined: int = 0
    other: int = 0
    other_joined: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """All kinds, and pairs that were joined though no case has put them together."""

    scores: Mapping[str, Score]
    strangers: Sequence[str]
    #: All pairs that were joined.
    pairs: frozenset[tuple[str, str]]

    @property
    def precision(self) -> float:
        """Of the pairs that were joined, how many tell the same."""
        wrong = sum(score.other_joined for score in self.scores.values()) + len(self.strangers)
        right = sum(score.same_joined for score in self.scores.values())
        return right / ((right + wrong) or 1)

    @property
    def recall(self) -> float:
        """Of the pairs that tell the same, how many were joined."""
        same = sum(score.same for score in self.scores.values())
        return sum(score.same_joined for score in self.scores.values()) / (same or 1)


def read_texts(folder: Path) -> list[tuple[str, str]]:
    """Return title and text of the articles among the .html and .html.gz files of a folder, each text once."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.html.gz"))):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        page = extract_article(body, url="https://given.example/a")
        # Words are changed here: texts written without spaces would not be.
        if page.title and len(page.text.split()) >= max(_LEAST, len(page.text) / 12):
            found.setdefault(page.text[:200], (page.title, page.text))
    return list(found.values())


def make_cases(texts: Sequence[tuple[str, str]], seed: int) -> list[Case]:
    """Return cases of every kind: those of forms, and where there are texts those of texts."""
    desk = Desk(random.Random(seed))
    return [*of_texts(texts, desk, _CASES), *of_moulds(read_moulds(), desk, _REPORTS)]


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a JSON file: {cases: [{kind, articles: [{url, title, text, group}]}]}."""
    return [
        Case(
            kind=case["kind"],
            items=tuple(Item(url=item["url"], title=item["title"], text=item["text"]) for item in case["articles"]),
            groups=tuple(item["group"] for item in case["articles"]),
        )
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


def measure_alone(cases: Sequence[Case], scratch: Path, order: Order = "given", seed: int = 1) -> Quality:
    """File every case in an archive of its own, one article after the other, and see what was joined."""
    scores: dict[str, Score] = {}
    pairs: set[tuple[str, str]] = set()
    for number, case in enumerate(cases):
        found = judge([case], file(_ordered(case.items, order, seed + number), scratch, batch=1), scores)
        pairs |= {(f"{number} {one}", other) for one, other in found.pairs}
    return Quality(scores=scores, strangers=(), pairs=frozenset(pairs))


def measure(cases: Sequence[Case], scratch: Path, order: Order = "given", seed: int = 1) -> Quality:
    """File all cases in one archive within a few days, in some order, and see what was joined."""
    waves = max(len(case.items) for case in cases)
    items = [case.items[at] for at in range(waves) for case in cases if at < len(case.items)]
    return judge(cases, file(_ordered(items, order, seed), scratch), {})


def _ordered(items: Sequence[Item], order: Order, seed: int) -> list[Item]:
    if order == "shuffled":
        return random.Random(seed).sample(items, len(items))
    return list(items) if order == "given" else list(reversed(items))


def file(items: Sequence[Item], scratch: Path, batch: int = _BATCH) -> dict[str, int]:
    """File articles in one archive; return the stories of those that have one, by address."""
    hosts = sorted({item.url.split("/")[2] for item in items})
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        room = Newsroom(Path(folder), hosts)
        for start in range(0, len(items), batch):
            room.list(items[start : start + batch])
            room.file(items[start : start + batch])
            room.now += timedelta(hours=2)
        with room.store._read() as db:
            stories = dict(db.execute("SELECT url, story_id FROM articles WHERE story_id IS NOT NULL").fetchall())
        room.close()
    return stories


def judge(cases: Sequence[Case], stories: Mapping[str, int], scores: dict[str, Score]) -> Quality:
    """Count the pairs that were joined, by kind, into the scores."""
    case_of = {item.url: number for number, case in enumerate(cases) for item in case.items}
    for case in cases:
        score = scores.setdefault(case.kind, Score())
        for (one, group), (other, others_group) in combinations(zip(case.items, case.groups, strict=True), 2):
            is_joined = one.url in stories and stories[one.url] == stories.get(other.url)
            is_same = group == others_group
            score.same += is_same
            score.other += not is_same
            score.same_joined += is_same and is_joined
            score.other_joined += not is_same and is_joined
            if is_joined is not is_same:
                score.wrong.append(f"{one.title} | {other.title}")
    members = defaultdict(list)
    for url, story in stories.items():
        members[story].append(url)
    pairs = [pair for urls in members.values() for pair in combinations(sorted(urls), 2)]
    strangers = [" ".join(pair) for pair in pairs if case_of[pair[0]] != case_of[pair[1]]]
    return Quality(scores=scores, strangers=strangers, pairs=frozenset(pairs))
