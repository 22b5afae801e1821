"""The one reader of dates: ISO 8601, RFC 2822, Unix time, numbers, and the date words of many languages.

Pages and feeds are read by the same rules. Of a page a line may hold more than its date (`read_date`, `read_written`);
what a feed writes as a date must be one to its last digit (`read_whole`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from scraper.text.clocks import Clock, find_clock, zone_after, zone_named
from scraper.text.months import DIGITS, ERAS, PAIRED_MONTHS, month_number, solar_numbers

FIRST_YEAR, _LAST_YEAR = 1990, 2200
_MAX_CHARS = 400
#: How far clocks are ahead of Greenwich, and behind it.
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
_MAX_WORDS = 80


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: without a zone where none is written, at midnight where no time is."""

    at: datetime
    has_time: bool

    def resolved(self, zone: tzinfo) -> datetime:
        """The instant, with the offset written, else that of `zone`; a bare day is midnight UTC."""
        if self.at.tzinfo is not None:
            return self.at
        return self.at.replace(tzinfo=zone if self.has_time else UTC)


class _Day(NamedTuple):
    """A day and where in the text it stands."""

    year: int
    month: int
    day: int
    start: int
    end: int
    #: Where the year stands, if the time of day is before it.
    year_start: int = 0
    year_end: int = 0


class _Order(NamedTuple):
    """How a document writes numbers; None in its place: a line of prose, in which 3/4/20 need not be a date."""

    is_month_first: bool


class _Reading(NamedTuple):
    """A date, and the places in the text that it was read from, in their order."""

    found: Written
    places: tuple[tuple[int, int], ...]


_ISO = re.compile(
    r"(\d{4})(?:-0?(\d\d)-|(\d\d))(\d\d)"
    r"(?:(?:[T\s|]{1,9}|(?<=\d{8}))(\d\d)(?:[:h]?(\d\d)(?::?(\d\d)(?:[.,]\d{1,12})?)?|(?<=T\d\d)(?=Z|[+-]\d|$))|(?:Z|[+-]\d\d:\d\d)$)?(?!\d)",
    re.I,
)
_EPOCH = re.compile(r"(\d{10})(?:\.\d{1,9}|\d{3})?")
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s{0,2}(\d{1,2})\s?[月월]\s{0,2}(\d{1,2})\s?[日일号號]?")
_ERA = re.compile(r"(令和|平成|昭和)\s?(元|\d{1,2})年\s?(\d{1,2})月\s?(\d{1,2})日")
_VIETNAMESE = re.compile(
    r"(\d{1,2})\s{1,3}tháng\s{1,3}(\d{1,2})(?:\s{0,3},?\s{0,3}năm\s{0,3}|\s{0,3},\s{0,3}|\s{1,3})(\d{4})"
)
_YEAR_FIRST = re.compile(r"(?<![\d.])(\d{4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<![\d.])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?!\d|[./-]\d)")
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e30-\u0e4e])"
_MONTH_WORD = re.compile(rf"{_LETTER}{{1,40}}(?:\.{_LETTER}{{1,9}}){{0,3}}")
_PAIRED_MONTH = re.compile("|".join(PAIRED_MONTHS))

