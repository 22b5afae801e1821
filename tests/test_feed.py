"""scraper.feed on the documents of tests/feeds: each has its expectation beside it, and says what it shows."""

import json
import pickle
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import NotAFeed
from scraper.feed import parse_feed
from scraper.model import ParsedEntry, ParsedFeed
from scraper.titles import MAX_LINE_CHARS

FOLDER = Path(__file__).parent / "feeds"
EXPECTATIONS = sorted(FOLDER.glob("*.json"))


def as_expected(entry: ParsedEntry, name: str) -> object:
    value = getattr(entry, name)
    if name == "enclosures":
        return [[e.url, e.type, e.length] for e in value]
    if name.endswith("_at"):
        return value.isoformat() if value else None
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda path: path.stem)
def test_document(expectation: Path) -> None:
    expected = json.loads(expectation.read_text("utf8"))
    body = expectation.with_suffix(".xml").read_bytes()
    feed = parse_feed(body, url=expected["url"], content_type=expected["content_type"])
    assert {name: getattr(feed, name) for name in expected["feed"]} == expected["feed"]
    found = [
        {name: as_expected(entry, name) for name in want}
        for entry, want in zip(feed.entries, expected["entries"], strict=True)
    ]
    assert found == expected["entries"]
    assert [skipped.position for skipped in feed.skipped] == expected.get("skipped", [])
    assert bool(feed.warnings) == expected.get("warns", False)
    if hints := expected.get("hints"):
        assert feed.hints.ttl == timedelta(seconds=hints["ttl_s"])
        assert feed.hints.update_period == timedelta(seconds=hints["update_period_s"])
        assert (list(feed.hints.skip_hours), list(feed.hints.skip_days)) == (hints["skip_hours"], hints["skip_days"])


@pytest.mark.parametrize(
    ("body", "is_html", "text"),
    [
        (b"", False, "empty"),
        (b"<!DOCTYPE html><html><body><p>Hello</p></body></html>", True, "web page"),
        (b"%PDF-1.7 ...", False, "no feed format"),
        (b'{"items": []}', False, "not a JSON Feed"),
        (b'{"items": [', False, "begins like JSON"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, is_html: bool, text: str) -> None:
    with pytest.raises(NotAFeed, match=text) as caught:
        parse_feed(body, url="https://x.example/feed")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.is_html, again.url, str(again)) == (is_html, "https://x.example/feed", str(caught.value))


@given(st.binary(max_size=300), st.sampled_from([None, "text/xml; charset=utf-16", "text/html", "application/json"]))
def test_any_bytes_are_a_feed_or_not_a_feed(body: bytes, content_type: str | None) -> None:
    try:
        feed = parse_feed(body, url="https://x.example/", content_type=content_type)
    except NotAFeed:
        return
    assert isinstance(feed, ParsedFeed)


def read_item(inner: str) -> ParsedEntry:
    body = f"<rss version='2.0'><channel><title>x</title><item><guid>1</guid>{inner}</item></channel></rss>"
    return parse_feed(body.encode(), url="https://x.example/").entries[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&#xD83D;&#xDE00;", "\U0001f600"),
        ("&#55357;&#56832;!", "\U0001f600!"),
        ("a&#xd800;b", "a\ufffdb"),
        ("&#x41;", "A"),
    ],
)
def test_halves_of_characters_become_whole_ones(written: str, read: str) -> None:
    assert read_item(f"<title>{written}</title>").title == read


def test_long_fields_are_cut() -> None:
    entry = read_item(f"<title>{'T' * 2_000_000}</title><author>{'A' * 1_000_000}</author>")
    assert len(entry.title or "") == MAX_LINE_CHARS
    assert entry.authors == ("A" * 200,)
