"""Contract: any string is a valid query; words of every script are found."""

from __future__ import annotations

import pytest
from contracts.desk import Desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.model import ArticleFilter, Extraction, Image

RUSSIAN = "Вальдемар приехал в Санкт-Петербург, ещё вчера."
GERMAN = "Die Größe der Straße überrascht die Behörden in Łódź."
JAPANESE = "東京都は新型ｺﾛﾅ対策としてNATOの首脳とガバナンスを協議した。"
CHINESE = "国家主席在北京会见了客人"
KOREAN = "대통령은 서울에서 기자회견을 열었다"
THAI = "นายกรัฐมนตรีเดินทางถึงกรุงเทพ"
ENGLISH = "The Kremlin’s spokesman said “no comment” to co-workers; the café didn't open."
UKRAINIAN = "Новий комп\u02bcютер уже тут"
TEXTS = (RUSSIAN, GERMAN, JAPANESE, CHINESE, KOREAN, THAI, ENGLISH, UKRAINIAN)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("вальдемар", RUSSIAN),
        ("ВАЛЬДЕМАР приехал", RUSSIAN),
        ("еще", RUSSIAN),
        ("Ещё", RUSSIAN),
        ("приёхал", RUSSIAN),
        ("Петербург", RUSSIAN),
        ("größe", GERMAN),
        ("GRÖßE", GERMAN),
        ("uberrascht", GERMAN),
        ("ŁÓDŹ", GERMAN),
        ("東京", JAPANESE),
        ("京都", JAPANESE),
        ("コロナ", JAPANESE),
        ("ガバ", JAPANESE),
        ("都", JAPANESE),
        ("した", JAPANESE),
        ("た。", JAPANESE),
        ("nato", JAPANESE),
        ("NATOの首脳", JAPANESE),
        ("東京 首脳", JAPANESE),
        ("NATO 首脳", JAPANESE),
        ("北京", CHINESE),
        ("客人", CHINESE),
        ("서울", KOREAN),
        ("자회", KOREAN),
        ("กรุงเทพ", THAI),
        ("มนตรี", THAI),
        ("Kremlin's", ENGLISH),
        ("kremlin’s", ENGLISH),
        ('"no comment"', ENGLISH),
        ("“no comment”", ENGLISH),
        ("«no comment»", ENGLISH),
        ("co-workers", ENGLISH),
        ("cafe didn’t", ENGLISH),
        ("café", ENGLISH),
        ("комп'ютер", UKRAINIAN),
        ("комп’ютер", UKRAINIAN),
        ("комп\u02bcютер", UKRAINIAN),
    ],
)
def test_words_are_found_in_every_script(desk: Desk, query: str, text: str) -> None:
    ids = desk.file(*TEXTS)
    assert desk.search(query) == [ids[TEXTS.index(text)]]
    assert desk.store.count_articles(ArticleFilter(query=query)) == 1


@pytest.mark.parametrize(
    "query", ["東都", "京は新型コロナ対", "脳首", "comment no", "natos", "kremlin вальдемар", "大阪"]
)
def test_what_is_not_there_is_not_found(desk: Desk, query: str) -> None:
    desk.file(*TEXTS)
    assert desk.search(f'"{query}"' if " " in query and query.isascii() else query) == []


def test_exclusions_and_phrases(desk: Desk) -> None:
    both, only = desk.file("alpha beta gamma", "alpha gamma")
    assert desk.search("alpha -beta") == [only]
    assert desk.search('alpha -"beta gamma"') == [only]
    assert desk.search('"beta gamma"') == [both]
    assert desk.search('"alpha gamma"') == [only]
    assert desk.search("alpha −beta") == [only]
    assert desk.search("alpha-beta") == [both]
    assert sorted(desk.search("alpha - beta")) == [both]
    assert desk.search("-beta") == []


def test_exclusions_in_scripts_without_spaces(desk: Desk) -> None:
    tokyo, osaka = desk.file("東京で会談", "大阪で会談")
    assert desk.search("会談 -東京") == [osaka]
    assert desk.search("会談 -京") == [osaka]
    assert desk.search("で") == sorted([tokyo, osaka], reverse=True)


def test_all_indexed_fields_are_searched(desk: Desk) -> None:
    key = "https://paper.example/x"
    article_id = desk.store.save_address(key, key, now=desk.now)
    image = Image(url="https://paper.example/x.jpg", credit="Fotograf Müller")
    desk.fetch(
        Extraction(title="Tïtle", byline=('Ann "Q" O’Hara',), section="体育", site_name="Blatt", text="x", image=image)
    )
    for query in ("title", "o'hara", "ann q", "muller", "体育", "blatt", '"fotograf müller"'):
        assert desk.search(query) == [article_id]
    assert desk.search("paper.example") == []


def test_hits_are_newest_first_and_carry_a_marked_passage(desk: Desk) -> None:
    ids = desk.file("eins " * 100 + "Kremlin’s zwei", "Kremlin’s eins")
    found = desk.store.find_articles(ArticleFilter(query="kremlin's"))
    assert [line.id for line in found] == sorted(ids, reverse=True)
    for line in found:
        assert line.snippet is not None
        assert "\x02Kremlin’s\x03" in line.snippet
        assert len(line.snippet) < 300


@pytest.mark.parametrize(
    ("query", "marked"), [("首脳", "\x02首脳\x03"), ("nato", "\x02NATO\x03"), ("コロナ", "\x02ｺﾛﾅ\x03")]
)
def test_passages_of_scripts_without_spaces_are_marked(desk: Desk, query: str, marked: str) -> None:
    desk.file(JAPANESE)
    (line,) = desk.store.find_articles(ArticleFilter(query=query))
    assert line.snippet is not None
    assert marked in line.snippet


def test_index_follows_edits_and_deletions(desk: Desk) -> None:
    (article_id,) = desk.file("東京で alpha")
    desk.store.request_fetches([article_id], now=desk.now)
    desk.fetch(Extraction(title="Title 0", text="大阪で beta"))
    assert (desk.search("東京"), desk.search("alpha")) == ([], [])
    assert (desk.search("大阪"), desk.search("beta")) == ([article_id], [article_id])
    desk.store.delete_articles([article_id], now=desk.now)
    assert (desk.search("大阪"), desk.search("beta")) == ([], [])


@pytest.mark.parametrize(
    "query",
    ["", " ", '"', '""', "-", "--", "*", "AND", "NOT", "a AND", "OR b", "NEAR(a b)", "title:x", "^a", "a*", "(", ")", "{x}",
     "a\0b", "\ud800", "'; DROP TABLE articles; --", "x" * 100_000, "a " * 5000, "\u0301", "👍", "\"a\" \"b", "-\"", "+", "\\"],
)  # fmt: skip
def test_odd_queries_are_words(desk: Desk, query: str) -> None:
    desk.file("alpha")
    assert desk.search(query) == []
    assert desk.store.count_articles(ArticleFilter(query=query)) == 0
    assert list(desk.store.records(ArticleFilter(query=query))) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), max_size=20) | st.text("ab\"'-* ()東京都กรุ\u0301:^", max_size=20))
def test_any_string_is_a_query(desk: Desk, query: str) -> None:
    desk.search(query)
