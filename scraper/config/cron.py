"""Cron lines: five fields checked strictly, then written so that APScheduler reads them as cron does.

Its weekday 0 is Monday where cron's is Sunday, and it passes over a step behind month names: so a line leaves here
with weekdays as names and months as numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.config.values import shown

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: Crontab's numbers: Sunday is 0 and 7.
_DAY_NUMBERS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}
_PART = re.compile(r"(?P<first>\*|[0-9]{1,3}|[a-z]{3})(?:-(?P<last>[0-9]{1,3}|[a-z]{3}))?(?:/(?P<step>[0-9]{1,3}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """What one place of the line may hold."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field(name="minute", lowest=0, highest=59),
    _Field(name="hour", lowest=0, highest=23),
    _Field(name="day of the month", lowest=1, highest=31),
    _Field(name="month", lowest=1, highest=12, names=_MONTHS),
    _Field(name="weekday", lowest=0, highest=7, names=_DAYS),
)


def parse_schedule(text: str) -> str:
    """Return the cron line `text`, its weekdays as names and its months as numbers.

    Raises:
        ValueError: a field is wrong, or the date never comes.
    """
    words = text.lower().split()
    if len(words) != len(_FIELDS):
        raise ValueError(
            "a schedule has five fields, minute hour day month weekday, "
            f'like "*/10 6-22 * * mon-fri"; this has {len(words)}'
        )
    *_, day, month, weekday = [_numbers(word, field) for word, field in zip(words, _FIELDS, strict=True)]
    if not any(d <= _MONTH_DAYS[m - 1] for d in day for m in month):
        raise ValueError("that date never comes: none of the months has such a day")
    if any(c.isalpha() for c in words[3]):
        words[3] = ",".join(str(number) for number in sorted(month))
    if words[4] != "*":
        words[4] = _weekday_names(weekday)
    return " ".join(words)


def _numbers(word: str, field: _Field) -> frozenset[int]:
    """Return the numbers that `word` stands for."""
    found: set[int] = set()
    for part in word.split(","):
        found |= _part_numbers(part, field)
    return frozenset(found)


def _part_numbers(part: str, field: _Field) -> set[int]:
    match = _PART.fullmatch(part)
    if not match or (match["first"] == "*" and match["last"]):
        raise ValueError(
            f"{field.name}: {shown(part, 20)} is not a number, a range (6-22), a step (*/10) or a list (1,15)"
        )
    if match["step"] and match["first"] != "*" and not match["last"]:
        raise ValueError(
            f'{field.name}: a step needs a range: write "{match["first"]}-{field.highest}/{match["step"]}"'
        )
    first, last = _ends(match, field)
    if first > last and field.names is _DAYS:
        last += 7  # fri-mon
    if first > last:
        raise ValueError(f"{field.name}: {shown(part)} goes backwards")
    step = int(match["step"] or 1)
    if match["step"] and not 0 < step <= last - first:
        raise ValueError(f"{field.name}: the step of {shown(part)} is not between 1 and {last - first}")
    numbers = range(first, last + 1, step)
    return {n % 7 for n in numbers} if field.names is _DAYS else set(numbers)


def _ends(match: re.Match[str], field: _Field) -> tuple[int, int]:
    if match["first"] == "*":
        return field.lowest, 6 if field.names is _DAYS else field.highest
    first = _number(match["first"], field)
    return first, first if match["last"] is None else _number(match["last"], field)


def _number(word: str, field: _Field) -> int:
    if word.isdigit():
        number = int(word)
    elif word in field.names:
        number = _DAY_NUMBERS[word] if field.names is _DAYS else _MONTH_NUMBERS[word]
    else:
        example = f' or a name like "{field.names[0]}"' if field.names else ""
        raise ValueError(f"{field.name}: {shown(word)} is not a number{example}")
    if not field.lowest <= number <= field.highest:
        raise ValueError(f"{field.name}: {number} is not between {field.lowest} and {field.highest}")
    return number


def _weekday_names(numbers: frozenset[int]) -> str:
    """Return crontab weekday numbers as names, runs of three and more as a range: `mon-fri,sun`."""
    chosen = [_DAY_NUMBERS[name] in numbers for name in _DAYS]
    runs: list[list[str]] = []
    for index, name in enumerate(_DAYS):
        if not chosen[index]:
            continue
        if index and chosen[index - 1]:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(run) for run in runs)
