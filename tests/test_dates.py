"""Dates of entries: right, or none."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.feed import parse_feed


def dated(text: str) -> datetime | None:
    item = f"<item><title>x</title><pubDate>{escape(text)}</pubDate></item>"
    document = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{item}</channel></rss>'
    return parse_feed(document.encode(), url="https://h.example/feed").entries[0].published_at


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 24 Nov 2023 10:20:30 GMT",
        "Fri,24 Nov 2023 10:20:30 -0000",
        "Fri, 24 Nov 2023 05:20:30 EST",
        "2023-11-24T10:20:30Z",
        "2023-11-24T12:20:30.123456789+02:00",
        "2023-11-24 10:20:30",
        "2023-11-24 10:20:30 UTC",
        "2023-11-24T10:20:30GMT",
        "2023-11-24 05:20:30 EST",
        "20231124T102030Z",
        "2023/11/24 10:20:30",
        "2023.11.24 10:20:30",
        "24-11-2023 10:20:30",
        "2023-11-24 at 10:20:30",
        "2023-novembre-24T10:20:30Z",
        "24 ноября 2023 10:20:30",
        "Пт, 24 ноя 2023 13:20:30 +0300",
        "2023-11-24 오후 7:20:30",
        "2023년 11월 24일 19:20:30",
    ],
)
def test_a_moment_is_read_to_the_second_in_whatever_form(text: str) -> None:
    assert dated(text) == datetime(2023, 11, 24, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2023-11-24", "20231124", "2023/11/24", "2023.11.24", "24 Nov 2023", "2023-328"])
def test_a_day_is_its_beginning(text: str) -> None:
    assert dated(text) == datetime(2023, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-24T25:14:55Z",
        "2023-11-24T10:61:55Z",
        "2023-11-24T10:14:61Z",
        "2023-11-24T09:xx:00Z",
        "2023-11-24T09:00:00+00:xx",
        "2023-11-24T09:00:00-06:00Zextra",
        "2023-11-24-01",
        "2023-xx-24",
        "2023-13-24",
        "2023-02-29",
        "2023-11-00T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "2023-W47-5",
        "1700821230",
        "0",
        "-",
        "0000-00-00 00:00:00",
        "Fri, 24 Nov 2023 25:00:00 GMT",
        "Fri, 24 zzz 2023 10:00:00 GMT",
        "soon",
        "…",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert dated(text) is None


@given(
    st.integers(700_000_000, 6_900_000_000),
    st.sampled_from(["%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S", "%d %b %Y %H:%M:%S GMT", "%Y-%m-%d %H:%M:%S UTC"]),
)
def test_every_moment_comes_back(moment: int, form: str) -> None:
    at = datetime.fromtimestamp(moment, UTC)
    assert dated(at.strftime(form)) == at


@given(st.text("0123456789-:/. TZ+日月年오후jan", max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    found = dated(text)
    assert found is None or found.tzinfo is not None
