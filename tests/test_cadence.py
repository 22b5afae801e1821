"""When feeds are polled next."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.fetch.retry_after import retry_after
from scraper.model import FeedHints, FeedSpec, FeedState, Intake
from scraper.polling import cadence
from scraper.polling.cadence import PollResult, asks_conditionally, auto_interval, next_poll
from scraper.polling.cron import next_cron_time

HOUR = timedelta(hours=1)
FEED = FeedState(id=1, spec=FeedSpec(url="u", interval=HOUR), current_url="u")
AUTO = replace(FEED, spec=FeedSpec(url="u"))


def plan(state: FeedState = FEED, now=NOON, **kwargs):
    fields: dict[str, Any] = {"status": "new", "headers": {}, "hints": FeedHints(), "entry_times": ()} | kwargs
    return next_poll(state, PollResult(**fields), now, random.Random(1), next_cron_time)


def test_a_fixed_interval_gets_up_to_a_quarter_of_jitter() -> None:
    planned = plan()
    assert planned.interval == HOUR
    assert HOUR <= planned.at - NOON <= HOUR * 1.25
    assert planned.reason == "every 1 h as configured"


@pytest.mark.parametrize(
    ("gap", "silence", "interval"),
    [
        (timedelta(minutes=4), timedelta(0), timedelta(minutes=15)),
        (timedelta(hours=6), timedelta(0), timedelta(hours=3)),
        (timedelta(days=9), timedelta(0), timedelta(hours=24)),
        (timedelta(hours=1), timedelta(days=7), timedelta(hours=6)),
        (timedelta(hours=1), timedelta(days=14), timedelta(hours=12)),
        (timedelta(hours=1), timedelta(days=30), timedelta(hours=24)),
        (timedelta(hours=1), timedelta(days=6, hours=23), timedelta(minutes=30)),
    ],
)
def test_auto_is_half_the_gap_within_bounds_and_stretched_by_silence(gap, silence, interval) -> None:
    times = [NOON - silence - gap * n for n in range(10)]
    assert auto_interval(times, NOON)[0] == interval


def test_auto_without_dates_is_an_hour_and_future_dates_do_not_count() -> None:
    assert auto_interval([], NOON)[0] == HOUR
    assert auto_interval([NOON + timedelta(days=365), NOON - HOUR], NOON)[0] == HOUR


@pytest.mark.parametrize(
    ("kwargs", "interval", "reason"),
    [
        ({"hints": FeedHints(ttl=timedelta(hours=2))}, timedelta(hours=2), "ttl"),
        ({"hints": FeedHints(ttl=timedelta(days=9))}, timedelta(hours=24), "ttl"),
        ({"hints": FeedHints(update_period=timedelta(hours=3))}, timedelta(hours=3), "sy:updatePeriod"),
        ({"headers": {"cache-control": "private, max-age=10800"}}, timedelta(hours=3), "max-age"),
        ({"headers": {"cache-control": "max-age=60"}}, HOUR, "configured"),
        ({"headers": {"expires": "Thu, 15 Jan 2026 16:00:00 GMT"}}, timedelta(hours=4), "Expires"),
        (
            {"headers": {"retry-after": "7200"}, "status": "not_modified", "http_status": 304},
            timedelta(hours=2),
            "Retry-After",
        ),
        ({"headers": {"retry-after": "999999"}}, timedelta(hours=8), "Retry-After"),
    ],
)
def test_the_longest_wish_wins(kwargs, interval, reason) -> None:
    planned = plan(**kwargs)
    assert planned.interval == interval
    assert reason in planned.reason


def test_skip_hours_and_days_move_the_poll_out() -> None:
    assert plan(hints=FeedHints(skip_hours=(13, 14))).at.hour == 15
    friday = plan(hints=FeedHints(skip_days=(3,)))
    assert (friday.at.weekday(), friday.at.hour) == (4, 0)
    long = plan(hints=FeedHints(skip_days=(3, 4, 5)))
    assert timedelta(days=1) <= long.at - NOON - HOUR <= timedelta(days=1, minutes=15)
    assert "a day later for its skip times" in long.reason
    assert plan(hints=FeedHints(skip_hours=tuple(range(24)))).at - NOON <= HOUR * 1.25


@pytest.mark.parametrize(
    ("failures", "interval"),
    [(0, HOUR), (2, HOUR), (3, HOUR), (4, 2 * HOUR), (40, timedelta(hours=38)), (500, timedelta(days=3))],
)
def test_three_ordinary_retries_then_an_hour_more_each_time(failures: int, interval: timedelta) -> None:
    assert plan(replace(FEED, failures=failures), status="failed").interval == interval


def test_overload_waits_as_told_or_one_to_two_hours() -> None:
    told = plan(status="failed", http_status=429, headers={"retry-after": "300"})
    assert told.interval == HOUR, "Retry-After never makes a poll come sooner than usual"
    assert plan(status="failed", http_status=429, headers={"retry-after": "7200"}).interval == 2 * HOUR
    untold = plan(replace(FEED, failures=9), status="failed", http_status=503)
    assert HOUR <= untold.at - NOON <= 2 * HOUR


@pytest.mark.parametrize("failures", [0, 9])
def test_overload_is_never_sooner_than_usual(failures: int) -> None:
    daily = replace(FEED, spec=FeedSpec(url="u", interval=timedelta(days=2)), failures=failures)
    assert plan(daily, status="failed", http_status=429).interval == timedelta(days=2)
    assert plan(daily, status="failed", http_status=500).interval == timedelta(days=2)


def test_a_pause_holds_whatever_else_is_planned() -> None:
    told = plan(status="failed", http_status=429, headers={"retry-after": "300"})
    assert told.held_until == NOON + timedelta(minutes=5)
    assert plan(status="not_modified", http_status=304, headers={"retry-after": "300"}).held_until == told.held_until
    untold = plan(status="failed", http_status=503)
    assert untold.held_until is not None
    assert HOUR <= untold.held_until - NOON <= 2 * HOUR
    assert plan(status="failed", http_status=500).held_until is None


def test_the_freshness_of_an_error_is_not_the_feed_s() -> None:
    headers = {"cache-control": "max-age=86400"}
    assert plan(status="failed", http_status=404, headers=headers).interval == HOUR
    for status in (200, 304, 429, 503):
        assert plan(http_status=status, headers=headers).interval == timedelta(hours=24)


def test_expires_counts_from_the_server_s_own_clock() -> None:
    headers = {"expires": "Thu, 15 Jan 2026 20:00:00 GMT", "date": "Thu, 15 Jan 2026 18:00:00 GMT"}
    assert plan(headers=headers).interval == timedelta(hours=2)


@pytest.mark.parametrize(
    ("kwargs", "at"),
    [
        ({"headers": {"cache-control": "max-age=86400"}}, "2026-01-16T12:00"),
        ({"headers": {"retry-after": "28800"}}, "2026-01-16T12:00"),
        ({"hints": FeedHints(skip_hours=(12,))}, "2026-01-16T12:00"),  # nothing else is named: the user's times hold
        ({"hints": FeedHints(skip_days=(4,))}, "2026-01-17T12:00"),
        ({"status": "failed", "http_status": 500}, "2026-01-16T12:00"),
    ],
)
def test_a_schedule_keeps_to_its_times_and_yields_to_what_is_asked(kwargs, at: str) -> None:
    daily = replace(FEED, spec=FeedSpec(url="u", schedule="0 12 * * *", time_zone="UTC"))
    assert plan(daily, **kwargs).at.isoformat().startswith(at)
    often = replace(FEED, spec=FeedSpec(url="u", schedule="*/10 * * * *", time_zone="UTC"))
    assert plan(often, headers={"retry-after": "3601"}).at.isoformat().startswith("2026-01-15T13:10")
    assert plan(often, hints=FeedHints(skip_hours=(12, 13))).at.isoformat().startswith("2026-01-15T14:00")


def test_back_off_is_never_sooner_than_usual() -> None:
    daily = replace(FEED, spec=FeedSpec(url="u", interval=timedelta(days=1)), failures=3)
    assert plan(daily, status="failed").interval == timedelta(days=1)


@pytest.mark.parametrize(
    "headers",
    [
        {"cache-control": "max-age=²"},
        {"expires": "Thu, 15 Jan 2026 16:00:00 +99999999999999999999"},
        {"retry-after": "Thu, 15 Jan 2026 16:00:00 +99999999999999999999"},
    ],
)
def test_headers_that_are_nonsense_are_passed_over(headers: dict[str, str]) -> None:
    assert plan(headers=headers).interval == HOUR


def test_one_wrong_date_does_not_set_the_interval() -> None:
    times = [NOON - HOUR * n for n in range(49)] + [NOON - timedelta(days=9999)]
    assert auto_interval(times, NOON)[0] == timedelta(minutes=30)


def test_gone_is_never() -> None:
    assert plan(status="gone", http_status=410).at is None


def test_retry_after_forms() -> None:
    assert retry_after({"retry-after": "120"}, NOON) == timedelta(minutes=2)
    assert retry_after({"retry-after": "Thu, 15 Jan 2026 12:10:00 GMT"}, NOON) == timedelta(minutes=10)
    assert retry_after({"retry-after": "Thu, 15 Jan 2026 11:00:00 GMT"}, NOON) == timedelta(0)
    assert retry_after({"retry-after": "soon"}, NOON) is None
    assert retry_after({}, NOON) is None


def test_a_body_is_asked_for_every_twelve_hours() -> None:
    assert not asks_conditionally(FEED, NOON)
    assert asks_conditionally(replace(FEED, last_body_at=NOON - timedelta(hours=11, minutes=59)), NOON)
    assert not asks_conditionally(replace(FEED, last_body_at=NOON - timedelta(hours=12)), NOON)


@pytest.mark.parametrize(
    ("line", "zone", "at"),
    [
        ("*/10 6-22 * * mon-fri", "UTC", "2026-01-15T12:10"),
        ("0 9 * * *", "Asia/Tokyo", "2026-01-16T00:00"),
        ("0 12 * * sun", "UTC", "2026-01-18T12:00"),
        ("0 12 * * fri-sun", "UTC", "2026-01-16T12:00"),
    ],
)
def test_schedules_are_cron_lines(line: str, zone: str, at: str) -> None:
    planned = plan(replace(FEED, spec=FeedSpec(url="u", schedule=line, time_zone=zone)))
    assert planned.at.isoformat().startswith(at)
    assert planned.reason == f"schedule {line}"


durations = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400))


intervals = st.none() | st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=40))


@settings(deadline=None)  # a schedule that never comes is searched for years ahead
@given(
    status=st.sampled_from(["new", "unchanged", "not_modified", "failed"]),
    http_status=st.sampled_from([None, 200, 304, 404, 429, 500, 503]),
    hints=st.builds(
        FeedHints,
        ttl=st.none() | durations,
        update_period=st.none() | durations,
        skip_hours=st.sets(st.integers(0, 23)).map(tuple),
        skip_days=st.sets(st.integers(0, 6)).map(tuple),
    ),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "retry-after": st.integers(0, 10**9).map(str) | st.text(max_size=40),
            "cache-control": st.integers(0, 10**12).map("max-age={}".format) | st.text(max_size=40),
            "expires": st.text(max_size=40),
        },
    ),
    failures=st.integers(0, 5000),
    ages=st.lists(st.timedeltas(min_value=timedelta(days=-3000), max_value=timedelta(days=3000)), max_size=8),
    interval=intervals,
    schedule=st.sampled_from([None, None, "*/10 6-22 * * mon-fri", "0 9 * * *", "0 0 30 2 *"]),
    held=st.integers(0, 500),
    seed=st.integers(),
)
def test_never_in_the_past_never_sooner_than_the_floor_and_never_past_the_caps(
    status, http_status, hints, headers, failures, ages, interval, schedule, held, seed
) -> None:
    spec = FeedSpec(url="u", interval=None if schedule else interval, schedule=schedule, time_zone="UTC")
    result = PollResult(
        status=status,
        http_status=http_status,
        headers=headers,
        hints=hints,
        entry_times=sorted((NOON - age for age in ages), reverse=True),
        intake=Intake(holds=held, classes={"9": (10.0, 5000.0)}),
    )
    planned = next_poll(
        FeedState(id=1, spec=spec, current_url="u", failures=failures),
        result,
        NOON,
        random.Random(seed),
        next_cron_time,
    )
    assert planned.at is not None
    assert planned.at > NOON
    floor = timedelta(0) if schedule else interval or cadence.SHORTEST
    assert planned.at - NOON >= floor
    longest = max(interval or timedelta(0), cadence.LONGEST_BACK_OFF) * (1 + cadence.JITTER)
    beyond = cadence.LONGEST + (timedelta(days=8) if schedule else timedelta(0))
    assert planned.at <= NOON + longest + beyond
    if planned.held_until is not None:
        assert NOON <= planned.held_until <= NOON + timedelta(hours=8)
        assert planned.at >= planned.held_until
    if status != "failed" and not schedule:
        assert (
            planned.at
            <= NOON + max(interval or cadence.LONGEST, cadence.LONGEST) * (1 + cadence.JITTER) + cadence.LONGEST
        )
    assert planned.reason
