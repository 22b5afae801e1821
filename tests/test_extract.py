"""Extraction as a whole: what it refuses, how it decodes, what rules and feeds do."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.errors import NotHtml
from scraper.extract import extract_article, extract_from_feed
from scraper.model import Hints, SiteRule

PAGES = Path(__file__).parent / "pages"
PARAGRAPH = "<p>A paragraph of the article, long enough to be one. It has two sentences in it, as prose does.</p>"


def test_extraction_survives_pickling() -> None:
    page = (PAGES / "promoted_links_between_paragraphs.html").read_bytes()
    found = extract_article(page, url="https://quay.example/2021/ferry/")
    assert found.related
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("body", "content_type", "word"),
    [
        (b"%PDF-1.7 ...", "text/html", "PDF"),
        (b"\x89PNG\r\n\x1a\n", None, "PNG"),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', "text/html", "feed"),
        (b'<?xml version="1.0"?>\n<!-- a --><?xml-stylesheet href="x"?> <!-- b -->\n<feed>', "text/html", "feed"),
        (b'{"a": 1}', None, "JSON"),
        (b"PK\x03\x04abc", "text/html", "ZIP"),
        (b"anything", "application/pdf", "PDF"),
    ],
)
def test_other_files_are_refused_by_name(body: bytes, content_type: str | None, word: str) -> None:
    with pytest.raises(NotHtml, match=word) as caught:
        extract_article(body, url="https://e.example/f", content_type=content_type)
    assert caught.value.url == "https://e.example/f"


@pytest.mark.parametrize(
    "prologue", ["<?xml version='1.0'?>", "<!-- a --> <!-- b -->\n", "\ufeff \n", "<!---->" * 250, "<!--" * 500]
)
def test_page_is_known_behind_its_prologue(prologue: str) -> None:
    page = f"{prologue}<html><body><!-- a -->{PARAGRAPH * 3}</body></html>"
    assert extract_article(
        page, url="https://e.example/", content_type="text/xml; charset=utf-8" if "?" in prologue else None
    ).kind


GREETING = (
    "<p>Viele Grüße aus Köln, schrieb der Bürgermeister am Dienstag. Er wünschte allen schöne und ruhige Tage.</p>"
)


@pytest.mark.parametrize(
    ("head", "encoding", "content_type"),
    [
        ("", "cp1252", "text/html; charset=iso-8859-1"),
        ("<meta charset=utf-8>", "utf-8", None),
        ("", "utf-16", None),
        ("<meta charset=latin1>", "utf-8", None),
        ("", "cp1252", None),
    ],
    ids=["header", "meta", "byte order mark", "utf-8 that claims latin1", "detected"],
)
def test_encoding_is_found(head: str, encoding: str, content_type: str | None) -> None:
    body = f"<html><head>{head}</head><body>{GREETING * 3}</body></html>".encode(encoding)
    assert extract_article(body, url="https://e.example/", content_type=content_type).text.startswith(
        "Viele Grüße aus Köln"
    )


def test_site_rule_names_body_and_what_to_remove() -> None:
    page = f"<body><div id=x>{PARAGRAPH}<aside class=bad>{PARAGRAPH.replace('article', 'box')}</aside></div>{PARAGRAPH * 5}"
    rule = SiteRule(body="#x", remove=(".bad",), title="#none")
    assert extract_article(page, url="https://e.example/", rule=rule).text.count("A paragraph") == 1


def test_feed_entry_alone_gives_an_article() -> None:
    hints = Hints(
        title="T", content_html=PARAGRAPH + "<script>alert(1)</script>", published_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    found = extract_from_feed(hints, url="https://e.example/1")
    assert found.text.startswith("A paragraph of the article")
    assert "script" not in found.html
    assert extract_from_feed(Hints(title="T"), url="https://e.example/1").text == ""


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<span>Culture</span><span>Old mill opens its doors</span>", "Culture Old mill opens its doors"),
        ("<b>Culture</b><span><em>Old</em> mill opens its doors</span>", "Culture Old mill opens its doors"),
        ("Old mill opens its doors<small>12 min</small>", "Old mill opens its doors 12 min"),
        ("<span>Culture</span>Old mill opens its doors", "Culture Old mill opens its doors"),
        ("<span>O</span><span>ld mill opens its doors</span>", "Old mill opens its doors"),
        ("Old Mc<b>Donald</b>’s mill<sup>2</sup> opens", "Old McDonald’s mill2 opens"),
    ],
)
def test_titles_of_related_stories_have_blanks_between_their_parts(inside: str, title: str) -> None:
    prose = (
        "<p>The harbour board decided on Tuesday that the old crane will stay, after four years of argument.</p>" * 4
    )
    box = f'<div class="related"><h3>Read also</h3><ul><li><a href="/b">{inside}</a></li></ul></div>'
    page = f"<html lang=en><title>The crane</title><article><h1>The crane</h1>{prose}{box}</article></html>"
    assert [link.title for link in extract_article(page, url="https://e.example/a").related] == [title]


PROSE = "<p>The harbour board decided on Tuesday that the old crane will stay, after four years of argument.</p>" * 2


def html_of(inside: str, attributes: str = "lang=en") -> str:
    page = (
        f"<html {attributes}><title>The crane</title><article><h1>The crane</h1>{PROSE}{inside}{PROSE}</article></html>"
    )
    return extract_article(page, url="https://e.example/a").html


@pytest.mark.parametrize(
    "figure",
    [
        "<figure><img src=/1.jpg alt=Crane><figcaption>The crane at dawn <span class=credit>Photo: Ann Lee</span></figcaption></figure>",
        "<div class=wp-caption><img src=/1.jpg alt=Crane><p class=wp-caption-text>The crane at dawn. Photo: Ann Lee</p></div>",
    ],
)
def test_captions_stand_below_the_pictures_in_the_text(figure: str) -> None:
    shown = '<figure><img src="https://e.example/1.jpg" alt="Crane"><figcaption>The crane at dawn (Ann Lee)</figcaption></figure>'
    assert shown in html_of(figure)


def test_language_and_direction_of_what_surrounds_a_paragraph_are_its_own() -> None:
    assert '<p lang="fr">Le' in html_of(
        "<div lang=fr><p>Le conseil du port a pris sa décision mardi, après quatre ans.</p></div>"
    )
    assert 'lang="en"' not in html_of("<p lang=en>It stays where it is, and it will be painted in the spring.</p>")
    assert '<p dir="rtl">The harbour' in html_of("", "lang=ar dir=rtl")
