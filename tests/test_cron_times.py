"""The times of cron lines where clocks change, against a walk over every minute."""

from __future__ import annotations

import random
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import pytest
from patience import IS_LONG

from scraper.polling.cron import next_cron_time

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FROM, TO = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --------------------------------------------------------------------------- known answers

AUTUMN = [
    # `*` and steps go on; fixed hours come in the first of two equal hours alone.
    ("*/20 * * * *", "Europe/Paris", "2025-10-26 00:40", "26 01:00, 26 01:20, 26 01:40, 26 02:00"),
    ("5 * * * *", "America/Chicago", "2025-11-02 05:30", "02 06:05, 02 07:05, 02 08:05"),
    ("0 */2 * * *", "Europe/Paris", "2025-10-25 21:00", "25 22:00, 26 00:00, 26 01:00, 26 03:00"),
    ("15 2 * * *", "Europe/Paris", "2025-10-25 23:00", "26 00:15, 27 01:15"),
    ("15 2 * * *", "Europe/Paris", "2025-10-26 01:20", "27 01:15"),
    ("*/30 1-3 * * *", "Europe/Paris", "2025-10-25 23:15", "25 23:30, 26 00:00, 26 00:30, 26 02:00, 26 02:30"),
    # The half hour that comes twice at Lord Howe is 01:30 to 02:00.
    ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04 14:00", "04 14:45, 05 15:15"),
    ("45 * * * *", "Australia/Lord_Howe", "2026-04-04 14:00", "04 14:45, 04 15:15, 04 16:15"),
]
SPRING = [
    # As far after the change as the time lies in what is left out, and only once.
    ("30 2 * * *", "Europe/Paris", "2025-03-30 00:00", "30 01:30, 31 00:30"),
    ("0 2,3 * * *", "Europe/Paris", "2025-03-30 00:00", "30 01:00, 31 00:00"),
    ("50 2,3 * * *", "Europe/Paris", "2025-03-30 01:10", "30 01:50, 31 00:50"),
    ("20 2 * * *", "Australia/Lord_Howe", "2025-10-04 15:00", "04 15:50, 05 15:20"),
    ("10 1,2 * * *", "Antarctica/Troll", "2025-03-30 00:00", "30 01:10, 30 02:10, 30 23:10"),
    ("15 0 * * *", "Africa/Cairo", "2025-04-24 20:00", "24 22:15, 25 21:15"),
    ("0 0 * * fri", "Africa/Cairo", "2025-04-24 20:00", "24 22:00, 01 21:00"),
    ("0 0 30 mar *", "Asia/Beirut", "2025-03-29 00:00", "29 22:00, 29 21:00"),
    ("30 23 * * sat", "America/Nuuk", "2025-03-29 20:00", "30 01:30, 06 00:30"),
    # `*` and steps do not make up for it: the minutes go on.
    ("*/20 * * * *", "Europe/Paris", "2025-03-30 00:30", "30 00:40, 30 01:00, 30 01:20"),
    ("0 */2 * * *", "Europe/Paris", "2025-03-29 22:00", "29 23:00, 30 02:00, 30 04:00"),
    # Samoa left out a whole day.
    ("0 12 30 12 *", "Pacific/Apia", "2011-12-01 00:00", "30 22:00, 29 22:00"),
]


@pytest.mark.parametrize(("line", "zone", "after", "comes"), AUTUMN + SPRING)
def test_what_comes_when_clocks_change(line: str, zone: str, after: str, comes: str) -> None:
    found, at = [], utc(after)
    for _ in comes.split(", "):
        at = next_cron_time(line, zone, at) or at
        found.append(f"{at:%d %H:%M}")
    assert ", ".join(found) == comes


def test_a_line_that_only_names_what_is_left_out_each_year_never_comes() -> None:
    assert next_cron_time("0 1-2/1 25-31 3 sun", "Antarctica/Troll", utc("2025-01-01")) is None


# --------------------------------------------------------------------------- the walk


class Change(NamedTuple):
    """An instant from which clocks are ahead of UTC by another time."""

    at: datetime
    before: timedelta
    after: timedelta


class Minute(NamedTuple):
    """A minute, what clocks show in it, and what is made up for in it: a time that was left out."""

    at: datetime
    shown: datetime
    comes_again: bool
    made_up: datetime | None