_DAY_BEFORE = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:st|nd|rd|th|er|º|ª|°|-?[a-zа-я]{1,2})?[.,]?\s{0,3}(?:of\s|de\s|d[’'`]|di\s|ng\s|-|–|/)?\s{0,3}$"
)
#: A year of two digits stands at the end, or before a time of day.
_YEAR_AFTER = re.compile(
    r"[.,/]?\s{0,3}(?:de\s|del\s|of\s|-)?\s{0,3}[’']?(\d{4}(?!\d)|\d\d(?=\s{1,3}\d{1,2}:\d\d|\s{0,3}$))"
)
_DAY_YEAR_AFTER = re.compile(
    r"[.,]?\s{0,3}(\d{1,2})(?:st|nd|rd|th|\.)?\s{0,3}(?:d\.)?\s{0,3}(?:[,،]|de\s|del\s)?\s{0,3}(\d{4})(?!\d)"
)
#: Jan 4 16:29:06 2004
_CLOCK_BETWEEN = re.compile(
    r"\s{1,3}(\d{1,2})\s{1,3}\d\d:\d\d(?::\d\d)?(?:\s{1,3}(?:[+-]\d{4}|[A-Z]{3,4}))?\s{1,3}(\d{4})(?!\d)"
)
_DAY_AFTER = re.compile(r"[.,-]?\s{0,3}(\d{1,2})(?!\d)")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})(?:[.,-]|\s?(?:m\.|gada|urteko)){0,3}\s{0,3}(?:(\d{1,2})\.\s{0,3})?$")
_TWELVE_HOURS = re.compile(r"\d\s?[ap]\.?\s?m\b", re.I)
#: "vor 3 Stunden", "2 hours ago", "il y a 5 min": how long ago, not when.
_RELATIVE = re.compile(
    r"\bago\b|\bvor\s{1,3}\d|\bil y a\b|\bhace\s{1,3}\d|\bhá\s{1,3}\d|\bfa$|назад|前$|\bsiden\b|\bsedan\b|전$|قبل|منذ",
    re.I,
)


def read_date(text: str | None) -> Written | None:
    """The date a machine-readable value or a short text tells; None where it tells none, or only how long ago."""
    if not text or len(text) > _MAX_CHARS:
        return None
    text = text.strip().translate(DIGITS)
    read = _read(text)
    return _of_the_web(read.found) if read is not None else None


def read_whole(text: str, *, is_month_first: bool = False) -> Written | None:
    """The date that a text is, of any year; None where a digit of it, or a letter at its end, has no meaning."""
    if len(text) > _MAX_CHARS:
        return None
    text = text.strip().translate(DIGITS)
    read = _read(text, _Order(is_month_first))
    if read is None:
        return None
    ends = [0, *(end for _, end in read.places)]
    starts = [*(start for start, _ in read.places), len(text)]
    rest = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    is_glued = _ISO.match(text) is not None and rest[-1][:1].isalpha()
    return None if is_glued or any(char.isdigit() for part in rest for char in part) else read.found


def _read(text: str, order: _Order | None = None) -> _Reading | None:
    if _RELATIVE.search(text) and not re.search(r"\d{4}", text):
        return None
    return _read_epoch(text) or _read_iso(text) or _read_words(text, order)


def _of_the_web(found: Written) -> Written | None:
    return found if FIRST_YEAR <= found.at.year <= _LAST_YEAR else None


def parse_instant(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """The instant of `read_date`, a time without zone taken in `zone`; a bare day is its midnight in UTC."""
    found = read_date(text)
    return found.resolved(zone) if found is not None else None


def read_written(text: str, *, is_month_first: bool = False) -> Written | None:
    """The date that a line of text contains, by numbers or by a month's name; time and zone if they are there."""
    read = _read_words(text.translate(DIGITS), _Order(is_month_first=True) if is_month_first else None)
    return _of_the_web(read.found) if read is not None else None


def agree(one: Written, other: Written) -> bool:
    """Whether both may be one moment: the same day where one is bare, the same minute of some zone where none is."""
    if not one.has_time or not other.has_time:
        day, at = (one.at, other.at) if not one.has_time else (other.at, one.at)
        if at.tzinfo is not None and not at.utcoffset():  # an instant: which day it is depends on the place
            return -_AHEAD <= at.replace(tzinfo=None) - day.replace(tzinfo=None) < timedelta(days=1) + _BEHIND
        return at.date() == day.date()
    if (one.at.tzinfo is None) == (other.at.tzinfo is None):
        return abs(one.resolved(UTC) - other.resolved(UTC)) < timedelta(minutes=1)
    return zone_between(one.at, other.at) is not None


def zone_between(one: datetime, other: datetime) -> tzinfo | None:
    """The zone in which the one without a zone is the other, where there may be such a zone."""
    local, instant = (one, other) if one.tzinfo is None else (other, one)
    ahead = local.replace(second=0, microsecond=0) - instant.astimezone(UTC).replace(
        tzinfo=None, second=0, microsecond=0
    )
    is_offset = -_BEHIND <= ahead <= _AHEAD and not ahead % timedelta(minutes=15)
    return timezone(ahead) if is_offset else None


def without_dates(text: str) -> str:
    """A text without the first three dates in it."""
    for _ in range(3):
        found = _find_named(text) or _find_numeric(text)
        if found is None:
            break
        text = f"{text[: found.start]} {text[found.end :]}"
    return _ISO.sub(" ", text)


def date_in_address(path: str) -> datetime | None:
    """The day an address carries: /2019/01/16/ or 2019-01-16."""
    match = re.search(r"(?<!\d)((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?([0-2]\d|3[01])(?!\d)", path)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC) if match else None
    except ValueError:
        return None


