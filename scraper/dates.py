"""Which dates of feeds are believed."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone

from scraper.extract.words.dates import read_date

#: News older than the web is a zero (year 1, 1970) or a slip of the pen; so is what lies far ahead.
FIRST_YEAR, LAST_YEAR = 1971, 2200
#: Where feedparser takes a date for ISO 8601. It reads as far as it understands: the rest is lost, or made up
#: ("2023/11/24" is the first of the present month in 2023).
_LIKE_ISO = re.compile(r"-|\d{4}|\d\d-\d")
_DAY = (
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|\d{4}(?:-?\d\d)?|\d{8}|\d{4}-\d{3}(?:-\d\d)?"
    r"|\d{5}|\d\d-\d\d-\d\d|\d{6}|-\d\d-?\d\d)"
)
_CLOCK = r"(?:[01]?\d|2[0-4])(?::?[0-5]\d(?::?(?:[0-5]\d|60)(?:[.,]\d+)?)?)?"
_ISO = re.compile(rf"(?!\d{{8}}[T\s]){_DAY}(?:[T\s]+{_CLOCK}\s*(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.IGNORECASE)
#: Meant as ISO 8601, and in one piece.
_MEANT_AS_ISO = re.compile(r"[-+\w:.]+", re.ASCII)
#: "2004-július-13T9:15": a month as a word in the frame of ISO 8601.
_WORD_IN_ISO = re.compile(r"(\d{4})-([^\W\d_]{3,})-(\d{1,2})T?")
_ZONE_NAME = re.compile(r"\d(?:GMT|UTC)\Z")
#: A date of RFC 2822 without the blank after the weekday.
_NO_BLANK = re.compile(r"[A-Za-z]{3,9},\d")
_HANGUL = re.compile("[가-힣]")
_KOREA = timezone(timedelta(hours=9))


def entry_date(text: str, parsed: datetime | None) -> datetime | None:
    """Return the date of an entry from its text and what feedparser made of that; None if it is none.

    Where feedparser goes astray the date is read as those of pages are. A clock without an offset is UTC, in Korean
    that of Korea.
    """
    text = _WORD_IN_ISO.sub(r"\1 \2 \3 ", text.strip())
    if _LIKE_ISO.match(text):
        if found := _ISO.fullmatch(text):
            return parsed if found[1] is None or _is_day(*map(int, found.groups())) else None
        return None if _is_broken(text) else _read(text)
    if parsed is None and (not text.isascii() or _NO_BLANK.match(text)):
        return _read(text)
    return parsed


def _is_day(year: int, month: int, day: int) -> bool:
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _is_broken(text: str) -> bool:
    is_meant = _MEANT_AS_ISO.fullmatch(text) and re.match(r"\d{4}(?:-|T|\Z)|-|\d+\Z", text)
    return bool(is_meant) and not _ZONE_NAME.search(text)


def _read(text: str) -> datetime | None:
    found = read_date(text)
    return found.resolved(_KOREA if _HANGUL.search(text) else UTC).astimezone(UTC) if found else None


def believable(moment: datetime) -> datetime | None:
    """Return the moment, or None if no news can be of that time."""
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