def ahead(zone: zoneinfo.ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


@cache
def changes(name: str) -> tuple[Change, ...]:
    """Return the changes of a zone in the years looked at."""
    zone, found, day = zoneinfo.ZoneInfo(name), [], FROM
    before = ahead(zone, day)
    while day < TO:
        if (after := ahead(zone, day + DAY)) != before:
            at = day
            while ahead(zone, at) == before:
                at += MINUTE
            found.append(Change(at, before, after))
        day, before = day + DAY, after
    return tuple(found)


@cache
def walk(change: Change) -> tuple[Minute, ...]:
    """Return the minutes from three hours before a change to half a day after it."""
    minutes, seen, at = [], set(), change.at - 3 * HOUR
    while at < change.at + 12 * HOUR:
        shown = at + (change.before if at < change.at else change.after)
        made_up = at + change.before if change.at <= at < change.at + (change.after - change.before) else None
        minutes.append(Minute(at, shown, shown in seen, made_up))
        seen.add(shown)
        at += MINUTE
    return tuple(minutes)


class Line(NamedTuple):
    """A cron line as the numbers its fields name."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int | str]
    months: frozenset[int]
    weekdays: frozenset[int]
    goes_by_minutes: bool

    def names(self, shown: datetime) -> bool:
        """Say whether the line names a time that clocks show."""
        is_last = (shown + DAY).month != shown.month
        return (
            shown.minute in self.minutes
            and shown.hour in self.hours
            and (shown.day in self.days or (is_last and "last" in self.days))
            and shown.month in self.months
            and shown.weekday() in self.weekdays
        )

    def comes(self, minute: Minute) -> bool:
        """Say whether the line comes in a minute."""
        if self.goes_by_minutes:
            return self.names(minute.shown)
        if minute.made_up is not None and self.names(minute.made_up):
            return True
        return self.names(minute.shown) and not minute.comes_again


def read(text: str) -> Line:
    minute, hour, day, month, weekday = text.split()
    return Line(
        frozenset(numbers(minute, range(60))),
        frozenset(numbers(hour, range(24))),
        frozenset(numbers(day, range(1, 32))) | {word for word in day.split(",") if word == "last"},
        frozenset(numbers(month, range(1, 13), MONTHS)),
        frozenset(numbers(weekday, range(7), WEEKDAYS)),
        "*" in hour or "/" in hour,
    )


def numbers(field: str, every: range, names: tuple[str, ...] = ()) -> Iterator[int]:
    """Return the numbers that a field names."""
    for part in field.split(","):
        if part == "last":
            continue
        ends, _, step = part.partition("/")
        first, _, last = ends.partition("-")
        one = every[names.index(first)] if first in names else every[0] if first == "*" else int(first)
        other = every[names.index(last)] if last in names else int(last) if last else every[-1] if first == "*" else one
        yield from range(one, other + 1, int(step or 1))


def test_the_walk_reads_lines_as_they_are_meant() -> None:
    line = read("*/20,7 6-8,22 last,2-10/4 jan-mar sat-sun")
    assert (line.minutes, line.hours) == ({0, 7, 20, 40}, {6, 7, 8, 22})
    assert (line.days, line.months, line.weekdays) == ({"last", 2, 6, 10}, {1, 2, 3}, {5, 6})
    assert line.names(utc("2026-01-31 22:07"))
    assert not line.names(utc("2026-01-30 22:07"))


# --------------------------------------------------------------------------- random lines


def random_field(rng: random.Random, every: range, near: int) -> str:
    """Return a field that more often than not names `near`."""
    one, other = sorted((near, rng.choice(every))) if rng.random() < 0.7 else sorted(rng.choices(every, k=2))
    step = rng.randint(1, other - one) if other > one else 0
    forms = [str(near), f"{one}-{other}", f"{one},{other}", "*", f"*/{rng.randint(1, len(every) // 2)}"]
    return rng.choice([*forms, f"{one}-{other}/{step}"] if step else forms)


def random_line(rng: random.Random, near: datetime) -> str:
    """Return a line that names times on the day of `near`, most of them about its hour."""
    weekday = WEEKDAYS[near.weekday()]
    return " ".join(
        (
            random_field(rng, range(60), rng.choice((0, 30, near.minute))),
            random_field(rng, range(24), near.hour),
            rng.choice(("*", "*", "*", f"{near.day}", f"last,{near.day}", "*/2", "1-31/3")),
            rng.choice(("*", "*", "*", MONTHS[near.month - 1], f"1,{near.month}", f"{near.month}-12")),
            rng.choice(("*", "*", "*", weekday, f"mon-{weekday}", "tue,sat,sun")),
        )
    )


def test_every_zone_comes_out_as_a_walk_over_its_minutes_does() -> None:
    rng = random.Random(20261025)
    zones = [name for name in sorted(zoneinfo.available_timezones()) if changes(name)]
    assert len(zones) > 150
    for zone in zones if IS_LONG else rng.sample(zones, 50):
        for change in changes(zone):
            minutes = walk(change)
            text = random_line(rng, rng.choice(minutes[60:360]).shown)
            line = read(text)
            comes = [minute.at for minute in minutes if line.comes(minute)]
            for after in (
                change.at,
                *(rng.choice(minutes[:420]).at + timedelta(seconds=rng.randint(0, 59)) for _ in range(2)),
            ):
                found = next_cron_time(text, zone, after)
                wanted = next((at for at in comes if at > after), None)
                told = f"{text!r} in {zone} after {after}: {found}, not {wanted}"
                assert found == wanted or (wanted is None and (found is None or found > minutes[-1].at)), told
