"""Instants from what pages write: ISO 8601, RFC 2822 and the date words of many languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from scraper.extract.words.months import DIGITS, ERAS, PAIRED_MONTHS, ZONES, month_numbers, solar_numbers

FIRST_YEAR, _LAST_YEAR = 1990, 2200
_MAX_CHARS = 400
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


_Clock = tuple[int, int, int]
#: year, month, day and where in the text they stand.
_Found = tuple[int, int, int, int, int]

_ISO = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T\s|]+(\d\d)[:h]?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?(?=\W|$|[A-Za-z]{2,4})"
)
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s{0,2}(\d{1,2})\s?[月월]\s{0,2}(\d{1,2})\s?[日일号號]?")
_ERA = re.compile(r"(令和|平成|昭和)\s?(元|\d{1,2})年\s?(\d{1,2})月\s?(\d{1,2})日")
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s*,?\s*năm\s*|\s*,\s*|\s+)(\d{4})")
_YEAR_FIRST = re.compile(r"(?<![\d.])(\d{4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<![\d.])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?!\d|[./-]\d)")
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e30-\u0e4e])"
_MONTH_WORD = re.compile(rf"{_LETTER}+(?:\.{_LETTER}+)*")
_PAIRED_MONTH = re.compile("|".join(PAIRED_MONTHS))

_DAY_BEFORE = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:st|nd|rd|th|er|º|ª|°|-?[a-zа-я]{1,2})?[.,]?\s*(?:of\s|de\s|d[’'`]|di\s|ng\s|-|–|/)?\s*$"
)
_YEAR_AFTER = re.compile(r"[.,/]?\s*(?:de\s|del\s|of\s|-)?\s*[’']?(\d{4})(?!\d)")
_DAY_YEAR_AFTER = re.compile(r"[.,]?\s*(\d{1,2})(?:st|nd|rd|th|\.)?\s*(?:d\.)?\s*(?:[,،]|de\s|del\s)?\s*(\d{4})(?!\d)")
#: Jan 4 16:29:06 2004
_CLOCK_BETWEEN = re.compile(r"\s+(\d{1,2})\s+\d\d:\d\d(?::\d\d)?(?:\s+(?:[+-]\d{4}|[A-Z]{3,4}))?\s+(\d{4})(?!\d)")
_DAY_AFTER = re.compile(r"[.,]?\s*(\d{1,2})(?!\d)")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})(?:[.,-]|\s?(?:m\.|gada|urteko))*\s*(?:(\d{1,2})\.\s*)?$")

_CLOCK = re.compile(
    r"(?<![\d.])(?:(am|pm|오전|오후|上午|下午|午前|午後|晚上|凌晨)\s?)?(\d{1,2})(?:(?:[:.h時时시点點]|\s?Uhr)\s?(\d\d)?(?:[:.分분]?\s?(\d\d))?[分분秒초]?)?(?![\d/])\s*([ap]\.?m\.?(?!\w)|ч|μ\.μ|π\.μ|م|ص)?",
    re.I,
)
_AFTERNOON = ("pm", "p.m", "오후", "下午", "午後", "晚上", "μ.μ", "م")
_FORENOON = ("am", "a.m", "오전", "上午", "午前", "凌晨", "π.μ", "ص")
_ZONE_NAME = re.compile(r"(?:\(|\s|\d)((?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d\d)?|[A-ZМСК]{1,4})\)?(?=\W|$)")
_OFFSET = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s*([+-]\d\d:?\d\d)(?!\d)")
#: "vor 3 Stunden", "2 hours ago", "il y a 5 min": how long ago, not when.
_RELATIVE = re.compile(
    r"\bago\b|\bvor\s+\d|\bil y a\b|\bhace\s+\d|\bhá\s+\d|\bfa$|назад|前$|\bsiden\b|\bsedan\b|전$|قبل|منذ", re.I
)


def read_date(text: str | None) -> Written | None:
    """The date a machine-readable value or a short text tells; None where it tells none, or only how long ago."""
    if not text or len(text) > _MAX_CHARS:
        return None
    text = text.strip().translate(DIGITS)
    if _RELATIVE.search(text) and not re.search(r"\d{4}", text):
        return None
    for read in (_read_iso, _read_rfc2822, read_written):
        found = read(text)
        if found is not None:
            return found
    return None


def parse_instant(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """The instant of `read_date`, a time without zone taken in `zone`; a bare day is its midnight in UTC."""
    found = read_date(text)
    return found.resolved(zone) if found is not None else None


def parse_written(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The instant of `read_written`, a time without zone taken in `zone`."""
    found = read_written(text)
    return found.resolved(zone) if found is not None else None