# --------------------------------------------------------------------------- machine-readable forms


def _read_iso(text: str) -> _Reading | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, month_too, day, hour, minute, second = match.groups()
    if (not hour and ":" in text[match.end() :]) or _TWELVE_HOURS.match(text, match.end() - 1):
        return None
    clock = Clock(int(hour), int(minute or 0), int(second or 0)) if hour else None
    found = _Day(int(year), int(month or month_too), int(day), 0, match.end())
    return _reading(text, found, clock, (match.end(), match.end()))


def _read_epoch(text: str) -> _Reading | None:
    """Seconds since 1970, or thousandths of them."""
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    return _Reading(Written(datetime.fromtimestamp(int(match[1]), UTC), has_time=True), ((0, len(text)),))


# --------------------------------------------------------------------------- written forms


def _read_words(text: str, order: _Order | None = None) -> _Reading | None:
    found = _find_named(text) or _find_numeric(text, order)
    if found is None:
        return None
    told = find_clock(text, found.end, found.start)
    return _reading(text, found, *told) if told is not None else _reading(text, found, None, (found.end, found.end))


def _reading(text: str, day: _Day, clock: Clock | None, place: tuple[int, int]) -> _Reading | None:
    """Put a day, the time of day that stands at `place`, and the zone behind it together."""
    (start, end), zone = place, None
    try:
        if clock is not None:
            zone, end = zone_after(text, place[1])
            zone = zone_named(text) if end == place[1] else zone
        found = _written(day, clock, zone)
    except (ValueError, OverflowError):
        return None
    return _Reading(found, tuple(sorted(((day.start, day.end), (day.year_start, day.year_end), (start, end)))))


def _find_named(text: str) -> _Day | None:
    """The first date with a month's name."""
    text = _PAIRED_MONTH.sub(lambda pair: PAIRED_MONTHS[pair[0]].ljust(len(pair[0])), text)
    solar = solar_numbers()
    for count, match in enumerate(_MONTH_WORD.finditer(text)):
        if count > _MAX_WORDS:
            break
        word = match[0].lower()
        named = month_number(word)
        month = named or solar.get(word)
        found = _day_and_year(text, match.start(), match.end(), month) if month else None
        if found is None:
            continue
        if not named:
            return _solar_day(found)
        return found
    return None


def _solar_day(found: _Day) -> _Day | None:
    if not 1300 <= found.year <= 1500:
        return None
    year, month, day = _from_solar(found.year, found.month, found.day)
    return found._replace(year=year, month=month, day=day)


