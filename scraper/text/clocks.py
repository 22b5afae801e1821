"""The time of day and its zone, as they stand beside a date."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.text.months import PLACES, ZONES


class Clock(NamedTuple):
    """A time of day."""

    hour: int
    minute: int
    second: int


_HALF = r"am|pm|오전|오후|上午|下午|午前|午後|晚上|凌晨"
CLOCK = re.compile(
    rf"(?<![\d.])(?:({_HALF})\s?)?(\d{{1,2}})"
    r"(?:(?:[:.h時时시点點]|\s?Uhr)\s?(\d\d)?(?:[:.分분]?\s?(\d\d)(?:[.,]\d{1,9}(?!\d))?)?[分분秒초]?)?(?![\d/])"
    r"\s?([ap]\.?\s?m\.?(?!\w)|ч|μ\.μ|π\.μ|م|ص)?",
    re.I,
)
_AFTERNOON = ("pm", "오후", "下午", "午後", "晚上", "μμ", "م")
_FORENOON = ("am", "오전", "上午", "午前", "凌晨", "πμ", "ص")
_HOUR_SIGN = re.compile(r"[h時时시点點]|uhr", re.I)
_ZONE = re.compile(
    r"\s{0,3}\(?(?:(?:UTC|GMT|UT|Z)?\s?([+−-]\d{1,2}(?::?\d\d)?)(?![\d:])"
    r"|([A-Za-z]{2,20}/[A-Za-z_+-]{2,30}\d{0,2}(?:/[A-Za-z_]{2,30})?)|([^\W\d_]{1,5})(?![^\W\d_]))\)?",
    re.I,
)
#: A zone's name anywhere in a line.
_ZONE_NAME = re.compile(r"(?:\(|\s|\d)((?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d\d)?|(?!AT\b)[A-ZМСК]{1,4})\)?(?=\W|$)")


def find_clock(text: str, after: int, before: int) -> tuple[Clock, tuple[int, int]] | None:
    """A time of day near a date that ends at `after` and starts at `before`, and where it stands."""
    start = max(0, before - 25)
    behind = ((match, 0) for match in CLOCK.finditer(text, after, after + 40))
    ahead = ((match, start) for match in CLOCK.finditer(text[start:before]))
    for match, at in (*behind, *ahead):
        half = re.sub(r"[.\s]", "", match[1] or match[5] or "").lower()
        if not (match[3] or half or _HOUR_SIGN.search(match[0])):
            continue
        hour = int(match[2])
        if half in _AFTERNOON:
            hour = hour % 12 + 12
        elif half in _FORENOON and hour == 12:
            hour = 0
        if hour <= 24:
            return Clock(hour, int(match[3] or 0), int(match[4] or 0)), (at + match.start(), at + match.end())
    return None


def zone_after(text: str, at: int) -> tuple[tzinfo | None, int]:
    """The zone that stands behind a time, and where it ends: `at` where there is none.

    "-0000" says that the zone is not known (RFC 2822, 3.3). Raises ValueError where it is more than a day.
    """
    match = _ZONE.match(text, at)
    if match is None:
        return None, at
    numbers, place, name = match.groups()
    if numbers:
        is_unknown = numbers[0] != "+" and not numbers.strip("-−0:")
        return None if is_unknown else _offset(numbers), match.end()
    if place:
        found = zone_of_place(place)
        return found, match.end() if found else at
    is_last = not text[match.end() :].strip()
    if (found := _by_name(name)) and (is_last or (name.isupper() and name != "AT")):
        return found, match.end()
    return None, at


def zone_named(text: str) -> tzinfo | None:
    """The first zone that a line names."""
    for name in _ZONE_NAME.findall(text):
        bare = name.replace(" ", "")
        if bare[:3] in ("UTC", "GMT") and len(bare) > 3:
            return _offset(bare[3:])
        if found := _by_name(bare):
            return found
    return None


def _by_name(name: str) -> tzinfo | None:
    """The zone of "CEST", or "ET" with its summer time; None where nobody has it."""
    if (place := PLACES.get(name.lower())) is not None:
        return zone_of_place(place)
    minutes = ZONES.get(name.lower())
    return None if minutes is None else _east(minutes)


def _offset(zone: str) -> tzinfo:
    """The zone of "+02:00", "-0330" or "+05"."""
    digits = zone[1:].replace(":", "")
    minutes = int(digits) * 60 if len(digits) <= 2 else int(digits[:-2]) * 60 + int(digits[-2:])
    return _east(minutes if zone[0] == "+" else -minutes)


def _east(minutes: int) -> tzinfo:
    return timezone(timedelta(minutes=minutes))


@lru_cache(maxsize=128)
def zone_of_place(name: str) -> tzinfo | None:
    """The zone of "Europe/Vienna"; None where the system has no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
