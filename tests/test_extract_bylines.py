"""Names out of bylines of many languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.words.bylines import is_name, is_opening, is_visible_byline, split_names

SEEN = {
    "By Ada Berg": ("Ada Berg",),
    "By ADA BERG": ("Ada Berg",),
    "By Ada Berg, Jon Falk and Li Wei in Paris": ("Ada Berg", "Jon Falk", "Li Wei"),
    "By Ada Berg, Senior Political Correspondent": ("Ada Berg",),
    "Written by Ada Berg | March 5, 2024": ("Ada Berg",),
    "Posted by Ada Berg on March 5, 2024": ("Ada Berg",),
    "Von Anna Müller und Jörg Weiß": ("Anna Müller", "Jörg Weiß"),
    "Par Marie Dupont et Luc Martin": ("Marie Dupont", "Luc Martin"),
    "Por Ana Silva e João Costa": ("Ana Silva", "João Costa"),
    "Di Mario Rossi": ("Mario Rossi",),
    "Door Jan de Vries": ("Jan de Vries",),
    "Af Lars Jensen": ("Lars Jensen",),
    "Tekst: Ola Nordmann": ("Ola Nordmann",),
    "Przez Jan Kowalski": ("Jan Kowalski",),
    "Autor: Jan Novák": ("Jan Novák",),
    "Szerző: Nagy Anna": ("Nagy Anna",),
    "Kirjoittaja: Matti Virtanen": ("Matti Virtanen",),
    "Yazan: Ali Veli": ("Ali Veli",),
    "Oleh Budi Santoso": ("Budi Santoso",),
    "Автор: Иван Петров": ("Иван Петров",),
    "Автори: Олена Коваль": ("Олена Коваль",),
    "Του Γιώργου Παππά": ("Γιώργου Παππά",),
    "文・山田太郎": ("山田太郎",),
    "取材・文 山田太郎": ("山田太郎",),
    "記者 田中太郎": ("田中太郎",),
    "作者：张三": ("张三",),
    "홍길동 기자": ("홍길동",),
    "[김철수 이영희 기자]": ("김철수", "이영희"),
    "بقلم أحمد علي": ("أحمد علي",),
    "מאת דוד כהן": ("דוד כהן",),
    "लेखक: राम शर्मा": ("राम शर्मा",),
}
NO_BYLINES = (
    "By the numbers",
    "Par exemple, il pleut",
    "Di cosa parla il libro",
    "Von unserem Korrespondenten war nichts zu hören.",
    "기자 회견에서 그는 말했다",
    "文化庁は五日、新しい指針を発表し、全国の自治体に対して早急な対応を求める方針を示したと述べた。",
)
DECLARED = {
    "Ada Berg (Reuters)": ("Ada Berg",),
    "Dr. Ada Berg, Ph.D.": ("Dr. Ada Berg",),
    "Ada Berg @adaberg": ("Ada Berg",),
    "ada.berg@example.org": (),
    "https://example.org/ada": (),
    "admin": (),
    "Dec. 19": (),
    "Veröffentlicht am": (),
    "Ada Berg ⋅ Review Editor": ("Ada Berg",),
    "Иван Петров, корреспондент": ("Иван Петров",),
}


@pytest.mark.parametrize(("line", "names"), SEEN.items())
def test_a_byline_is_seen_and_its_names_are_read(line: str, names: tuple[str, ...]) -> None:
    assert is_visible_byline(line)
    assert split_names(line) == names


@pytest.mark.parametrize("line", NO_BYLINES)
def test_a_sentence_is_no_byline(line: str) -> None:
    assert not is_visible_byline(line)


@pytest.mark.parametrize(("value", "names"), DECLARED.items())
def test_a_declared_author_is_tidied(value: str, names: tuple[str, ...]) -> None:
    assert split_names(value) == names


@given(st.text(max_size=300))
def test_names_are_few_short_and_different(text: str) -> None:
    names = split_names(text)
    assert len(names) <= 12
    assert len(set(names)) == len(names)
    assert all(2 <= len(name) <= 60 and name == name.strip() for name in names)


LED = {
    "Published: 17 Nov 2026 By Rhea Colt": ("Rhea Colt",),
    "03/04/2027 - Publicado por: Clara Borges - Categoria: Cidade - Tags: ponte": ("Clara Borges",),
    "Veröffentlicht am 3. Mai 2027 von Jörg Weiß": ("Jörg Weiß",),
    "Publié le 3 mai 2027 par Luc Martin": ("Luc Martin",),
    "Alle Beiträge von Anna Müller": ("Anna Müller",),
    "View all posts by Ada Berg": ("Ada Berg",),
}
HELPED = {
    "Words by Ada Berg; pictures by Jon Falk and Li Wei": ("Ada Berg",),
    "Text: Anna Müller, Fotos: Jörg Weiß": ("Anna Müller",),
    "Texte : Marie Dupont, photos par Luc Martin": ("Marie Dupont",),
    "Medically reviewed by Jon Falk — Written by Ada Berg": ("Ada Berg",),
    "Ada Berg, traducido por Jon Falk": ("Ada Berg",),
    "Ada Berg, MD, FAND": ("Ada Berg",),
    "Ada Berg, Sales Director": ("Ada Berg",),
    "Ada Berg, rédactrice en chef": ("Ada Berg",),
    "AB, Ada Berg": ("Ada Berg",),
    "Ada Berg, AFP": ("Ada Berg", "AFP"),
    "Artikel von": (),
    "Rui Ma and Md Rahman": ("Rui Ma", "Md Rahman"),
}


@pytest.mark.parametrize(("line", "names"), LED.items())
def test_dates_labels_and_works_may_lead_to_the_names(line: str, names: tuple[str, ...]) -> None:
    assert is_visible_byline(line)
    assert split_names(line) == names


@pytest.mark.parametrize(("value", "names"), HELPED.items())
def test_helpers_jobs_and_degrees_are_no_writers(value: str, names: tuple[str, ...]) -> None:
    assert split_names(value) == names


def test_a_line_of_names_alone_and_one_that_announces_them() -> None:
    assert all(map(is_name, ("Ada Berg", "Anna Müller und Jörg Weiß", "Jan de Vries / Li Wei")))
    assert not any(map(is_name, ("Ada Berg wins.", "Local News", "The bridge is open", "Berg", "3 May 2027", "海の日")))
    assert all(map(is_opening, ("By", "Geschrieben von:", "Par")))
    assert not any(map(is_opening, ("By Ada", "Quelle:", "文")))
