"""When a site's articles stop being what they were: within twenty articles, and never on unchanged ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from contracts.desk import FEED, Desk, new
from fakes import NOON, FixedClock
from test_cli_kit import configure, run, run_json

from scraper.articles.drift import drift_of
from scraper.model import DRIFT_WINDOW, Extraction, Kind, Settled
from store import open_store

LETTERS = "abcdefghijklmnoprstuvw"
BOX = "Read our reporters' letter from the harbour every Friday morning, and never miss a tide."
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def text(rng: random.Random, words: int, box: str = "") -> str:
    paragraphs = [
        " ".join("".join(rng.choices(LETTERS, k=rng.randint(3, 9))) for _ in range(max(1, words // 4)))
        for _ in range(4)
    ]
    return "\n\n".join([*paragraphs, box] if box else paragraphs)


def full(rng: random.Random, words: int, **fields: Any) -> Settled:
    return Settled(
        is_full=True, kind="article", word_count=words, text=f"{rng.random()} is told here at length", **fields
    )


def walled(kind: Kind = "paywalled", **fields: Any) -> Settled:
    return Settled(is_full=False, kind=kind, word_count=20, **fields)


def report(rng: random.Random, **fields: Any) -> Settled:
    """Most are reports, some are short items; now and then one is behind a wall."""
    return walled(**fields) if rng.random() < 0.08 else full(rng, int(rng.lognormvariate(6, 0.7)), **fields)


def brief(rng: random.Random, **fields: Any) -> Settled:
    return full(rng, rng.randint(35, 90), **fields)


# Sites, as what comes of them article by article; every generator goes on for ever.


def steady(rng: random.Random) -> Iterator[Settled]:
    while True:
        yield report(rng)


def briefs_by_night(rng: random.Random) -> Iterator[Settled]:
    while True:
        for _ in range(rng.randint(14, 24)):
            yield report(rng)
        for _ in range(rng.randint(9, 14)):
            yield brief(rng)


def briefs_at_weekends(rng: random.Random) -> Iterator[Settled]:
    for day in count():
        at = MONDAY + timedelta(days=day)
        for _ in range(rng.randint(15, 25)):
            yield brief(rng, at=at) if at.weekday() >= 5 else report(rng, at=at)


def a_section_behind_a_wall_in_bursts(rng: random.Random) -> Iterator[Settled]:
    while True:
        for _ in range(rng.randint(20, 60)):
            yield report(rng, section="News")
        for _ in range(rng.randint(10, 25)):
            yield walled(section="Plus")


def full_texts_in_the_feed(rng: random.Random) -> Iterator[Settled]:
    """Its feed gives each text; of four weeks of reports the fifth is a week of briefs."""
    for number in count():
        one = brief(rng) if number % 500 > 400 else report(rng)
        yield replace(one, announced=int(one.word_count * rng.uniform(0.9, 1.2)))


UNCHANGED = (steady, briefs_by_night, briefs_at_weekends, a_section_behind_a_wall_in_bursts, full_texts_in_the_feed)
CHANGES: dict[str, tuple[str, Callable[[random.Random, Settled], Settled]]] = {
    "paywalled": ("wall", lambda rng, one: replace(one, is_full=False, kind="paywalled", word_count=30)),
    "list": ("wall", lambda rng, one: replace(one, is_full=False, kind="list", word_count=0)),
    "needs_javascript": ("wall", lambda rng, one: replace(one, is_full=False, kind="needs_javascript", word_count=0)),
    "not_an_article": ("wall", lambda rng, one: replace(one, is_full=False, kind="not_an_article", word_count=0)),
    "mixed": (
        "wall",
        lambda rng, one: replace(one, is_full=False, kind=rng.choice(["list", "consent", "not_an_article"]), word_count=0),
    ),
    "short texts": ("short texts", lambda rng, one: replace(one, is_full=True, word_count=rng.randint(5, 14))),
    "repeated block": ("repeated block", lambda rng, one: replace(one, is_full=True, text=f"{one.text}\n\n{BOX}")),
}  # fmt: skip


def look(articles: list[Settled]):
    return drift_of(articles[::-1][:DRIFT_WINDOW])


@pytest.mark.parametrize("site", UNCHANGED)
@pytest.mark.parametrize("how", CHANGES)
def test_the_alarm_comes_within_twenty_articles(how: str, site: Callable[[random.Random], Iterator[Settled]]) -> None:
    found = 0
    for seed in range(40):
        rng = random.Random(f"{how}{seed}")
        stream = site(rng)
        articles = list(islice(stream, 450 + rng.randint(0, 60)))
        alarm, change = CHANGES[how]
        changed = (change(rng, one) for one in stream)
        articles += islice((one for one in changed if one.section != "Plus"), 20)
        drift = look(articles)
        found += drift is not None and drift.alarm == alarm
    assert found >= 38


@pytest.mark.parametrize("site", UNCHANGED)
@pytest.mark.parametrize("seed", range(4))
def test_five_hundred_unchanged_articles_raise_none(
    seed: int, site: Callable[[random.Random], Iterator[Settled]]
) -> None:
    articles: list[Settled] = []
    for one in islice(site(random.Random(seed)), 500):
        articles.append(one)
        assert look(articles) is None


def test_what_comes_for_the_first_time_at_a_weekend_is_no_drift() -> None:
    rng = random.Random(7)
    articles = [report(rng, at=MONDAY + timedelta(hours=n)) for n in range(100)]
    articles += [brief(rng, at=MONDAY + timedelta(days=5, hours=n)) for n in range(40)]
    assert look(articles) is None


def at_hours(rng: random.Random, days: int) -> Iterator[Settled]:
    """Reports by day and a dozen briefs by night, with the hours at which they came."""
    for day in range(days):
        begin = MONDAY + timedelta(days=day)
        for hour in range(8, 18):
            yield full(rng, rng.randint(300, 800), at=begin + timedelta(hours=hour, minutes=rng.randint(0, 59)))
        for number in range(0 if day < 3 else 22):
            yield brief(rng, at=begin + timedelta(hours=20, minutes=8 * number))


def test_briefs_are_held_against_those_of_the_same_hours() -> None:
    articles = list(at_hours(random.Random(5), 12))
    newest = [len(articles[:at]) for at in range(150, len(articles))]
    assert all(look(articles[:at]) is None for at in newest)
    by_day = [replace(one, at=one.at + timedelta(hours=12)) for one in articles[-22:] if one.at]
    assert look([*articles[:-22], *by_day]) is None, "many have been as short"
    lead = [full(random.Random(n), 12, at=one.at) for n, one in enumerate(by_day)]
    drift = look([*articles, *lead])
    assert drift is not None
    assert drift.alarm == "short texts"


@pytest.mark.parametrize("make", [brief, lambda rng, at: walled(at=at)])
def test_a_burst_is_looked_at_with_what_came_before_it(make: Callable[..., Settled]) -> None:
    rng = random.Random(6)
    articles = [full(rng, rng.randint(300, 800), at=MONDAY + timedelta(hours=n)) for n in range(90)]
    last = MONDAY + timedelta(hours=90)
    assert look([*articles, *(make(rng, at=last + timedelta(minutes=3 * n)) for n in range(22))]) is None
    assert look([*articles, *(make(rng, at=MONDAY + timedelta(hours=90 + n)) for n in range(22))]) is not None


def test_a_new_section_of_short_items_is_no_drift_but_new_names_of_sections_hide_none() -> None:
    rng = random.Random(8)
    articles = [full(rng, rng.randint(300, 800), section="News") for _ in range(100)]
    assert look([*articles, *(brief(rng, section="In short") for _ in range(20))]) is None
    assert look([*articles, *(brief(rng, section=f"Part {n % 3}") for n in range(20))]) is not None


def test_articles_of_a_section_behind_a_wall_neither_raise_nor_hide_an_alarm() -> None:
    rng = random.Random(9)
    articles = [walled(section="Plus") if n % 3 == 0 else full(rng, 400, section="News") for n in range(120)]
    assert look(articles) is None
    drift = look([*articles, *(walled("list", section="Plus" if n % 3 == 0 else "News") for n in range(20))])
    assert drift is not None
    assert drift.alarm == "wall"


def test_a_box_whose_figure_changes_is_the_same_box() -> None:
    rng = random.Random(10)
    articles = [full(rng, 400) for _ in range(60)]
    boxed = [full(rng, 400) for _ in range(20)]
    boxed = [replace(one, text=f"{one.text}\n\n{BOX} {n} of 99 places are left.") for n, one in enumerate(boxed)]
    drift = look([*articles, *boxed])
    assert drift is not None
    assert drift.alarm == "repeated block"


def test_walls_on_the_first_weekend_are_told() -> None:
    rng = random.Random(11)
    articles = [report(rng, at=MONDAY + timedelta(hours=n)) for n in range(118)]
    drift = look([*articles, *(walled("list", at=MONDAY + timedelta(hours=120 + n)) for n in range(20))])
    assert drift is not None
    assert drift.alarm == "wall"


@pytest.mark.parametrize("how", CHANGES)
def test_a_site_that_always_was_so_raises_none(how: str) -> None:
    rng = random.Random(1)
    articles = [CHANGES[how][1](rng, one) for one in islice(steady(rng), 200)]
    assert look(articles) is None


def test_little_is_known_of_a_new_site() -> None:
    rng = random.Random(2)
    assert look([*islice(steady(rng), 14), *(walled() for _ in range(20))]) is None
    assert drift_of([]) is None


# --------------------------------------------------------------------------- in the archive


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Three dozen articles as usual, then a new layout: eighteen of which next to nothing is read."""
    config = configure(tmp_path, f"feeds:\n  - {FEED}\n")
    clock, rng = FixedClock(), random.Random(3)
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        desk.subscribe(FEED)
        desk.poll(*(new(str(number)) for number in reversed(range(54))))
        for number in range(54):
            clock.move(timedelta(minutes=1))
            desk.fetch(Extraction(title="T", text=text(rng, 300 if number < 36 else 24)))
            if number == 35:
                assert store.look_for_drift(drift_of, range(1, 37)) == ()
        assert store.look_for_drift(drift_of, ()) == (), "of what was not settled nothing is read"
        (site,) = store.look_for_drift(drift_of, [54])
        assert (site.host, site.drift.alarm, site.is_new) == ("paper.example", "short texts", True)
        assert not store.look_for_drift(drift_of, ())[0].is_new, "it is told once"
        assert len(site.article_ids) == 12
    return config


def test_status_tells_it_with_the_command(config: Path) -> None:
    told = run("--config", config, "status").stdout
    assert "1 site not read as before" in told
    assert "paper.example: short texts since" in told
    assert "wireroom refresh 1 2 3 4" in told
    (found,) = run_json("--config", config, "status", "--json")["drifts"]
    assert found["host"] == "paper.example"


def test_it_ends_when_texts_are_whole_again(config: Path) -> None:
    clock, rng = FixedClock(NOON + timedelta(days=1)), random.Random(4)
    with open_store(config.with_name("wireroom.db"), clock=clock) as store:
        desk = Desk(store, clock)
        (site,) = store.drifts()
        store.request_fetches(list(site.article_ids), now=clock.now())
        for _ in site.article_ids:
            desk.fetch(Extraction(title="T", text=text(rng, 300)), changed=("text",))
        assert store.look_for_drift(drift_of, ()) == ()
        assert store.drifts() == ()
