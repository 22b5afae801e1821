"""The index of searches: built for archives from before it, and never left with terms of what is gone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from contracts.desk import Desk
from fakes import NOON, FixedClock
from hypothesis import example, given
from hypothesis import strategies as st
from sqlite_utils import Database

from scraper.model import ArticleFilter, Extraction
from store import open_store
from store.sqlite.schema.migrations import migrations
from store.sqlite.search.folding import flat, folded, is_plain, lowered, places, tokens
from store.sqlite.search.terms import days_from, days_until, facets, hosts_above, words_of


def found(desk: Desk, query: str) -> list[int]:
    return [line.id for line in desk.store.find_articles(ArticleFilter(query=query))]


def rows_of_index(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_stems, row)")
        return db.execute("SELECT term, doc FROM words ORDER BY term").fetchall()


def test_an_index_is_built_bit_by_bit(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path, clock=FixedClock()) as store:
        desk = Desk(store, FixedClock())
        ids = desk.file(*(f"alpha number{number} 東京" for number in range(130)))
        edit(desk, ids[0], "beta")
        assert store.index_more() == 0
    before = rows_of_index(path)
    empty_index(path)
    with open_store(path, clock=FixedClock()) as store:
        desk = Desk(store, FixedClock())
        assert (store.not_indexed(), found(desk, "東京")) == (130, [])
        # Words as they are written are found meanwhile.
        newest_first = sorted(ids[1:], reverse=True)
        assert found(desk, "alpha") == found(desk, '"alpha" num* -beta') == newest_first
        assert (found(desk, "numbers"), found(desk, "alpha lang:en")) == ([], [])
        assert store.count_articles(ArticleFilter(query="alpha OR beta")) == 130
        assert store.index_more() == 100
        assert len(found(desk, "東京")) in (99, 100)
        assert found(desk, "alpha") == newest_first
        assert (store.not_indexed(), store.index_more(), store.index_more()) == (30, 30, 0)
        assert store.not_indexed() == 0
        assert found(desk, "was:alpha") == ids[:1]
        assert store.integrity() == ()
    assert rows_of_index(path) == before


def test_an_archive_from_before_the_index_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = Database(path)
    migrations.apply(old, stop_before="search_by_stems")
    old.execute("INSERT INTO hosts (name) VALUES ('n.example')")
    old.execute(
        """INSERT INTO articles (title, status, first_seen_at, change_seq, host_id, url, article_key, text, language)
        VALUES ('Old', 'full', '2026-01-01T00:00:00.000000Z', 1, 1, 'https://n.example/', 'k', 'elections 東京', 'en')"""
    )
    old.conn.commit()
    old.close()
    with open_store(path, clock=FixedClock()) as store:
        desk = Desk(store, FixedClock())
        assert found(desk, "election") == found(desk, "東京 lang:en before:2026-02") == [1]


def test_what_is_edited_while_the_index_is_built_is_in_it_once(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path, clock=FixedClock()) as store:
        first, second = Desk(store, FixedClock()).file("alpha", "alpha")
    empty_index(path)
    with open_store(path, clock=FixedClock()) as store:
        desk = Desk(store, FixedClock())
        edit(desk, first, "edited")
        assert (found(desk, "edited"), store.not_indexed()) == ([first], 1)
        assert (store.index_more(), store.index_more()) == (1, 0)
        assert (found(desk, "alpha"), found(desk, "edited")) == ([second], [first])
        store.delete_articles([first, second], now=NOON)
    assert rows_of_index(path) == []


def test_articles_that_the_index_lacks_are_counted_and_put_in(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path, clock=FixedClock()) as store:
        ids = Desk(store, FixedClock()).file("alpha 東京", "alpha", "alpha")
    before = rows_of_index(path)
    with closing(sqlite3.connect(path)) as db, db:  # as imports left it once
        db.execute("INSERT INTO articles_stems (articles_stems) VALUES ('delete-all')")
        db.execute("DELETE FROM article_facets")
    with open_store(path, clock=FixedClock()) as store:
        desk = Desk(store, FixedClock())
        assert (found(desk, "東京"), store.status().not_indexed, store.index_more()) == ([], 3, 0)
        store.maintain()
        assert (store.not_indexed(), store.index_more(), store.index_more()) == (3, 3, 0)
        assert (found(desk, "東京"), store.status().not_indexed) == (ids[:1], 0)
    assert rows_of_index(path) == before


def test_an_index_of_other_rules_is_built_again(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path, clock=FixedClock()) as store:
        first, second = Desk(store, FixedClock()).file("alpha 東京", "alpha")
    before = rows_of_index(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO articles_stems (rowid, terms) VALUES (1, 'stale')")
        db.execute("UPDATE search_index SET version = 'other'")
    with open_store(path, clock=FixedClock()) as store:
        assert (store.not_indexed(), store.index_more()) == (0, 0)
        assert found(Desk(store, FixedClock()), "alpha") == sorted([first, second], reverse=True)
    assert rows_of_index(path) == before


@pytest.mark.parametrize("count", [3, 600])
def test_an_index_that_another_program_made_anew_is_built_again(tmp_path: Path, count: int) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path, clock=FixedClock()) as store:
        ids = Desk(store, FixedClock()).file(*["alpha 東京"] * count)
    before = rows_of_index(path)
    with closing(Database(path)) as db:
        for name in ("articles_fts", "articles_stems", "articles_words"):
            db[name].rebuild_fts()  # type: ignore[union-attr]  # tables all
    assert rows_of_index(path) == []
    with open_store(path, clock=FixedClock()) as store:
        desk = Desk(store, FixedClock())
        assert found(desk, "東京")[:2] == sorted(ids)[:-3:-1]
        while store.index_more():
            pass
        assert found(desk, "東京") == sorted(ids, reverse=True)
    assert rows_of_index(path) == before


def empty_index(path: Path) -> None:
    """Leave the archive as a large one is once it has been migrated."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO articles_stems (articles_stems) VALUES ('delete-all')")
        db.execute("DELETE FROM article_facets")
        db.execute("DELETE FROM search_languages")
        db.execute("UPDATE search_index SET indexed_from = (SELECT max(id) + 1 FROM articles)")


