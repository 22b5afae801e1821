"""Dates of entries: right, or none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.sources.entry_dates import entry_date
from scraper.sources.syndication import parse_feed

URL = "https://h.example/feed"


def dated(text: str) -> datetime | None:
    item = f"<item><title>x</title><pubDate>{escape(text)}</pubDate></item>"
    document = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{item}</channel></rss>'
    return parse_feed(document.encode(), url=URL).entries[0].published_at


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
        "Fri, 24 Nov 2023 11:20:30 CET",
        "Fri, 24 Nov 2023 11:20:30 BST",
        "Fri, 24 Nov 2023 19:20:30 JST",
        "Fri, 24 Nov 2023 21:20:30 AEDT",
        "Fri, 24 Nov 2023 23:20:30 NZDT",
        "Fri, 24 Nov 2023 13:20:30 MSK",
        "Fri, 24 Nov 2023 12:20:30 cest",
        "Fri, 24 Nov 2023 10:20:30 UT",
        "Fri, 24 Nov 2023 10:20:30 Z",
        "Fri, 24 Nov 2023 10:20:30 A",
        "Fri, 24 Nov 2023 10:20:30 XYZ",
        "2023-11-24 11:20:30 Europe/Vienna",
        "2023-11-24T11:20:30+01:00[Europe/Vienna]",
        "Fri Nov 24 2023 11:20:30 GMT+0100 (Central European Standard Time)",
        "Fri Nov 24 05:20:30 EST 2023",
        "November 24, 2023 10:20:30 AM",
        "24 Nov 2023 7:20:30 p.m. JST",
        "11/24/2023 10:20:30",
        "24/11/2023 10:20:30",
        "24/11/23 10:20:30",
        "24.11.2023 10:20:30",
        "24-Nov-23 10:20:30",
        "Fri, 24 Nov 23 10:20:30 GMT",
        "Fr, 24. November 2023 11:20:30 MEZ",
        "ven, 24 nov 2023 11:20:30 +0100",
        "1700821230",
        "1700821230000",
        "20231124102030",
        "2023-11-24T10:20:30,5Z",
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


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("12:00 AM", 0, 0), ("12:30 am", 0, 30), ("12:00 PM", 12, 0), ("3:04 PM", 15, 4), ("11:59 p. m.", 23, 59)],
)
def test_twelve_hours_are_twenty_four(text: str, hour: int, minute: int) -> None:
    assert dated(f"15 July 2026 {text}") == datetime(2026, 7, 15, hour, minute, tzinfo=UTC)


def test_the_end_of_a_day_is_the_next_one() -> None:
    assert dated("2026-12-31T24:00:00Z") == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["03/04/2026"], datetime(2026, 4, 3, tzinfo=UTC)),
        (["03/04/2026", "12/31/2026"], datetime(2026, 3, 4, tzinfo=UTC)),
        (["Wed, 03-04-2026 10:00", "12-31-2026"], datetime(2026, 3, 4, 10, tzinfo=UTC)),
        (["03/04/2026", "31/12/2026"], datetime(2026, 4, 3, tzinfo=UTC)),
        (["03/04/2026", "31/12/2026", "12/31/2026"], datetime(2026, 4, 3, tzinfo=UTC)),
        (["03.04.2026", "12/31/2026"], datetime(2026, 4, 3, tzinfo=UTC)),
    ],
)
def test_the_day_is_before_the_month_unless_the_document_shows_otherwise(dates: list[str], first: datetime) -> None:
    items = "".join(f"<item><title>x</title><pubDate> <![CDATA[{text}]]></pubDate></item>" for text in dates)
    document = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    assert parse_feed(document, url=URL).entries[0].published_at == first
    entries = [{"id": text, "date_published": text} for text in dates]
    in_json = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": entries}).replace("/", "\\/")
    assert parse_feed(in_json.encode(), url=URL).entries[0].published_at == first


def test_an_american_date_in_a_text_is_none_of_the_feeds() -> None:
    items = "<item><title>x</title><pubDate>03/04/2026</pubDate><description>12/31/2026</description></item>"
    document = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    assert parse_feed(document, url=URL).entries[0].published_at == datetime(2026, 4, 3, tzinfo=UTC)


DAY, LATER = datetime(2026, 10, 2, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("inside", "published", "updated"),
    [
        ("<dc:date>2026-10-02T15:00:00Z</dc:date>", DAY, None),
        ("<date>2026-10-02T15:00:00Z</date>", DAY, None),
        ("<pubDate>soon</pubDate><dc:date>2026-10-02T15:00:00Z</dc:date>", DAY, None),
        ("<pubDate>Fri, 02 Oct 2026 15:00:00 GMT</pubDate><dc:date>2026-10-03T15:00:00Z</dc:date>", DAY, LATER),
        ("<dcterms:issued>2026-10-02T15:00:00Z</dcterms:issued>", DAY, None),
        ("<prism:publicationDate>2026-10-02T15:00:00Z</prism:publicationDate>", DAY, None),
    ],
)
@pytest.mark.parametrize("is_rdf", [False, True])
def test_the_one_date_of_rss_says_when_an_entry_appeared(
    inside: str, published: datetime, updated: datetime | None, is_rdf: bool
) -> None:
    prefixes = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
    )
    item = f"<item><title>x</title>{inside}</item>"
    rdf = 'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    document = f'<rss version="2.0" {prefixes}><channel>{item}</channel></rss>'
    if is_rdf:
        document = f"<rdf:RDF {rdf} {prefixes}><channel><title>T</title></channel>{item}</rdf:RDF>"
    entry = parse_feed(document.encode(), url=URL).entries[0]
    assert (entry.published_at, entry.updated_at) == (published, updated)


def test_what_atom_does_not_say_stays_empty() -> None:
    entry = "<entry><id>urn:x:1</id><updated>2026-10-02T15:00:00Z</updated></entry>"
    document = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()
    found = parse_feed(document, url=URL).entries[0]
    assert (found.published_at, found.updated_at) == (None, DAY)


def test_a_long_text_is_no_date() -> None:
    assert dated("24 Nov 2023 " + "x " * 30_000) is None
    assert dated("1" * 60_000) is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("15 Jul 2026 3:04 PM ET", 19),
        ("15 Jan 2026 3:04 PM ET", 20),
        ("July 15, 2026 3:04 PM CT", 20),
        ("15 Jul 2026 15:04 MT", 21),
        ("15 Jul 2026 15:04 (PT)", 22),
        ("15 Jul 2026 15:04 PST", 23),
        ("15 Jul 2026 15:04 AT", 18),
        ("15 Jan 2026 15:04 AT", 19),
    ],
)
def test_a_zone_that_says_nothing_of_the_season_has_its_summer_time(text: str, hour: int) -> None:
    found = dated(text)
    assert found is not None
    assert (found.hour, found.minute) == (hour, 4)


#: Names of zones and their offsets, as a slow reader would list them.
_NAMED = {
    "EDT": -4, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "IST": 5.5, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "ACST": 9.5, "NZST": 12,
    "NZDT": 13, "MSK": 3, "BST": 1, "SAST": 2, "HKT": 8, "SGT": 8, "PHT": 8, "BRT": -3, "ART": -3, "WET": 0, "WEST": 1, "UT": 0, "Z": 0,
}  # fmt: skip
_WEEKDAYS = {
    "en": "Mon Tue Wed Thu Fri Sat Sun", "de": "Mo Di Mi Do Fr Sa So", "fr": "lun. mar. mer. jeu. ven. sam. dim.",
    "es": "lun mar mie jue vie sab dom", "it": "lun mar mer gio ven sab dom", "pt": "seg ter qua qui sex sab dom",
    "nl": "ma di wo do vr za zo", "pl": "pon wt sr czw pt sob niedz", "tr": "Pzt Sal Car Per Cum Cmt Paz",
    "id": "Sen Sel Rab Kam Jum Sab Min",
}  # fmt: skip
_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "de": "Januar Februar Maerz April Mai Juni Juli Aug Sept Okt Nov Dez",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic", "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez", "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pl": "sty lut mar kwi maj cze lip sie wrz paz lis gru", "tr": "Oca Sub Mar Nis May Haz Tem Agu Eyl Eki Kas Ara",
    "id": "Jan Feb Mar Apr Mei Jun Jul Agt Sep Okt Nov Des",
}  # fmt: skip


@given(
    at=st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2199-12-30")),
    zone=st.one_of(st.sampled_from(sorted(_NAMED)), st.integers(-14 * 60 + 1, 14 * 60 - 1)),
    language=st.sampled_from(sorted(_MONTHS)),
    form=st.sampled_from(
        [
            "{w}, {d} {m} {y} {c} {z}",
            "{w} {d}-{m}-{y} {c} {z}",
            "{m} {d}, {y} {c} {z}",
            "{y}-{n:02}-{d:02} {c} {z}",
            "{d:02}.{n:02}.{y} {c} {z}",
            "{w} {m} {d} {c} {z} {y}",
        ]
    ),
    clock=st.sampled_from(["%H:%M:%S", "%I:%M:%S %p", "%I:%M:%S%p"]),
)
def test_what_is_written_in_any_style_is_what_is_read(
    at: datetime, zone: str | int, language: str, form: str, clock: str
) -> None:
    """The oracle is the writer: `at` is the local time, the zone's offset is subtracted by hand."""
    hours = _NAMED[zone] if isinstance(zone, str) else zone / 60
    sign, minutes = "-" if hours < 0 else "+", round(abs(hours) * 60)
    shown = zone if isinstance(zone, str) else f"{sign}{minutes // 60:02}{minutes % 60:02}"
    if form.endswith("{y}") and (clock != "%H:%M:%S" or len(shown) not in (3, 4, 5)):
        return  # the form of `date` and `asctime` has 24 hours
    text = form.format(
        w=_WEEKDAYS[language].split()[at.weekday()], d=at.day, m=_MONTHS[language].split()[at.month - 1], n=at.month, y=at.year,
        c=at.strftime(clock), z=shown,
    )  # fmt: skip
    local = at.replace(microsecond=0, tzinfo=UTC)
    assert entry_date(text) == (
        local + timedelta(minutes=minutes) if sign == "-" else local - timedelta(minutes=minutes)
    ), text


@given(
    st.integers(700_000_000, 6_900_000_000),
    st.sampled_from(["%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S", "%d %b %Y %H:%M:%S GMT", "%Y-%m-%d %H:%M:%S UTC"]),
)
def test_every_moment_comes_back(moment: int, form: str) -> None:
    at = datetime.fromtimestamp(moment, UTC)
    assert dated(at.strftime(form)) == at


@given(st.text("0123456789-:/. TZ+日月年오후janpm()", max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    found = dated(text)
    assert found is None or found.tzinfo is not None
