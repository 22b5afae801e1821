"""Which block of a page is taken for the article, layout by layout."""

from __future__ import annotations

import pytest

from scraper.extract import extract_article
from scraper.model import Hints

_TOPICS = ("bridge", "harbour", "library", "market", "railway", "school", "theatre", "orchard", "quarry", "museum")


def paragraphs(word: str, count: int = 4, tag: str = "p") -> str:
    """So many paragraphs that each open with `word` and a number, none like another."""
    return "".join(
        f"<{tag}>{word} {number} says that the {_TOPICS[number % 10]} was repaired in spring. "
        f"The {_TOPICS[(number + 3) % 10]} behind it, however, has to wait for another {number + 2} months.</{tag}>"
        for number in range(count)
    )


def page(body: str, title: str = "Council repairs what the storm broke") -> str:
    head = f"<title>{title}</title><meta property='og:title' content='{title}'>"
    return f"<html><head>{head}</head><body>{body}</body></html>"


HEADLINE = "<h1>Council repairs what the storm broke</h1>"


def text(body: str, hints: Hints | None = None) -> str:
    return extract_article(page(body), url="https://e.example/news/1", hints=hints).text


def counts(found: str, *openings: str) -> tuple[int, ...]:
    """How many paragraphs open with each of the words."""
    return tuple(sum(line.startswith(word) for line in found.split("\n\n")) for word in openings)


def test_long_comments_after_the_article_are_not_the_article() -> None:
    body = f"{HEADLINE}<div class=text>{paragraphs('Story', 6)}</div><div id=comments>{paragraphs('Reader', 60)}</div>"
    assert counts(text(body), "Story", "Reader") == (6, 0)


def test_comments_without_an_article_before_them_are_the_text() -> None:
    body = f"{HEADLINE}<div class=comments>{paragraphs('Reader', 8)}</div>"
    assert counts(text(body), "Reader") == (8,)


def test_cookie_dialog_longer_than_the_article_is_left_out() -> None:
    body = f"{HEADLINE}<div class=text>{paragraphs('Story', 6)}</div><div class=site-modal>{paragraphs('Cookie', 20)}</div>"
    assert counts(text(body), "Story", "Cookie") == (6, 0)


def test_article_shown_in_a_dialog_is_found() -> None:
    body = f"<div class=modal>{HEADLINE}<div>{paragraphs('Story', 6)}</div></div><p>Short footer.</p>"
    assert counts(text(body), "Story") == (6,)


def test_text_before_the_headline_is_not_the_article() -> None:
    body = f"<div class=first>{paragraphs('Breaking', 5)}</div><div class=main>{HEADLINE}<div>{paragraphs('Story', 7)}</div></div>"
    assert counts(text(body), "Story", "Breaking") == (7, 0)


@pytest.mark.parametrize(
    "tail",
    [
        f"<div class=about><div>{paragraphs('Other', 1)}</div></div>",
        f"<div class=legal><span>Notice</span><div class=small>{paragraphs('Other', 2)}</div></div>",
        f"<section><h2>Our company</h2><div>{paragraphs('Other', 2)}</div></section>",
    ],
    ids=["writer", "legal notice", "company"],
)
def test_small_texts_in_boxes_of_their_own_stay_outside(tail: str) -> None:
    body = f"<main>{HEADLINE}<div class=text>{paragraphs('Story', 6)}</div>{tail}</main>"
    assert counts(text(body), "Story", "Other") == (6, 0)


@pytest.mark.parametrize(
    "parts",
    [
        ("<div class=part>", "<div class=ad>Advertisement</div>", "<div class=part>"),
        ("<div class='cell cell-1 wide'>", "<div class=gap></div>", "<div class='cell cell-2 wide'>"),
        ("<section>", "<hr>", "<section>"),
    ],
    ids=["content blocks with an advertisement between", "numbered cells", "sections"],
)
def test_body_split_over_blocks_is_joined(parts: tuple[str, str, str]) -> None:
    first, between, second = parts
    close = f"</{first[1:].split()[0].rstrip('>')}>"
    body = f"<main>{HEADLINE}{first}{paragraphs('One', 9)}{close}{between}{second}{paragraphs('Two', 3)}{close}</main>"
    assert counts(text(body), "One", "Two") == (9, 3)


def test_paragraphs_beside_an_inner_block_belong_to_the_article() -> None:
    body = (
        f"<main>{HEADLINE}<div>{paragraphs('Before', 1, 'div')}<div class=more>{paragraphs('Inner', 8)}</div>"
        f"{paragraphs('After', 1)}</div></main>"
    )
    assert counts(text(body), "Before", "Inner", "After") == (1, 8, 1)


def test_blocks_on_both_sides_of_the_longest_belong_to_the_article() -> None:
    body = (
        f"<main>{HEADLINE}<div class=intro>{paragraphs('Before', 2)}</div><div class=long><div>{paragraphs('Inner', 12)}"
        f"</div></div><div class=outro>{paragraphs('After', 2)}</div></main>"
    )
    assert counts(text(body), "Before", "Inner", "After") == (2, 12, 2)


def linked(word: str, count: int, inside: int) -> str:
    return "".join(
        f"<div class='item item-{number}'><h3><a href=/{number}>{word} number {number} of the whole list</a></h3>"
        f"{paragraphs(f'{word} {number}', inside)}</div>"
        for number in range(count)
    )


