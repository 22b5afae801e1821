"""Decoding by the rules of the HTML standard."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import times

from scraper.extract.page.decode import declared_encoding, decode_html, encoding_of_header
from scraper.extract.page.encoding_labels import _LABELS, codec_of


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"<meta charset=iso-8859-2>", "iso8859-2"),
        (b"<META CHARSET = 'KOI8-R' >", "koi8-r"),
        (b"<meta/charset=koi8-r/>", None),
        (b'<meta name=x content="a>b" charset=koi8-r>', "koi8-r"),
        (b'<meta http-equiv=Content-Type content="text/html; charset=Shift_JIS">', "cp932"),
        (b"<meta content='text/html; charset=\"euc-kr\"' http-equiv=content-type>", "cp949"),
        (b'<meta name=description content="text/html; charset=koi8-r">', None),
        (b"<meta charset=unknown><meta charset=koi8-r>", "koi8-r"),
        (b"<!-- <meta charset=koi8-r> --><meta charset=big5>", "big5hkscs"),
        (b"<!--><meta charset=big5>", "big5hkscs"),
        (b"<a title='<meta charset=koi8-r>'><meta charset=big5>", "big5hkscs"),
        (b"<metadata charset=koi8-r>", None),
        (b"</meta charset=koi8-r>", None),
        (b"<meta charset=koi8-r", None),
        (b"<? <meta charset=koi8-r>", None),
        (b"<meta charset=koi8-r charset=big5>", "koi8-r"),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<meta charset=utf-7>", None),
        (b"<meta charset=hz-gb-2312>", None),
        (b"<meta charset=x-user-defined>", "cp1252"),
        (b"<?xml version='1.0' encoding='windows-1251'?><html>", "cp1251"),
        ("<?xml version='1.0'?>".encode("utf-16-be"), "utf-16-be"),
        (b"<script>" + b"x" * 4000 + b"</script><meta charset=koi8-r>", "koi8-r"),
        (b"", None),
    ],
)
def test_declaration_inside_is_found_as_the_standard_says(head: bytes, encoding: str | None) -> None:
    assert declared_encoding(head) == encoding


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/html; charset=windows-1251", "cp1251"),
        ('text/html;charset="GBK"', "gb18030"),
        ("text/html; charset=none", None),
        ("text/html", None),
        (None, None),
    ],
)
def test_header_names_an_encoding(content_type: str | None, encoding: str | None) -> None:
    assert encoding_of_header(content_type) == encoding


def test_every_label_of_the_standard_has_a_codec() -> None:
    labels = [label for names in _LABELS.values() for label in names.split()]
    assert len(labels) == len(set(labels)) == 222
    for label in labels:
        assert codecs.lookup(codec_of(label.upper()) or "").name
    assert codec_of(" latin1\n") == "cp1252"
    assert codec_of("rot13") is None


def test_byte_order_mark_is_stronger_than_header_and_header_than_meta() -> None:
    page = "<meta charset=koi8-r><p>Straße"
    assert decode_html(codecs.BOM_UTF16_BE + page.encode("utf-16-be"), "text/html; charset=big5").endswith("Straße")
    assert decode_html(page.encode("cp1252"), "text/html; charset=iso-8859-1").endswith("Straße")


@pytest.mark.parametrize("before", [b" " * 9000, b"<script>x</script>" * 9000, b"<!--" + b"-" * 200_000 + b"-->"])
def test_a_declaration_that_comes_late_holds_too(before: bytes) -> None:
    page = before + b"<meta charset=iso-8859-2><p>" + "čeština".encode("iso8859_2")
    assert decode_html(page).endswith("čeština")


def test_valid_utf_8_is_not_doubted_but_for_encodings_that_ascii_may_be() -> None:
    assert decode_html("<meta charset=koi8-r>Straße".encode()).endswith("Straße")
    assert decode_html("<meta charset=iso-2022-jp>渡し船".encode("iso2022_jp")).endswith("渡し船")
    assert decode_html("Straße".encode()[:-1] + "ß".encode()[:1]).startswith("Stra")


#: A few sentences as an undeclared page may have them, with an encoding that was in use for them.
UNDECLARED = [
    ("Der Bürgermeister grüßte die schönen Gäste aus Köln, Österreich und der Schweiz.", "cp1252"),
    ("L’été dernier, la forêt était déjà très sèche, a déclaré le préfet à la presse.", "cp1252"),
    ("El señor Muñoz llegó mañana por la tarde, según contó su compañera. ¿Qué pasó?", "cp1252"),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy a šel dál do města.", "cp1250"),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy a šel dál do města.", "iso8859_2"),
    ("Zażółć gęślą jaźń, powiedział łódzki żeglarz i poszedł w stronę śluzy.", "cp1250"),
    ("Zażółć gęślą jaźń, powiedział łódzki żeglarz i poszedł w stronę śluzy.", "iso8859_2"),
    ("Совет города решил сохранить последний паром ещё на десять лет.", "cp1251"),
    ("Совет города решил сохранить последний паром ещё на десять лет.", "koi8_r"),
    ("Совет города решил сохранить последний паром ещё на десять лет.", "cp866"),
    ("Її сад на даху вокзалу дозрів, і яблука роздають пасажирам.", "koi8_u"),
    ("Το καράβι έγινε σχολείο και τα παιδιά κάνουν μάθημα στο κατάστρωμα.", "cp1253"),
    ("Kule yüz yıl sonra ilk kez doğru çaldı, dedi saatçi Şahin; düğmeyi buldu.", "cp1254"),
    ("בגבעה שמעל העיירה עומדים עצי לימון, ולכל אחד מהם שם של ילד.", "cp1255"),
    ("الأطفال ينتظرون البغل أكثر مما ينتظرون صاحبه في كل صباح.", "cp1256"),
    ("สถานีรถไฟบ้านท่าลมไม่มีรถไฟจอดมาสิบแปดปีแล้ว", "cp874"),
    ("灯台で働いていた男性の日記が、六十年ぶりに床下から見つかった。", "cp932"),
    ("灯台で働いていた男性の日記が、六十年ぶりに床下から見つかった。", "euc_jp"),
    ("남쪽 끝 작은 섬의 빨간 우체통에 삼십 년 만에 편지 한 통이 들어왔다.", "cp949"),
    ("这条渡船已经走了六十年，换过三台发动机，船板是去年新铺的，坐船的人不多。", "gb18030"),
    ("這條渡船已經走了六十年，換過三台發動機，船板是去年新鋪的，坐船的人不多。", "big5hkscs"),
    ("Straße und Weg, ohne Zeichen am Anfang, lang genug um gezählt zu werden: " + "x" * 200, "utf-16-le"),
]


@pytest.mark.parametrize(("text", "encoding"), UNDECLARED, ids=[f"{name}-{text[:6]}" for text, name in UNDECLARED])
def test_what_nobody_declares_is_detected(text: str, encoding: str) -> None:
    page = f"<html><body><p>{text}</p></body></html>"
    assert decode_html(page.encode(encoding)) == page


@settings(max_examples=times(200, 2000), deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=iso-2022-jp"]))
def test_any_bytes_give_text(data: bytes, content_type: str | None) -> None:
    assert isinstance(decode_html(data, content_type), str)


MARKUP = st.sampled_from(
    [b"<", b">", b"<!--", b"-->", b"<meta ", b"charset", b"=", b'"', b"'", b"koi8-r", b" ", b"/", b"content", b"\xff"]
)


@settings(max_examples=times(200, 2000), deadline=None)
@given(st.lists(MARKUP, max_size=40).map(b"".join))
def test_any_declaration_names_a_codec_or_none(data: bytes) -> None:
    found = declared_encoding(data)
    assert found is None or codecs.lookup(found)
