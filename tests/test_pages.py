"""The fixtures of tests/pages/, case by case, and the floor under what is reached on all of them together.

A page with faults is listed in tests/pages/floor.json. When you mend one, or add a page, raise the floor:
`python -m bench.fixtures --raise`; it is refused when a figure has fallen.
"""

from __future__ import annotations

import json

import pytest

from bench.fixtures import FLOOR, PAGES, Page, Score, fallen, load_pages, measure, score_page, score_text

CASES = load_pages()
KEPT = json.loads(FLOOR.read_text(encoding="utf-8"))
RAISE = "raise the floor with: python -m bench.fixtures --raise"


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return {page.name: score_page(page) for page in CASES}


@pytest.mark.parametrize("page", CASES, ids=lambda page: page.name)
def test_page_is_read_as_an_editor_would(page: Page, scores: dict[str, Score]) -> None:
    score = scores[page.name]
    known = KEPT["wrong"].get(page.name, [])
    assert not set(score.faults) - set(known), (
        f"{dict(score.wrong)}; body F1 {score.f1:.3f}; see python -m bench.fixtures"
    )
    assert not set(known) - set(score.faults), f"{page.name} has lost a fault; {RAISE}"


def test_no_figure_is_below_the_floor_nor_above_it() -> None:
    now = measure(CASES)
    assert fallen(KEPT, now) == []
    assert {name: now[name] for name in now if name != "wrong"} == {
        name: KEPT[name] for name in KEPT if name != "wrong"
    }, RAISE


def test_every_file_belongs_to_a_page() -> None:
    names = {page.name for page in CASES} | {FLOOR.stem}
    assert {path.stem for path in PAGES.iterdir()} == names
    assert all(page.url.split("/")[2].split(":")[0].endswith(".example") for page in CASES)


def a_page(*lines: str, optional: tuple[str, ...] = ()) -> Page:
    return Page(
        name="x", url="", body=b"", content_type=None, hints=None, text=lines, optional=frozenset(optional), fields={}
    )


def test_score_counts_words_of_every_script_and_forgives_optional_lines() -> None:
    assert score_text(a_page("One two", "three"), "One  two\n\nthree") == (1.0, True)
    assert score_text(a_page("One two", "three"), "One two three") == (1.0, False)
    assert score_text(a_page("One two"), "One three") == (0.5, False)
    assert score_text(a_page("One", optional=("Lead",)), "Lead\nOne") == (1.0, True)
    assert score_text(a_page("日本語"), "日本")[0] == pytest.approx(0.8)
    assert score_text(a_page(), "") == (1.0, True)
    assert score_text(a_page(), "text") == (0.0, False)


def test_floor_notices_what_falls_and_forgives_other_pages() -> None:
    assert fallen(KEPT, {**KEPT, "exact_pages": KEPT["exact_pages"] - 1}) == [
        f"exact_pages fell from {KEPT['exact_pages']} to {KEPT['exact_pages'] - 1}"
    ]
    assert fallen(KEPT, {**KEPT, "exact_pages": 0, "pages": KEPT["pages"] + 1}) == []
    assert fallen(KEPT, {**KEPT, "body_f1": 1.0}) == []