def _day_and_year(text: str, start: int, end: int, month: int) -> _Day | None:
    """The day and the year around a month's name: 5 March 2024, March 5, 2024, 2024 March 5, 2024. gada 5. marts."""
    before = text[max(0, start - 18) : start]
    at = start - len(before)
    day = _DAY_BEFORE.search(before)
    if day is not None:
        year = _YEAR_AFTER.match(text, end)
        if year is not None:
            return _Day(_year(year[1]), month, int(day[1]), at + day.start(), year.end())
    year = _YEAR_BEFORE.search(before)
    if year is not None:
        after = _DAY_AFTER.match(text, end)
        if year[2] or after is not None:
            last = end if year[2] or after is None else after.end()
            return _Day(_year(year[1]), month, int(year[2] or (after[1] if after else 0)), at + year.start(), last)
    both = _DAY_YEAR_AFTER.match(text, end)
    if both is not None:
        return _Day(_year(both[2]), month, int(both[1]), start, both.end())
    around = _CLOCK_BETWEEN.match(text, end)
    return _Day(_year(around[2]), month, int(around[1]), start, around.end(1), *around.span(2)) if around else None


def _year(digits: str) -> int:
    """The year of our era; two digits are of 1950 to 2049 (RFC 2822, 4.3), after 2450 it is counted from the Buddha."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year - 543 if 2450 <= year <= 2650 else year


def _find_numeric(text: str, order: _Order | None = None) -> _Day | None:
    """The first date in numbers."""
    era = _ERA.search(text)
    if era is not None:
        count = 1 if era[2] == "元" else int(era[2])
        return _Day(ERAS[era[1]] + count - 1, int(era[3]), int(era[4]), *era.span())
    for pattern, groups in ((_EAST_ASIAN, (1, 2, 3)), (_VIETNAMESE, (3, 2, 1)), (_YEAR_FIRST, (1, 3, 4))):
        match = pattern.search(text)
        if match is not None:
            year, month, day = (int(match[group]) for group in groups)
            if 1300 <= year <= 1500:
                year, month, day = _from_solar(year, month, day)
            return _Day(_year(str(year)), month, day, *match.span())
    match = _YEAR_LAST.search(text)
    return _year_last(match, text, order) if match is not None else None


def _year_last(match: re.Match[str], text: str, order: _Order | None) -> _Day | None:
    """Day and month as Europe writes them, unless that is no date, or the clock or the document is American."""
    if len(match[4]) == 2 and match[2] != "." and (match[2] == "-" or order is None):
        return None
    first, second = int(match[1]), int(match[3])
    is_told = (order is not None and order.is_month_first) or (match[2] == "/" and _TWELVE_HOURS.search(text))
    is_american = second > 12 or (first <= 12 and match[2] != "." and is_told)
    day, month = (second, first) if is_american else (first, second)
    return _Day(_year(match[4]), month, day, *match.span())


def _from_solar(year: int, month: int, day: int) -> tuple[int, int, int]:
    """A day of the Iranian calendar in ours, by the 33-year cycle (right from 1799 to 2256)."""
    cycles, rest = divmod(year - 1, 33)
    leaps = cycles * 8 + sum(1 for past in range(1, rest + 1) if past % 33 in (1, 5, 9, 13, 17, 22, 26, 30))
    days = (year - 1) * 365 + leaps + (month - 1) * 31 - max(0, month - 7) + day - 1
    try:
        found = date(622, 3, 21) + timedelta(days=days)
    except OverflowError:
        return 0, 0, 0
    return found.year, found.month, found.day


def _written(day: _Day, clock: Clock | None = None, zone: tzinfo | None = None) -> Written:
    """Put it together. Raises ValueError or OverflowError where there is no such day or time."""
    hour, minute, second = clock or (0, 0, 0)
    is_midnight = hour == 24 and minute == second == 0  # ISO 8601: the end of the day
    second = 59 if second == 60 else second
    at = datetime(day.year, day.month, day.day, 0 if is_midnight else hour, minute, second, tzinfo=zone)
    return Written(at + timedelta(days=is_midnight), clock is not None)
