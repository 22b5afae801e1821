"""What feeds lose between polls."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from bench.risk import Case, batches, bursts, daily, doubling, replay, steady
from scraper.model import Intake
from scraper.polling.feed_rate import first_measure, measure, published_per_h, risk, safe_interval, with_risk

HOUR = timedelta(hours=1)


def hourly(published: int, holds: int, polls: int = 30) -> Intake:
    """Return what is known after hourly polls of a feed that publishes evenly."""
    known, before = Intake(), None
    for poll in range(polls):
        now = NOON + HOUR * poll
        times: list[datetime | None] = [now - (n + 0.5) * HOUR / published for n in range(holds)]
        known = measure(known, times, min(published, holds), before, now)
        before = now
    return known


def test_thirty_an_hour_in_a_window_of_twenty_lose_ten() -> None:
    found = risk(hourly(30, 20), HOUR / 1.125)
    assert found is not None
    assert found.published_per_h == pytest.approx(30, rel=0.05)
    assert found.lost_per_h == pytest.approx(10, rel=0.15)
    assert str(found).startswith("holds 20, posts ")


def test_a_window_that_is_large_enough_loses_nothing_and_a_longer_interval_does() -> None:
    known = hourly(30, 100)
    assert risk(known, HOUR) is None
    later = risk(known, 6 * HOUR)
    assert later is not None
    assert 0 < later.lost_per_h < 30


@pytest.mark.parametrize("last", [None, NOON, NOON + timedelta(days=10)])
def test_the_first_poll_and_a_clock_that_was_set_back_measure_nothing(last: datetime | None) -> None:
    known = measure(Intake(), [NOON - HOUR] * 20, 20, last, NOON)
    assert (known.holds, known.classes, risk(known, HOUR)) == (20, {}, None)


def test_a_single_document_tells_its_rate_from_its_oldest_entry_until_now() -> None:
    known = first_measure([NOON - HOUR * n / 20 for n in range(1, 21)], NOON)
    assert published_per_h(known) == pytest.approx(20)
    assert risk(known, HOUR / 1.125) is None
    found = risk(known, 2 * HOUR / 1.125)
    assert found is not None
    assert found.lost_per_h == pytest.approx(10)


@pytest.mark.parametrize("times", [[], [None, None], [NOON - HOUR], [NOON + HOUR, NOON + 2 * HOUR], [NOON, NOON]])
def test_a_document_that_tells_no_rate_predicts_nothing(times: list[datetime | None]) -> None:
    known = first_measure(times, NOON)
    assert (published_per_h(known), risk(known, HOUR)) == (None, None)


def test_undated_or_known_entries_are_no_loss() -> None:
    for times, new in (([None] * 20, 20), ([NOON - n * HOUR / 60 for n in range(20)], 19)):
        known = measure(Intake(holds=20, end_rate_per_h=60), times, new, NOON - HOUR, NOON)
        assert risk(known, HOUR / 2) is None


def test_the_interval_is_short_enough_for_the_fastest_hour() -> None:
    known = hourly(10, 50)
    safe = safe_interval(known)
    assert safe is not None
    assert safe == pytest.approx(3.5 * HOUR, rel=0.05)
    assert risk(known, safe) is None
    assert safe_interval(Intake()) is None


def test_it_is_told_when_it_begins_changes_much_and_ends() -> None:
    known, is_news = with_risk(hourly(30, 20), HOUR)
    assert is_news
    assert known.risk
    known, is_news = with_risk(known, HOUR * 1.1)
    assert not is_news
    _, is_news = with_risk(replace(known, holds=25), HOUR / 2)
    assert is_news


@given(
    offsets=st.lists(st.integers(-(10**6), 10**6), max_size=40),
    new=st.integers(0, 40),
    gap=st.integers(-(10**6), 10**6),
    minutes=st.integers(1, 10**5),
)
def test_no_document_makes_it_fail_or_lose_more_than_is_published(offsets, new, gap, minutes) -> None:
    times = [NOON + timedelta(seconds=offset) for offset in offsets]
    known = measure(hourly(5, 20, 3), times, new, NOON - timedelta(seconds=gap), NOON)
    found = risk(known, timedelta(minutes=minutes))
    assert found is None or 0 < found.lost_per_h <= found.published_per_h


@pytest.mark.parametrize(
    ("rate", "holds", "interval", "factor"),
    [
        (lambda: batches(60, 60, 1), 50, HOUR / 4, 2),
        # Polled as seldom as it files, it gives a poll that falls into a batch only every other day.
        (lambda: batches(60, 60, 1), 50, HOUR, 4),
        (lambda: batches(60, 60, 10), 50, HOUR / 2, 2),
        (lambda: batches(100, 60, 2), 20, HOUR, 2),
        (lambda: doubling(10, 7), 20, HOUR, 2),
    ],
)
def test_losses_of_batches_and_trends_are_about_right_and_never_above_what_is_published(
    rate, holds, interval, factor
) -> None:
    found = replay(Case(name="", rate=rate, holds=holds, interval=interval), days=21, seed=2)
    assert 0.1 * found.published < found.lost
    assert found.lost / factor < found.predicted < min(found.published, found.lost * factor)


@pytest.mark.parametrize(
    ("name", "rate", "holds"),
    [
        ("steady", lambda: steady(30), 20),
        ("by day", lambda: daily(3, 40), 20),
        ("bursts", lambda: bursts(4, 120, 12, 2), 50),
    ],
)
def test_predicted_losses_are_within_a_fifth_of_the_true_ones(name: str, rate, holds: int) -> None:
    found = replay(Case(name=name, rate=rate, holds=holds, interval=HOUR), days=35, seed=1)
    assert found.lost > 0.2 * found.published
    assert found.error is not None
    assert abs(found.error) < 0.2


@pytest.mark.parametrize(("holds", "interval"), [(20, HOUR), (50, HOUR / 2), (50, HOUR)])
def test_what_doubles_every_week_is_told_within_a_third(holds: int, interval: timedelta) -> None:
    found = replay(Case(name="", rate=lambda: doubling(10, 7), holds=holds, interval=interval), days=28, seed=3)
    assert found.error is not None
    assert abs(found.error) < 1 / 3
    assert found.predicted < found.published


def test_a_measure_counts_half_after_three_days_and_six_for_the_trend() -> None:
    known = measure(Intake(), [NOON], 8, NOON - HOUR, NOON)
    later = measure(known, [], 0, NOON, NOON + timedelta(days=6))
    published = sum(n for _, n in known.classes.values())
    assert (published, known.long_published) == (8, 8)
    assert sum(n for _, n in later.classes.values()) == pytest.approx(2)
    assert later.long_published == pytest.approx(4)
    assert later.long_hours == pytest.approx(0.5 + 6 * 24)


def test_what_has_become_less_is_told_as_less_than_the_average() -> None:
    known, before = Intake(), None
    for poll in range(24 * 14):
        now = NOON + HOUR * poll
        per_h = 40 if poll < 24 * 10 else 12
        times: list[datetime | None] = [now - (n + 0.5) * HOUR / per_h for n in range(50)]
        known = measure(known, times, per_h, before, now)
        before = now
    measured = sum(n for _, n in known.classes.values()) / sum(h for h, _ in known.classes.values())
    rate = published_per_h(known)
    assert rate is not None
    assert 12 * 0.9 < rate < measured * 0.95
