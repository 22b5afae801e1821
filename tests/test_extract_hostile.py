"""Pages made to cost much come back, and are cut where the extractor says they are."""

from __future__ import annotations

import re

import pytest

from scraper.clean.reader import MAX_FRAGMENT_CHARS
from scraper.extract import extract_article
from scraper.extract.body.blocks import MAX_LINES, lines_and_blocks
from scraper.extract.meta.declared import hear_witnesses
from scraper.extract.meta.images import MAX_IMAGES
from scraper.extract.page.tree import MAX_ATTRIBUTES, MAX_CHARS, parse_page, script_chars
from scraper.extract.words.phrasebook import Phrasebook
from scraper.extract.words.phrases import APPEALS, PROMPTS, TEASER_HEADINGS

PARAGRAPH = (
    "<p>The bridge was closed on Monday. Engineers found a crack, and repairs will take a week, the town said.</p>"
)
STORY = f"<article>{PARAGRAPH * 5}</article>"


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        "<a href=x>" * 20_000,
        "<!-- " * 20_000,
        "<b>" * 20_000,
        "<i><font>" * 10_000,
        "<ul><li>" * 3_000,
        "<button>" * 20_000,
        "<p " + " ".join(f"a{index}=1" for index in range(20_000)) + ">",
        "<" * 200_000,
        "<a" * 100_000,
        "<p>" + "“”'(" * 100_000,
        "<p>" + ". . . " * 100_000,
        "<script type='application/ld+json'>" + "[" * 50_000 + "</script>",
        '<meta name="' + "author " * 50_000 + '" content="Ann Lee">',
        "\0" * 100_000,
    ],
    ids=lambda body: body[:12],
)
def test_a_hostile_page_comes_back(body: str) -> None:
    before, after = (
        extract_article(page(STORY + body), url="https://e.org/"),
        extract_article(body, url="https://e.org/"),
    )
    assert "Engineers found a crack" in before.text
    assert after.kind


def test_a_page_is_read_up_to_its_limit() -> None:
    root = parse_page("<p>" + "x" * MAX_CHARS + "</p><p id=late>")
    assert root is not None
    assert "late" not in {element.get("id") for element in root.iter()}


def test_deep_nesting_is_cut_and_the_rest_is_read() -> None:
    root = parse_page("<body>" + "<div>" * 30_000 + "deep")
    assert root is not None
    assert sum(1 for _ in root.iter()) < 3000


@pytest.mark.parametrize("value", ["1", '"<"', '"&gt;>"', "'</i>'"])
def test_a_tag_of_too_many_attributes_loses_them(value: str) -> None:
    many = " ".join(f"data-attribute-{index}={value}" for index in range(20_000))
    root = parse_page(page(f"before <p id=many {many}>words <p id=few>more"))
    assert root is not None
    assert [element.attrib for element in root.iter("p")] == [{}, {"id": "few"}]
    assert root.findtext(".//p[1]") == "words "


def test_a_tag_of_some_attributes_keeps_them() -> None:
    some = " ".join(f"data-attribute-{index}=1" for index in range(MAX_ATTRIBUTES // 2))
    root = parse_page(page(f"<p {some} data-words='{'a b c ' * 2000}' id=kept>"))
    assert root is not None
    assert [element.get("id") for element in root.iter("p")] == ["kept"]


def test_a_comparison_in_a_program_is_no_tag() -> None:
    program = "for(i=0;i<n ;i++){ " + "total += i; " * 40_000 + "}"
    root = parse_page(page(f"<script>{program}</script>{PARAGRAPH}"))
    assert root is not None
    assert len(root.findall(".//p")) == 1


def test_lines_beyond_the_limit_are_left_out() -> None:
    root = parse_page("<body>" + "<p>one line" * (MAX_LINES + 50))
    assert root is not None
    lines, _ = lines_and_blocks(root)
    assert len(lines) == MAX_LINES


def test_an_article_is_cut_at_the_limit_of_its_markup() -> None:
    found = extract_article(page(PARAGRAPH * 4000), url="https://e.org/")
    assert 0.5 * MAX_FRAGMENT_CHARS < len(found.text) < MAX_FRAGMENT_CHARS


def test_pictures_beyond_the_limit_are_left_out() -> None:
    pictures = "".join(f"<img src=/{index}.jpg width=600>" for index in range(3000))
    found = extract_article(page(f"<article>{PARAGRAPH * 5}{pictures}</article>"), url="https://e.org/")
    assert len(found.images) == MAX_IMAGES
    assert len(re.findall("<img ", found.html)) <= 2000


def test_meta_tags_are_heard_up_to_a_number() -> None:
    root = parse_page(page(STORY, "".join(f"<meta name=author content='Ann {index}'>" for index in range(5000))))
    assert root is not None
    assert 0 < len(hear_witnesses(root).meta["author"]) <= 200


def test_scripts_are_counted_as_far_as_asked() -> None:
    root = parse_page(page("<script>12345</script>" * 100))
    assert root is not None
    assert script_chars(root, enough=12) == 15
    assert script_chars(root, enough=10_000) == 500


# --------------------------------------------------------------------------- phrases, tried in part


SENTENCES = [
    "", "Sign up for our newsletter", "READ MORE: storms", "Читайте также", "続きを読む", "ſubscribe now", "3 comments",
    "You may unsubscribe at any time.", "If you purchase through our link we may earn a commission.", "无断转载 無断転載",
    "The town said on Monday that repairs will take a week.", "© 2024 All rights reserved", "Related articles", "More:",
]  # fmt: skip


@pytest.mark.parametrize("table", [PROMPTS, TEASER_HEADINGS, APPEALS], ids=["prompts", "teasers", "appeals"])
def test_a_phrasebook_answers_as_one_expression_would(table: dict[str, tuple[str, ...]]) -> None:
    phrases = [phrase for entries in table.values() for phrase in entries]
    whole = re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)
    book = Phrasebook(phrases)
    literal = [re.sub(r"\\[bWs]|[()?*$^\\]|\{[^}]*\}", "", phrase).split("|")[0] for phrase in phrases]
    for text in [*SENTENCES, *literal, *(f"And so {text} it goes" for text in literal)]:
        assert book.begins(text) is (whole.match(text) is not None)
        assert book.is_whole(text) is (whole.fullmatch(text) is not None)
        assert book.occurs(text) is (whole.search(text) is not None)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        (r"a?b", "bc"), (r"(x|yes )?no", "no"), (r"[pq]uit", "Quit"), (r"(?:on|\d+) top", "7 top"), (r".end", "bend"),
        (r"\bword", "WORD"), (r"(?=ab)a", "ab"), (r"x*", "none of it"), (r"straße", "STRASSE"[:0] + "Straße"),
        (r"(one|two)+ three", "twoone three"), (r"[^a]b", "cb"), (r"(a|)b", "b"),
    ],
)  # fmt: skip
def test_a_phrasebook_finds_whatever_its_phrase_matches(phrase: str, text: str) -> None:
    book = Phrasebook([phrase, "another thing"])
    assert book.begins(text)
    assert book.occurs(f"before {text}" if not phrase.startswith(".") else text)
    assert not Phrasebook([]).begins(text)
