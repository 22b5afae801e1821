"""Which dates of feeds are believed. Read by the one reader of dates (`scraper.text.dates`)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

from scraper.text.dates import read_whole

#: News older than the web is a zero (year 1, 1970) or a slip of the pen; so is what lies far ahead.
FIRST_YEAR, LAST_YEAR = 1971, 2200
#: No date is longer.
MAX_CHARS = 100
_HANGUL = re.compile("[가-힣]")
_KOREA = timezone(timedelta(hours=9))
#: ISO 8601 with parts left out (2000, 5.2.1): year or century's year, then a day of the year, or month and day.
_SHORTENED = re.compile(r"(\d{4}|\d\d)-?(\d{3})|(\d{4})(?:-(\d\d))?|(\d\d)-?(\d\d)-?(\d\d)|-(\d\d)-?(\d\d)")
_NUMBERS = rb"(?:[A-Za-z]{2,12}[.,]{0,2}\s{1,3})?(\d{1,2})\\?[/-](\d{1,2})\\?[/-](?:\d{4}|\d\d)(?!\d)"
#: A date in numbers at the start of an element, and of a value in JSON.
_IN_ELEMENT = re.compile(rb">\s{0,20}(?:<!\[CDATA\[\s{0,20})?" + _NUMBERS)
_IN_VALUE = re.compile(rb"\"date_(?:published|modified)\"\s{0,9}:\s{0,9}\"" + _NUMBERS)
#: Names of elements that are dates.
_DATES = re.compile(rb"<[\w:.-]{0,30}(?:date|published|updated|issued|created|modified)", re.IGNORECASE)
_MAX_TAG = 300
_MAX_LOOKED_AT = 1000


def entry_date(text: object, *, is_month_first: bool = False) -> datetime | None:
    """Return the date of an entry, in UTC; None if it is none, or none that news can be of.

    A clock without a zone, or with one that nobody knows, is UTC; in Korean that of Korea.
    """
    if not isinstance(text, str | int | float):
        return None
    text = str(text).strip()
    if not text or len(text) > MAX_CHARS:
        return None
    text = " ".join(text.split())
    moment = _shortened(text) or _in_full(text, is_month_first)
    return moment if moment and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _in_full(text: str, is_month_first: bool) -> datetime | None:
    found = read_whole(text, is_month_first=is_month_first)
    try:
        return found.resolved(_KOREA if _HANGUL.search(text) else UTC).astimezone(UTC) if found else None
    except OverflowError:
        return None


def _shortened(text: str) -> datetime | None:
    match = _SHORTENED.fullmatch(text)
    if match is None:
        return None
    year, ordinal, full_year, full_month, *parts = match.groups()
    try:
        if ordinal:
            first = datetime(_full(year), 1, 1, tzinfo=UTC)
            found = first + timedelta(days=int(ordinal) - 1)
            return found if found.year == first.year else None
        if full_year:
            return datetime(int(full_year), int(full_month or 1), 1, tzinfo=UTC)
        year, month, day = parts[:3] if parts[0] else (*parts[3:], "1")
        return datetime(_full(year), int(month), int(day), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def shows_month_first(document: bytes) -> bool:
    """Say whether a feed writes the month before the day: where one of its dates can be read so alone, and none not."""
    found = (
        match for pattern in (_IN_VALUE, _IN_ELEMENT) for match in islice(pattern.finditer(document), _MAX_LOOKED_AT)
    )
    pairs = [(int(match[1]), int(match[2])) for match in found if _is_of_a_date(document, match)]
    return any(first <= 12 < second for first, second in pairs) and not any(first > 12 for first, _ in pairs)


def _is_of_a_date(document: bytes, match: re.Match[bytes]) -> bool:
    tag = document.rfind(b"<", max(0, match.start() - _MAX_TAG), match.start())
    return match.re is _IN_VALUE or (tag >= 0 and _DATES.match(document, tag) is not None)
