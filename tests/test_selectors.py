"""Selectors proposed for an element: what a person would write, and nothing that changes with the next build."""

from __future__ import annotations

import pytest
from lxml import etree, html

from scraper.extract.rules import is_given, selector_of

PAGE = html.document_fromstring(
    """<body><div id="post-4711" class="css-1ab2c3 story"><h1>T</h1><p itemprop="description">d</p><p>one</p><p>two</p></div>
    <div class="story"><p>other</p></div><section id="main-text"><p>x</p></section><div><ul><li><b>deep</b></li></ul></div></body>"""
)


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        ("//section", "#main-text"),
        ("//div[1]", "div.story"),
        ("//h1", "h1"),
        ("//p[@itemprop]", 'p[itemprop="description"]'),
        ("//section/p", "#main-text p"),
        ("//b", "b"),
        ("//div[1]/p[3]", None),
    ],
)
def test_the_shortest_selector_that_finds_the_element_first(path: str, selector: str | None) -> None:
    found = PAGE.xpath(path)
    assert isinstance(found, list)
    element = found[0]
    assert isinstance(element, etree._Element)
    assert selector_of(element, PAGE) == selector


@pytest.mark.parametrize("name", ["story", "article-body", "c-article__body", "article__title", "col-2"])
def test_names_that_people_give(name: str) -> None:
    assert is_given(name)


@pytest.mark.parametrize("name", ["post-4711", "css-1ab2c3", "sc-bdVaJa4x", "x:y", "", "Styled__abc12", "Title_kQzFa"])
def test_names_that_programs_make(name: str) -> None:
    assert not is_given(name)
