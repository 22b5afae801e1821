"""The bench of the drift rule in short: generators that depend on their seed alone, and a few replays of each kind."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from bench.drift import changed, unchanged
from bench.newsrooms import CHANGES, UNCHANGED

#: No alarm tells that a text is in another language; a ticker that a site never had looks like texts that were cut.
UNTOLD, CONFUSED = {"other language"}, {"tickers"}


@pytest.mark.parametrize("name", UNCHANGED)
def test_a_stream_depends_on_its_seed_alone_and_goes_on_in_order(name: str) -> None:
    once, again = (list(islice(UNCHANGED[name](random.Random(7)), 120)) for _ in range(2))
    assert once == again
    times = [one.at for one in once if one.at is not None]
    assert len(times) == 120
    assert all(one.word_count > 0 and one.text for one in once)


def test_nearly_all_changes_are_told_within_twenty_articles_and_none_before_it_came() -> None:
    kinds = [each for name, each in sorted(CHANGES.items()) if name not in UNTOLD]
    found = [
        changed(alarm, change, [f"short {number} {n}" for n in range(3)])
        for number, (alarm, change) in enumerate(kinds)
    ]
    assert sum(score.told for score in found) >= 0.85 * 3 * len(kinds)
    assert sum(score.false for score in found) == 0


@pytest.mark.parametrize("name", sorted(UNCHANGED.keys() - CONFUSED))
def test_sites_that_stay_what_they_are_raise_no_alarm(name: str) -> None:
    assert unchanged(UNCHANGED[name], [f"short {name} 1"], length=300).false == 0
