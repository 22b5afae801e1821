"""When to poll a feed next, and why. Pure (POLICY: When to poll next, When it fails)."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, Protocol

from scraper.fetch.retry_after import OVERLOAD, http_date, pause_asked, retry_after
from scraper.model import FeedHints, FeedState, Intake, NextPoll, PollStatus
from scraper.polling.feed_rate import risk, safe_interval

#: No feed is polled again sooner, whatever a rule says; only a person may ask for it.
FLOOR = timedelta(minutes=1)
SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
#: Failures that are retried at the ordinary interval before backing off.
ORDINARY_RETRIES = 3
BACK_OFF_STEP = timedelta(hours=1)
LONGEST_BACK_OFF = timedelta(days=3)
JITTER = 0.25
#: A time of a schedule is late enough when this share of a wish has passed: "daily at nine" must not miss every second
#: day because an answer is fresh for 24 hours.
SCHEDULE_SLACK = 0.9
#: An unconditional poll at least this often: some servers say 304 for ever.
UNCONDITIONAL_EVERY = timedelta(hours=12)
#: Silence after which the interval is at least this share of LONGEST.
_SILENCE = ((timedelta(days=30), 1.0), (timedelta(days=14), 0.5), (timedelta(days=7), 0.25))
#: So long after its next time a schedule is searched for one outside the hours and days that a feed asks to skip.
_SCHEDULE_SEARCH = timedelta(days=8)
_NOTHING_KNOWN = Intake()


class CronTimes(Protocol):
    """Reads cron lines."""

    def __call__(self, line: str, time_zone: str | None, after: datetime) -> datetime | None:
        """Return the first instant after `after` that the line names; None = there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What a poll came to, as far as the next one depends on it."""

    status: PollStatus
    http_status: int | None = None
    #: Response headers, names in lower case; empty when there was no answer.
    headers: Mapping[str, str]
    hints: FeedHints
    #: Times of the newest entries, newest first, those of this poll included.
    entry_times: Sequence[datetime]
    #: What the feed holds and publishes, as of this poll.
    intake: Intake = _NOTHING_KNOWN


class _Wait(NamedTuple):
    """A time to wait, and why."""

    span: timedelta
    reason: str
    #: Chance has been at it already.
    is_drawn: bool = False


def next_poll(state: FeedState, result: PollResult, now: datetime, rng: random.Random, cron: CronTimes) -> NextPoll:
    """Decide when a feed is polled next: never within `FLOOR` of `now`, never later than the longest of the caps."""
    if result.status == "gone":
        return NextPoll(at=None, interval=LONGEST, reason="410 Gone: not polled again until you ask for it")
    pause = pause_asked(result.http_status, result.headers, now, rng)
    wait = _wait(state, result, pause, now)
    if state.spec.schedule:
        planned = _on_schedule(state, result.hints, wait, now, cron)
    else:
        at = now + wait.span * (1 if wait.is_drawn else 1 + JITTER * rng.random())
        planned = _outside_skipped(NextPoll(at=at, interval=wait.span, reason=wait.reason), result.hints)
    planned = _above_floor(planned, now)
    return replace(planned, held_until=now + pause) if pause else planned


def after_own_error(state: FeedState, now: datetime) -> NextPoll:
    """Decide when a feed is polled next after an error of ours: no rule that may be at fault is asked."""
    span = max(min(BACK_OFF_STEP * (state.failures + 1), LONGEST_BACK_OFF), state.spec.interval or BACK_OFF_STEP)
    return NextPoll(at=now + span, interval=span, reason="an error of Wireroom's own; the log has it")


def too_soon_until(state: FeedState, now: datetime) -> datetime | None:
    """Return when a feed that is due may be polled; None = now. It holds whatever made the feed due but a person."""
    if state.is_asked_for or state.answer is not None:  # what was heard already is read without asking anybody
        return None
    polled_at = state.last_polled_at
    if polled_at is None or not timedelta(0) <= now - polled_at < FLOOR:  # a clock may be set back
        return None
    return polled_at + FLOOR


def asks_conditionally(state: FeedState, now: datetime) -> bool:
    """Say whether validators may be sent: not when the last body is 12 hours old, or from a time still to come."""
    return state.last_body_at is not None and timedelta(0) <= now - state.last_body_at < UNCONDITIONAL_EVERY


def auto_interval(entry_times: Sequence[datetime], now: datetime) -> tuple[timedelta, str]:
    """Return half the mean gap between recent entries, within bounds, stretched by silence."""
    # A batch with one time is one event: entries first seen together, or published as one.
    times = sorted({time for time in entry_times if time <= now}, reverse=True)
    gaps = [(newer - older).total_seconds() for newer, older in pairwise(times)]
    if not gaps:
        return timedelta(hours=1), "auto: too few dated entries to tell, 1 h"
    # Gaps past thirty times the middle one do not count: one wrong date would set the interval.
    middle = sorted(gaps)[len(gaps) // 2]
    recent = [gap for gap in gaps if gap <= 30 * middle]
    mean = timedelta(seconds=sum(recent) / len(recent))
    interval = min(max(mean / 2, SHORTEST), LONGEST)
    silent = now - times[0]
    for age, share in _SILENCE:
        if silent >= age and LONGEST * share > interval:
            return LONGEST * share, f"auto: silent for {silent.days} days"
    return interval, f"auto: an entry every {_short(mean)}"


def _wait(state: FeedState, result: PollResult, pause: timedelta | None, now: datetime) -> _Wait:
    """Return the least time to the next poll: ours, or what the answer makes of it."""
    usual = _usual(state, result, now)
    failures = state.failures + 1
    if result.http_status in OVERLOAD and pause is not None:
        is_told = retry_after(result.headers, now) is not None
        what = "with Retry-After" if is_told else "without a time: one to two hours"
        asked = _Wait(pause, f"HTTP {result.http_status} {what}", is_drawn=not is_told)
    elif result.status == "failed" and failures > ORDINARY_RETRIES:
        step = min(BACK_OFF_STEP * (failures - ORDINARY_RETRIES), LONGEST_BACK_OFF)
        return _Wait(max(step, usual.span, pause or step), f"backing off after {failures:,} failures in a row")
    else:
        asked = _Wait(pause or timedelta(0), "Retry-After")
    longest = max(usual, asked, key=lambda wait: wait.span)
    is_retry = result.status == "failed" and result.http_status not in OVERLOAD
    return longest._replace(reason=f"retry {failures} of {ORDINARY_RETRIES}; {longest.reason}") if is_retry else longest


def _usual(state: FeedState, result: PollResult, now: datetime) -> _Wait:
    """Return the longest of our interval and what server and document ask for."""
    slack = SCHEDULE_SLACK if state.spec.schedule else 1
    wishes = [_Wait(min(wish, LONGEST) * slack, reason) for wish, reason in _wishes(result, now) if wish]
    return max([_ours(state, result, now), *wishes], key=lambda wait: wait.span)


def _ours(state: FeedState, result: PollResult, now: datetime) -> _Wait:
    if state.spec.schedule:
        return _Wait(timedelta(0), f"schedule {state.spec.schedule}")
    if state.spec.interval is not None:
        return _Wait(state.spec.interval, f"every {_short(state.spec.interval)} as configured")
    return _without_loss(_Wait(*auto_interval(result.entry_times, now)), result.intake)


def _without_loss(auto: _Wait, intake: Intake) -> _Wait:
    """Return a shorter interval when entries would fall out of the document in the meantime."""
    if (lost := risk(intake, auto.span)) is None:
        return auto
    span = max(safe_interval(intake) or auto.span, SHORTEST)
    return (
        _Wait(span, f"auto: at {_short(auto.span)} it would lose {lost.lost_per_h:.2g}/h") if span < auto.span else auto
    )


def _wishes(result: PollResult, now: datetime) -> list[tuple[timedelta | None, str]]:
    said = [(result.hints.ttl, "the feed's ttl"), (result.hints.update_period, "the feed's sy:updatePeriod")]
    return [*said, _freshness(result.headers, now)] if _is_heeded(result.http_status) else said


def _is_heeded(status: int | None) -> bool:
    """Say whether an answer's freshness is about the feed: that of a 404 or a 500 is not."""
    return status is None or 200 <= status < 300 or status == 304 or status in OVERLOAD


