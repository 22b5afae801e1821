"""Pages whose article stands in their own data alone: found there by its shape, and only where the page shows none."""

from __future__ import annotations

import html
import json
from typing import Any
from urllib.parse import quote

import pytest

from scraper.extract import extract_article

URL = "https://paper.example/news/a"
TITLE = "The ferry keeps its winter hours"
PARAGRAPHS = (
    "The ferry to the outer islands will keep its winter hours until the end of March, the harbour office said.",
    "Two boats are in dock, and the third has to wait for a part that is made in one town only, far to the south.",
    "“We have asked the school to begin at nine,” said Ida Roth, who has sold tickets on the quay since 2004.",
    "In summer, when the visitors come, there will be a boat each hour again, and one more on Saturday night.",
)
TEXT = "\n\n".join(PARAGRAPHS)
MARKUP = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
OTHER = [f"<p>{'Another story of the paper tells of something else. ' * 20}</p>" for _ in range(3)]
STORY = {"headline": TITLE, "body": MARKUP}


def page(*parts: str, shown: str = "", title: str = TITLE) -> str:
    head = f"<!doctype html><html lang=en><head><title>{title} | Paper</title></head>"
    return f'{head}<body><div id="root">{shown}</div>{"".join(parts)}</body></html>'


def script(data: Any, kind: str = "application/json") -> str:
    return f'<script type="{kind}">{json.dumps(data)}</script>'


def program(text: str) -> str:
    return f"<script>{text}</script>"


def read(document: str) -> str:
    return extract_article(document, url=URL).text


def portable(text: str, style: str = "normal") -> dict[str, Any]:
    return {"_type": "block", "style": style, "children": [{"_type": "span", "text": text}]}


REFERRING = [
    {"data": 1}, ["ShallowReactive", 2], {"story": 3}, {"title": 4, "blocks": 5}, TITLE, [6, 7, 8, 9], *PARAGRAPHS,
]  # fmt: skip
APOLLO = {
    **{f"Part:{at}": {"__typename": "Paragraph", "text": text} for at, text in enumerate(PARAGRAPHS)},
    "Story:1": {"__typename": "Story", "title": TITLE, "parts": [{"__ref": f"Part:{at}"} for at in range(4)]},
    "ROOT_QUERY": {'story({"path":"/a"})': {"__ref": "Story:1"}},
}
#: How the same article may stand in a page's data.
FORMS: dict[str, str] = {
    "JSON-LD": script({"@type": "NewsArticle", "headline": TITLE, "articleBody": TEXT}, "application/ld+json"),
    "JSON-LD in entities": script({"@type": "NewsArticle", "headline": TITLE, "articleBody": html.escape(MARKUP)}, "application/ld+json"),
    "props": script({"props": {"pageProps": {"article": STORY, "more": OTHER}}}),
    "paragraphs": script({"story": {"title": {"text": TITLE}, "content": {"elements": list(PARAGRAPHS)}}}),
    "blocks": script({"page": [{"kind": "headline", "text": TITLE}, *({"kind": "text", "html": text} for text in PARAGRAPHS)]}),
    "portable text": script({"doc": {"title": TITLE, "body": [portable(text) for text in PARAGRAPHS]}}),
    "nodes": script({"title": TITLE, "rich": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in PARAGRAPHS]}}),
    "Draft.js in a string": script({"title": TITLE, "raw": json.dumps({"blocks": [{"type": "unstyled", "text": text} for text in PARAGRAPHS]})}),
    "references by place": script(REFERRING),
    "references by name": program(f"window.__APOLLO_STATE__ = {json.dumps(APOLLO)};"),
    "assignment": program(f'var a={{}};window.__STATE__ = {json.dumps({"a": 0, **STORY}).replace("0", "undefined", 1)};go("x")'),
    "escaped": program(f"window.S = JSON.parse({json.dumps(json.dumps(STORY))});"),
    "percent-encoded": program(f'window.S = JSON.parse(decodeURIComponent("{quote(json.dumps(STORY))}"));'),
    "program": program(f"window.__N=(function(a,b){{return {{data:[{{title:a,body:b}}]}}}}({json.dumps(TITLE)},{json.dumps(MARKUP)}));".replace("</", "\\u003C/")),
    "single quotes": program("s({{t:'{}',b:'{}'}})".format(TITLE, MARKUP.replace("<", "\\x3C"))),
    "attribute": f'<div id="app" data-page="{html.escape(json.dumps({"props": STORY}))}"></div>',
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_article_is_found_in_the_data_of_a_page_that_shows_none(form: str) -> None:
    found = extract_article(page(FORMS[form]), url=URL)
    assert (found.text, found.title, found.kind) == (TEXT, TITLE, "article")


