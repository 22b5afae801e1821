"""scraper.sources.syndication on the documents of tests/feeds: each has its expectation beside it, and says what it shows."""

import json
import pickle
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import NotAFeed
from scraper.identity import key_entries
from scraper.model import ParsedEntry, ParsedFeed
from scraper.sources.syndication import parse_feed
from scraper.sources.titles import MAX_LINE_CHARS

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


# --------------------------------------------------------------------------- the page of an entry

FEED_URL = "https://x.example/news/feed"


def links_of(body: str) -> list[str | None]:
    return [entry.link for entry in parse_feed(body.encode(), url=FEED_URL).entries]


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<link>/p/7</link><guid isPermaLink='false'>/p/7</guid>", "https://x.example/p/7"),
        ("<link>p/7</link><guid>p/7</guid>", "https://x.example/news/p/7"),
        ("<link>?p=7</link><guid isPermaLink='false'>?p=7</guid>", "https://x.example/news/feed?p=7"),
        ("<link>tag:x.example,2026:7</link><guid>tag:x.example,2026:7</guid>", None),
        ("<guid>p/7</guid>", None),
        ("<guid>https://x.example/p/7</guid>", "https://x.example/p/7"),
        ("<guid isPermaLink='false'>https://x.example/p/7</guid>", "https://x.example/p/7"),
        (f"<link>{FEED_URL}</link><guid>https://x.example/p/7</guid>", "https://x.example/p/7"),
        (f"<link>{FEED_URL}#7</link><guid>7</guid>", None),
        ("<link>https://x.example/rss.xml</link><guid>https://x.example/p/7</guid>", "https://x.example/p/7"),
        ("<a:link rel='self' href='https://x.example/rss.xml'/><guid>https://x.example/p/7</guid>", "https://x.example/p/7"),
        ("<a:link rel='self'>https://x.example/p/7.atom</a:link><link>https://x.example/p/7</link>", "https://x.example/p/7"),
        ("<link>https://x.example/p/7</link><a:link rel='related'>https://x.example/r</a:link>", "https://x.example/p/7"),
        ("<a:link rel='related'>https://x.example/r</a:link><guid>7</guid>", None),
        ("<guid>https://x.example/7.mp3</guid><enclosure url='https://x.example/7.mp3' type='audio/mpeg'/>", "https://x.example/7.mp3"),
        ("<link>https://x.example/7.mp3</link><enclosure url='http://x.example/7.mp3'/><guid>7</guid>", "https://x.example/7.mp3"),
        ("<link>https://x.example/7.mp3</link><enclosure url='/7.mp3'/><guid>https://x.example/7</guid>", "https://x.example/7"),
        ("<link uri='at://did:plc:x/post/7'>https://x.example/p/7</link>", "https://x.example/p/7"),
        ('<link  uri = "at://did:plc:x/post/7" >\n https://x.example/p/7 </link>', "https://x.example/p/7"),
        ("<link url='https://x.example/q'><![CDATA[https://x.example/p/7]]></link>", "https://x.example/p/7"),
        ("<link uri='https://x.example/q'/><guid>7</guid>", "https://x.example/q"),
        ("<link href='https://x.example/p/7'>all of it</link>", "https://x.example/p/7"),
    ],
)  # fmt: skip
def test_the_page_of_an_rss_item(inner: str, link: str | None) -> None:
    head = "<title>x</title><a:link rel='self' href='https://x.example/rss.xml'/>"
    start = "<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'>"
    assert links_of(f"{start}<channel>{head}<item><title>y</title>{inner}</item></channel></rss>") == [link]


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<link rel='alternate' href='/p/7'/><link rel='enclosure' type='image/png'>/7.png</link>", "https://x.example/p/7"),
        ("<link rel='enclosure'>https://x.example/7.png</link><link href='/p/7'/>", "https://x.example/p/7"),
        ("<link rel='enclosure'>https://x.example/7.png</link>", "https://x.example/id/7"),
        (f"<link href='{FEED_URL}'/>", "https://x.example/id/7"),
        (f"<link href='{FEED_URL}'/><link rel='alternate' href='/p/7'/>", "https://x.example/p/7"),
        (f"<link rel='alternate' href='/p/7'/><link href='{FEED_URL}'/>", "https://x.example/p/7"),
        ("<link rel='self' href='https://x.example/feed.atom'/><link rel='replies' href='/p/7/talk'/>", "https://x.example/id/7"),
        ("<link rel='via' href='https://other.example/p'/>", "https://x.example/id/7"),
        ("<link type='application/json' href='/p/7.json'/><link type='text/html' href='/p/7'/>", "https://x.example/p/7"),
        ("<link>https://x.example/p/7</link>", "https://x.example/p/7"),
    ],
)  # fmt: skip
def test_the_page_of_an_atom_entry(inner: str, link: str) -> None:
    head = "<title>x</title><link rel='self' href='https://x.example/feed.atom'/>"
    entry = f"<entry><id>https://x.example/id/7</id><title>y</title>{inner}</entry>"
    assert links_of(f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{entry}</feed>") == [link]


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ({"url": "/p/7"}, "https://x.example/p/7"),
        ({"url": FEED_URL}, "https://x.example/id/7"),
        ({"url": "https://x.example/feed.json", "external_url": "https://y.example/"}, "https://y.example/"),
        ({"url": "/7.mp3", "attachments": [{"url": "https://x.example/7.mp3"}]}, "https://x.example/id/7"),
        ({}, "https://x.example/id/7"),
        ({"id": "7"}, None),
    ],
)
def test_the_page_of_a_json_item(item: dict, link: str | None) -> None:
    items = [{"id": "https://x.example/id/7", "title": "y", **item}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "feed_url": "https://x.example/feed.json", "items": items}
    assert links_of(json.dumps(feed)) == [link]


def test_items_with_nothing_but_a_file_are_entries_of_their_own() -> None:
    items = "".join(f"<item><enclosure url='https://x.example/{n}.mp3'/></item>" for n in range(3))
    body = f"<rss version='2.0'><channel><title>x</title>{items}<item></item></channel></rss>"
    feed = parse_feed(body.encode(), url=FEED_URL)
    assert len(key_entries(feed)) == 3
    assert [skipped.position for skipped in feed.skipped] == [3]
