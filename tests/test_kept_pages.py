"""The pages of every version: kept byte for byte, packed with the newer one, forgotten by their own age."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from contracts.desk import FEED, HOUR, Desk, new
from fakes import FixedClock
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import times

from scraper.errors import NotFound
from scraper.model import Draft, Extraction, RawPage
from store import Store, open_store
from store.sqlite.database.pages import STANDS_ALONE
from store.zstd import packed, packed_after, unpacked

DAY = timedelta(days=1)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def words(rng: random.Random, count: int) -> str:
    return " ".join("".join(rng.choices(LETTERS, k=rng.randint(2, 9))) for _ in range(count))


def page(version: int, *, paragraphs: int = 60, number: int = 1) -> bytes:
    """A page of which each version changes one paragraph."""
    rng = random.Random(number)
    told = [words(rng, 70) for _ in range(paragraphs)]
    for edit in range(1, version + 1):
        told[edit % paragraphs] = words(random.Random(-edit), 70)
    return f"<html><h1>The ferry</h1>{''.join(f'<p>{text}</p>' for text in told)}</html>".encode()


class Kept(Desk):
    """A desk whose store does upkeep, too."""

    store: Store

    def __init__(self, store: Store, clock: FixedClock) -> None:
        super().__init__(store, clock)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Kept]:
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Kept(store, clock)
        desk.subscribe(FEED)
        desk.poll(new("a"))
        yield desk


def raw(desk: Kept, body: bytes, number: int = 1) -> RawPage:
    url = f"https://paper.example/a/{number}"
    return RawPage(url=url, content_type="text/html", body=body, fetched_at=desk.now, number=number)


def edit(desk: Kept, body: bytes | None, text: str = "", **changes: object) -> None:
    """Fetch the article's page once more and file what is on it."""
    desk.store.request_fetches([1], now=desk.now)
    kept = None if body is None else raw(desk, body)
    desk.fetch(Extraction(title="T", text=text or f"Text {body!r}"[:80]), page=kept, changed=("text",), **changes)
    desk.clock.move(HOUR)


def packed_rows(store: Store) -> dict[int, tuple[int, int, int | None]]:
    """Return of each version's first page: bytes as received, bytes on disk, the version it is packed with."""
    with store._read() as db:
        sql = "SELECT revision, raw_bytes, length(body), prefix_revision FROM pages WHERE number = 1 ORDER BY revision"
        return {row[0]: (row[1], row[2], row[3]) for row in db.execute(sql)}


def bodies(desk: Kept, *versions: int) -> list[bytes]:
    return [desk.store.pages(1, number)[0].body for number in versions]


def test_five_edits_leave_six_pages_and_the_older_ones_cost_next_to_nothing(desk: Kept) -> None:
    received = [page(version) for version in range(6)]
    for body in received:
        edit(desk, body)
    assert bodies(desk, 1, 2, 3, 4, 5, 6) == received
    assert desk.store.pages(1)[0].body == received[-1], "without a number, the newest"
    rows = packed_rows(desk.store)
    assert [row[2] for row in rows.values()] == [2, 3, 4, 5, 6, None]
    assert all(on_disk <= size * 0.03 for size, on_disk, prefix in rows.values() if prefix)


def test_no_page_is_behind_more_than_a_few_others(desk: Kept) -> None:
    received = [page(version, paragraphs=12) for version in range(40)]
    for body in received:
        edit(desk, body)
    alone = [version for version, (_, _, prefix) in packed_rows(desk.store).items() if prefix is None]
    assert alone == [STANDS_ALONE, 2 * STANDS_ALONE, 40]
    assert bodies(desk, *range(1, 41)) == received


def test_a_page_that_has_nothing_of_the_newer_one_stands_by_itself(desk: Kept) -> None:
    for body in (b"<p>", b"", random.Random(1).randbytes(5000), random.Random(2).randbytes(5000)):
        edit(desk, body, text=f"{len(body)}")
        assert desk.store.pages(1)[0].body == body
    assert bodies(desk, 1, 2) == [b"<p>", b""]
    assert packed_rows(desk.store)[3][2] is None


def test_a_large_page_is_found_in_the_newer_one(desk: Kept) -> None:
    one, other = page(0, paragraphs=4000), page(3, paragraphs=4000)
    assert 1_500_000 < len(one) < 5_000_000
    assert len(packed_after(one, other)) < 0.01 * len(one)
    row = {"body": packed_after(one, other), "raw_bytes": len(one), "dictionary": None}
    assert unpacked(row, other) == one


def test_a_version_of_the_feed_s_words_has_no_page_and_those_around_it_keep_theirs(desk: Kept) -> None:
    edit(desk, page(0))
    edit(desk, None, text="the feed's own words")
    edit(desk, page(2))
    with pytest.raises(NotFound, match="version 2 of article 1"):
        desk.store.pages(1, 2)
    assert bodies(desk, 1, 3) == [page(0), page(2)]
    assert packed_rows(desk.store)[1][2] == 3, "packed with the newer page there is"


def test_a_fetch_that_files_no_version_renews_the_page_of_the_newest_alone(desk: Kept) -> None:
    for version in range(3):
        edit(desk, page(version))
    edit(desk, page(7), is_revision=False)
    assert bodies(desk, 1, 2, 3) == [page(0), page(1), page(7)]
    desk.store.request_fetches([1], now=desk.now)
    desk.fetch(page=None)
    assert bodies(desk, 1, 2, 3) == [page(0), page(1), page(7)], "a look that brings nothing leaves all"