def read_written(text: str) -> Written | None:
    """The date that a line of text contains, by numbers or by a month's name; time and zone if they are there."""
    text = text.translate(DIGITS)
    found = _find_named(text) or _find_numeric(text)
    if found is None:
        return None
    year, month, day, start, end = found
    return _written(year, month, day, _clock(text, end, start), _stated_offset(text, end))


def is_date_line(text: str) -> bool:
    """Whether a short line says when, and nothing else."""
    if len(text) > 120 or not any(ch.isdigit() for ch in text):
        return False
    lowered = text.translate(DIGITS).lower()
    rest = _without_dates(lowered)
    if rest == lowered:
        return False
    rest = _CLOCK.sub(" ", rest)
    if _META_LINE.search(rest) and len(text) < 100:
        return True
    return len(_DATE_FILLERS.sub(" ", rest).strip(" \t-–—,.|:;/•·()（）")) <= 2


def _without_dates(text: str) -> str:
    for _ in range(3):
        found = _find_named(text) or _find_numeric(text)
        if found is None:
            break
        text = f"{text[: found[3]]} {text[found[4] :]}"
    return _ISO.sub(" ", text)


#: A date with a comment count, a reading time or the like.
_META_LINE = re.compile(
    r"\d+ comments?\b|min(?:ute)?s? read|/\s*(?:in|by)\b|leave a comment|\bviews?\b|kommentare?\b|lesezeit", re.I
)
_DATE_FILLERS = re.compile(
    r"\b(?:published|updated|last|modified|posted|first|originally|on|at|the|by|of|am|pm|a\.m|p\.m|et|est|edt|gmt|bst|utc|pst|pdt|cet|cest|ist|jst|kst|uhr|um|am|den|"
    r"veröffentlicht|aktualisiert|stand|erstellt|zuletzt|publié|mis|à|jour|le|modifié|publicado|actualizado|el|las|a|pubblicato|aggiornato|il|alle|ore|publicado|"
    r"atualizado|em|às|gepubliceerd|om|опубликовано|обновлено|в|мск|г|года|рік|року|at|h|hrs|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|公開|更新|配信|掲載|日|月|年|"
    r"입력|수정|오전|오후|발행|date|time|local|eastern|central|pacific|created|edited|release|de|del|kl|kl\.|klo|o)\b\.?|[日時分秒前後火水木金土]",
    re.I,
)


def date_in_address(path: str) -> datetime | None:
    """The day an address carries: /2019/01/16/ or 2019-01-16."""
    match = re.search(r"(?<!\d)((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?([0-2]\d|3[01])(?!\d)", path)
    found = _written(int(match[1]), int(match[2]), int(match[3]), None, None) if match else None
    return found.resolved(UTC) if found is not None else None


# --------------------------------------------------------------------------- machine-readable forms


def _read_iso(text: str) -> Written | None:
    match = _ISO.match(text)
    if match is None:
        return _read_epoch(text)
    year, month, day, hour, minute, second, zone = match.groups()
    if not hour and ":" in text[match.end() :]:
        return None
    clock = (int(hour), int(minute), int(second or 0)) if hour else None
    offset = _offset(zone) if zone else _named_offset(text[match.end() - 1 :])
    return _written(int(year), int(month), int(day), clock, offset)


def _read_epoch(text: str) -> Written | None:
    if not re.fullmatch(r"\d{10}|\d{13}", text):
        return None
    return Written(datetime.fromtimestamp(int(text[:10]), UTC), has_time=True)


def _read_rfc2822(text: str) -> Written | None:
    if not re.search(r"\d{1,2} \w{3} \d{4} \d\d:\d\d", text):
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return Written(found, has_time=True) if FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _offset(zone: str) -> int:
    """Minutes of "+02:00", "-0330", "+05" or "Z"."""
    if zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "").strip()
    minutes = int(digits) * 60 if len(digits) <= 2 else int(digits[:-2]) * 60 + int(digits[-2:])
    return -minutes if zone[0] == "-" else minutes


# --------------------------------------------------------------------------- written forms


def _find_named(text: str) -> _Found | None:
    """The first date with a month's name."""
    text = _PAIRED_MONTH.sub(lambda pair: PAIRED_MONTHS[pair[0]].ljust(len(pair[0])), text)
    months, solar = month_numbers(), solar_numbers()
    for count, match in enumerate(_MONTH_WORD.finditer(text)):
        if count > _MAX_WORDS:
            break
        word = match[0].lower()
        month = months.get(word) or solar.get(word)
        found = _day_and_year(text, match.start(), match.end(), month) if month else None
        if found is None:
            continue
        if word in solar and word not in months:
            return (*_from_solar(*found[:3]), *found[3:]) if 1300 <= found[0] <= 1500 else None
        return found
    return None


