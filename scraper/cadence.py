"""When to poll a feed next, and why. Pure (POLICY: When to poll next, When it fails)."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Protocol

from scraper.model import FeedHints, FeedState, NextPoll, PollStatus

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
LONGEST_RETRY_AFTER = timedelta(hours=8)
#: Failures that are retried at the ordinary interval before backing off.
ORDINARY_RETRIES = 3
BACK_OFF_STEP = timedelta(hours=1)
LONGEST_BACK_OFF = timedelta(days=3)
JITTER = 0.25
#: An unconditional poll at least this often: some servers say 304 for ever.
UNCONDITIONAL_EVERY = timedelta(hours=12)
#: Silence after which the interval is at least this share of LONGEST.
_SILENCE = ((timedelta(days=30), 1.0), (timedelta(days=14), 0.5), (timedelta(days=7), 0.25))
#: HTTP statuses that ask for a pause.
OVERLOAD = frozenset({429, 503})


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


def next_poll(state: FeedState, result: PollResult, now: datetime, rng: random.Random, cron: CronTimes) -> NextPoll:
    """Decide when a feed is polled next: never before `now`, never later than the longest of the caps."""
    if result.status == "gone":
        return NextPoll(at=None, interval=LONGEST, reason="410 Gone: not polled again until you ask for it")
    if result.http_status in OVERLOAD:
        return _after_overload(state, result, now, rng)
    if result.status == "failed" and state.failures + 1 > ORDINARY_RETRIES:
        return _backed_off(state, result, now, rng)
    if state.spec.schedule:
        return _on_schedule(state, now, cron)
    interval, reason = _longest_wish(state, result, now)
    if result.status == "failed":
        reason = f"retry {state.failures + 1} of {ORDINARY_RETRIES}; {reason}"
    return _outside_skipped(_jittered(interval, reason, now, rng), result.hints)


def asks_conditionally(state: FeedState, now: datetime) -> bool:
    """Say whether validators may be sent: not when the last body is 12 hours old."""
    return state.last_body_at is not None and now - state.last_body_at < UNCONDITIONAL_EVERY


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After in seconds or as a date (RFC 9110, 10.2.3), capped at 8 h; None if absent or not readable."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    when = _http_date(text)
    return min(max(when - now, timedelta(0)), LONGEST_RETRY_AFTER) if when else None


def _http_date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


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


def _longest_wish(state: FeedState, result: PollResult, now: datetime) -> tuple[timedelta, str]:
    """Return the longest of our interval and what server and document ask for, with its reason."""
    if state.spec.interval is not None:
        ours = (state.spec.interval, f"every {_short(state.spec.interval)} as configured")
    else:
        ours = auto_interval(result.entry_times, now)
    wishes = [ours, *((min(wish, LONGEST), reason) for wish, reason in _wishes(result, now))]
    if wait := retry_after(result.headers, now):
        wishes.append((wait, "Retry-After"))
    return max(wishes, key=lambda wish: wish[0])


def _wishes(result: PollResult, now: datetime) -> list[tuple[timedelta, str]]:
    wishes = [(result.hints.ttl, "the feed's ttl"), (result.hints.update_period, "the feed's sy:updatePeriod")]
    max_age = _max_age(result.headers)
    wishes.append((max_age, "Cache-Control: max-age"))
    if max_age is None and (expires := _http_date(result.headers.get("expires", ""))):
        wishes.append((expires - now, "Expires"))
    return [(wish, reason) for wish, reason in wishes if wish is not None]


def _max_age(headers: Mapping[str, str]) -> timedelta | None:
    for directive in headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.isascii() and value.strip('"').isdigit():
            return timedelta(seconds=int(value.strip('"')[:9]))
    return None


def _after_overload(state: FeedState, result: PollResult, now: datetime, rng: random.Random) -> NextPoll:
    """429 and 503: what Retry-After says but not sooner than usual, else a random time between one and two hours."""
    wait = retry_after(result.headers, now)
    if wait is not None:
        usual, _ = _longest_wish(state, result, now)
        return _jittered(max(wait, usual), f"HTTP {result.http_status} with Retry-After", now, rng)
    wait = timedelta(hours=1 + rng.random())
    return NextPoll(at=now + wait, interval=wait, reason=f"HTTP {result.http_status}: the server asks for a pause")


def _backed_off(state: FeedState, result: PollResult, now: datetime, rng: random.Random) -> NextPoll:
    """An hour more with each failure, never sooner than usual."""
    failures = state.failures + 1
    usual, _ = _longest_wish(state, result, now)
    wait = min(max(BACK_OFF_STEP * (failures - ORDINARY_RETRIES), usual), LONGEST_BACK_OFF)
    return _jittered(wait, f"backing off after {failures} failures in a row", now, rng)


def _on_schedule(state: FeedState, now: datetime, cron: CronTimes) -> NextPoll:
    at = cron(state.spec.schedule or "", state.spec.time_zone, now)
    if at is None:
        return NextPoll(at=now + LONGEST, interval=LONGEST, reason="the schedule names no further time; looking again")
    return NextPoll(at=at, interval=at - now, reason=f"schedule {state.spec.schedule}")


def _jittered(interval: timedelta, reason: str, now: datetime, rng: random.Random) -> NextPoll:
    """Lengthen by up to a quarter, so that feeds do not fall into step."""
    return NextPoll(at=now + interval * (1 + JITTER * rng.random()), interval=interval, reason=reason)


def _outside_skipped(planned: NextPoll, hints: FeedHints) -> NextPoll:
    """Move to the first full hour that the feed does not ask to skip; a feed that skips everything is not believed."""
    at = planned.at
    if at is None or len(hints.skip_hours) >= 24 or len(hints.skip_days) >= 7:
        return planned
    moved = at
    while moved.hour in hints.skip_hours or moved.weekday() in hints.skip_days:
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if moved == at:
        return planned
    return NextPoll(at=moved, interval=planned.interval, reason=f"{planned.reason}; outside the feed's skip times")


def _short(span: timedelta) -> str:
    """Write a time span as people do: 40 s, 25 min, 3 h, 2 d."""
    seconds = span.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0):
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
