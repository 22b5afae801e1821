"""Whether two articles are one, when a weak key says so."""

from __future__ import annotations

import pytest
from fakes import NOON

from scraper.articles.duplicates import MIN_LETTERS, compare, settle_twins
from scraper.model import ArticleCommit, Claim, Extraction, Rival
from scraper.text.folding import folded
from scraper.text.overlap import shared

TITLE = "A headline of some length"
WORDS = [f"word{n}" for n in range(100)]
TEXT = " ".join(WORDS)
KEY = "//n.example/a"


def rival(text: str = "", title: str | None = TITLE, **fields) -> Rival:
    return Rival(**{"article_id": 7, "key": KEY, "title": title, "text": text, **fields})


def mixed(kept: int) -> str:
    """Return a text of 100 words, so many of them those of TEXT."""
    return " ".join(WORDS[:kept] + [f"other{n}" for n in range(100 - kept)])


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (rival(TEXT), "same"),
        (rival(TEXT.upper().replace(" ", ",  "), "Another title here"), "same"),
        (rival(mixed(70)), "same"),
        (rival(mixed(70), "Another title here"), "different"),
        (rival(mixed(30)), "different"),
        (rival(mixed(0)), "different"),  # one title, two texts: page one and page two
        (rival(f"{mixed(0)} {TEXT} {mixed(0)}", "Another title here"), "same"),  # all pages joined
        (rival(is_read=False), "same"),
        (rival(title="a Headline: of some LENGTH!"), "same"),
        (rival(title="Another title here", is_read=False), "unknown"),
        (rival(mixed(0), "Another title here", is_read=False), "unknown"),
        (rival(mixed(90), "Another title here", is_read=False), "same"),
        (rival(title=None, is_read=False), "unknown"),
        (rival("Read on in the app."), "same"),
        (rival("Read on in the app.", "Another title here"), "different"),
        (rival(is_buried=True), "same"),
        (rival(is_buried=True, title="Another title here"), "different"),
    ],
)
def test_compare(other: Rival, verdict: str) -> None:
    assert compare(folded(TITLE), folded(TEXT), other)[0] == verdict


def test_a_short_title_says_nothing() -> None:
    assert compare(folded("Weather"), "", rival(title="Weather", is_read=False))[0] == "unknown"


def test_texts_are_compared_from_a_length_on() -> None:
    long, short = "x" * MIN_LETTERS, "x" * (MIN_LETTERS - 1)
    assert compare("", long, rival(long, None))[0] == "same"
    assert compare("", short, rival(long, None))[0] == "different"


def test_shared() -> None:
    one = folded(TEXT)
    assert shared(one, one) == 1
    assert shared(one, one[: len(one) // 2]) == 1
    assert shared(one, folded(mixed(0))) == 0
    assert shared(one[300:] + one[:300], one) > 0.95
    assert shared("", "") == 0
    assert shared("\u6771\u4eac" * 50, "\u6771\u4eac" * 50) == 1


def commit(*claims: Claim, text: str = TEXT) -> ArticleCommit:
    found = Extraction(title=TITLE, text=text)
    return ArticleCommit(article_id=1, status="full", reason=None, extraction=found, claims=claims, checked_at=NOON)


def test_twins_graves_and_doubts_are_told_apart() -> None:
    settled = settle_twins(
        commit(),
        (
            rival(TEXT, article_id=2),
            rival(mixed(0), article_id=3),
            rival(title="Not yet read", article_id=4, is_read=False),
            rival(article_id=5, is_buried=True),
        ),
    )
    assert [(twin.article_id, twin.cause) for twin in settled.twins] == [
        (2, f"{KEY}, and 100% of the text is the same")
    ]
    assert settled.doubts == (f"{KEY} is not article 3: 0% of the text is the same",)
    assert settled.grave == 5


@pytest.mark.parametrize(("source", "is_one"), [("canonical", True), ("amphtml", False), ("twin", False)])
def test_a_declared_address_whose_page_cannot_be_read_is_believed(source, is_one: bool) -> None:
    lost = rival(title="Another title here", is_read=False, is_unreadable=True)
    assert bool(settle_twins(commit(Claim(key=KEY, source=source)), (lost,)).twins) is is_one


def test_what_has_no_text_of_its_own_is_left_alone() -> None:
    nothing = ArticleCommit(article_id=1, status="failed", reason="x", checked_at=NOON)
    assert settle_twins(nothing, (rival(TEXT),)) == nothing
