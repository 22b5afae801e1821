"""Made sites for `bench.drift`: what comes of a site's articles, one after the other, and how a site changes.

Every stream goes on for ever and depends on its random numbers alone. Texts are made of words of a made language, the
frequent ones as frequent as in a real one; lengths, hours, sections and walls are those of usual kinds of news sites.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from scraper.model import Kind, Settled

#: Articles that a site files in each hour of the day, in proportion (UTC).
_BY_HOUR = (1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 6, 6, 5, 5, 6, 6, 7, 6, 5, 4, 3, 3, 2, 1)
_START = datetime(2026, 3, 2, tzinfo=UTC)

Stream = Callable[[random.Random], Iterator[Settled]]
Change = Callable[[random.Random], Callable[[Settled], Settled]]


class Tongue:
    """A made language: a few thousand words, their frequencies falling with their rank."""

    def __init__(self, rng: random.Random, letters: str = "aeionrstldkmu") -> None:
        sizes = [rng.randint(1, 3) if rank < 40 else rng.randint(3, 11) for rank in range(3000)]
        self._words = ["".join(rng.choices(letters, k=size)) for size in sizes]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(3000)))

    def words(self, rng: random.Random, count: int) -> str:
        """Return so many words."""
        return " ".join(rng.choices(self._words, cum_weights=self._weights, k=count))

    def text(self, rng: random.Random, count: int) -> str:
        """Return paragraphs of about so many words in all."""
        paragraphs = []
        while count > 0:
            size = min(count, rng.randint(20, 70))
            paragraphs.append(self.words(rng, size) + ".")
            count -= size
        return "\n\n".join(paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a site."""

    share: float
    median_words: int
    walled: float = 0.0
    spread: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A kind of site."""

    per_day: float
    sections: Mapping[str | None, Section]
    weekend: float = 0.5
    videos: float = 0.0
    #: Lines that a writer puts under all that is his, each in this share of the texts.
    signatures: tuple[float, ...] = (0.08, 0.05, 0.03)


NEWSROOMS = {
    "city paper": Newsroom(
        per_day=40,
        sections={
            "local": Section(share=0.4, median_words=420, walled=0.06),
            "sport": Section(share=0.25, median_words=350),
            "politics": Section(share=0.2, median_words=600, walled=0.06),
            "culture": Section(share=0.15, median_words=700),
        },
    ),
    "portal": Newsroom(
        per_day=150,
        weekend=0.8,
        sections={
            "news": Section(share=0.6, median_words=260, spread=0.7),
            "people": Section(share=0.3, median_words=220, spread=0.6),
            "weather": Section(share=0.1, median_words=110, spread=0.3),
        },
    ),
    "magazine": Newsroom(
        per_day=7,
        weekend=0.3,
        sections={
            "essay": Section(share=0.5, median_words=1500, walled=0.25),
            "blog": Section(share=0.5, median_words=500),
        },
    ),
    "paper with a paid section": Newsroom(
        per_day=80,
        sections={
            "opinion": Section(share=0.15, median_words=800, walled=0.9),
            "economy": Section(share=0.25, median_words=550, walled=0.35),
            "world": Section(share=0.6, median_words=480, walled=0.1),
        },
    ),
    "broadcaster": Newsroom(
        per_day=60, weekend=0.7, videos=0.12, sections={None: Section(share=1, median_words=380)}, signatures=(0.2,)
    ),
}


@dataclass(slots=True)
class _Desk:
    """Writes the articles of one site."""

    rng: random.Random
    room: Newsroom
    tongue: Tongue = field(init=False)
    signatures: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.tongue = Tongue(self.rng)
        self.signatures = [self.tongue.words(self.rng, self.rng.randint(6, 25)) for _ in self.room.signatures]

    def written(self, words: int, at: datetime, section: str | None, kind: Kind = "article") -> Settled:
        """Return an article that was read in full."""
        text = self.tongue.text(self.rng, words)
        for signature, share in zip(self.signatures, self.room.signatures, strict=True):
            if self.rng.random() < share:
                text = f"{text}\n\n{signature}"
        return Settled(is_full=True, kind=kind, word_count=len(text.split()), text=text, section=section, at=at)

    def walled(self, at: datetime, section: str | None, kind: Kind = "paywalled") -> Settled:
        """Return an article of which the feed's teaser is all there is."""
        text = self.tongue.words(self.rng, self.rng.randint(15, 45))
        return Settled(is_full=False, kind=kind, word_count=len(text.split()), text=text, section=section, at=at)

    def brief(self, at: datetime, section: str | None) -> Settled:
        return self.written(self.rng.randint(30, 90), at, section)

    def usual(self, at: datetime, scale: float = 1.0) -> Settled:
        """Return an article as the site mostly has them."""
        sections = self.room.sections
        name = self.rng.choices(list(sections), [section.share for section in sections.values()])[0]
        section = sections[name]
        if self.rng.random() < section.walled:
            return self.walled(at, name)
        if self.rng.random() < self.room.videos:
            return self.written(self.rng.randint(25, 110), at, name, "video")
        words = self.rng.lognormvariate(math.log(section.median_words * scale), section.spread)
        return self.written(max(20, min(int(words), 5000)), at, name)

    def hours(self) -> Iterator[tuple[datetime, int]]:
        """Yield each hour from a random one on, with how many usual articles it has."""
        at = _START + timedelta(hours=self.rng.randrange(7 * 24))
        while True:
            mean = self.room.per_day * _BY_HOUR[at.hour] / sum(_BY_HOUR)
            mean *= self.room.weekend if at.weekday() >= 5 else 1.0
            yield at, _poisson(self.rng, mean)
            at += timedelta(hours=1)

    def within(self, hour: datetime, count: int, minutes: int = 60) -> list[datetime]:
        return sorted(hour + timedelta(minutes=self.rng.uniform(0, minutes)) for _ in range(count))


