"""The three forms of a body say the same, whatever the markup: generated fragments through a real Markdown renderer."""

from __future__ import annotations

import re

import lxml.html
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from patience import times

from scraper.clean.reader import Body, clean_body

BASE = "https://e.example/dir/page"
RENDERER = MarkdownIt("commonmark").enable("table")
WORDS = st.one_of(
    st.sampled_from([
        "word", "two words", " ", "\n", "*", "_", "**", "__a__", "snake_case", "`", "``", "[", "]", "[1]", "(x)", "<", "&lt;b&gt;", "&amp;amp;",
        "&amp;copy;", "#", "# ", "## a #", "1. ", "1) a", "12. b", "- ", "-", "---", "+ a", "===", "=", "&gt; q", "&gt;", "|", "| a | b |", ":--", "-|-",
        "~~~", "~", "!", "a!", "\\", "a\\", "\\*", "日本", "日本\n語", "「語」", "مرحبا\u200f", "नम\u200dस्ते", "می\u200cخواهم", "👩\u200d👩\u200d👧", "\u00a0", "    four",
        "\t", "x\u00ady", "http://a.example/_x_", "a@b.example", "&", "&#42;", "*a*", "€5", "5$", "“q”", "é", ".", "…", ":", "\u2028",
    ]),
    st.text(alphabet="ab *_`[]()<>#-+.1!|\\~:&;=\n\"'é語", max_size=8).map(lambda text: text.replace("<", "&lt;")),
)  # fmt: skip
INLINE = st.sampled_from([
    "b", "strong", "i", "em", "code", "sub", "sup", "s", "span", "u", "span lang=fr", "i lang=la", "cite", "bdo dir=rtl", "bdi", "a href='/x?a=1&copy;=2'", "a href='javascript:alert(1)'", "a", "q", "kbd",
    "a href='//h.example/(a)_b_*c*'",
])  # fmt: skip
BLOCK = st.sampled_from([
    "p", "p lang=fr", "p dir=rtl", "figcaption", "div", "h2", "h3", "blockquote", "ul", "ol", "ol start=3", "li", "pre", "dl", "dt", "dd", "section", "figure", "table", "tr", "td",
    "th", "td colspan=2", "td rowspan=2", "thead", "tbody", "caption", "figcaption", "blockquote class=twitter-tweet",
])  # fmt: skip
VOID = st.sampled_from([
    "<br>", "<br><br>", "<hr>", "<img src=/a.jpg alt='a *b*'>", "<img src=/b.jpg>", "<iframe src=https://www.youtube.com/embed/abcdefg></iframe>",
    "<script>alert(1)</script>", "<!-- c -->", "<img src=x.gif width=1 height=1>", "<a href=https://x.com/u/status/1></a>",
])  # fmt: skip


def element(inner: st.SearchStrategy[str], names: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name.split()[0]}>",
        names,
        st.lists(inner, min_size=1, max_size=4),
    )


def list_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(inner, min_size=1, max_size=4).map(lambda parts: "".join(f"<li>{part}</li>" for part in parts))
    return st.builds(
        lambda name, inside: f"<{name}>{inside}</{name.split()[0]}>", st.sampled_from(["ul", "ol", "ol start=7"]), items
    )


def table_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    cell = st.builds(
        lambda name, part: f"<{name}>{part}</{name[:2]}>",
        st.sampled_from(["td", "th", "td colspan=2", "td rowspan=2"]),
        inner,
    )
    row = st.lists(cell, min_size=1, max_size=3).map(lambda cells: f"<tr>{''.join(cells)}</tr>")
    return st.lists(row, min_size=1, max_size=3).map(lambda rows: f"<table>{''.join(rows)}</table>")


INLINES = st.recursive(st.one_of(WORDS, WORDS, VOID), lambda inner: element(inner, INLINE), max_leaves=6)
BLOCKS = st.recursive(
    st.one_of(INLINES, element(INLINES, st.just("p")), table_of(INLINES)),
    lambda inner: st.one_of(element(inner, BLOCK), element(inner, INLINE), list_of(inner), table_of(inner)),
    max_leaves=8,
)
FRAGMENTS = st.one_of(
    st.lists(BLOCKS, max_size=4).map("".join),
    st.lists(st.one_of(WORDS, VOID, BLOCK.map(lambda n: f"<{n}>"), BLOCK.map(lambda n: f"</{n.split()[0]}>"), INLINE.map(lambda n: f"<{n}>"),
                       INLINE.map(lambda n: f"</{n.split()[0]}>")), max_size=20).map("".join),
)  # fmt: skip


#: Raised signs are written as such in text and Markdown.
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", "[]()^−")


def squeezed(text: str) -> str:
    """All but white space and the marks of what is raised."""
    return "".join(text.split()).translate(RAISED)


def words_of(html: str, *, with_embeds: bool) -> str:
    if not html.strip():
        return ""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    if not with_embeds:
        for figure in root.xpath("//figure"):
            figure.drop_tree()
    return squeezed(root.text_content())


def check_forms(body: Body) -> None:
    assert words_of(body.html, with_embeds=False) == squeezed(body.text)
    assert words_of(RENDERER.render(body.markdown), with_embeds=True) == words_of(body.html, with_embeds=True)


def check_inert(html: str) -> None:
    voice = {"lang", "dir"}
    allowed = {
        "a": {"href", "rel"},
        "img": {"src", "alt"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    }
    names = {"p", "pre", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "table", "tbody", "tr", "td", "th", "br", "figure", "img", "a", "strong",
             "em", "code", "sub", "sup", "del", "cite", "bdi", "bdo", "span", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
    if not html.strip():
        return
    for node in lxml.html.fragment_fromstring(html, create_parent="p").iterdescendants():
        assert node.tag in names
        assert set(node.attrib) - voice <= allowed.get(node.tag, set())
        for name in ("href", "src"):
            assert re.match(r"https?://", node.get(name, "https://"))


@settings(max_examples=times(120, 2500), deadline=None)
@given(FRAGMENTS)
def test_the_three_forms_say_the_same(fragment: str) -> None:
    body = clean_body(fragment, base_url=BASE)
    check_forms(body)
    check_inert(body.html)


@settings(max_examples=times(75, 1500), deadline=None)
@given(FRAGMENTS)
def test_cleaning_what_was_cleaned_changes_nothing(fragment: str) -> None:
    once = clean_body(fragment, base_url=BASE)
    assert clean_body(once.html, base_url=BASE) == once
