"""Feeds behind a page."""

from scraper.sources.discovery import feeds_in_page, usual_places

PAGE = b"""<html><head><base href="https://n.example/en/">
<link rel="stylesheet alternate" type="text/css" href="dark.css">
<link rel="alternate" type="application/rss+xml; charset=utf-8" title=" All  news " href="feed.xml">
<link rel="ALTERNATE" type="application/atom+xml" href="https://other.example/atom">
<link rel="alternate" hreflang="de" href="/de/"></head>
<body><a href="/rss/sport">Sport feed</a> <a href="/feedback">Feedback</a> <a href="feed.xml">again</a>
<a href="javascript:rss">no</a></body></html>"""


def test_declared_feeds_come_first_then_links_that_look_like_one() -> None:
    found = [(link.url, link.title) for link in feeds_in_page(PAGE, url="https://n.example/")]
    assert found == [
        ("https://n.example/en/feed.xml", "All news"),
        ("https://other.example/atom", ""),
        ("https://n.example/rss/sport", "Sport feed"),
    ]


def test_pages_without_any_and_usual_places() -> None:
    assert feeds_in_page(b"", url="https://n.example/") == ()
    assert feeds_in_page(b"\x00\xff", url="https://n.example/") == ()
    assert "https://n.example/feed/" in usual_places("https://n.example/a/b")
