"""When a site's articles stop being what they were: within twenty articles, and never on unchanged ones."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from contracts.desk import FEED, Desk, new
from fakes import NOON, FixedClock
from test_cli_kit import configure, run, run_json

from scraper.drift import drift_of
from scraper.model import DRIFT_WINDOW, Extraction, Settled
from store import open_store

LETTERS = "abcdefghijklmnoprstuvw"


def text(rng: random.Random, words: int, box: str = "") -> str:
    paragraphs = [
        " ".join("".join(rng.choices(LETTERS, k=rng.randint(3, 9))) for _ in range(max(1, words // 4)))
        for _ in range(4)
    ]
    return "\n\n".join([*paragraphs, box] if box else paragraphs)


def usual(rng: random.Random) -> Settled:
    """Most are reports, some are short items; now and then one is behind a wall."""
    if rng.random() < 0.08:
        return Settled(is_full=False, kind="paywalled", word_count=20, text="The opening.")
    words = int(rng.lognormvariate(6, 0.7))
    return Settled(is_full=True, kind="article", word_count=words, text=text(rng, words))


def changed_how(rng: random.Random, how: str) -> Settled:
    one = usual(rng)
    while not one.is_full:
        one = usual(rng)
    if how == "short texts":
        return Settled(is_full=True, kind="article", word_count=rng.randint(20, 60), text=text(rng, 40))
    if how == "repeated block":
        box = "Read our reporters' letter from the harbour every Friday morning, and never miss a tide."
        return Settled(is_full=True, kind="article", word_count=one.word_count, text=f"{one.text}\n\n{box}")
    return Settled(is_full=False, kind="needs_javascript", word_count=0, text="")


def look(articles: list[Settled]):
    return drift_of(articles[::-1][:DRIFT_WINDOW])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("how", ["wall", "short texts", "repeated block"])
def test_the_alarm_comes_within_twenty_articles(how: str, seed: int) -> None:
    rng = random.Random(f"{how}{seed}")
    articles = [usual(rng) for _ in range(60)]
    for _ in range(20):
        articles.append(changed_how(rng, how))
        if found := look(articles):
            assert found.alarm == how
            return
    pytest.fail("no alarm")


@pytest.mark.parametrize("seed", range(8))
def test_five_hundred_unchanged_articles_raise_none(seed: int) -> None:
    rng = random.Random(seed)
    articles: list[Settled] = []
    for _ in range(500):
        articles.append(usual(rng))
        assert look(articles) is None


def test_a_site_that_always_was_so_raises_none() -> None:
    rng = random.Random(1)
    for how in ("wall", "short texts", "repeated block"):
        articles = [changed_how(rng, how) for _ in range(DRIFT_WINDOW)]
        assert look(articles) is None


def test_little_is_known_of_a_new_site() -> None:
    rng = random.Random(2)
    assert look([usual(rng) for _ in range(14)] + [changed_how(rng, "wall") for _ in range(12)]) is None
    assert drift_of([]) is None


# --------------------------------------------------------------------------- in the archive


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Thirty articles as usual, then a new layout: fourteen of which next to nothing is read."""
    config = configure(tmp_path, f"feeds:\n  - {FEED}\n")
    clock, rng = FixedClock(), random.Random(3)
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        desk.subscribe(FEED)
        desk.poll(*(new(str(number)) for number in reversed(range(44))))
        for number in range(44):
            clock.move(timedelta(minutes=1))
            desk.fetch(Extraction(title="T", text=text(rng, 300 if number < 30 else 24)))
            if number == 29:
                assert store.look_for_drift(drift_of, range(1, 31)) == ()
        assert store.look_for_drift(drift_of, ()) == (), "of what was not settled nothing is read"
        (site,) = store.look_for_drift(drift_of, [44])
        assert (site.host, site.drift.alarm, site.is_new) == ("paper.example", "short texts", True)
        assert not store.look_for_drift(drift_of, ())[0].is_new, "it is told once"
        assert len(site.article_ids) == 12
    return config


def test_status_tells_it_with_the_command(config: Path) -> None:
    told = run("--config", config, "status").stdout
    assert "1 site not read as before" in told
    assert "paper.example: short texts since" in told
    assert "wireroom refresh 44 43 42" in told or "wireroom refresh " in told
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
