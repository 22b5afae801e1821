"""How single values are shown, and what becomes of a stored body."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import lxml.html
import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from wireroom.web import show
from wireroom.web.body import shown_body

TOKYO = timezone(timedelta(hours=9))


def test_times_are_shown_in_the_zone_of_now() -> None:
    at, now = datetime(2026, 1, 14, 23, 30, tzinfo=UTC), datetime(2026, 1, 15, 12, 0, tzinfo=TOKYO)
    assert show.short_time(at, now) == "08:30"
    assert show.long_time(at, now) == "Thursday, 15 January 2026, 08:30"
    assert show.day_name(at, now) == "Today"
    assert show.short_time(at, NOON) == "yesterday 23:30"
    assert show.day_name(at, NOON) == "Yesterday"
    assert show.short_time(datetime(2026, 1, 3, tzinfo=UTC), NOON) == "3 Jan"
    assert show.short_time(datetime(2019, 1, 3, tzinfo=UTC), NOON) == "3 Jan 2019"
    assert show.day_name(datetime(2019, 1, 3, tzinfo=UTC), NOON) == "Thursday, 3 January 2019"


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (timedelta(seconds=-30), "now"),
        (timedelta(seconds=-50), "1 minute ago"),
        (timedelta(minutes=-3), "3 minutes ago"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(hours=26), "in 1 day"),
        (timedelta(days=-400), "400 days ago"),
    ],
)
def test_distances(distance: timedelta, text: str) -> None:
    assert show.time_distance(NOON + distance, NOON) == text


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a?b=<c>", "https://example.org/a?b=<c>"),
        (" http://example.org ", "http://example.org"),
        ("javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/", None),
        ("https:", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(address: str | None, safe: str | None) -> None:
    assert show.web_address(address) == safe


def test_hosts_are_shown_without_credentials() -> None:
    assert show.linked_host("https://user:secret@example.org:8443/x") == "example.org"
    assert show.linked_host("mailto:x@example.org") == ""


def test_highlights_are_escaped_first_and_always_closed() -> None:
    assert show.highlighted("a <b> \x02lamp\x03 & so on") == "a &lt;b&gt; <mark>lamp</mark> &amp; so on"
    assert show.highlighted("\x03a\x02b\x02c") == "a<mark>bc</mark>"


@pytest.mark.parametrize(
    ("levels", "shown"),
    [("h4 h4 h5", "h2 h2 h3"), ("h1 h3 h4 h3", "h2 h3 h4 h3"), ("h3 h6 h2 h4", "h2 h3 h2 h3"), ("h2 h3", "h2 h3"), ("h2 h3 h4 h5 h6", "h2 h3 h4 h5 h6")],
)  # fmt: skip
def test_headings_of_a_body_go_down_one_level_at_a_time(levels: str, shown: str) -> None:
    html = "".join(f"<{level}>x</{level}>" for level in levels.split())
    tree = lxml.html.fragment_fromstring(str(shown_body(html).html), create_parent=True)
    assert [heading.tag for heading in tree] == shown.split()


def test_what_scrolls_sideways_can_be_reached_with_the_keyboard() -> None:
    shown = str(shown_body("<pre>a long line</pre><table><tr><td>x</td></tr></table><p>y</p>").html)
    assert shown == ('<pre tabindex="0">a long line</pre><table tabindex="0"><tr><td>x</td></tr></table><p>y</p>')


def test_a_picture_shown_elsewhere_takes_its_caption_with_it() -> None:
    html = (
        '<p>a</p><figure><img src="https://i.example/1.jpg" alt=""><figcaption>The quay</figcaption></figure><p>b</p>'
    )
    assert str(shown_body(html, without_picture="https://i.example/1.jpg").html) == "<p>a</p><p>b</p>"


@given(st.text(alphabet="\x02\x03<>&\"'ab "))
def test_highlights_hold_nothing_but_marks(snippet: str) -> None:
    html = str(show.highlighted(snippet))
    assert html.count("<mark>") == html.count("</mark>")
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")


def test_languages_and_directions() -> None:
    assert [show.direction(tag) for tag in ("ar", "fa-IR", "ur", "he", "en", "ja", None, "<x>")] == [
        "rtl", "rtl", "rtl", "rtl", "ltr", "ltr", "auto", "auto",
    ]  # fmt: skip
    assert show.language_tag('en" onload="') is None
    assert show.language_tag("zh-Hant-TW") == "zh-Hant-TW"


def test_sizes_and_reading_times() -> None:
    assert [show.file_size(size) for size in (None, 0, -1, 999, 1400, 52_000, 1_400_000, 3 * 10**12)] == [
        "", "", "", "999 bytes", "1.4 kB", "52 kB", "1.4 MB", "3000 GB",
    ]  # fmt: skip
    assert [show.reading_minutes(*given) for given in ((10, "en"), (690, None), (1500, "ja"))] == [1, 3, 3]


def test_bodies_keep_their_plain_elements() -> None:
    html = (
        '<h1>Big</h1><p lang="de" class="x" style="y">Text &amp; <em>more</em></p><ul><li>one</li></ul>'
        '<table><tbody><tr><td colspan="2" onclick="x">cell</td></tr></tbody></table><custom>kept text</custom> tail'
    )
    assert str(shown_body(html).html) == (
        '<h2>Big</h2><p lang="de">Text &amp; <em>more</em></p><ul><li>one</li></ul>'
        '<table tabindex="0"><tbody><tr><td colspan="2">cell</td></tr></tbody></table>kept text tail'
    )
    assert str(shown_body("plain <text").html) in ("plain ", "plain &lt;text")
    assert str(shown_body("").html) == ""


def test_pictures_become_links_and_the_lead_is_left_to_the_page() -> None:
    html = (
        '<figure><img src="https://i.example/1.jpg" alt="One"></figure><p>Text <img src="https://i.example/2.jpg"> end</p>'
        '<p><a href="https://away.example/"><img src="https://i.example/3.jpg" alt="Three"></a></p><img alt="None">'
    )
    shown = shown_body(html, without_picture="https://i.example/1.jpg")
    assert shown.picture_count == 3
    assert str(shown.html) == (
        '<p>Text <a class="picture" href="https://i.example/2.jpg" rel="noopener noreferrer">Picture</a> end</p>'
        '<p><a href="https://away.example/" rel="noopener noreferrer"><span class="picture">Picture: Three</span></a></p>'
        '<span class="picture">Picture: None</span>'
    )


@given(st.text(alphabet="<>/='\"& aibpscriptonm:\x00-!", max_size=80))
def test_no_body_runs_or_loads_anything(html: str) -> None:
    tree = lxml.html.fragment_fromstring(str(shown_body(f"<p>{html}").html), create_parent=True)
    for element in tree.iterdescendants():
        assert element.tag in ("p", "a", "b", "i", "s", "span", "pre", "br"), element.tag
        assert set(element.attrib) <= {"href", "rel", "class", "lang", "dir"}
