"""Runs of entries between silences: how large they are, and what is lost of one that is larger than the document."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from bench.risk import Case, batches, replay
from scraper.model import Intake
from scraper.polling.batches import before, runs
from scraper.polling.feed_rate import measure, published_per_h, risk

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def filed(count: int, at: datetime, every: timedelta = SECOND) -> list[datetime | None]:
    return [at + every * n for n in range(count)]


def of(dates: list[datetime | None], now: datetime, new: int | None = None):
    return runs([date for date in dates if date], len(dates) if new is None else new, HOUR, now)


def test_a_silence_parts_two_batches_and_nothing_parts_a_stream() -> None:
    two = of(filed(20, NOON) + filed(30, NOON + HOUR / 2), NOON + HOUR)
    assert (len(two.oldest), len(two.newest), two.is_one, two.is_over) == (20, 30, False, True)
    stream = of(filed(50, NOON, MINUTE), NOON + 51 * MINUTE)
    assert (len(stream.oldest), stream.is_one, stream.is_over, stream.goes_on) == (50, True, False, True)


def test_of_a_batch_of_which_nothing_is_known_as_much_again_came_before() -> None:
    assert before(Intake(), of(filed(20, NOON), NOON + HOUR / 2)) == pytest.approx(20, rel=0.02)
    assert before(Intake(), of([NOON] * 20, NOON + HOUR / 2)) == 20


def test_runs_that_were_seen_whole_tell_what_came_before() -> None:
    known = Intake(sizes={"a": (2, 60), "b": (1, 12)})
    assert before(known, of(filed(20, NOON), NOON + HOUR / 2)) == 10
    assert before(known, of(filed(50, NOON), NOON + HOUR / 2)) == pytest.approx(50, rel=0.02), "none was so large"


def test_the_share_of_the_polls_that_find_a_run_going_on_tells_how_long_it_lasts() -> None:
    # One of sixty polls an hour apart: a run lasts a minute, of which twenty seconds are left.
    known = Intake(polls_with_run=600, polls_running=10)
    assert before(known, of(filed(20, NOON), NOON + HOUR / 2)) == pytest.approx(40, rel=0.2)


def test_a_batch_that_a_poll_fell_into_is_counted_whole() -> None:
    first = filed(50, NOON - HOUR)
    known = measure(Intake(), first, 50, None, NOON - HOUR / 2)
    seen = (first + filed(30, NOON))[-50:]
    known = measure(known, seen, 30, NOON - HOUR / 2, NOON + 30 * SECOND)
    assert known.running == 30
    rest = (seen + filed(30, NOON + 30 * SECOND))[-50:]
    known = measure(known, rest, 30, NOON + 30 * SECOND, NOON + HOUR / 4)
    assert (known.running, list(known.sizes.values())) == (0.0, [(1.0, 60.0)])


def test_a_batch_of_sixty_an_hour_loses_ten_of_a_document_of_fifty() -> None:
    known, last = Intake(sizes={"x": (5, 300)}), NOON - HOUR / 2
    for hour in range(48):
        now = NOON + HOUR * hour + HOUR / 2
        known = measure(known, filed(50, NOON + HOUR * hour + 10 * SECOND), 50, last, now)
        last = now
    found = risk(known, HOUR / 1.125)
    assert found is not None
    assert published_per_h(known) == pytest.approx(60, rel=0.02)
    assert found.lost_per_h == pytest.approx(10, rel=0.02)


def test_an_answer_without_a_document_ends_a_run_that_would_have_gone_on() -> None:
    known = replace(Intake(holds=50, end_rate_per_h=60), running=20.0)
    assert measure(known, [], 0, NOON, NOON + HOUR).running == 0
    assert measure(known, [], 0, NOON, NOON + MINUTE).running == 20


@given(
    documents=st.lists(
        st.tuples(st.lists(st.integers(0, 7200), min_size=1, max_size=30), st.integers(0, 30), st.integers(1, 10_000)),
        max_size=12,
    ),
    minutes=st.integers(1, 10**5),
)
def test_no_row_of_documents_is_said_to_lose_more_than_was_published(documents, minutes) -> None:
    known, last = Intake(), NOON
    for ages, new, seconds in documents:
        now = last + timedelta(seconds=seconds)
        known = measure(known, [now - timedelta(seconds=age) for age in ages], min(new, len(ages)), last, now)
        last = now
    found = risk(known, timedelta(minutes=minutes))
    assert found is None or 0 < found.lost_per_h <= found.published_per_h
    assert known.polls_running <= known.polls_with_run


@pytest.mark.parametrize(
    ("size", "every_min", "for_min", "at_min", "interval"),
    [(60, 60, 10, 0, HOUR / 2), (60, 30, 3, 13, HOUR), (60, 30, 3, 13, HOUR / 4), (30, 30, 1, 0, HOUR / 2)],
)
def test_losses_of_batches_are_told_within_a_factor_of_two(size, every_min, for_min, at_min, interval) -> None:
    case = Case(name="", rate=lambda: batches(size, every_min, for_min, at_min), holds=50, interval=interval)
    found = replay(case, days=21, seed=4)
    assert found.lost > 0.02 * found.published
    assert found.lost / 2 < found.predicted < min(found.published, found.lost * 2)