def edit(desk: Desk, article_id: int, text: str) -> None:
    desk.store.request_fetches([article_id], now=desk.now)
    assert desk.fetch(Extraction(title="Other", text=text), rule="page-edited").id == article_id


def test_nothing_stays_of_articles_that_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "wireroom.db"
    with open_store(path, clock=FixedClock()) as store:
        desk = Desk(store, FixedClock())
        ids = desk.file("alpha 東京 café", "beta")
        store.request_fetches(ids, now=desk.now)
        for _ in ids:
            desk.fetch(Extraction(title="Other", text="gamma Häuser", language="de"), rule="page-edited")
        store.set_starred(ids, True, now=desk.now)
        assert rows_of_index(path)
        store.delete_articles(ids, now=NOON + timedelta(days=1))
    assert rows_of_index(path) == []


def test_facets_and_words_of_a_row() -> None:
    row = {
        "title": "Elections", "byline": '["Ann"]', "credit": None, "section": None, "site_name": "The Post",
        "text": "Election of a mayor. Mayor, mayor! 東京", "language": "en", "agencies": "[]", "image_url": None,
        "images": "[]", "published_at": None, "first_seen_at": "2026-01-15T12:00:00.000000Z",
        "url": "https://www.news.example.co.uk/a",
    }  # fmt: skip
    terms = words_of(row).terms
    assert {"elect", "t_elect", "mayor", "o_mayor", "東", "京", "東京", "b_ann", "n_post", "ann"} <= terms
    assert {"t_mayor", "elections", "o_a"}.isdisjoint(terms)
    assert facets(row, [7], ["World News"]) == {
        "f_7", "g_world_news", "s_news.example.co.uk", "s_example.co.uk", "s_co.uk", "lang_en", "d_202", "d_2026",
        "d_202601", "d_20260115",
    }  # fmt: skip


@pytest.mark.parametrize("host", ["", "localhost", "a.example", "[::1]", "..", "ä.example"])
def test_any_host_has_a_name(host: str) -> None:
    assert all('"' not in name and " " not in name for name in hosts_above(host))


_DAYS = st.dates(date(1600, 1, 1), date(2099, 12, 31))


@given(st.dates(), _DAYS)
@example(date(179, 1, 1), date(1789, 1, 1))
def test_a_day_is_before_another_or_not(day: date, other: date) -> None:
    own = {f"d_{other.year // 10}", f"d_{other.year}", f"d_{other:%Y%m}", f"d_{other:%Y%m%d}"}
    assert own.isdisjoint(days_until(day)) is (other >= day)
    assert own.isdisjoint(days_from(day)) is (other < day)


@given(st.text(max_size=80))
def test_folding_is_settled(text: str) -> None:
    once = lowered(text)
    assert lowered(once) == once
    for token in tokens(text):
        assert token
        assert " " not in folded(token)
    assert flat(tokens(text)) == flat(tokens(text.upper())) or not text.isascii()
    for place in places(text):
        assert 0 <= place.start < place.end <= len(text)


def own_words(texts: list[str]) -> list[str]:
    """Return the words that SQLite's own tokenizer makes of each text, a blank between and around them."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
        db.execute("CREATE VIRTUAL TABLE words USING fts5vocab(texts, instance)")
        db.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(texts))
        found: dict[int, list[str]] = {}
        for number, word in db.execute("SELECT doc, term FROM words ORDER BY doc, offset"):
            found.setdefault(number, []).append(word)
    return [f" {' '.join(found.get(number, ()))} " for number in range(len(texts))]


def test_sqlite_makes_the_same_words_of_plain_texts() -> None:
    signs = [chr(code) for code in range(1, 0x11000) if not 0xD800 <= code < 0xE000 and is_plain(chr(code))]
    assert len(signs) > 1500
    texts = [f"xa{sign}bx {sign}" for sign in signs]
    assert own_words(texts) == [flat(tokens(text)) for text in texts]
    for text in ("Łódź", "smørrebrød", "Straße", "ещё", "αθήνα", "हिन्दी", "مُحَمَّد", "東京", "ﬁne", "е\u0301", "w" * 65):
        assert not is_plain(text), text


@given(st.lists(st.text("aÉöñÅйїҐשسč’“-–… \n\t1٣_" + "ßøłёά\u0301東ـ", max_size=12), min_size=1, max_size=8))
def test_what_sqlite_makes_of_a_text_is_known(texts: list[str]) -> None:
    made = own_words(texts)
    for text, words in zip(texts, made, strict=True):
        assert not is_plain(text) or words == flat(tokens(text)), text
