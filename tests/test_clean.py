"""Cleaning: nothing active passes, the three forms say the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import times

from scraper.clean.reader import clean_body, safe_url
from scraper.extract import extract_page
from scraper.urls import absolute_address, standard_address

BASE = "https://e.example/dir/page"
PIECES = [
    "<p>", "</p>", "<b>", "</b>", "<a href='/x'>", "<a href='javascript:alert(1)'>", "</a>", "<ul><li>", "</li></ul>", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<pre>", "</pre>", "<table><tr><td>", "</table>", "<blockquote>", "text ", "a*b_c ", "<br>", "<h2>", "</h2>", "&lt;i&gt;",
]  # fmt: skip


def test_html_keeps_structure_and_loses_attributes() -> None:
    body = clean_body(
        '<div class=x><h2 id=a>Head</h2>Loose <b style="color:red">bold</b> <a href="y">link</a><ul><li>one<li>two</ul></div>',
        base_url=BASE,
    )
    assert body.html == (
        '<h2>Head</h2><p>Loose <strong>bold</strong> <a href="https://e.example/dir/y" rel="noopener noreferrer nofollow">link</a></p>'
        "<ul><li>one</li><li>two</li></ul>"
    )
    assert body.text == "Head\n\nLoose bold link\n\none\ntwo"
    assert body.markdown == "## Head\n\nLoose **bold** [link](https://e.example/dir/y)\n\n- one\n- two"


def test_break_inside_chinese_or_japanese_is_no_space() -> None:
    assert clean_body("<p>日本\n  語</p>", base_url=BASE).text == "日本語"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", "vbscript:x", "//", "http://[", ""]
)
def test_addresses_that_are_not_web_addresses_are_dropped(address: str) -> None:
    assert safe_url(address, "") is None


@settings(max_examples=times(150, 1500), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_output_is_inert_and_cleaning_it_again_changes_nothing(fragment: str) -> None:
    once = clean_body(fragment, base_url=BASE)
    assert not re.search(r"<script|<svg|\son\w+\s*=|javascript:", once.html)
    again = clean_body(once.html, base_url=BASE)
    assert again.text == once.text
    assert again.html == once.html


def forms(fragment: str) -> tuple[str, str]:
    body = clean_body(fragment, base_url=BASE)
    return body.markdown, body.text


def test_table_of_data_has_a_head_and_even_rows() -> None:
    markup = (
        "<table><caption>Rain</caption><thead><tr><td>Town</td><td>mm</td></tr></thead>"
        "<tr><td rowspan=2>A|B</td><td>1</td></tr><tr><td>2</td></tr><tr><td colspan=2>both</td></tr></table>"
    )
    assert forms(markup) == (
        "Rain\n\n| Town | mm |\n| --- | --- |\n| A\\|B | 1 |\n|  | 2 |\n| both |  |",
        "Rain\n\nTown\tmm\nA|B\t1\n\t2\nboth",
    )
    assert "<th>Town</th>" in clean_body(markup, base_url=BASE).html
    assert '<td rowspan="2">A|B</td>' in clean_body(markup, base_url=BASE).html


def test_cells_under_a_head_may_hold_lists_and_paragraphs() -> None:
    markup = (
        "<table><tr><th>Fish</th><th colspan=2>Where</th></tr><tr><td>Eel</td><td><ul><li>bay</li><li>old sound</li></ul></td>"
        "<td><p>Sold.</p><p>Smoked.</p></td></tr><tr><td>Cod</td><td>Two banks: <ol><li>north</li></ol></td></tr></table>"
    )
    assert forms(markup) == (
        "| Fish | Where |  |\n| --- | --- | --- |\n| Eel | bay, old sound | Sold. Smoked. |\n| Cod | Two banks: north |  |",
        "Fish\tWhere\t\nEel\tbay, old sound\tSold. Smoked.\nCod\tTwo banks: north",
    )
    once = clean_body(markup, base_url=BASE)
    assert "<td>bay, old sound</td>" in once.html
    assert clean_body(once.html, base_url=BASE) == once


def test_a_table_with_long_texts_under_its_head_arranges_them() -> None:
    markup = f"<table><tr><th>One<th>Two<tr><td>{'<p>A paragraph of a story that is told here.</p>' * 40}<td>x</table>"
    assert "|" not in forms(markup)[0]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("twice<sup><a href='#n1'>1</a></sup>.", "twice[1]."),
        ("twice<a href='#n1'><sup>1</sup></a>.", "twice[1]."),
        ("twice<a href='#n1'>1</a>.", "twice[1]."),
        ("twice<sup><a href='#n1'>[1]</a></sup>.", "twice[1]."),
        ("twice,<sup>12</sup> or", "twice,[12] or"),
        ("Roth<sup>3, 4</sup> or", "Roth[3, 4] or"),
        ("Roth<sup><a href='#a'>iv</a></sup>", "Roth[iv]"),
        ("10<sup>2</sup> and 10<sup>−6</sup>", "10² and 10⁻⁶"),
        ("m<sup>2</sup>, km<sup>2</sup>, (a+b)<sup>3</sup>", "m², km², (a+b)³"),
        ("x<sup>n</sup> and 2<sup>n+1</sup>", "x^n and 2^(n+1)"),
        ("2<sup>nd</sup>, M<sup>me</sup>, 1<sup>er</sup>, n<sup>o</sup> 4", "2nd, Mme, 1er, no 4"),
        ("H<sub>2</sub>O", "H2O"),
        ("<sup>1</sup> A note", "1 A note"),
        ("By two men. <a href='#r1'>↩</a>", "By two men."),
        ("By two <b>men.</b> <a href='#r1'>↩</a>", "By two men."),
        ("see <a href='#p'>2</a> and <a href='/a#b'>all of it</a>", "see 2 and all of it"),
    ],
)
def test_footnote_marks_and_powers_are_no_part_of_the_word_before_them(markup: str, text: str) -> None:
    body = clean_body(f"<p>{markup}</p>", base_url=BASE)
    assert body.text == text
    rendered = re.sub(r"\[([^\]]*\\\]|[^\]]*)\]\([^)]*\)", r"\1", body.markdown).replace("\\", "").replace("*", "")
    assert rendered == text
    assert body.html.count("<sup>") == markup.count("<sup>")


def test_a_caption_stands_below_its_picture() -> None:
    markup = (
        "<p>a</p><figure><figcaption>The <b>quay</b> at dawn</figcaption><img src=/1.jpg alt=Quay></figure><p>b</p>"
        "<figure><img src=/2.jpg><img src=/3.jpg><div>Above</div><figcaption># Two</figcaption></figure>"
    )
    body = clean_body(markup, base_url=BASE)
    assert (
        '<figure><img src="https://e.example/1.jpg" alt="Quay"><figcaption>The <strong>quay</strong> at dawn</figcaption></figure><p>b</p>'
        in body.html
    )
    assert "![Quay](https://e.example/1.jpg)\\\nThe **quay** at dawn\n\nb" in body.markdown
    assert "![](https://e.example/3.jpg)\\\n\\# Two" in body.markdown
    assert body.text == "a\n\nb\n\nAbove"
    assert clean_body(body.html, base_url=BASE) == body


def test_a_caption_of_words_is_a_paragraph() -> None:
    markdown, text = forms(
        "<figure><figcaption>Listing 1</figcaption><pre>x = 1</pre></figure><figcaption>loose</figcaption>"
    )
    assert text == "Listing 1\n\nx = 1\n\nloose"
    assert markdown == "Listing 1\n\n```\nx = 1\n```\n\nloose"


def test_language_direction_and_works_are_kept() -> None:
    markup = (
        '<p dir="RTL" lang="ar-EG" onclick="x">شرح</p><ul lang=fr><li>un</li></ul><p lang=\'"x\' dir=up>He <span lang=de class=y>sagte</span> '
        "<span class=z>it</span> in <cite>The Tempest</cite>, <i lang=la>ibid</i>, <bdo dir=rtl>abc</bdo> <bdo>d</bdo> <bdi>e</bdi></p>"
    )
    body = clean_body(markup, base_url=BASE)
    assert body.html == (
        '<p lang="ar-EG" dir="rtl">شرح</p><ul><li><p lang="fr">un</p></li></ul><p>He <span lang="de">sagte</span> it in '
        '<cite>The Tempest</cite>, <em lang="la">ibid</em>, <bdo dir="rtl">abc</bdo> d <bdi>e</bdi></p>'
    )
    assert body.markdown.endswith("He sagte it in *The Tempest*, *ibid*, abc d e")
    assert clean_body(body.html, base_url=BASE) == body


def test_table_without_a_head_gets_an_empty_one() -> None:
    assert forms("<table><tr><td>a<td>b</table>")[0] == "|  |  |\n| --- | --- |\n| a | b |"


def test_table_that_arranges_blocks_is_none() -> None:
    markdown, text = forms("<table><tr><td><h2>Head</h2><td><p>one</p><p>two</p></table>")
    assert markdown == "## Head\n\none\n\ntwo"
    assert text == "Head\n\none\n\ntwo"


def test_lists_are_numbered_nested_and_kept_apart() -> None:
    assert forms("<ol start=9><li>a<ul><li>b</ul><li>c</ol><ol><li>d</ol>") == (
        "9. a\n   - b\n10. c\n\n1) d",
        "a\nb\nc\n\nd",
    )
    assert forms("<ul><li>a</li><ol><li>b</li></ol></ul>")[0] == "- a\n  1. b"
    assert forms("<dl><dt>Term<dd>What it is</dl>") == ("**Term**\n\nWhat it is", "Term\nWhat it is")


def test_verse_keeps_its_lines_and_stanzas() -> None:
    assert forms("<p>one<br>two<br><br>three</p>") == ("one\\\ntwo\n\nthree", "one\ntwo\n\nthree")


def test_code_keeps_its_spaces() -> None:
    markdown, text = forms("<pre><code>if a:\n    b = `c`</code></pre>")
    assert markdown == "```\nif a:\n    b = `c`\n```"
    assert text == "if a:\n    b = `c`"


def test_frames_around_words_keep_them_apart() -> None:
    assert forms("<div>one<div>two</div>three <b>four</b></div><p></p>five<span> six</span>")[1] == (
        "one\n\ntwo\n\nthree four\n\nfive six"
    )


@pytest.mark.parametrize("text", ["مرحبا\u200f بك", "می\u200cخواهم", "👩\u200d👩\u200d👧", "क\u094dष", "x[1]", "H2O"])
def test_marks_of_direction_and_joiners_survive(text: str) -> None:
    assert clean_body(f"<p>{text}</p>", base_url=BASE).text == text


def test_no_space_between_chinese_words_across_elements() -> None:
    assert clean_body("<p>中\n<b>國</b>\n人</p>", base_url=BASE).text == "中國人"


@pytest.mark.parametrize(
    "payload",
    [
        "<svg><script>alert(1)</script></svg>", "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", "<a href='jav&#x09;ascript:alert(1)'>x</a>",
        "<img src=1 onerror=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<p style='background:url(javascript:alert(1))'>x</p>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<object data='javascript:alert(1)'></object>", "<form action=javascript:alert(1)><button>x",
        "<template><img src=x onerror=alert(1)></template>", "<base href='javascript:/a/'><a href='b'>x</a>", "<embed src='data:text/html,<script>alert(1)</script>'>",
    ],
)  # fmt: skip
def test_payloads_come_out_inert(payload: str) -> None:
    body = clean_body(payload, base_url=BASE)
    assert not re.search(r"<(?:script|svg|iframe|object|embed|style|form)|\son\w+=|javascript:|data:|style=", body.html)
    assert not re.search(r"\]\((?!https://)", body.markdown)


@given(
    path=st.text(alphabet="/ab.?#:=&%;@~-_1", max_size=9),
    base=st.sampled_from(["https://e.org/a/b.html", "http://e.org:8080/x?y=/z", "https://e.org/#f/g"]),
)
def test_a_path_is_joined_as_the_standard_says(path: str, base: str) -> None:
    """Also by the short cut that most addresses of a page take."""
    found = standard_address(f"/{path}", base)
    assert safe_url(f"/{path}", base) == (found.href if found else None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/files/Annual plan 2026.pdf", "https://quay.example/files/Annual%20plan%202026.pdf"),
        ("\n  /files/\n\tplan.html\n", "https://quay.example/files/plan.html"),
        ("https://port.example/a b?q=c d#e f", "https://port.example/a%20b?q=c%20d#e%20f"),
        ("https://hâfen.example/ü", "https://xn--hfen-boa.example/%C3%BC"),
        ("sub\\plan.html", "https://quay.example/sub/plan.html"),
        ("https://port.example/a|b%20c", "https://port.example/a%7Cb%20c"),
        ("java\nscript:alert(1)", None),
        ("https://", None),
    ],
)
def test_addresses_are_read_by_the_standard(written: str, read: str | None) -> None:
    assert safe_url(written, "https://quay.example/") == read
    of_feed = absolute_address(written, "https://quay.example/")
    assert (of_feed and safe_url(of_feed, "")) == read
    assert len((of_feed or "-").split()) == 1


def test_blanks_in_addresses_of_pages_are_coded() -> None:
    text = "The port has a new crane, which lifts all that the old one did. " * 12
    page = f"""<html><head><meta property="og:image" content="https://quay.example/i/lead one.jpg"></head><body><article>
    <h1>The crane</h1><p>{text}<a href="/files/a plan.pdf">plan</a> <a href="
      /files/other.html
    ">other</a> <a href="/files/ne
w.html">new</a></p><img src="/i/my photo (1).jpg" width="800" height="500" alt="x"><p>{text}</p>
    <img src="data:," srcset="/i/wide one.jpg 1200w, /i/small one.jpg 300w" alt="y"><p>{text}</p></article></body></html>"""
    found = extract_page(page.encode(), url="https://quay.example/a")
    assert found.image is not None
    assert found.image.url == "https://quay.example/i/lead%20one.jpg"
    assert re.findall(r'(?:href|src)="([^"]*)"', found.html) == [
        "https://quay.example/files/a%20plan.pdf",
        "https://quay.example/files/other.html",
        "https://quay.example/files/new.html",
        "https://quay.example/i/my%20photo%20(1).jpg",
        "https://quay.example/i/wide%20one.jpg",
    ]
