"""Contract: what is alike is alike in words, phrases and prefixes; what says where a word stands is no word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from contracts.desk import Desk
from contracts.test_search_language import saved

from scraper.model import ArticleFilter, Extraction, Image

PICTURE = Image(url="https://paper.example/p.jpg")
DAY = datetime(2026, 5, 17, 8, tzinfo=UTC)
#: As long as a paragraph without a sign in it.
LONG = "ตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำตลาดน้ำ"


@pytest.mark.parametrize(
    ("facts", "words", "fields"),
    [
        ({"image": PICTURE, "text": "a quay"}, ["img", "has_image", "image", "has"], ["has:image"]),
        ({"text": "IMG signs, img and has_image"}, [], []),
        (
            {"published_at": DAY, "text": "a quay"},
            ["y2026", "t202", "m202605", "d20260517", "d_202", "2026", "202"],
            ["after:2026-05-17", "before:2026-05-18"],
        ),
        ({"language": "zh-Hant-TW", "text": "a quay"}, ["lang_zh", "lang", "zh", "hant"], ["lang:zh"]),
        ({"byline": ("Ann",), "title": "Quay"}, ["b_ann", "t_quay", "b", "t", "s_paper1"], ["by:ann", "title:quay"]),
    ],
)
def test_what_tells_where_and_how_is_no_word(
    desk: Desk, facts: dict[str, object], words: list[str], fields: list[str]
) -> None:
    number = saved(desk, 1, **facts)
    other = saved(desk, 2, text="another")
    assert {query: desk.search(query) for query in words} == {query: [] for query in words}
    assert {query: number in desk.search(query) for query in fields} == dict.fromkeys(fields, True)
    if not fields:
        assert desk.search("img") == [number]
        assert desk.search("has:image") == []
        assert desk.search("-has:image quay OR another OR img") == [other, number]


@pytest.mark.parametrize(
    ("text", "queries", "others"),
    [
        ("Wyścig w Łodzi: Łódź górą", ["łód*", "lod*", "LÓDŹ*", '"lodz gora"', '"w łodzi łódź"', "lodz-gora"], ["lodn*"]),
        ("Smørrebrød på Nørrebro", ["smorre*", "SMØRRE*", '"smorrebrod pa norrebro"', "nørr*"], ["smoerre*", '"pa smorrebrod"']),
        ("Die STRASSENBAHN, in der Weißstraße", ["straßen*", "strass*", "weißs*", "weiss*", '"in der weissstrasse"'], ["strasz*"]),
        ("Η Αθήνα και ο Πειραιάς", ["αθην*", "ΑΘΉΝ*", "πειραι*", '"η αθηνα"', '"Ο ΠΕΙΡΑΙΑΣ"'], ["αθεν*", '"πειραιασ και"']),
        ("قال مُحَمَّد إنه يكتـــب", ["محم*", "مُحَ*", '"قال محمد"', '"إنه يكتب"'], ["محب*"]),
        ("שָׁלוֹם לכולם", ["שלו*", '"שלום לכולם"'], ["שלט*"]),
        ("हिन्दी समाचार पत्र", ["हिन्*", "हिन्दी*", "समाचा*", '"हिन्दी समाचार"'], ["हिना*", '"हान्दा समाचार"', "हनद*"]),
        ("বাংলাদেশের খবর", ["বাংলা*", '"বাংলাদেশের খবর"'], ["বাংলি*"]),
        ("தமிழ் செய்திகள்", ["தமி*", "செய்*", '"தமிழ் செய்திகள்"'], ["தமு*"]),
        ("ދިވެހި ބަސް", ["ދިވެ*", '"ދިވެހި ބަސް"'], ["ދިވު*", "ދވހ*"]),
        ("አማርኛ ዜና", ["አማር*", '"አማርኛ ዜና"'], ["አማራ*"]),
        ("Ｔｏｋｙｏ２０２０ ｶﾞｽ", ["tokyo*", "ｔｏｋ*", '"tokyo2020"', "ガス", "tokyo2020-ガス"], ["kyo*"]),
        ("Новости: ещё одна ёлка", ["елк*", "ЁЛК*", '"еще одна"', '"ещё одна елка"'], ["ёлн*"]),
        ("Straße und ﬁnale, œuvre", ["fina*", "oeuv*", "œuv*", '"finale oeuvre"'], ["ouv*"]),
        ("東京NATO会談、ソニーのPlayStationが", ["nat*", "NATO", "playst*", "東京nat*", '"東京 nato 会談"', "NATO会"], ["ato*", '"nato play*"', "京nata*"]),
        ("İstanbul’da ışık", ["istan*", "isik*", '"istanbul da isik"', "istanbul'd*"], ["stan*"]),
        ("Đà Nẵng và Huế", ["da nan*", '"da nang va hue"', "đà*"], ["dn*"]),
        ("Новий комп\u02bcютер", ["комп'ют*", '"комп’ютер"', "комп*"], ["компют*"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["title", "text"])
def test_prefixes_and_phrases_fold_letters_as_words_do(
    desk: Desk, text: str, queries: list[str], others: list[str], column: str
) -> None:
    number = saved(desk, 1, **{"title": "x", "text": "y", column: f"{text} zebra"})
    other = saved(desk, 2, text="zebra alone")
    for query in queries:
        assert desk.search(query) == [number], query
        assert desk.store.count_articles(ArticleFilter(query=query)) == 1, query
        assert desk.search(f"zebra -{query}" if " " not in query or query[0] == '"' else "alone") == [other], query
        assert desk.search(f"nowhere OR {query}")[-1:] == [number], query
        if " " not in query.strip('"'):
            assert desk.search(f"title:{query}") == ([number] if column == "title" else []), query
    for query in others:
        assert desk.search(query) == [], query
        assert desk.search(f"zebra -{query}") == [other, number], query


def test_words_do_not_reach_over_texts(desk: Desk) -> None:
    saved(desk, 1, title="Łódź", text="górą", byline=("Ann Łoś",), section="東京", site_name="都")
    for query in ('"lodz gora"', "title:lodz-gora", "東京都", '"gora lodz"'):
        assert desk.search(query) == [], query


@pytest.mark.parametrize(
    "sign", ["", "。", " ", "a"], ids=["in one run", "behind a stop", "behind a blank", "behind a letter"]
)
@pytest.mark.parametrize("query", ["เชียงใหม่", '"เชียงใหม่"', "title:เชียงใหม่", "เชียงให*"])
def test_runs_are_searched_to_their_end(desk: Desk, sign: str, query: str) -> None:
    number = saved(desk, 1, title=f"{LONG * 3}{sign}เชียงใหม่", language="th")
    saved(desk, 2, title=f"{LONG * 3}เชียงราย ใหม่ งใ", language="th")
    assert desk.search(query) == [number]


def test_parts_of_names_are_side_by_side(desk: Desk) -> None:
    number = saved(desk, 1, byline=("東京都新聞",), agencies=("共同通信社",), section="国際経済")
    saved(desk, 2, byline=("東京・京都",), agencies=("共同 同通 通信",), section="国際 際経")
    for query in ("by:東京都", "agency:同通信", "section:国際経", "by:東京都*"):
        assert desk.search(query) == [number], query


def test_names_are_found_by_how_they_begin(desk: Desk) -> None:
    number = saved(
        desk, 1, byline=("Ann Łosowska",), site_name="Gazeta Łódzka", section="Świat", agencies=("PAP Żółw",), language="pl"
    )  # fmt: skip
    for query in ("by:loso*", "by:ŁOS*", "site:lodz*", "section:swi*", "agency:zol*", "agency:pap", "by:ann-los*"):
        assert desk.search(query) == [number], query
    for query in ("by:osow*", "site:gazo*", "agency:zola*", "by:los", "by:los-an*"):
        assert desk.search(query) == [], query


@pytest.mark.parametrize(
    ("language", "queries", "others"),
    [
        ("zh-Hant-TW", ["zh", "zh-hant", "ZH_Hant", "zh-Hant-TW"], ["zh-han", "zh-tw", "zh-hant-t", "z"]),
        ("sr-Latn", ["sr", "sr-latn"], ["sr-latn-rs"]),
        ("pt_BR", ["pt", "pt-br", "pt_br"], ["pt-b"]),
        ("de-DE-u-co-phonebk", ["de", "de-de", "de-de-u-co"], ["de-co"]),
        ("en-x-web", ["en", "en-x-web"], ["x"]),
    ],
)
def test_a_language_is_found_by_its_first_parts(
    desk: Desk, language: str, queries: list[str], others: list[str]
) -> None:
    number = saved(desk, 1, language=language, text="Elections")
    saved(desk, 2, language="fr")
    for query in queries:
        assert desk.search(f"lang:{query}") == [number], query
        assert desk.store.query_faults(f"lang:{query}") == ()
    for query in others:
        assert desk.search(f"lang:{query}") == [], query


def test_earlier_versions_are_found_by_how_a_word_begins(desk: Desk) -> None:
    (number,) = desk.file("the minister denied it in Łódź")
    desk.store.request_fetches([number], now=desk.now)
    desk.fetch(Extraction(title="Title 0", text="the minister admits it"), rule="page-edited")
    for query in ("was:deni*", "was:denied*", "was:lod*", "was:Łód*"):
        assert desk.search(query) == [number], query
    for query in ("was:admi*", "was:enied*"):
        assert desk.search(query) == [], query
