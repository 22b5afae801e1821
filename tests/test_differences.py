"""Word-level differences between two versions."""

from dataclasses import replace

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Extraction, Image
from wireroom.operations.diff import FactChange, Passage, Piece, compare, compare_words, split_words


def marked(passage: Passage) -> str:
    signs = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
    return "".join(signs[piece.op].format(piece.text) for piece in passage)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("The ferry left at nine.", "The ferry left at ten.", "The ferry left at [-nine-]{+ten+}."),
        ("It cost 1.5 million", "It cost 15 million", "It cost [-1.5 -]{+15 +}million"),
        ("Er kam nicht", "Er kam", "Er kam [-nicht-]"),
        ("Паром ушёл в девять", "Паром ушёл в десять", "Паром ушёл в [-девять-]{+десять+}"),
        ("غادرت العبارة اليوم", "غادرت العبارة أمس", "غادرت العبارة [-اليوم-]{+أمس+}"),
        ("नाव कल गई", "नाव आज गई", "नाव [-कल -]{+आज +}गई"),
        ("船は九時に出た", "船は十時に出た", "船は[-九-]{+十+}時に出た"),
        ("ไปที่นี่", "ไปที่นั่น", "ไปที่[-นี่-]{+นั่น+}"),
        ("배가 떠났다", "배가 돌아왔다", "배가 [-떠났다-]{+돌아왔다+}"),
        ("don’t go", "do go", "[-don’t -]{+do +}go"),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
    ],
)
def test_words_and_characters(old: str, new: str, shown: str) -> None:
    assert marked(compare_words(old, new)) == shown


@given(st.text(), st.text())
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = compare_words(old, new)
    assert "".join(split_words(old)) == old
    assert unspaced("".join(piece.text for piece in pieces if piece.op != "out")) == unspaced(new)
    assert unspaced("".join(piece.text for piece in pieces if piece.op != "in")) == unspaced(old)


def unspaced(text: str) -> str:
    return "".join(text.split())


OLD = Extraction(
    title="Ferry back",
    byline=("Ann",),
    published_at=NOON,
    image=Image(url="https://p.example/a.jpg", caption="The ferry"),
    text="The ferry left at nine in the morning.\n\nNobody was hurt that day.\n\nIt rained.",
)


def test_title_and_facts_and_paragraphs() -> None:
    new = replace(
        OLD,
        title="Ferry late",
        byline=(),
        section="Harbour",
        text="A new first paragraph.\n\nThe ferry left at ten in the morning.\n\nIt rained.",
    )
    found = compare(OLD, new)
    assert marked(found.title) == "Ferry [-back-]{+late+}"
    assert found.facts == (
        FactChange(name="byline", old="Ann", new=None),
        FactChange(name="section", old=None, new="Harbour"),
    )
    assert [marked(passage) for passage in found.text] == [
        "{+A new first paragraph.+}",
        "The ferry left at [-nine -]{+ten +}in the morning.",
        "[-Nobody was hurt that day.-]",
        "It rained.",
    ]
    assert found.has_other_text


def test_nothing_differs() -> None:
    found = compare(OLD, replace(OLD, related=(), html="<p>other markup</p>"))
    assert (found.title, found.facts, found.has_other_text) == ((), (), False)
    assert found.text[0] == (Piece(op="same", text="The ferry left at nine in the morning."),)


def test_very_long_texts_are_shown_as_replaced() -> None:
    words, others = ("a " * 15_000, "b " * 15_000)
    assert [piece.op for piece in compare_words(words, others)] == ["out", "in"]
    lines = [replace(OLD, text="\n\n".join(f"{word} {n}" for n in range(900))) for word in "xy"]
    assert len(compare(*lines).text) == 1800
