"""Feeds in UTF-16 and UTF-32, with and without a mark, with declarations that are wrong."""

from __future__ import annotations

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import NotAFeed
from scraper.sources.syndication import parse_feed
from scraper.sources.wide import narrowed, wide_encoding

URL = "https://quay.example/feed"
RSS = "<rss version='2.0'><channel><title>Hafen — 港</title><item><guid>1</guid><title>Grüße 😀</title></item></channel></rss>"
MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE,
}  # fmt: skip


@pytest.mark.parametrize("encoding", MARKS)
@pytest.mark.parametrize("has_mark", [False, True])
@pytest.mark.parametrize(
    "declared",
    [
        "",
        "<?xml version='1.0'?>\n",
        "<?xml version='1.0' encoding='utf-8'?>",
        "<?xml version='1.0' encoding='iso-8859-1'?>",
        "\n \n",
    ],
)
@pytest.mark.parametrize("content_type", [None, "text/xml", "application/rss+xml; charset=iso-8859-1", "text/html"])
def test_the_bytes_tell_how_wide_they_are(
    encoding: str, has_mark: bool, declared: str, content_type: str | None
) -> None:
    document = (MARKS[encoding] if has_mark else b"") + (declared + RSS).encode(encoding)
    feed = parse_feed(document, url=URL, content_type=content_type)
    assert (feed.title, feed.entries[0].title, feed.encoding) == ("Hafen — 港", "Grüße 😀", encoding)
    assert not feed.is_cut


@pytest.mark.parametrize("encoding", MARKS)
def test_json_feed_may_be_wide_too(encoding: str) -> None:
    document = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "港"}]}, ensure_ascii=False
    )
    assert parse_feed(document.encode(encoding), url=URL).entries[0].title == "港"


def test_what_is_wide_and_no_feed_is_none() -> None:
    with pytest.raises(NotAFeed, match="web page") as caught:
        parse_feed("<html><body>x</body></html>".encode("utf-16-be"), url=URL)
    assert caught.value.is_html


@pytest.mark.parametrize(
    "document", [b"", b"<", b"<\0", b"<rss>\0", RSS.encode(), codecs.BOM_UTF8 + RSS.encode(), b"\0<"]
)
def test_what_is_not_wide_is_left_alone(document: bytes) -> None:
    assert wide_encoding(document) is None


@given(st.text(max_size=50), st.sampled_from(sorted(MARKS)))
def test_any_text_is_narrowed_as_it_is(text: str, encoding: str) -> None:
    document = f"<a{text}".encode(encoding, "replace")
    assert wide_encoding(document) == encoding
    assert narrowed(document, encoding).decode() == f"<a{text}".encode("utf-8", "replace").decode()
