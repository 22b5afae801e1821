"""Pages packed with a dictionary of the archive's own, and pages that are not kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from contracts.desk import FEED, Desk, new
from fakes import FixedClock

from scraper.errors import NotFound
from scraper.model import Extraction, RawPage
from store import Store, open_store, zstd
from store.sqlite.database import packing

LETTERS = "abcdefghijklmnoprstuvw"


def page(number: int) -> bytes:
    """A page whose frame is that of all others."""
    rng = random.Random(number)
    words = " ".join("".join(rng.choices(LETTERS, k=6)) for _ in range(60))
    frame = random.Random(0)
    menu = "".join(f"<li><a href='/{frame.getrandbits(64):x}'>{frame.getrandbits(32)}</a></li>" for _ in range(80))
    return f"<html><ul>{menu}</ul><p>{words}</p></html>".encode()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        yield store


def file(store: Store, clock: FixedClock, count: int, start: int = 0) -> None:
    desk = Desk(store, clock)
    if not start:
        desk.subscribe(FEED)
    clock.move(timedelta(hours=2))
    desk.poll(*(new(str(number)) for number in range(start, start + count)))
    for number in range(start, start + count):
        body = RawPage(url=f"https://p.example/{number}", content_type=None, body=page(number), fetched_at=clock.now())
        desk.fetch(Extraction(title="T", text=f"Text {number}"), page=body)


def kept(store: Store) -> list[tuple[int, int | None]]:
    with store._read() as db:
        rows = db.execute("SELECT length(body), dictionary_id FROM pages ORDER BY article_id")
        return [(row[0], row[1]) for row in rows]


def bodies(store: Store) -> set[bytes]:
    return {store.pages(number)[0].body for number in range(1, len(kept(store)) + 1)}


def test_a_dictionary_is_trained_once_there_are_enough_pages(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "ENOUGH", 40)
    file(store, clock, 39)
    store.maintain()
    assert {dictionary for _, dictionary in kept(store)} == {None}
    before = sum(size for size, _ in kept(store))
    file(store, clock, 2, start=39)
    store.maintain()
    after = kept(store)
    assert {dictionary for _, dictionary in after} == {1}, "the pages there were are packed with it, too"
    assert sum(size for size, _ in after[:39]) < before / 2
    file(store, clock, 1, start=41)
    assert kept(store)[-1][1] == 1
    assert bodies(store) == {page(number) for number in range(42)}


def test_the_next_one_is_trained_when_there_are_four_times_as_many(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "ENOUGH", 10)
    file(store, clock, 30)
    assert store.train()
    assert not store.train()
    file(store, clock, 90, start=30)
    assert store.train()
    file(store, clock, 1, start=120)
    assert kept(store)[-1][1] == 2
    assert bodies(store) == {page(number) for number in range(121)}


def test_one_that_does_not_help_is_not_used(store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "ENOUGH", 10)
    monkeypatch.setattr(zstd, "LEAST_GAIN", 0.999)
    file(store, clock, 12)
    store.maintain()
    file(store, clock, 1, start=12)
    assert {dictionary for _, dictionary in kept(store)} == {None}
    assert bodies(store) == {page(number) for number in range(13)}


def test_pages_may_be_kept_for_a_time(store: Store, clock: FixedClock) -> None:
    file(store, clock, 2)
    clock.move(timedelta(days=50))
    file(store, clock, 1, start=2)
    store.maintain(keep_pages=timedelta(days=90))
    assert len(kept(store)) == 3
    clock.move(timedelta(days=50))
    store.maintain(keep_pages=timedelta(days=90))
    assert len(kept(store)) == 1
    with pytest.raises(NotFound):
        store.pages(1)
    assert store.article(1).text.startswith("Text ")
    store.maintain(keep_pages=None)
    assert len(kept(store)) == 1