def _day_and_year(text: str, start: int, end: int, month: int) -> _Found | None:
    """The day and the year around a month's name: 5 March 2024, March 5, 2024, 2024 March 5, 2024. gada 5. marts."""
    before = text[max(0, start - 18) : start]
    day = _DAY_BEFORE.search(before)
    if day is not None:
        year = _YEAR_AFTER.match(text, end)
        if year is not None:
            return _year(year[1]), month, int(day[1]), start - len(before) + day.start(), year.end()
    year = _YEAR_BEFORE.search(before)
    if year is not None:
        at = start - len(before) + year.start()
        after = _DAY_AFTER.match(text, end)
        if year[2] or after is not None:
            last = end if year[2] or after is None else after.end()
            return _year(year[1]), month, int(year[2] or (after[1] if after else 0)), at, last
    both = _DAY_YEAR_AFTER.match(text, end)
    if both is not None:
        return _year(both[2]), month, int(both[1]), start, both.end()
    around = _CLOCK_BETWEEN.match(text, end)
    return (_year(around[2]), month, int(around[1]), start, around.end(1)) if around is not None else None


def _year(digits: str) -> int:
    """The year of our era; years after 2450 are counted from the Buddha."""
    year = int(digits)
    return year - 543 if 2450 <= year <= 2650 else year


def _find_numeric(text: str) -> _Found | None:
    """The first date in numbers."""
    era = _ERA.search(text)
    if era is not None:
        count = 1 if era[2] == "元" else int(era[2])
        return ERAS[era[1]] + count - 1, int(era[3]), int(era[4]), era.start(), era.end()
    for pattern, order in ((_EAST_ASIAN, (1, 2, 3)), (_VIETNAMESE, (3, 2, 1)), (_YEAR_FIRST, (1, 3, 4))):
        match = pattern.search(text)
        if match is not None:
            year, month, day = (int(match[group]) for group in order)
            if 1300 <= year <= 1500:
                year, month, day = _from_solar(year, month, day)
            return _year(str(year)), month, day, match.start(), match.end()
    match = _YEAR_LAST.search(text)
    return _year_last(match, text) if match is not None else None


def _year_last(match: re.Match[str], text: str) -> _Found | None:
    """Day and month as Europe writes them, unless that is no date or the clock is American."""
    if len(match[4]) == 2 and match[2] != ".":
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    is_american = second > 12 or (match[2] == "/" and re.search(r"\d\s?[ap]\.?m\b", text, re.I) is not None)
    day, month = (second, first) if is_american else (first, second)
    return _year(str(year if year > 99 else 2000 + year)), month, day, match.start(), match.end()


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


# --------------------------------------------------------------------------- time of day and zone


def _clock(text: str, after: int, before: int) -> _Clock | None:
    """A time of day near the date."""
    for match in (*_CLOCK.finditer(text, after, after + 40), *_CLOCK.finditer(text[max(0, before - 25) : before])):
        half = (match[1] or match[5] or "").lower().rstrip(".")
        if not (match[3] or half or re.search(r"[h時时시点點]|uhr", match[0], re.I)):
            continue
        hour = int(match[2])
        if half in _AFTERNOON:
            hour = hour % 12 + 12
        elif half in _FORENOON:
            hour %= 12
        if hour < 24:
            return hour, int(match[3] or 0), int(match[4] or 0)
    return None


def _stated_offset(text: str, after: int) -> int | None:
    """Minutes east of Greenwich as a number behind the time, or by a zone's name."""
    match = _OFFSET.search(text, after, after + 40)
    return _offset(match[1]) if match is not None else _named_offset(text)


def _named_offset(text: str) -> int | None:
    for name in _ZONE_NAME.findall(text):
        bare = name.replace(" ", "")
        if bare[:3] in ("UTC", "GMT") and len(bare) > 3:
            return _offset(bare[3:])
        if bare.lower() in ZONES:
            return ZONES[bare.lower()]
    return None


def _written(year: int, month: int, day: int, clock: _Clock | None, offset_min: int | None) -> Written | None:
    hour, minute, second = clock or (0, 0, 0)
    if not FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        zone = timezone(timedelta(minutes=offset_min)) if clock and offset_min is not None else None
        return Written(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone), clock is not None)
    except (ValueError, OverflowError):
        return None
