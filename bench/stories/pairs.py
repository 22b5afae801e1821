"""How well stories are found: real texts, changed as newsrooms change each other's copy, filed among all others."""

from __future__ import annotations

import gzip
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.stories.newsroom import Item, Newsroom
from scraper.extract import extract_article

#: Words of a text that is worth changing.
_LEAST = 120
#: Cases of each kind.
_CASES = 60
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two articles and whether they tell the same."""

    kind: str
    one: Item
    other: Item
    is_same: bool


@dataclass(slots=True)
class Score:
    """What came of a kind of case."""

    is_same: bool
    right: int = 0
    wrong: int = 0
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """All kinds, and what was joined that no case has put together."""

    scores: dict[str, Score]
    joined: int
    strangers: list[str]

    @property
    def precision(self) -> float:
        """Of the pairs that were joined, how many tell the same."""
        wrong = sum(score.wrong for score in self.scores.values() if not score.is_same) + len(self.strangers)
        right = sum(score.right for score in self.scores.values() if score.is_same)
        return right / ((right + wrong) or 1)

    @property
    def recall(self) -> float:
        """Of the pairs that tell the same, how many were joined."""
        same = [score for score in self.scores.values() if score.is_same]
        return sum(score.right for score in same) / (sum(score.right + score.wrong for score in same) or 1)


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


def make_cases(texts: Sequence[tuple[str, str]], seed: int) -> Iterator[Case]:
    """Yield cases of every kind; each text is used in one case alone."""
    rng = random.Random(seed)
    pool = list(texts)
    rng.shuffle(pool)
    kinds = [*_SAME, *_APART]
    count = min(_CASES, len(pool) // (2 * len(kinds)))
    for kind, change in [*_SAME.items(), *_APART.items()]:
        for _ in range(count):
            yield change(rng, pool.pop(), pool.pop(), kind)


def measure(texts: Sequence[tuple[str, str]], scratch: Path, seed: int = 1) -> Quality:
    """File all cases in one archive within a week and see what was joined."""
    cases = list(make_cases(texts, seed))
    items = [*(case.one for case in cases), *(case.other for case in cases)]
    hosts = sorted({item.url.split("/")[2] for item in items})
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        room = Newsroom(Path(folder), hosts)
        for start in range(0, len(items), _BATCH):
            room.list(items[start : start + _BATCH])
            room.file(items[start : start + _BATCH])
            room.now += timedelta(hours=2)
        with room.store._read() as db:
            stories = dict(db.execute("SELECT url, story_id FROM articles WHERE story_id IS NOT NULL").fetchall())
        room.close()
    return _judge(cases, stories)


def _judge(cases: Sequence[Case], stories: dict[str, int]) -> Quality:
    scores: dict[str, Score] = {}
    case_of: dict[str, int] = {}
    for number, case in enumerate(cases):
        score = scores.setdefault(case.kind, Score(case.is_same))
        ones, others = stories.get(case.one.url), stories.get(case.other.url)
        is_joined = ones is not None and ones == others
        score.right += is_joined is case.is_same
        score.wrong += is_joined is not case.is_same
        if is_joined is not case.is_same:
            score.missed.append(f"{case.one.title} | {case.other.title}")
        case_of |= {case.one.url: number, case.other.url: number}
    members: dict[int, Counter[int]] = {}
    for url, story in stories.items():
        members.setdefault(story, Counter())[case_of[url]] += 1
    strangers = [f"story {story}: cases {dict(found)}" for story, found in members.items() if len(found) > 1]
    return Quality(scores=scores, joined=len(stories), strangers=strangers)


# --------------------------------------------------------------------------- the changes

Text = tuple[str, str]
_count = iter(range(10**9))


def _item(title: str, text: str, site: str | None = None) -> Item:
    number = next(_count)
    return Item(url=f"https://{site or f'paper{number % 97}-{number}.example'}/{number}", title=title, text=text)


def _case(kind: str, one: Item, other: Item, *, is_same: bool) -> Case:
    return Case(kind=kind, one=one, other=other, is_same=is_same)


def _paragraphs(text: str) -> list[str]:
    found = [part for part in text.split("\n\n") if part.strip()]
    return (
        found
        if len(found) > 3
        else [f"{part.strip()}." for part in text.replace("\n", " ").split(". ") if part.strip()]
    )


def _cut(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    parts = _paragraphs(source[1])
    kept: list[str] = []
    for part in parts:
        kept.append(part)
        if len(" ".join(kept).split()) >= max(80, len(source[1].split()) * rng.uniform(0.4, 0.7)):
            break
    return _case(kind, _item(*source), _item(source[0], "\n\n".join(kept)), is_same=True)


def _reordered(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    parts = _paragraphs(source[1])
    rng.shuffle(parts)
    return _case(kind, _item(*source), _item(source[0], "\n\n".join(parts)), is_same=True)


def _reheadlined(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    return _case(kind, _item(*source), _item(" ".join(source[1].split()[20:28]), source[1]), is_same=True)


def _new_lead(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    parts = _paragraphs(source[1])
    lead = " ".join(spare[1].split()[:60])
    text = "\n\n".join([lead, *parts[max(1, len(parts) // 5) :]])
    return _case(kind, _item(*source), _item(" ".join(source[1].split()[5:13]), text), is_same=True)


def _translated_title(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    return _case(kind, _item(*source), _item("島の人々に船が戻ってきた、と町は言う", source[1]), is_same=True)


def _live(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    news = _paragraphs(spare[1])[:3]
    text = "\n\n".join([*(part[:300] for part in news), source[1]])
    return _case(kind, _item(*source), _item(f"Live: {source[0]}", text), is_same=True)


def _boilerplate(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    """The same 60 words at the end of two reports of two papers."""
    box = " ".join(rng.choices(_BOX.split(), k=60))
    return _case(
        kind, _item(source[0], f"{source[1]}\n\n{box}"), _item(spare[0], f"{spare[1]}\n\n{box}"), is_same=False
    )


def _furniture(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    """Two short reports of one site with its long box below."""
    site = f"box{next(_count)}.example"
    box = " ".join(rng.choices(_BOX.split(), k=90))
    one, other = (" ".join(text.split()[:90]) for _, text in (source, spare))
    return _case(
        kind, _item(source[0], f"{one}\n\n{box}", site), _item(spare[0], f"{other}\n\n{box}", site), is_same=False
    )


def _apart(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    """The words of one report in another order under another headline: what two who were there have in common."""
    words = source[1].split()
    rng.shuffle(words)
    title = source[0].split()
    rng.shuffle(title)
    return _case(kind, _item(*source), _item(" ".join(title[:4]), " ".join(words)), is_same=False)


def _quotation(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    """One report quotes thirty words of another in passing."""
    quote = " ".join(source[1].split()[40:70])
    return _case(kind, _item(*source), _item(spare[0], f"{spare[1]}\n\n“{quote}”"), is_same=False)


def _same_column(rng: random.Random, source: Text, spare: Text, kind: str) -> Case:
    """One short headline over different texts of one site."""
    site = f"column{next(_count)}.example"
    return _case(
        kind, _item("Morning briefing", source[1], site), _item("Morning briefing", spare[1], site), is_same=False
    )


_BOX = """
this newspaper belongs to its readers and has been printed since the year of great fire subscribe to our letter which
comes every morning with what matters in town write the editors at old dairy or call between nine and five we correct
mistakes on page two all rights reserved no part may be copied without leave of publisher whose members elect board each
spring in hall
"""
_SAME: dict[str, Callable[[random.Random, Text, Text, str], Case]] = {
    "cut": _cut,
    "reordered": _reordered,
    "re-headlined": _reheadlined,
    "agency text with a new lead": _new_lead,
    "translated title": _translated_title,
    "live updates": _live,
}
_APART: dict[str, Callable[[random.Random, Text, Text, str], Case]] = {
    "only boilerplate in common": _boilerplate,
    "only a site's furniture in common": _furniture,
    "written apart": _apart,
    "a quotation": _quotation,
    "one column's headline": _same_column,
}
