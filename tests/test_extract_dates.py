"""Dates as pages write them, in many languages and calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.words.datelines import is_date_line, label_of, read_dates
from scraper.text.dates import date_in_address, parse_instant, read_date
from scraper.text.months import MONTHS, month_number

DAYS = (
    "5 March 2024", "Tuesday, March 5, 2024", "5th of March, 2024", "Mar. 5, 2024", "5. März 2024", "5 mars 2024", "5 de marzo de 2024",
    "5 marzo 2024", "5 de março de 2024", "5 de març de 2024", "5 martie 2024", "5 maart 2024", "5 mars 2024", "5. marts 2024", "5. maaliskuuta 2024",
    "5. märts 2024", "2024. gada 5. marts", "2024 m. kovo 5 d.", "5 marca 2024", "5. března 2024", "5. ožujka 2024", "5 марта 2024 года",
    "5 березня 2024", "5 сакавіка 2024", "5 март 2024", "5 Μαρτίου 2024", "2024. március 5.", "5 Mart 2024", "5 Maret 2024", "ngày 5 tháng 3 năm 2024",
    "٥ مارس ٢٠٢٤", "5 آذار 2024", "۵ مارس ۲۰۲۴", "۱۵ اسفند ۱۴۰۲", "1402/12/15", "5 במרץ 2024", "5 मार्च 2024", "৫ মার্চ ২০২৪", "5 มีนาคม 2567", "5 มี.ค. 2567",
    "2024年3月5日", "2024年03月05日", "令和6年3月5日", "2024년 3월 5일", "2024.03.05", "2024. 3. 5.", "05.03.2024", "5.3.24", "05/03/2024", "5-3-2024", "2024/03/05", "2024-03-05",
)  # fmt: skip
#: Half past two in the afternoon of 5 March 2024 and the minutes its zone lies east of Greenwich, None where none is written.
TIMES = {
    "2024-03-05T14:30:00+01:00": 60,
    "2024-03-05 14:30:00Z": 0,
    "20240305T143000Z": 0,
    "2024-03-05|14h30": None,
    "Tue, 05 Mar 2024 14:30:00 +0100": 60,
    "Tue Mar 05 2024 14:30:00 GMT+0100 (CET)": 60,
    "Tue Mar 5 14:30:00 +0000 2024": 0,
    "2024-03-05 오후 2:30": None,
    "5. März 2024, 14:30 Uhr": None,
    "5. März 2024, 14.30 Uhr MEZ": 60,
    "5 mars 2024 à 14h30": None,
    "5 de março de 2024 às 14h30": None,
    "March 5, 2024 at 2:30 PM EST": -300,
    "3/5/2024 2:30 pm": None,
    "Tue, 05 Mar 2024 14:30:00 CEST": 120,
    "5 March 2024 2:30 p. m. AEST": 600,
    "5 March 2024 14:30 AT THE COURT": None,
    "5 марта 2024, 14:30 МСК": 180,
    "5 March 2024 14:30 (GMT+8)": 480,
    "2024年3月5日 14時30分": None,
    "2024年3月5日（火）午後2時30分": None,
    "2024年3月5日 下午2:30": None,
    "2024년 3월 5일 오후 2:30": None,
    "2024.03.05 14:30": None,
    "5 มี.ค. 2567 14:30": None,
}
FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2200-12-31")
NO_DATES = (
    "vor 3 Stunden", "2 hours ago", "il y a 5 minutes", "hace 2 días", "3時間前", "3시간 전", "2 часа назад", "May 2024",
    "The march of 2024 people", "30 February 2024", "Version 1.2.3", "192.168.10.20", "call 030-123456", "", "29 Feb 2023",
)  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read(text: str) -> None:
    found = read_date(text)
    assert found is not None
    assert (found.at.year, found.at.month, found.at.day, found.has_time) == (2024, 3, 5, False)
    assert found.resolved(timezone(timedelta(hours=9))) == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(("text", "offset_min"), TIMES.items())
def test_a_time_is_read_to_the_minute(text: str, offset_min: int | None) -> None:
    found = read_date(text)
    assert found is not None
    assert found.has_time
    assert found.at.replace(tzinfo=None) == datetime.fromisoformat("2024-03-05T14:30")
    assert found.at.utcoffset() == (None if offset_min is None else timedelta(minutes=offset_min))


@pytest.mark.parametrize("text", NO_DATES)
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("line", ["Published 5 March 2024, 14:30", "5. März 2024", "2024年3月5日", "5 марта 2024 года"])
def test_a_line_that_only_says_when_is_a_date_line(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize("line", ["On 5 March 2024 the bridge was opened to traffic", "Chapter 5", "a line"])
def test_a_line_that_says_more_is_none(line: str) -> None:
    assert not is_date_line(line)


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_a_language_has_twelve_months(language: str) -> None:
    months = MONTHS[language].split()
    assert len(months) == 12
    assert all(form for forms in months for form in forms.split("/"))


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("marz", 3),
        ("maerz", 3),
        ("août", 8),
        ("aout", 8),
        ("aralik", 12),
        ("subat", 2),
        ("wrzesnia", 9),
        ("június", 6),
        ("junius", 6),
        ("ruba", None),
    ],
)
def test_a_month_is_known_without_its_accents(word: str, month: int | None) -> None:
    assert month_number(word) == month


def test_the_address_gives_a_day() -> None:
    assert date_in_address("/news/2024/03/05/bridge") == datetime(2024, 3, 5, tzinfo=UTC)
    assert date_in_address("/news/20240305-bridge") == datetime(2024, 3, 5, tzinfo=UTC)
    assert date_in_address("/news/2024/13/45/bridge") is None


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    found = parse_instant(text)
    assert found is None or found.tzinfo is not None
    is_date_line(text)


@given(st.datetimes(FIRST, LAST), st.integers(-12 * 60, 14 * 60))
def test_what_iso_writes_is_what_is_read(moment: datetime, offset_min: int) -> None:
    written = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset_min)))
    assert parse_instant(written.isoformat()) == written


@pytest.mark.parametrize(
    ("text", "label"),
    [("Published", "published"), ("Zuletzt aktualisiert:", "updated"), ("In short", None), ("", None)],
)
def test_a_label_announces_a_date(text: str, label: str | None) -> None:
    assert label_of(text) == label


def test_a_date_takes_the_label_beside_it() -> None:
    dates = read_dates("First published 5 March 2024, 14:30 (modified 6 March 2024)")
    assert [date and date.at.day for date in dates] == [5, 6, None]
    assert read_dates("6 March 2024 (updated)").updated is not None
    assert read_dates("Updated March 2024") == (None, None, None)