def _freshness(headers: Mapping[str, str], now: datetime) -> tuple[timedelta | None, str]:
    """Return for how long an answer says it is fresh; Expires counts from the server's own clock (RFC 9111, 4.2.1)."""
    if (max_age := _max_age(headers)) is not None:
        return max_age, "Cache-Control: max-age"
    expires = http_date(headers.get("expires", ""))
    return (expires - (http_date(headers.get("date", "")) or now) if expires else None), "Expires"


def _max_age(headers: Mapping[str, str]) -> timedelta | None:
    for directive in headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.isascii() and value.strip('"').isdigit():
            return timedelta(seconds=int(value.strip('"')[:9]))
    return None


def _above_floor(planned: NextPoll, now: datetime) -> NextPoll:
    """Put off what any rule has made due within the floor."""
    if planned.at is None or planned.at - now >= FLOOR:
        return planned
    return replace(planned, at=now + FLOOR, reason=f"{planned.reason}; not twice within {_short(FLOOR)}")


def _on_schedule(state: FeedState, hints: FeedHints, wait: _Wait, now: datetime, cron: CronTimes) -> NextPoll:
    """Return the first time of the schedule that is late enough and in no hour that the feed asks to skip."""
    line, zone = state.spec.schedule or "", state.spec.time_zone
    is_free = wait.span == timedelta(0)
    first = at = cron(line, zone, now + wait.span)
    while first and at and at < first + _SCHEDULE_SEARCH and (opens_at := _first_wanted(at, hints)) != at:
        later = cron(line, zone, opens_at - timedelta(microseconds=1))
        at = later if later is None or later > at else None  # a reader that goes back would be asked for ever
    if first and (at is None or at >= first + _SCHEDULE_SEARCH):  # it names no other hours: the user's word holds
        at = first
    if at is None:
        return NextPoll(at=now + LONGEST, interval=LONGEST, reason="the schedule names no further time; looking again")
    reason = f"schedule {line}" if is_free else f"schedule {line}; {wait.reason}"
    return NextPoll(at=at, interval=at - now, reason=reason)


def _outside_skipped(planned: NextPoll, hints: FeedHints) -> NextPoll:
    """Move a poll out of the hours and days that the feed asks to skip, but by a day at most: like every wish."""
    if planned.at is None or (moved := _first_wanted(planned.at, hints)) == planned.at:
        return planned
    if moved - planned.at > LONGEST:
        return replace(planned, at=planned.at + LONGEST, reason=f"{planned.reason}; a day later for its skip times")
    return replace(planned, at=moved, reason=f"{planned.reason}; outside the feed's skip times")


def _first_wanted(at: datetime, hints: FeedHints) -> datetime:
    """Return `at`, or the first full hour after it that the feed does not ask to skip.

    A feed that skips everything is not believed.
    """
    if len(hints.skip_hours) >= 24 or len(hints.skip_days) >= 7:
        return at
    while at.hour in hints.skip_hours or at.weekday() in hints.skip_days:
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def _short(span: timedelta) -> str:
    """Write a time span as people do: 40 s, 25 min, 3 h, 2 d."""
    seconds = span.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0):
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
