"""The bundled newspaper: what it serves is what it says it serves."""

from __future__ import annotations

import gzip
import http.client
import json
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

import feedparser
import lxml.html
import pytest
from patience import LONG_S
from ruamel.yaml import YAML

from wireroom.demo import DemoNewspaper, expected_articles, serve
from wireroom.demo.expected import describe_press


@pytest.fixture(scope="module")
def paper() -> Iterator[DemoNewspaper]:
    with serve() as newspaper:
        yield newspaper


def get(url: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=LONG_S)
    try:
        query = f"?{parts.query}" if parts.query else ""
        connection.request("GET", quote(parts.path, safe="/%") + query, headers=headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_expectations_say_what_the_stories_say() -> None:
    assert (files("wireroom.demo") / "expected.json").read_text(encoding="utf-8") == describe_press()


def test_expectations_of_the_page_with_promoted_links_counted_by_hand() -> None:
    story = next(article for article in expected_articles() if "strait-light" in (article.url or ""))
    assert len(story.paragraphs) == 11
    assert story.paragraphs[0].startswith("Vestmark wants to win Ansland over")
    assert story.paragraphs[-1].endswith("a single family on this coast its fishing ground,” he said.")
    assert story.promoted == (
        "Vestmark Sends Buoy Tenders To Waters Off Gull Rock",
        "Two Councils Agree To Share One Lamp, Then Disagree On The Bulb",
    )
    assert (story.byline, story.credit, story.language) == ((), "Алевтина Бродова", "en")


def test_the_first_edition_has_six_languages_and_every_kind_of_page() -> None:
    articles = expected_articles()
    assert len(articles) == 35
    assert {article.language for article in articles if article.language} == {"en", "de", "fr", "ru", "ja", "ar"}
    serving = Counter(article.serving for article in articles)
    assert serving == {
        "page": 28, "redirect": 2, "missing": 1, "paywall": 1, "pdf": 1, "disallowed": 1, "nopage": 1,
    }  # fmt: skip
    assert Counter(article.status for article in articles) == {"full": 30, "feed_only": 4, "failed": 1}
    assert all(4 <= len(article.paragraphs) <= 14 for article in articles if article.status == "full")


def test_every_feed_parses_and_lists_what_is_expected(paper: DemoNewspaper) -> None:
    listed: dict[str, set[str]] = {}
    for url in paper.feed_urls:
        response, body = get(url)
        assert response.status == 200
        if url.endswith(".json"):
            listed[url] = {item["title"] for item in json.loads(body)["items"]}
            continue
        feed = feedparser.parse(body, response_headers={"content-type": response.headers["Content-Type"]})
        assert feed.bozo == 0, feed.bozo_exception
        assert all(entry.get("published_parsed") for entry in feed.entries)
        listed[url] = {entry.title for entry in feed.entries}
    assert len(listed) == 7
    for article in paper.expected():
        assert {url for url, titles in listed.items() if article.title in titles} == set(article.feeds)
    assert max(len(article.feeds) for article in paper.expected()) == 2


def test_the_russian_feed_and_its_pages_are_windows_1251(paper: DemoNewspaper) -> None:
    response, body = get(paper.base_url("vesti") + "/rss.xml")
    assert response.headers["Content-Type"] == "application/rss+xml; charset=windows-1251"
    assert "Старый мост решили не красить" in body.decode("windows-1251")
    assert b"windows-1251" in body.splitlines()[0]


def test_every_page_holds_its_paragraphs_title_and_picture(paper: DemoNewspaper) -> None:
    for article in paper.expected():
        if article.status != "full":
            continue
        assert article.url is not None
        response, body = get(article.url)
        assert response.status == 200, article.url
        charset = response.headers.get_content_charset()
        tree: Any = lxml.html.fromstring(body, parser=lxml.html.HTMLParser(encoding=charset))
        shown = tree.text_content()
        for text in (article.title, *article.paragraphs, *article.promoted, *article.byline, article.credit or ""):
            assert text in shown, (article.url, text)
        for picture in tree.xpath("//img/@src"):
            answer, image = get(paper.base_url(article.publication) + picture)
            assert (answer.status, image[:4]) == (200, b"\x89PNG")


def test_special_entries_lead_where_they_say(paper: DemoNewspaper) -> None:
    by_serving = {article.serving: article for article in paper.expected()}
    pdf = by_serving["pdf"].url
    missing = by_serving["missing"].url
    walled = by_serving["paywall"].url
    members = by_serving["disallowed"].url
    assert pdf is not None
    assert missing is not None
    assert walled is not None
    assert members is not None
    assert get(pdf)[0].headers["Content-Type"] == "application/pdf"
    assert get(missing)[0].status == 404
    assert b'"isAccessibleForFree": false' in get(walled)[1]
    assert "/members/" in members
    assert b"Disallow: /members/" in get(paper.base_url("courier") + "/robots.txt")[1]
    assert by_serving["nopage"].url is None
    _, feed = get(paper.base_url("courier") + "/feed/")
    redirecting = next(e.link for e in feedparser.parse(feed).entries if e.title.startswith("Town library"))
    response, _ = get(redirecting)
    target = next(a.url for a in paper.expected() if a.title.startswith("Town library"))
    assert (response.status, response.headers["Location"]) == (301, target)


def test_validators_are_honoured(paper: DemoNewspaper) -> None:
    url = paper.feed_urls[0]
    first, body = get(url)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If-None-Match": etag}, {"If-None-Match": f'"other", W/{etag}'}, {"If-Modified-Since": modified}):
        response, empty = get(url, **headers)
        assert (response.status, empty) == (304, b"")
    assert get(url, **{"If-None-Match": '"other"', "If-Modified-Since": modified})[0].status == 200
    assert get(url, **{"If-Modified-Since": "yesterday"})[0].status == 200
    packed, coded = get(url, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != etag
    assert gzip.decompress(coded) == body


def test_the_second_edition_adds_and_silently_changes() -> None:
    with DemoNewspaper() as paper:
        before = {article.title: article for article in paper.expected()}
        clock = next(article for article in before.values() if "clock in the mud" in article.title)
        assert clock.url is not None
        assert b"Seventeen of the posts" in get(clock.url)[1]
        assert paper.advance() == 2
        after = {article.title: article for article in paper.expected()}
        assert len(after) - len(before) == 2
        assert b"Nineteen of the posts" in get(clock.url)[1]
        assert b"Lamp on Gull Rock" in get(paper.base_url("courier") + "/feed/")[1]
        assert after[clock.title].paragraphs != clock.paragraphs
        assert paper.advance() == 2


def test_feeds_yaml_lists_every_feed_and_allows_its_address(paper: DemoNewspaper) -> None:
    config = YAML(typ="safe").load(paper.feeds_yaml(database="/tmp/a: b.db"))
    assert tuple(feed["url"] for feed in config["feeds"]) == paper.feed_urls
    assert config["settings"]["database"] == "/tmp/a: b.db"
    allowed = config["settings"]["network"]["allow_private"]
    assert {urlsplit(url).netloc for url in paper.feed_urls} == set(allowed)
    assert len(set(allowed)) == 6
    assert config["feeds"][0]["tags"] == ["deutsch"]


def test_requests_are_remembered() -> None:
    with DemoNewspaper() as paper:
        get(paper.feed_urls[0])
        get(paper.feed_urls[0], **{"If-None-Match": "*"})
    assert [(hit.status, hit.is_conditional) for hit in paper.hits] == [(200, False), (304, True)]


def test_stopping_frees_the_addresses_and_may_be_repeated() -> None:
    paper = DemoNewspaper()
    paper.start()
    url = paper.feed_urls[0]
    paper.stop()
    paper.stop()
    with pytest.raises(ConnectionError):
        get(url)
