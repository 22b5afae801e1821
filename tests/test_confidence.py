"""How sure it is that an extracted text is the article's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.confidence import fitted, probability
from scraper.extract import extract_article
from scraper.extract.confidence import Signs, confidence_of, share, telling
from scraper.model import Hints

URL = "https://paper.example/a"
TEXT = (
    "The ferry to the northern islands will sail twice a day from April, the harbour office said on Monday.",
    "Its new timetable leaves an hour between the crossings, so that lorries can be unloaded in the afternoon.",
    "Farmers on the islands had asked for that since the bridge was closed, and for a lower fare in winter.",
    "The company that runs the ships wants to buy a third one, which would be built in a yard on the mainland.",
)
SAME = "The harbour office said that the ferry to the northern islands will sail twice every day, so lorries can be unloaded."
OTHER = (
    "Seven players were injured when lightning struck the stadium during training, hospital doctors reported yesterday."
)
SIGNS = Signs(short=0.0, few=0.0, unspoken=0.0, elsewhere=0.0, told=None, heard=None)


def page(*lines: str, description: str = "") -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    meta = f'<meta name="description" content="{description}">' if description else ""
    return f"<html><head><title>Ferry</title>{meta}</head><body><article><h1>Ferry</h1>{body}</article></body></html>"


def confidence(html: str, fed: str | None = None) -> float:
    found = extract_article(html, url=URL, hints=Hints(summary_html=fed))
    assert found.confidence is not None
    return found.confidence


def test_a_text_of_sentences_is_trusted_and_more_so_if_the_feed_agrees() -> None:
    assert 0.7 < confidence(page(*TEXT)) < confidence(page(*TEXT), SAME)


def test_a_text_of_which_the_feed_knows_no_word_is_doubtful() -> None:
    html = page(*TEXT)
    assert confidence(html, OTHER) < 0.5
    assert extract_article(html, url=URL, hints=Hints(content_html=OTHER)).is_doubtful


@pytest.mark.parametrize("fed", ["Read more", f"{URL}/comments {URL}/points {URL}/forum {URL}/story", "Ferry news"])
def test_a_feed_that_says_next_to_nothing_is_no_witness(fed: str) -> None:
    assert confidence(page(*TEXT), fed) == confidence(page(*TEXT))


def test_a_feed_that_repeats_the_pages_description_is_no_second_witness() -> None:
    html = page(*TEXT, description=OTHER)
    assert confidence(html, OTHER) == confidence(html)


def test_nothing_is_judged_where_there_is_no_text() -> None:
    assert extract_article("<html><body></body></html>", url=URL).confidence is None


def test_words_are_compared_in_scripts_without_spaces_too() -> None:
    text = "漁師たちは夜明け前に港へ集まり、網を積んで沖へ出る。風の強い日には誰も口をきかない。"
    assert share("夜明け前に港へ集まり、網を積んで沖へ出る", telling(text)) == 1
    other = share("市場では七時に鐘が鳴り競りが始まる値段は去年の二倍になった", telling(text))
    assert other is not None
    assert other < 0.3


@pytest.mark.parametrize("sign", ["short", "few", "unspoken", "elsewhere"])
def test_each_sign_speaks_against_a_text(sign: str) -> None:
    assert confidence_of(replace(SIGNS, **{sign: 1.0})) < confidence_of(SIGNS)


@pytest.mark.parametrize("witness", ["told", "heard"])
def test_the_more_words_a_witness_shares_the_surer(witness: str) -> None:
    said = [confidence_of(replace(SIGNS, **{witness: of_words})) for of_words in (0.0, 0.4, 0.55, 0.7, 1.0)]
    assert said == sorted(said)
    assert said[0] < said[-1]


def test_the_regression_finds_what_the_cases_were_made_by() -> None:
    rows = [(1.0, x / 10) for x in range(10) for _ in range(20)]
    right = [number % 20 < 20 - 2 * (number // 20) for number in range(200)]  # 100 % at 0, 10 % at 0.9
    weights = fitted(rows, right)
    assert probability((1.0, 0.0), weights) > 0.85
    assert probability((1.0, 0.5), weights) == pytest.approx(0.5, abs=0.07)
    assert probability((1.0, 0.9), weights) < 0.25
