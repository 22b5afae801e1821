"""xml:base: what the addresses in a feed's HTML are relative to."""

from __future__ import annotations

import re
from html import escape

import pytest
from test_items import check

from scraper.sources.bases import with_base
from scraper.sources.syndication import parse_feed

URL = "https://quay.example/feeds/all.xml"
MORE, PICTURE = '<p><a href="more.html">more</a></p>', "<img src='i/gull 1.jpg'>"


def document(*, feed: str = "", entry: str = "", content: str = "", kind: str = "html") -> bytes:
    def base(value: str) -> str:
        return f' xml:base="{value}"' if value else ""

    inside = escape(MORE + PICTURE)
    if kind == "xhtml":
        inside = f"<div xmlns='http://www.w3.org/1999/xhtml'>{MORE}{PICTURE.replace('>', '/>')}</div>"
    return f"""<feed xmlns="http://www.w3.org/2005/Atom"{base(feed)}><title>T</title>
    <entry{base(entry)}><id>one</id><link href="one.html"/><content type="{kind}"{base(content)}>{inside}</content></entry>
    <entry><id>two</id><link href="two.html"/></entry></feed>""".encode()


BASES = [
    ({"feed": "https://port.example/b/"}, "https://port.example/b/", "https://port.example/b/"),
    ({"feed": "https://port.example/b/", "entry": "c/"}, "https://port.example/b/c/", "https://port.example/b/c/"),
    ({"feed": "https://port.example/b/", "entry": "c/", "content": "d/"}, "https://port.example/b/c/", "https://port.example/b/c/d/"),
    ({"feed": "/b/", "entry": "c/", "content": "../d/"}, "https://quay.example/b/c/", "https://quay.example/b/d/"),
    ({"entry": "c/", "content": "d/"}, "https://quay.example/feeds/c/", "https://quay.example/feeds/c/d/"),
    ({"content": "https://port.example/"}, "https://quay.example/feeds/", "https://port.example/"),
    ({"content": "//port.example/x"}, "https://quay.example/feeds/", "https://port.example/"),
]  # fmt: skip


@pytest.mark.parametrize(("bases", "link", "content"), BASES)
@pytest.mark.parametrize("kind", ["html", "xhtml"])
def test_addresses_in_a_text_have_the_base_that_is_stated(
    bases: dict[str, str], link: str, content: str, kind: str
) -> None:
    entry, second = parse_feed(document(**bases, kind=kind), url=URL).entries
    found = re.findall(r"(?:href|src)=.([^\"\']*)", entry.content_html or "")
    assert found == [f"{content}more.html", f"{content}i/gull%201.jpg"]
    assert entry.link == f"{link}one.html"
    assert second.guid is not None
    assert second.guid.endswith("two")


@pytest.mark.parametrize(("bases", "link", "content"), BASES)
@pytest.mark.parametrize("known", [0, 1])
def test_a_base_counts_whatever_is_known(bases: dict[str, str], link: str, content: str, known: int) -> None:
    assert check(document(**bases), lambda index: index == known) == 1


def test_without_a_stated_base_a_text_stays_as_it_is() -> None:
    assert parse_feed(document(), url=URL).entries[0].content_html == MORE + PICTURE


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<a href="x">', '<a href="https://port.example/b/x">'),
        ("<a title=t href=x?a&amp;b>", '<a title=t href="https://port.example/b/x?a&amp;b">'),
        ("<A HREF = 'x\n'>", '<A HREF = "https://port.example/b/x">'),
        ("<img src='x' srcset='x 1x, /y,z.jpg 2x'>", '<img src="https://port.example/b/x" srcset="https://port.example/b/x 1x, https://port.example/y,z.jpg 2x">'),
        ('<video poster="p.jpg">', '<video poster="https://port.example/b/p.jpg">'),
    ],
)  # fmt: skip
def test_each_address_in_a_tag_is_resolved(written: str, read: str) -> None:
    assert with_base(written, "https://port.example/b/c") == read


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://x.example/a b">', '<a href="#note">', '<a href="mailto:a@b.example">', "<img src='data:image/gif;base64,AA'>",
        '<pre>&lt;a href="x"&gt;</pre>', 'a < b href="x"', '<a data-x="href=y">', "<a hrefs=x>", '<a href="">', "<a href",
    ],
)  # fmt: skip
def test_what_is_no_relative_address_stays(markup: str) -> None:
    assert with_base(markup, "https://port.example/b/c") == markup
