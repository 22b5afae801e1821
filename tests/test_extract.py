"""Extraction, case by case: each page in tests/pages/ has its expectation beside it."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import NotHtml
from scraper.extract import extract_article, extract_from_feed
from scraper.model import Hints, SiteRule

PAGES = Path(__file__).parent / "pages"
CASES = sorted(PAGES.glob("*.json"))
PARAGRAPH = "<p>A paragraph of the article, long enough to be one. It has two sentences in it, as prose does.</p>"


def run(case: Path):
    expected = json.loads(case.read_text(encoding="utf-8"))
    page = case.with_suffix(".txt" if "content_type" in expected else ".html").read_bytes()
    return expected, extract_article(page, url=expected["url"], content_type=expected.get("content_type"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_paragraphs_are_the_article_and_nothing_else(case: Path) -> None:
    expected, found = run(case)
    paragraphs = found.text.split("\n\n") if found.text else []
    assert len(paragraphs) == len(expected["starts"]), paragraphs
    for paragraph, start in zip(paragraphs, expected["starts"], strict=True):
        assert paragraph.startswith(start)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_fields_are_as_expected(case: Path) -> None:
    expected, found = run(case)
    seen = {
        "title": found.title,
        "site_name": found.site_name,
        "section": found.section,
        "language": found.language,
        "kind": found.kind,
        "byline": list(found.byline),
        "agencies": list(found.agencies),
        "published_at": found.published_at.astimezone(UTC).isoformat() if found.published_at else None,
        "credit": found.image.credit if found.image else None,
        "related": [[link.url, link.title] for link in found.related],
    }
    asked = {key: value for key, value in expected.items() if key in seen}
    assert {key: seen[key] for key in asked} == asked
    assert (found.reason is None) == (found.kind == "article")


def test_extraction_survives_pickling() -> None:
    _, found = run(PAGES / "promoted_links_between_paragraphs.json")
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("body", "content_type", "word"),
    [
        (b"%PDF-1.7 ...", "text/html", "PDF"),
        (b"\x89PNG\r\n\x1a\n", None, "PNG"),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', "text/html", "feed"),
        (b'{"a": 1}', None, "JSON"),
        (b"PK\x03\x04abc", "text/html", "ZIP"),
        (b"anything", "application/pdf", "PDF"),
    ],
)
def test_other_files_are_refused_by_name(body: bytes, content_type: str | None, word: str) -> None:
    with pytest.raises(NotHtml, match=word) as caught:
        extract_article(body, url="https://e.example/f", content_type=content_type)
    assert caught.value.url == "https://e.example/f"


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


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_not_html(body: bytes) -> None:
    try:
        found = extract_article(body, url="https://e.example/")
    except NotHtml:
        return
    assert extract_article(body, url="https://e.example/") == found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<div>", "</div>", "<p>", "<a href=//x>", "<!--", "<table><td>", "word. ", "<b", "&#0;", "]]>", "</"]
        ),
        max_size=60,
    )
)
def test_broken_markup_gives_an_extraction(parts: list[str]) -> None:
    assert extract_article("".join(parts), url="https://e.example/").kind
