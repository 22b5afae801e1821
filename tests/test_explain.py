"""Why an extraction came out as it did, and the rules proposed from it."""

from __future__ import annotations

import pickle

import pytest

from bench.fixtures import Page, load_pages
from scraper.extract import extract_article
from scraper.extract.analysis import Source, read_page
from scraper.extract.body.roles import Role
from scraper.extract.explain import REASONS, Explanation, explain_article
from scraper.extract.page.sniff import read_document
from scraper.extract.page.tree import parse_page
from scraper.extract.rules import select
from scraper.extract.suggest import suggest_rule
from scraper.model import Hints, SiteRule

PAGES = load_pages()
URL = "https://www.ferry.example/news/last-boat"
PARAGRAPH = (
    "The last ferry left the harbour at nine, and nobody on the quay said a word about it until it was out of sight. "
)
PAGE = f"""<html lang="en"><head><title>The last ferry | Ferry Post</title>
<meta property="og:title" content="The last ferry leaves"><meta property="og:site_name" content="Ferry Post">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"The last ferry",
"author":{{"name":"Ann Lee"}},"datePublished":"2024-05-06T07:08:00Z"}}</script></head><body>
<nav class="menu"><a href="/">Home</a></nav>
<div class="story" id="css-9x81b2"><h1>The last ferry</h1><p class="writer">By Ann Lee</p>
<time datetime="2024-05-06T07:08:00Z">6 May</time>
<p>{PARAGRAPH * 2}</p><div class="signup"><p>Sign up for our newsletter</p></div><p>{PARAGRAPH * 3}</p><p>{PARAGRAPH}</p></div>
<div class="about"><p>The Ferry Post is written by three people and a dog, and has been since the war. It is sold on the
boats, in the two shops of the island, and by hand to whoever waits on the quay in the rain.</p></div>
</body></html>"""


@pytest.fixture(scope="module")
def explanation() -> Explanation:
    return explain_article(PAGE, url=URL)


def test_the_extraction_is_the_one_everybody_gets(explanation: Explanation) -> None:
    assert explanation.extraction == extract_article(PAGE, url=URL)


def test_each_field_names_its_witness_and_who_said_otherwise(explanation: Explanation) -> None:
    fields = {field.name: field for field in explanation.fields}
    assert (fields["title"].value, fields["title"].by) == ("The last ferry", "JSON-LD headline")
    assert ("og:title", "The last ferry leaves") in [(claim.by, claim.value) for claim in fields["title"].others]
    assert (fields["byline"].value, fields["byline"].by) == (("Ann Lee",), "JSON-LD author")
    assert fields["section"].value is None


def test_what_was_left_out_is_named_with_reason_and_selector(explanation: Explanation) -> None:
    assert explanation.article == "div.story"
    dropped = {block.opening: block for block in explanation.dropped}
    assert dropped["Sign up for our newsletter"].selector == "div.signup"
    assert dropped["Sign up for our newsletter"].reason in REASONS.values()
    assert "sites:" not in (explanation.chosen or "")
    (outside,) = explanation.outside
    assert (outside.selector, outside.lines) == ("div.about", 1)


def test_the_users_rule_is_named_as_the_judge() -> None:
    ruled = explain_article(PAGE, url=URL, rule=SiteRule(body="div.about", title="title"))
    assert (ruled.article, "sites:" in (ruled.chosen or "")) == ("div.about", True)
    assert next(field.by for field in ruled.fields if field.name == "title") == "sites: rule"


def test_what_is_no_page_is_explained_by_its_extraction_alone() -> None:
    assert explain_article("", url=URL).extraction.kind == "not_an_article"
    assert explain_article("A line.\n", url=URL, content_type="text/plain").fields == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_explained(page: Page) -> None:
    """In words for every reason that occurs, with selectors that find what they stand for, and across processes."""
    text, is_plain = read_document(page.body, page.content_type, url=page.url)
    explained = explain_article(page.body, url=page.url, content_type=page.content_type)
    assert pickle.loads(pickle.dumps(explained)) == explained
    root, untouched = (None, None) if is_plain else (parse_page(text), parse_page(text))
    if root is None or untouched is None:
        return
    for block in (*explained.dropped, *explained.outside):
        if block.selector:
            assert select(untouched, block.selector), block
    reading = read_page(root, Source(url=page.url, first_url=page.url, hints=Hints(), rule=SiteRule()))
    assert {line.dropped for line in reading.inside} - {None} <= REASONS.keys()


def test_every_role_has_its_reason() -> None:
    assert {role.name.lower() for role in Role} <= REASONS.keys()


def test_a_proposed_rule_gives_what_is_read_without_it() -> None:
    proposals = suggest_rule(PAGE, url=URL)
    current = {proposal.key: proposal.selector for proposal in proposals if proposal.is_current}
    assert current == {"body": "div.story", "title": "h1", "byline": "p.writer", "date": "time"}
    plain = extract_article(PAGE, url=URL)
    for key, selector in current.items():
        assert extract_article(PAGE, url=URL, rule=SiteRule(**{key: selector})) == plain  # type: ignore[arg-type]


def test_another_block_with_much_text_is_proposed_too() -> None:
    assert [(p.key, p.selector) for p in suggest_rule(PAGE, url=URL) if not p.is_current] == [("body", "div.about")]


def test_nothing_is_proposed_where_there_is_nothing() -> None:
    assert suggest_rule("<p></p>", url=URL) == ()
    assert suggest_rule("Words.", url=URL, content_type="text/plain") == ()
