"""News agencies in bylines, datelines and credits."""

from __future__ import annotations

import pytest

from scraper.extract.words.agencies import agencies_of

DATELINES = {
    "BERLIN (dpa) - Der Bundestag hat beschlossen": ("dpa",),
    "PARIS, 5 mars (AFP) - Le gouvernement a": ("AFP",),
    "MOSCOW, March 5. /TASS/. The ministry said": ("TASS",),
    "МОСКВА, 5 мар - РИА Новости. Президент подписал": ("RIA Novosti",),
    "【北京共同】中国外務省は": ("Kyodo",),
    "[東京 5日 ロイター] - 日銀は": ("Reuters",),
    "(서울=연합뉴스) 홍길동 기자 = 정부는": ("Yonhap",),
    "新华社北京3月5日电（记者 张三）国务院": ("Xinhua",),
    "Madrid, 5 mar (EFE).- El Gobierno": ("EFE",),
    "(ANSA) - ROMA, 05 MAR - Il governo": ("ANSA",),
    "KYIV. March 5 (Interfax-Ukraine) – The": ("Interfax",),
    "Stockholm (TT) – Regeringen": ("TT",),
    "The report on the AP (see also Reuters Institute) was long": (),
    "A house style differs from AP style in little": (),
}
ENDINGS = {
    "The last sentence. (Reuters)": ("Reuters",),
    "Der letzte Satz. (dpa/afp/jmu)": ("dpa", "AFP"),
    "Der letzte Satz. Quelle: dpa": ("dpa",),
    "Sidste sætning. /ritzau/": ("Ritzau",),
    "The last sentence.\n\nSource: AFP": ("AFP",),
    "Последнее предложение.\n\nИсточник: ТАСС": ("TASS",),
    "Der letzte Satz.\n\nMit Material von AFP und Reuters": ("AFP", "Reuters"),
    "The last sentence. (With inputs from PTI)": ("Press Trust of India",),
    "The last sentence.\n\n— Reuters": ("Reuters",),
    "Der letzte Satz.\n\n© dpa-infocom, dpa:240305-99-123/4": ("dpa",),
    "日本銀行は緩和を続ける。（ロイター）": ("Reuters",),
    "Der Platz am Abend (Foto: dpa)": (),
    "The ANI report said so.": (),
}


@pytest.mark.parametrize(("text", "expected"), DATELINES.items())
def test_a_dateline_names_its_agency(text: str, expected: tuple[str, ...]) -> None:
    assert agencies_of((), f"{text} and more of the story follows here.\n\nSecond paragraph of it.") == expected


@pytest.mark.parametrize(("text", "expected"), ENDINGS.items())
def test_a_credit_at_the_end_names_its_agency(text: str, expected: tuple[str, ...]) -> None:
    assert agencies_of((), "The first paragraph.\n\n" + text) == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        (("Jan Muster", "dpa"), ("dpa",)),
        (("FR mit dpa",), ("dpa",)),
        (("Reuters Staff", "AP Müller"), ("Reuters",)),
        ((), ()),
    ],
)
def test_an_agency_that_signs_is_named(byline: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert agencies_of(byline, "A story.") == expected
