"""Spans, cron lines, addresses and networks as people write them."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.config import values
from scraper.config.cron import parse_schedule

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("auto", None),
        ("1m", timedelta(minutes=1)),
        ("60s", timedelta(minutes=1)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
        ("366d", timedelta(days=366)),
    ],
)
def test_spans(text, span):
    assert values.parse_interval(text) == span


@pytest.mark.parametrize(
    "text", ["", "m", "30", "59s", "0m", "-5m", "1.5h", "30M", "5m1h", "367d", "٣m", "1m\n", "9" * 400 + "m"]
)
def test_spans_that_are_none(text):
    with pytest.raises(ValueError):
        values.parse_interval(text)


@settings(deadline=None)
@given(st.integers(60, 366 * 86_400))
def test_a_span_is_written_as_it_is_read(seconds):
    span = timedelta(seconds=seconds)
    assert values.parse_interval(values.format_interval(span)) == span


# --------------------------------------------------------------------------- cron


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("*/10 6-22 * * mon-fri", "*/10 6-22 * * mon-fri"),
        ("  0   6  1,15 *  * ", "0 6 1,15 * *"),
        ("0 6 * * 0", "0 6 * * sun"),
        ("0 6 * * 7", "0 6 * * sun"),
        ("0 6 * * 1-5", "0 6 * * mon-fri"),
        ("0 6 * * 6,0", "0 6 * * sat,sun"),
        ("0 6 * * fri-mon", "0 6 * * mon,fri-sun"),
        ("0 6 * * */2", "0 6 * * tue,thu,sat,sun"),
        ("0 6 * * MON,Wed", "0 6 * * mon,wed"),
        ("0 6 * jan-dec/3 *", "0 6 * 1,4,7,10 *"),
        ("0 6 29 2 *", "0 6 29 2 *"),
        ("0-59/2 */23 1-31/30 1-12/11 *", "0-59/2 */23 1-31/30 1-12/11 *"),
    ],
)
def test_cron_lines(line, read):
    assert parse_schedule(line) == read
    CronTrigger.from_crontab(read)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "@hourly",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "* * * * funday",
        "*/0 * * * *",
        "*/60 * * * *",
        "5/10 * * * *",
        "22-6 * * * *",
        "* * 31 2,4,6 *",
        "1,,2 * * * *",
        "-5 * * * *",
        "* * * * *-fri",
        "٣ * * * *",
        "* * last * *",
        "1000 * * * *",
    ],
)
def test_cron_lines_that_are_none(line):
    with pytest.raises(ValueError):
        parse_schedule(line)


def parts(lowest: int, highest: int) -> st.SearchStrategy[str]:
    """Return a strategy for one field of numbers."""

    def spelled(ends: tuple[int, int], step: int, form: str) -> str:
        first, last = min(ends), max(ends)
        return {"one": f"{first}", "range": f"{first}-{last}", "step": f"{first}-{last}/{step}", "all": f"*/{step}"}[
            form
        ]

    number = st.integers(lowest, highest)
    part = st.builds(
        spelled,
        st.tuples(number, number),
        st.integers(1, highest),
        st.sampled_from(["one", "range", "step", "all"]),
    )
    return st.lists(part, min_size=1, max_size=3).map(",".join) | st.just("*")


@settings(deadline=None)
@given(st.tuples(parts(0, 59), parts(0, 23), parts(1, 31), parts(1, 12), parts(0, 6)))
def test_what_passes_is_taken_by_apscheduler_and_falls_on_cron_s_weekdays(fields):
    try:
        read = parse_schedule(" ".join(fields))
    except ValueError:
        return
    trigger = CronTrigger.from_crontab(read, timezone=UTC)
    if fields[2] == fields[3] == "*":  # else the next time may be years off
        fired = trigger.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=UTC))
        crontab_day = (fired.weekday() + 1) % 7
        assert any(crontab_day in crontab_days(part) for part in fields[4].split(","))


def crontab_days(part: str) -> range:
    """Return the weekday numbers of one crontab part, Sunday = 0; written apart from the code under test."""
    body, _, step = part.partition("/")
    first, _, last = ("0-6" if body == "*" else body).partition("-")
    return range(int(first), int(last or first) + 1, int(step or 1))


# --------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org", "HTTPS://A.ORG:443/"),
        ("http://a.org:80/x#frag", "http://a.org/x"),
        ("https://a.org./x", "https://a.org/x"),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("http://[::1]:80/", "http://[::1]/"),
    ],
)
def test_addresses_that_are_the_same(one, other):
    assert values.same_address(one) == values.same_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/x", "http://a.org/x"),
        ("https://a.org/x", "https://a.org/x/"),
        ("https://a.org/x", "https://a.org/X"),
        ("https://a.org/?a=1", "https://a.org/?a=2"),
        ("https://a.org:8443/", "https://a.org/"),
        ("https://u:p@a.org/", "https://a.org/"),
    ],
)
def test_addresses_that_may_be_two_feeds(one, other):
    assert values.same_address(one) != values.same_address(other)


@settings(deadline=None)
@given(st.text() | st.builds("https://{}".format, st.text()) | st.builds("http://a.org{}".format, st.text()))
def test_any_text_is_an_address_or_refused(text):
    first = values.same_address(text)
    assert values.same_address(first) == values.same_address(first)
    with contextlib.suppress(ValueError):
        assert values.parse_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://a.org/",
        "HTTP://a.org:8080/x?y",
        "https://пример.рф/лента",
        "http://[::1]/",
        "http://a_b.c.org/",
        "https://u:p@a.org/",
    ],
)
def test_addresses(text):
    assert values.parse_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.org",
        "//a.org",
        "https:a.org",
        "https://",
        "https://a..org/",
        "https://-a.org/",
        "https://a.org:0/",
        "https://a.org:99999/",
        "http://[::1/",
        "https://a.org/\x00",
        "https://" + "a" * 2000,
    ],
)
def test_addresses_that_are_none(text):
    with pytest.raises(ValueError):
        values.parse_address(text)


# --------------------------------------------------------------------------- networks and ports


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "127.0.0.0/8",
        "127.0.0.1:8080",
        "192.168.1.0/24:80",
        "::1",
        "fd00::/8",
        "[::1]:80",
        "[fd00::]/8",
        "[fd00::/8]:443",
    ],
)
def test_networks(text):
    assert values.parse_network(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "127.0.0.1:0",
        "127.0.0.1:x",
        "127.0.0.1:70000",
        "10.0.0.1/8",
        "1.2.3",
        "[::1",
        "[::1]:",
        "*",
        "0x7f.1",
    ],
)
def test_networks_that_are_none(text):
    with pytest.raises(ValueError):
        values.parse_network(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:8460", ("127.0.0.1", 8460)),
        ("[::1]:0", ("::1", 0)),
        ("Reader.home:80", ("reader.home", 80)),
        ("0.0.0.0:1", ("0.0.0.0", 1)),
    ],
)
def test_listen(text, place):
    assert values.parse_listen(text) == place


@pytest.mark.parametrize(
    "text", ["", "8460", ":8460", "127.0.0.1", "::1", "::1:8460", "a b:80", "a:65536", "http://a:80"]
)
def test_listen_that_is_none(text):
    with pytest.raises(ValueError):
        values.parse_listen(text)


def test_time_zones():
    assert values.parse_time_zone("Asia/Tokyo") == "Asia/Tokyo"
    for name in ("", "Europe", "../etc/passwd", "/etc/localtime", "a\x00b", "Mars/Olympus", "x" * 5000):
        with pytest.raises(ValueError):
            values.parse_time_zone(name)


def test_messages_stay_on_one_line():
    assert values.shown("a\nb\x1b[31m" + "x" * 99) == '"a\\nb\\x1b[31m' + "x" * 51 + '…"'


@pytest.mark.parametrize(
    ("text", "kept"),
    [("forever", None), ("never", timedelta(0)), ("90d", timedelta(days=90)), ("2w", timedelta(days=14))],
)
def test_how_long_something_is_kept(text: str, kept: timedelta | None) -> None:
    assert values.parse_keeping(text) == kept


@pytest.mark.parametrize("text", ["", "90", "always", "auto", "-1d", "5s"])
def test_what_says_not_how_long(text: str) -> None:
    with pytest.raises(ValueError, match=r"time span|too short|how long"):
        values.parse_keeping(text)


@pytest.mark.parametrize(
    ("name", "place"),
    [("CEST", "Europe/Berlin"), ("jst", "Asia/Tokyo"), ("PST", "America/Los_Angeles"), ("Berlin", "Europe/Berlin")],
)
def test_a_place_is_suggested_for_an_abbreviation(name: str, place: str) -> None:
    with pytest.raises(ValueError, match=f'did you mean "{place}"'):
        values.parse_time_zone(name)