def _poisson(rng: random.Random, mean: float) -> int:
    count, left = 0, rng.expovariate(1)
    while left < mean:
        count += 1
        left += rng.expovariate(1)
    return count


def _some(rng: random.Random, *besides: str) -> Newsroom:
    return NEWSROOMS[rng.choice([name for name in NEWSROOMS if name not in besides])]


# Sites that stay what they are.


def steady(name: str) -> Stream:
    def stream(rng: random.Random) -> Iterator[Settled]:
        desk = _Desk(rng, NEWSROOMS[name])
        for hour, count in desk.hours():
            yield from (desk.usual(at) for at in desk.within(hour, count))

    return stream


def briefs_by_night(rng: random.Random) -> Iterator[Settled]:
    """An agency's briefs, ten to thirty in one go, in most nights."""
    desk = _Desk(rng, _some(rng, "magazine"))
    section, often = rng.choice((None, "brief", "region")), rng.uniform(0.5, 1)
    for hour, count in desk.hours():
        if hour.hour == 2 and rng.random() < often:
            yield from (desk.brief(at, section) for at in desk.within(hour, rng.randint(10, 30), 10))
        yield from (desk.usual(at) for at in desk.within(hour, count))


def weekends_of_briefs(rng: random.Random) -> Iterator[Settled]:
    """On Saturdays and Sundays few are there to write: briefs are most of what comes."""
    desk = _Desk(rng, _some(rng, "magazine"))
    share, sections = rng.uniform(0.8, 1), list(desk.room.sections)
    for hour, count in desk.hours():
        for at in desk.within(hour, count):
            is_brief = hour.weekday() >= 5 and rng.random() < share
            yield desk.brief(at, rng.choice(sections)) if is_brief else desk.usual(at)


def paid_section_in_bursts(rng: random.Random) -> Iterator[Settled]:
    """The next day's paid stories, all behind the wall, filed in one go on some evenings."""
    desk = _Desk(rng, _some(rng, "magazine", "paper with a paid section"))
    often = rng.uniform(0.3, 1)
    for hour, count in desk.hours():
        if hour.hour == 18 and rng.random() < often:
            yield from (desk.walled(at, "premium") for at in desk.within(hour, rng.randint(8, 25), 15))
        yield from (desk.usual(at) for at in desk.within(hour, count))