def test_each_version_keeps_all_of_its_pages(desk: Kept) -> None:
    for version in range(3):
        desk.store.request_fetches([1], now=desk.now)
        count = 3 - version
        for number in range(1, count):
            draft = Draft(next_url="https://paper.example/on", urls=("u",) * number, extraction=Extraction(text="x"))
            part = raw(desk, page(version, number=number), number)
            desk.fetch(draft=draft, page=part, next_fetch_at=desk.now, rule="page-goes-on")
        last = raw(desk, page(version, number=count), count)
        desk.fetch(Extraction(text=f"all of {version}"), page=last)
    kept = [[found.body for found in desk.store.pages(1, version)] for version in (1, 2, 3)]
    assert kept == [[page(v, number=number) for number in range(1, 4 - v)] for v in range(3)]


def test_a_part_that_is_completed_later_keeps_its_pages_and_so_does_the_whole(desk: Kept) -> None:
    draft = Draft(next_url="https://paper.example/on", urls=("u",), extraction=Extraction(text="One."))
    desk.fetch(draft=draft, page=raw(desk, page(0)), next_fetch_at=desk.now, rule="page-goes-on")
    desk.fetch(Extraction(text="One."), page=None, draft=draft, next_fetch_at=desk.now + HOUR)
    desk.clock.move(HOUR)
    desk.fetch(Extraction(text="One. Two."), page=raw(desk, b"two", 2))
    kept = [[found.body for found in desk.store.pages(1, version)] for version in (1, 2)]
    assert kept == [[page(0)], [page(0), b"two"]]
    size, on_disk, prefix = packed_rows(desk.store)[1]
    assert (prefix, on_disk < size / 50) == (2, True), "the same page is not kept twice"


def test_pages_are_kept_for_a_time_each_by_its_own_age(desk: Kept) -> None:
    for version in range(4):
        edit(desk, page(version))
        desk.clock.move(30 * DAY)
    desk.store.maintain(keep_pages=75 * DAY)
    assert list(packed_rows(desk.store)) == [3, 4]
    assert bodies(desk, 3, 4) == [page(2), page(3)]
    assert [revision.number for revision in desk.store.revisions(1)] == [1, 2, 3, 4], "the versions stay"
    with pytest.raises(NotFound):
        desk.store.pages(1, 1)


def test_a_page_is_packed_anew_before_the_one_it_is_packed_with_goes(desk: Kept) -> None:
    """A clock that was set back makes the older version's page the younger one."""
    desk.clock.move(100 * DAY)
    edit(desk, page(0))
    desk.clock.move(-50 * DAY)
    edit(desk, page(1))
    desk.clock.move(60 * DAY)
    edit(desk, page(2))
    desk.store.maintain(keep_pages=40 * DAY)
    assert list(packed_rows(desk.store)) == [1, 3]
    assert bodies(desk, 1, 3) == [page(0), page(2)]
    assert packed_rows(desk.store)[1][2] is None


def test_a_dictionary_leaves_pages_that_are_packed_with_others_alone(
    desk: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sqlite.database.packing.ENOUGH", 10)
    received = [page(version, paragraphs=20) for version in range(5)]
    for body in received:
        edit(desk, body)
    desk.poll(*(new(f"b{number}") for number in range(10)))
    for number in range(10):
        other = RawPage(
            url="https://paper.example/b", content_type=None, body=page(0, number=number), fetched_at=desk.now
        )
        desk.fetch(Extraction(text=f"b{number}"), page=other)
    desk.store.maintain()
    edit(desk, page(9, paragraphs=20))
    assert bodies(desk, 1, 2, 3, 4, 5, 6) == [*received, page(9, paragraphs=20)]


def test_an_article_that_goes_takes_the_pages_of_all_versions_with_it(desk: Kept) -> None:
    for version in range(3):
        edit(desk, page(version))
    desk.store.delete_articles([1], now=desk.now)
    assert packed_rows(desk.store) == {}
    assert desk.store.integrity() == ()


STEPS = st.lists(st.sampled_from(["edit", "edit", "edit", "renew", "no page", "forget", "clock back"]), max_size=24)


@settings(deadline=None, max_examples=times(20, 400))
@given(steps=STEPS, seed=st.integers(0, 9))
def test_whatever_happens_each_page_comes_back_as_it_was_received(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], seed: int
) -> None:
    clock, rng = FixedClock(), random.Random(seed)
    with open_store(tmp_path_factory.mktemp("kept") / "wireroom.db", clock=clock) as store:
        desk = Kept(store, clock)
        desk.subscribe(FEED)
        desk.poll(new("a"))
        expected: dict[int, tuple[bytes, datetime]] = {}
        revision = 0
        for count, step in enumerate(["edit", *steps]):
            if step == "forget":
                limit = rng.randint(1, 9) * HOUR
                store.forget_pages(limit)
                expected = {number: kept for number, kept in expected.items() if not kept[1] < desk.now - limit}
            elif step == "clock back":
                clock.move(-rng.randint(1, 5) * HOUR)
            else:
                body = page(count, paragraphs=6) if step != "no page" else None
                revision += step != "renew"
                if body is not None:
                    expected[revision] = (body, desk.now)
                edit(desk, body, text=f"{count}", is_revision=step != "renew")
        for number in range(1, revision + 1):
            if number in expected:
                assert store.pages(1, number)[0].body == expected[number][0]
            else:
                with pytest.raises(NotFound):
                    store.pages(1, number)


@settings(deadline=None)
@given(body=st.binary(max_size=4000), prefix=st.binary(max_size=4000))
def test_any_bytes_come_back_behind_any_others(body: bytes, prefix: bytes) -> None:
    row = {"body": packed_after(body, prefix), "raw_bytes": len(body), "dictionary": None}
    assert unpacked(row, prefix) == body
    assert unpacked({**row, "body": packed(body)}) == body
