"""Cleaning: nothing active passes, the three forms say the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.clean import clean_body, safe_url

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


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_output_is_inert_and_cleaning_it_again_changes_nothing(fragment: str) -> None:
    once = clean_body(fragment, base_url=BASE)
    assert not re.search(r"<script|<svg|\son\w+\s*=|javascript:", once.html)
    again = clean_body(once.html, base_url=BASE)
    assert again.text == once.text
    assert again.html == once.html
