"""Titles and texts of feeds: what their type says, no more and no less."""

from __future__ import annotations

import html
from xml.sax.saxutils import escape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scraper.extract import extract_from_feed, extract_page
from scraper.model import Hints, ParsedEntry
from scraper.sources.syndication import parse_feed
from scraper.sources.titles import MAX_LINE_CHARS, Form, one_line, paragraphs

URL = "https://h.example/feed"
ATOM = "http://www.w3.org/2005/Atom"


def rss(inner: str) -> ParsedEntry:
    document = f"<rss version='2.0'><channel><title>T</title><item><guid>1</guid>{inner}</item></channel></rss>"
    return parse_feed(document.encode(), url=URL).entries[0]


def atom(inner: str, namespace: str = ATOM) -> ParsedEntry:
    document = f"<feed xmlns='{namespace}'><title>T</title><entry><id>urn:1</id>{inner}</entry></feed>"
    return parse_feed(document.encode(), url=URL).entries[0]


RSS_TITLES = [
    ("Oars &amp; ropes", "Oars & ropes"),
    ("Oars &amp;amp; ropes", "Oars & ropes"),
    ("<![CDATA[Oars &amp; ropes]]>", "Oars & ropes"),
    ("<![CDATA[Oars & ropes]]>", "Oars & ropes"),
    ("The pilot&amp;rsquo;s log", "The pilot’s log"),
    ("The pilot&amp;amp;#39;s log", "The pilot's log"),
    ("Oars &amp;amp;amp; ropes", "Oars & ropes"),
    ("Where &amp;amp;nbsp; is used", "Where &nbsp; is used"),
    ("Where &amp;lt;marquee&amp;gt; is used", "Where <marquee> is used"),
    ("Where &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt; is used", "Where <b>bold</b> is used"),
    ("Map&lt;String, Vec&lt;u8&gt;&gt; at sea", "Map<String, Vec<u8>> at sea"),
    ("List&lt;T&gt; and std::vector&lt;a&gt;", "List<T> and std::vector<a>"),
    ("<![CDATA[If a<b and c>d]]>", "If a<b and c>d"),
    ("<![CDATA[If a <b and c> d]]>", "If a <b and c> d"),
    ("<![CDATA[7 < 8, R&D, x&y;]]>", "7 < 8, R&D, x&y;"),
    ("&lt;b&gt;W&lt;/b&gt;ord by &lt;i class='x'&gt;wo&lt;/i&gt;rd", "Word by word"),
    ("<![CDATA[foo<wbr>bar<wbr/>baz]]>", "foobarbaz"),
    ("Dampf&amp;shy;schiff\u00adfahrt\u200b", "Dampfschifffahrt"),
    ("<![CDATA[<p>One</p><p>Two<br>three</p>]]>", "One Two three"),
    ("<![CDATA[<h2>One</h2>two <!-- no --><a href='/x?a=1&amp;b'>three</a>]]>", "One two three"),
    ("Where &lt;b&gt; was, and &lt;em&gt;", "Where <b> was, and <em>"),
    ("A <b>bo</b>ld &amp; <i>free</i> one", "A bold & free one"),
    ("?a=1&amp;copy=2", "?a=1&copy=2"),
    ("<![CDATA[  one\n two&nbsp;three ]]>", "one two three"),
    ("<![CDATA[<b></b>]]>", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), RSS_TITLES)
def test_a_title_of_rss_is_read_as_it_looks(written: str, read: str | None) -> None:
    assert rss(f"<title>{written}</title>").title == read


ATOM_TITLES = [
    ("", "Vec&lt;String&gt; &amp; Co", "Vec<String> & Co"),
    ("text", "Where &lt;b&gt;bold&lt;/b&gt; is", "Where <b>bold</b> is"),
    ("text", "<![CDATA[a<b &amp; c]]>", "a<b &amp; c"),
    ("text", "Where &amp;amp; is", "Where &amp; is"),
    ("html", "Oars &amp;amp; &lt;em&gt;ro&lt;/em&gt;pes", "Oars & ropes"),
    ("html", "<![CDATA[Oars &amp; <em>ro</em>pes]]>", "Oars & ropes"),
    ("html", "Where &amp;amp;amp; is", "Where &amp; is"),
    ("html", "Where &amp;lt;b&amp;gt; is", "Where <b> is"),
    ("html", "&lt;x-mark&gt;Oars&lt;/x-mark&gt; and Vec&lt;T&gt;", "Oars and Vec<T>"),
    ("html", "&lt;b&gt;Oars", "Oars"),
    ("html", "fish &amp;copy", "fish ©"),
    ("xhtml", "<div xmlns='http://www.w3.org/1999/xhtml'>A <b>W</b>ord &amp; &lt;i&gt;</div>", "A Word & <i>"),
    ("text/html", "&lt;b&gt;W&lt;/b&gt;ord", "Word"),
    ("text/plain", "&lt;b&gt;W&lt;/b&gt;ord", "<b>W</b>ord"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "written", "read"), ATOM_TITLES)