def test_list_article_with_linked_headings_is_an_article() -> None:
    body = f"<article>{HEADLINE}{paragraphs('Story', 1)}{linked('Trail', 6, 2)}</article>"
    assert text(body).count("says that") == 13


def test_teasers_with_excerpts_are_left_out() -> None:
    body = f"<main>{HEADLINE}<div>{paragraphs('Story', 9)}</div><div>{linked('Other', 4, 1)}</div></main>"
    found = text(body)
    assert counts(found, "Story") == (9,)
    assert "Other" not in found


def test_name_of_a_custom_element_tells_its_role() -> None:
    menu = f"<site-navigation-item>{paragraphs('Menu', 1, 'span')}</site-navigation-item>" * 2
    body = f"<div>{menu}{HEADLINE}<div>{paragraphs('Story', 6)}</div></div>"
    assert counts(text(body), "Story", "Menu") == (6, 0)


def test_hash_in_a_name_and_topic_of_a_post_are_no_roles() -> None:
    body = (
        f"<article class='post tag-comments'>{HEADLINE}{paragraphs('Story', 6)}"
        f"<section id=part_1ad269af0d>{paragraphs('Part', 2)}</section></article>"
    )
    assert counts(text(body), "Story", "Part") == (6, 2)


TWO_TEXTS = f"<div class=one>{paragraphs('Story', 5)}</div><div class=two>{paragraphs('Company', 9)}</div>"
UNNAMED = f"<div><h2>Welcome</h2>{TWO_TEXTS}</div>"


def test_feed_that_has_the_text_chooses_the_block() -> None:
    hints = Hints(
        content_html=paragraphs("Story", 5) + "<p>Only the feed says this sentence, and nobody else does.</p>"
    )
    found = text(UNNAMED, hints)
    assert counts(found, "Story", "Company") == (5, 0)
    assert "Only the feed" not in found
    assert counts(text(UNNAMED), "Company") == (9,)


def test_feed_that_opens_like_the_text_chooses_a_block_named_as_another() -> None:
    body = (
        f"<div>{HEADLINE}<div class=related>{paragraphs('Story', 8)}</div><div>{paragraphs('Company', 20)}</div></div>"
    )
    hints = Hints(content_html=paragraphs("Story", 8))
    assert counts(text(body, hints), "Story") == (8,)


def test_feed_of_another_story_changes_nothing() -> None:
    body = f"{HEADLINE}<div>{paragraphs('Story', 6)}</div>"
    assert text(body, Hints(content_html=paragraphs("Elsewhere", 6))) == text(body)


def test_text_in_a_cell_of_a_layout_table_is_found_without_its_neighbours() -> None:
    menu = "".join(f"<td><a href=/{number}>Department number {number}</a></td>" for number in range(3))
    body = f"<table><tr>{menu}<td>{HEADLINE}{paragraphs('Story', 6)}</td><td>{paragraphs('Other', 1)}</td></tr></table>"
    assert counts(text(body), "Story", "Other") == (6, 0)


def test_long_table_of_data_does_not_push_out_the_paragraphs_around_it() -> None:
    rows = "".join(f"<tr><td>{paragraphs(f'Row {number}', 1)}</td></tr>" for number in range(20))
    body = f"<main>{HEADLINE}<div>{paragraphs('Before', 2)}<table>{rows}</table>{paragraphs('After', 2)}</div></main>"
    found = text(body)
    assert counts(found, "Before", "After") == (2, 2)
    assert found.count("Row ") == 20


def test_both_parts_of_a_text_with_a_list_of_links_between_them_are_kept() -> None:
    links = "".join(
        f"<li><a href=/s{n}>Another story of the week, number {n}, told at length</a></li>" for n in range(40)
    )
    parts = [f"<div class=w><div><div>{paragraphs(*part)}</div></div></div>" for part in (("Opening", 2), ("Story", 4))]
    body = f"<div>{HEADLINE}<div>{parts[0]}<div class=w><ul>{links}</ul></div>{parts[1]}</div></div>"
    assert counts(text(body), "Opening", "Story", "Another") == (2, 4, 0)


SHORT_POST = f"<article>{HEADLINE}<div class=entry-content><p>Nine buoys</p><p>One of them is red.</p></div></article>"


@pytest.mark.parametrize(
    "beside",
    [
        f"<aside>{paragraphs('Company', 4)}</aside>",
        f"<div role=dialog>{paragraphs('Company', 4)}</div>",
        f"<div aria-modal=true class=popup>{paragraphs('Company', 4)}</div>",
        f"<footer>{paragraphs('Company', 4)}</footer>",
    ],
)
def test_what_the_markup_sets_apart_is_no_article_however_short_the_text_is(beside: str) -> None:
    for body in (f"<main>{SHORT_POST}{beside}</main>", f"<div>{beside}</div>{SHORT_POST}"):
        found = text(body)
        assert counts(found, "Company") == (0,)
        assert "Nine buoys" in found
        assert "One of them is red." in found


def test_talk_of_cookies_is_no_article_where_text_stands_beside_it() -> None:
    asks = "<p>We use cookies and the data of our partners to show you the harbour as you like it best.</p>" * 3
    body = f"<main>{SHORT_POST}</main><div class=bottom>{asks}</div>"
    assert "cookies" not in text(body)
    assert "Nine buoys" in text(body)


def test_article_in_an_aside_is_read_where_no_other_text_stands() -> None:
    assert counts(text(f"<main>{HEADLINE}<aside>{paragraphs('Story', 5)}</aside></main>"), "Story") == (5,)