def test_a_shadow_root_sent_as_markup_is_shown() -> None:
    shadow = f'<news-story><template shadowrootmode="open"><h1>{TITLE}</h1>{MARKUP}</template></news-story>'
    assert read(page(shadow)) == TEXT


def test_an_article_that_the_page_shows_is_the_text() -> None:
    shown = f"<article><h1>{TITLE}</h1>{MARKUP}</article>"
    assert (
        read(page(script({"headline": TITLE, "body": f"{MARKUP}<p>More is said elsewhere.</p>"}), shown=shown)) == TEXT
    )


def test_what_stands_near_another_headline_is_not_the_article() -> None:
    assert read(page(script({"headline": "Another one", "body": MARKUP}))) == ""
    others = [{"headline": f"Another {at}", "body": body} for at, body in enumerate(OTHER)]
    assert read(page(script({"latest": others, "story": {"title": TITLE, "body": MARKUP}}))) == TEXT
    assert read(page(script([STORY, *others]))) == TEXT


def test_comments_are_not_the_article() -> None:
    comments = [{"text": "I took that boat each day for thirty years, and it was never late. " * 9}] * 5
    assert read(page(script({**STORY, "comments": comments}))) == TEXT


@pytest.mark.parametrize(
    "wall",
    [
        script({"@type": "NewsArticle", "headline": TITLE, "isAccessibleForFree": False}, "application/ld+json"),
        "<p>Subscribe to continue reading this article</p>",
    ],
)
def test_what_a_wall_keeps_from_the_reader_is_not_read(wall: str) -> None:
    opening = f"<article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p></article>{wall}"
    assert PARAGRAPHS[1] not in read(page(script(STORY), shown=opening))


def test_blocks_become_headings_lists_quotations_and_pictures() -> None:
    blocks = [
        *(portable(text) for text in PARAGRAPHS),
        portable("What comes next", "h2"),
        {"type": "bulleted-list", "children": [{"type": "list-item", "children": [{"text": "bay"}]}]},
        {"type": "quote", "text": "It was never late."},
        {"type": "image", "url": "/quay.jpg", "caption": "The quay"},
        {"type": "paragraph", "content": [
            {"text": "Read "}, {"type": "link", "url": "/rules", "text": "the rules"}, {"text": " of the <office>."},
        ]},
        {"type": "related", "text": "A story that is another one, told in one sentence."},
    ]  # fmt: skip
    found = extract_article(page(script({"title": TITLE, "body": blocks})), url=URL)
    assert (
        "<h2>What comes next</h2><ul><li>bay</li></ul><blockquote><p>It was never late.</p></blockquote>" in found.html
    )
    assert 'Read <a href="https://paper.example/rules"' in found.html
    assert [image.url for image in found.images] == ["https://paper.example/quay.jpg"]
    assert "another one" not in found.text


@pytest.mark.parametrize(
    "data",
    [
        "[" * 200_000,
        "window.a={" * 100_000,
        '{"a":' * 100_000,
        "window.a='\\'" * 100_000,
        '"' + '\\"' * 200_000 + "\\",
        json.dumps([[{"title": TITLE}] * 1000] * 50),
        json.dumps([{"a": at, "b": at + 1} for at in range(100_000)]),
        json.dumps([[1, 2], [2, 2, 2], [3, 3, 3], [1, 1, 1]] * 9),
        '{"a":"' + "{" * 1_000_000 + '"}',
        json.dumps({"title": TITLE, "body": ["<" * 100_000, "&lt;p" * 100_000, "word. " * 400_000]}),
    ],
    ids=range(10),
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/json", "text/javascript"])
def test_data_without_an_article_and_without_end_is_survived(data: str, kind: str) -> None:
    document = page(f'<script type="{kind}">{data}</script>')
    assert extract_article(document, url=URL).title == TITLE