@pytest.mark.parametrize("namespace", [ATOM, "http://purl.org/atom/ns#"])
def test_a_title_of_atom_is_what_its_type_says(namespace: str, kind: str, written: str, read: str) -> None:
    attribute = f" type='{kind}'" if kind else ""
    assert atom(f"<title{attribute}>{written}</title>", namespace).title == read


def test_a_title_of_json_feed_is_plain_text() -> None:
    document = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "A &amp; <b>",
    "items": [{"id": 1, "title": "Vec<String> &amp; a<b"}]}"""
    feed = parse_feed(document, url=URL)
    assert (feed.title, feed.entries[0].title) == ("A &amp; <b>", "Vec<String> &amp; a<b")


def test_a_title_stays_what_it_is_when_the_feed_gives_the_text() -> None:
    hints = Hints(
        title="Vec<String> &amp; <b>co</b>", content_html="<p>Nothing is to be seen here but a few words.</p>"
    )
    assert extract_from_feed(hints, url="https://h.example/a").title == "Vec<String> &amp; <b>co</b>"
    page = (
        "<html><body><article><p>"
        + "The ferry has a new bell, which rings at noon. " * 20
        + "</p></article></body></html>"
    )
    assert extract_page(page.encode(), url="https://h.example/a", hints=hints).title == "Vec<String> &amp; <b>co</b>"


def test_a_heading_has_no_soft_hyphens() -> None:
    text = "The ferry has a new bell, which rings at noon. " * 20
    page = f"<html><body><article><h1><b>D</b>ampf&shy;schiff fo<wbr>und</h1><p>{text}</p></article></body></html>"
    assert extract_page(page.encode(), url="https://h.example/a").title == "Dampfschiff found"


def test_plain_text_of_atom_is_no_html() -> None:
    entry = atom(
        "<summary>Use &lt;b&gt; &amp;amp; co</summary><content type='text'>x &lt;b&gt; y\n\nnext &lt;p&gt;</content>"
    )
    assert entry.summary_html == "<p>Use &lt;b&gt; &amp;amp; co</p>"
    assert entry.content_html == "<p>x &lt;b&gt; y</p><p>next &lt;p&gt;</p>"
    same = atom("<summary>One &lt; two</summary><content type='text'>One &lt; two</content>")
    assert (same.summary_html, same.content_html) == (None, "<p>One &lt; two</p>")


@pytest.mark.parametrize("attribute", ["type='html'", "type='text/html'"])
def test_html_of_atom_is_html(attribute: str) -> None:
    assert atom(f"<content {attribute}>&lt;p&gt;One&lt;/p&gt;</content>").content_html == "<p>One</p>"


def test_a_description_of_rss_is_html() -> None:
    assert rss("<description>One &lt;b&gt;two&lt;/b&gt;</description>").summary_html == "One <b>two</b>"


# --------------------------------------------------------------------------- what is written is what is read

_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp")) | st.sampled_from(" <>&\"'/ab"), min_size=1, max_size=60)  # fmt: skip


def _is_utf8_in_latin1(text: str) -> bool:
    try:
        return bool(text.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return False


@given(_TEXT, st.sampled_from(["text", "html", "html in CDATA", "xhtml", "RSS", "RSS in CDATA"]))
def test_any_text_comes_back_through_each_type(text: str, way: str) -> None:
    text = " ".join(text.replace(";", "").split())
    assume(text.isascii() or not _is_utf8_in_latin1(text))  # feedparser mends that
    in_html = html.escape(text)
    entry = {
        "text": lambda: atom(f"<title type='text'>{escape(text)}</title>"),
        "html": lambda: atom(f"<title type='html'>{escape(in_html)}</title>"),
        "html in CDATA": lambda: atom(f"<title type='html'><![CDATA[{in_html}]]></title>"),
        "xhtml": lambda: atom(
            f"<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{escape(text)}</div></title>"
        ),
        "RSS": lambda: rss(f"<title>{escape(in_html)}</title>"),
        "RSS in CDATA": lambda: rss(f"<title><![CDATA[{in_html}]]></title>"),
    }[way]()
    assert (entry.title or "") == text


_FORMS: st.SearchStrategy[Form] = st.sampled_from(("text", "html", "unknown"))


@given(st.text("<>/!-&;#abp \"'=", max_size=300), _FORMS)
def test_no_text_breaks_it(text: str, form: Form) -> None:
    found = one_line(text, form)
    assert found is None or found == " ".join(found.split())


def test_a_long_line_is_cut() -> None:
    assert one_line("<br>" * MAX_LINE_CHARS, "html") is None
    assert len(one_line("x" * 2 * MAX_LINE_CHARS) or "") == MAX_LINE_CHARS


def test_paragraphs_are_told_by_empty_lines() -> None:
    assert paragraphs("a & b\nc\n \t\n\n<d>\n") == "<p>a &amp; b\nc</p><p>&lt;d&gt;</p>"