def tickers(rng: random.Random) -> Iterator[Settled]:
    """A match or a storm, one to four times a week: dozens of items of a few lines in some hours."""
    desk = _Desk(rng, _some(rng, "magazine"))
    often, section, left = rng.uniform(1, 4) / 7 / 24, rng.choice((None, "ticker", *desk.room.sections)), 0
    for hour, count in desk.hours():
        left = left - 1 if left else rng.randint(2, 4) if rng.random() < often else 0
        items = [(at, True) for at in desk.within(hour, rng.randint(10, 20) if left else 0)]
        for at, is_item in sorted(items + [(at, False) for at in desk.within(hour, count)]):
            yield desk.written(rng.randint(15, 70), at, section) if is_item else desk.usual(at)


def new_short_section(rng: random.Random) -> Iterator[Settled]:
    """After some weeks a section of short items begins, spread over the day or some together."""
    desk = _Desk(rng, _some(rng, "magazine"))
    begins = _START + timedelta(days=rng.randint(8, 21))
    is_together, share = rng.random() < 0.5, rng.uniform(0.3, 0.6)
    for hour, count in desk.hours():
        is_there = hour >= begins
        if is_there and is_together and rng.random() < 0.15:
            yield from (desk.brief(at, "in brief") for at in desk.within(hour, rng.randint(5, 15), 20))
        for at in desk.within(hour, count):
            is_brief = is_there and not is_together and rng.random() < share
            yield desk.brief(at, "in brief") if is_brief else desk.usual(at)


def seasons(rng: random.Random) -> Iterator[Settled]:
    """Texts get shorter and longer again over weeks; in a season weekends are full of short results."""
    desk = _Desk(rng, _some(rng, "magazine"))
    phase, weeks, depth = rng.random(), rng.uniform(3, 10), rng.uniform(0.2, 0.5)
    for hour, count in desk.hours():
        turn = math.sin(2 * math.pi * ((hour - _START) / timedelta(weeks=weeks) + phase))
        results = rng.randint(0, 4) if turn > 0 and hour.weekday() >= 5 and 14 <= hour.hour < 20 else 0
        short = [(at, True) for at in desk.within(hour, results)]
        for at, is_result in sorted(short + [(at, False) for at in desk.within(hour, count)]):
            yield desk.written(rng.randint(40, 120), at, "sport") if is_result else desk.usual(at, 1 + depth * turn)


def announced(rng: random.Random) -> Iterator[Settled]:
    """The feed gives the whole text, so that it tells how long it is; briefs come in bursts at any hour."""
    desk = _Desk(rng, _some(rng, "magazine"))
    for hour, count in desk.hours():
        briefs = rng.randint(8, 30) if rng.random() < 0.02 else 0
        articles = [desk.brief(at, rng.choice(list(desk.room.sections))) for at in desk.within(hour, briefs, 30)]
        articles += [desk.usual(at) for at in desk.within(hour, count)]
        for one in articles:
            words = one.word_count if one.is_full else rng.randint(200, 700)
            yield replace(one, announced=max(1, round(words * rng.uniform(0.85, 1.15))))


def section_with_a_box(rng: random.Random) -> Iterator[Settled]:
    """One section has a box in all its texts, and on two days a week it files many of them together."""
    desk = _Desk(rng, _some(rng, "magazine"))
    box = desk.tongue.words(rng, rng.randint(8, 30))
    for hour, count in desk.hours():
        many = rng.randint(6, 18) if hour.hour == 16 and hour.weekday() in (2, 5) else rng.random() < 0.1
        for at in desk.within(hour, int(many), 40):
            one = desk.written(rng.randint(200, 600), at, "league")
            yield replace(one, text=f"{one.text}\n\n{box}")
        yield from (desk.usual(at) for at in desk.within(hour, count))


