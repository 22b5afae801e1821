"""What is filed comes back as it was, whatever characters, times and lengths it has."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from contracts.desk import Desk, keyed
from fakes import NOON, FixedClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patience import times

from scraper.model import (
    ArticleFilter,
    Enclosure,
    EntryDecision,
    Extraction,
    Image,
    Link,
    ParsedEntry,
)
from scraper.text.words import word_count
from store import Store, open_store
from store.sqlite.database.columns import to_instant, to_text
from store.sqlite.work.lifecycle import plain_text

texts = st.text(max_size=30)
names = st.lists(texts, max_size=3).map(tuple)
maybe = st.none() | texts
instants = st.none() | st.datetimes(timezones=st.just(UTC))
images = st.builds(Image, url=texts, alt=maybe, caption=maybe, credit=maybe)
extractions = st.builds(
    Extraction,
    title=maybe,
    byline=names,
    published_at=instants,
    updated_at=instants,
    section=maybe,
    site_name=maybe,
    language=maybe,
    summary=maybe,
    image=st.none() | images,
    images=st.lists(images, max_size=2).map(tuple),
    canonical_url=maybe,
    html=texts,
    markdown=texts,
    text=texts | st.text("東京 ａｶﾞtext\u0301กรุ", max_size=30),
    related=st.lists(st.builds(Link, url=texts, title=texts), max_size=2).map(tuple),
    agencies=names,
    kind=st.sampled_from(["article", "gallery", "paywalled"]),
    reason=maybe,
)
entries = st.builds(
    ParsedEntry,
    title=maybe,
    authors=names,
    published_at=instants,
    updated_at=instants,
    summary_html=maybe,
    content_html=maybe,
    categories=names,
    enclosures=st.lists(
        st.builds(Enclosure, url=texts, type=maybe, length=st.none() | st.integers(0, 2**40)), max_size=2
    ).map(tuple),
    comments_url=maybe,
    image_url=maybe,
    language=maybe,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path: Path = tmp_path_factory.mktemp("records") / "wireroom.db"
    clock = FixedClock()
    with open_store(path, clock=clock) as store:
        yield Desk(store, clock)
        assert store.integrity() == ()


numbers = itertools.count()


@settings(max_examples=times(60, 600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=extractions, second=extractions)
def test_extractions_round_trip(desk: Desk, first: Extraction, second: Extraction) -> None:
    key = f"https://paper.example/{next(numbers)}"
    article_id = desk.store.save_address(key, key, now=desk.now)
    desk.fetch(first, next_fetch_at=desk.now)
    assert desk.fetch(second, next_fetch_at=desk.now).current == first
    assert desk.fetch().current == second
    record = desk.store.article(article_id)
    assert (record.title, record.byline, record.text, record.images) == (
        second.title,
        second.byline,
        second.text,
        second.images,
    )


@settings(max_examples=times(60, 600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=entries)
def test_entries_come_back_as_hints(desk: Desk, entry: ParsedEntry) -> None:
    desk.subscribe("https://paper.example/feed")
    desk.store.request_polls(None, now=desk.now)
    key = f"https://paper.example/{next(numbers)}"
    found = keyed(key)
    found = type(found)(entry=entry, keys=found.keys, article_key=key)
    desk.poll(EntryDecision(keyed=found, action="file", rule="new-entry"))
    hints = desk.fetch().hints
    for name in (
        "title",
        "authors",
        "published_at",
        "updated_at",
        "summary_html",
        "content_html",
        "image_url",
        "language",
    ):
        assert getattr(hints, name) == getattr(entry, name)
    record = desk.store.article(desk.store.find_article_id(key))
    assert record.enclosures == tuple(dict.fromkeys(entry.enclosures))


@given(
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3.5))])).filter(
        lambda at: 2 <= at.year <= 9998
    )
)
def test_instants_round_trip_at_one_width(at: datetime) -> None:
    text = to_text(at)
    assert to_instant(text) == at
    assert len(text) == 27


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=5))
def test_instants_sort_as_text(instants: list[datetime]) -> None:
    assert sorted(map(to_text, instants)) == [to_text(at) for at in sorted(instants)]


def test_lone_surrogates_are_replaced(tmp_path: Path) -> None:
    with open_store(tmp_path / "wireroom.db") as store:
        desk = Desk(store, FixedClock())
        store.save_address("https://paper.example/\ud800", "https://paper.example/\ud800", now=NOON)
        desk.fetch(Extraction(title="a\ud800b", byline=("\udfff",), text="東京\ud800都"))
        record = store.article(1)
        assert (record.title, record.byline, record.text) == ("a?b", ("?",), "東京?都")
        assert store.find_article_id("https://paper.example/\ud800") == 1
        assert Desk(store, FixedClock()).listed(tag="\ud800") == []
        assert store.delete_articles([1], now=NOON) == 1
        assert store.integrity() == ()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (None, None),
        ("", None),
        ("<p> </p>", None),
        ("Plain &amp; simple", "Plain & simple"),
        ("<p>One</p><p>two</p>", "One two"),
        ("a<script>b</script>c<style type='x'>d</style>e", "a c e"),
        ("a<SCRIPT>b<style>c</style></script >d</script>e", "a d e"),
        ("a<script>b", "a b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<b>W</b>ord by <i class='x'>wo</i>rd, dampf&shy;schiff, foo<wbr/>bar", "Word by word, dampfschiff, foobar"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_summaries_are_plain(markup: str | None, text: str | None) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize("markup", ["<" * 10**6, "<script" * 10**5, "<!--" * 10**5, "&" * 10**6, "<script>" * 10**5])
def test_hostile_summaries_cost_little(markup: str) -> None:
    plain_text(markup)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one two\n\nthree", 3),
        ("นายกรัฐมนตรีเดินทางถึงกรุงเทพเมื่อวานนี้", 8),
        ("Thai: กรุงเทพ และ Bangkok", 5),
        ("東京都", 3),
        ("東京 Tower", 3),
        ("서울에서 회견", 2),
        ("ガス", 2),
        ("Анна — там", 3),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert word_count(text) == count


def test_records_are_read_in_batches(tmp_path: Path) -> None:
    with open_store(tmp_path / "wireroom.db", clock=FixedClock(NOON + timedelta(hours=1))) as store:
        _save_many(store, 250)
        assert [record.id for record in store.records(ArticleFilter())] == list(range(1, 251))
        assert len(list(store.records(ArticleFilter(changed_after=200)))) == 50


def _save_many(store: Store, count: int) -> None:
    for number in range(count):
        key = f"https://paper.example/{number}"
        store.save_address(key, key, now=NOON)