def one_big_story(rng: random.Random) -> Iterator[Settled]:
    """Now and then half a day belongs to one story, and half of its texts end on the same background."""
    desk = _Desk(rng, _some(rng, "magazine"))
    ends, background = _START, ""
    for hour, count in desk.hours():
        if hour >= ends and rng.random() < 1 / 24 / 6:
            ends, background = hour + timedelta(hours=rng.randint(6, 18)), desk.tongue.words(rng, 40)
        for at in desk.within(hour, count):
            one = desk.usual(at)
            is_of_it = hour < ends and one.is_full and rng.random() < 0.5
            yield replace(one, text=f"{one.text}\n\n{background}") if is_of_it else one


UNCHANGED: Mapping[str, Stream] = {
    **{f"steady: {name}": steady(name) for name in NEWSROOMS},
    "bursts of briefs by night": briefs_by_night,
    "weekends of briefs": weekends_of_briefs,
    "a paid section in bursts": paid_section_in_bursts,
    "tickers": tickers,
    "a new section of short items": new_short_section,
    "seasons": seasons,
    "briefs that the feed announces": announced,
    "a section with a box, in bursts": section_with_a_box,
    "one big story": one_big_story,
}


# Changes: what becomes of each article from some moment on. A few are spared, as on real sites.


def wall(kind: Kind, spared: float = 0.04) -> Change:
    """Pages give no article any more; what is filed is the feed's teaser."""

    def change(rng: random.Random) -> Callable[[Settled], Settled]:
        def changed(one: Settled) -> Settled:
            if rng.random() < spared:
                return one
            teaser = " ".join(one.text.split()[: rng.randint(15, 45)])
            return replace(one, is_full=False, kind=kind, word_count=len(teaser.split()), text=teaser)

        return changed

    return change


def box(*, has_figure: bool) -> Change:
    """A box in every text that was read in full: the same words, or with a figure in them that changes."""

    def change(rng: random.Random) -> Callable[[Settled], Settled]:
        words, readers = Tongue(rng).words(rng, rng.randint(8, 40)).split(), rng.randint(1000, 90000)

        def changed(one: Settled) -> Settled:
            if not one.is_full or rng.random() < 0.03:
                return one
            figure = f"{readers + rng.randint(1, 500):,}" if has_figure else "many"
            paragraphs = one.text.split("\n\n")
            paragraphs.insert(rng.randint(1, len(paragraphs)), " ".join([*words[:3], figure, *words[3:]]))
            text = "\n\n".join(paragraphs)
            return replace(one, text=text, word_count=len(text.split()))

        return changed

    return change


def cut(rng: random.Random) -> Callable[[Settled], Settled]:
    """Texts end after some 25 to 60 words, though the pages are read."""

    def changed(one: Settled) -> Settled:
        if not one.is_full or rng.random() < 0.04:
            return one
        words = one.text.split()[: rng.randint(25, 60)]
        return replace(one, text=" ".join(words), word_count=len(words))

    return changed


def other_language(rng: random.Random) -> Callable[[Settled], Settled]:
    """Pages come in another language, as long as before."""
    tongue = Tongue(rng, "aouyghkwzjchst")

    def changed(one: Settled) -> Settled:
        return replace(one, text=tongue.text(rng, one.word_count)) if one.is_full else one

    return changed


CHANGES: Mapping[str, tuple[str, Change]] = {
    "wall: paywalled": ("wall", wall("paywalled")),
    "wall: consent": ("wall", wall("consent")),
    "wall: login": ("wall", wall("login")),
    "pages: list": ("wall", wall("list")),
    "pages: needs_javascript": ("wall", wall("needs_javascript")),
    "pages: not_an_article": ("wall", wall("not_an_article")),
    "cut texts": ("short texts", cut),
    "box in every text": ("repeated block", box(has_figure=False)),
    "box with a figure that changes": ("repeated block", box(has_figure=True)),
    "other language": ("", other_language),
}
