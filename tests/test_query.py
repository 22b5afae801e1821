"""The language of searches, taken apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.query.language import LANGUAGE, Clause, Term, parse_query

TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("foo:bar", 'there is no field "foo"; the fields are title, '),
        ("titel:x", 'there is no field "titel"; did you mean "title:"? to search for the words, write "titel:x"'),
        ("-author:x", 'there is no field "author"; did you mean "by:"?'),
        ('two Foo:"a b"', 'write "Foo:a b"'),
        ("is:nice", '"is:nice" is not known; write is:starred or '),
        ("has:pictures", '"has:pictures" is not known; write has:image'),
        ("after:2026-13-40", '"2026-13-40" is not a date; write after:2026-11-01, '),
        ("-before:soon", '"soon" is not a date; write before:'),
        ("after:999999w", '"999999w" is not a date'),
        ("nofield:" + "z" * 70, f'write "nofield:{"z" * 51}…"'),
    ],
)
def test_what_cannot_be_meant_is_said(text: str, fault: str) -> None:
    (found,) = parse_query(text, TODAY).faults
    assert fault in found


@pytest.mark.parametrize(
    "text",
    [
        *("https://x.example/a", "12:30", "std::string", '"foo:bar"', "title:", "title: one", "site:-", "C:\\x", "co2:x", ":)", "a:)"),
        *(written for written, _ in LANGUAGE),
    ],
)  # fmt: skip
def test_words_with_a_colon_are_words(text: str) -> None:
    assert parse_query(text, TODAY).faults == ()


def clauses(text: str) -> tuple[Clause, ...]:
    return parse_query(text, TODAY).clauses


def words(text: str, *, is_wanted: bool = True) -> Term:
    return Term(kind="words", text=text, is_wanted=is_wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two", [(words("one"),), (words("two"),)]),
        ('"one two"', [(Term(kind="phrase", text="one two"),)]),
        ("«one two", [(Term(kind="phrase", text="one two"),)]),
        ('one "two', [(words("one"),), (Term(kind="phrase", text="two"),)]),
        ("-one", [(words("one", is_wanted=False),)]),
        ("co-op - x", [(words("co-op"),), (words("x"),)]),
        ("one OR two three", [(words("one"), words("two")), (words("three"),)]),
        ("one OR -two", [(words("one"), words("two", is_wanted=False))]),
        ("one or two", [(words("one"),), (words("or"),), (words("two"),)]),
        ("OR one", [(words("OR"),), (words("one"),)]),
        ("one OR", [(words("one"),), (words("OR"),)]),
        ("one OR OR two", [(words("one"), words("OR")), (words("two"),)]),
        ("elect*", [(Term(kind="prefix", text="elect"),)]),
        ("e*", [(words("e*"),)]),
        ("*", []),
        ("title:one", [(Term(kind="words", text="one", field="title"),)]),
        ("TITLE:one*", [(Term(kind="prefix", text="one", field="title"),)]),
        ('-by:"ann smith"', [(Term(kind="phrase", text="ann smith", field="by", is_wanted=False),)]),
        ("title: one", [(words("title:"),), (words("one"),)]),
        ("nope:one", [(words("nope:one"),)]),
        ("https://x.example/a", [(words("https://x.example/a"),)]),
        ("is:starred", [(Term(kind="is", text="starred"),)]),
        ("is:nice", [(words("is:nice"),)]),
        ("has:image", [(Term(kind="has", text="image"),)]),
        ("after:2026-02-03", [(Term(kind="from", day=date(2026, 2, 3)),)]),
        ("before:2026-02", [(Term(kind="until", day=date(2026, 2, 1)),)]),
        ("before:2026", [(Term(kind="until", day=date(2026, 1, 1)),)]),
        ("after:2w", [(Term(kind="from", day=date(2026, 1, 1)),)]),
        ("after:999999w", [(words("after:999999w"),)]),
        ("after:2026-02-30", [(words("after:2026-02-30"),)]),
        ("after:soon", [(words("after:soon"),)]),
        ("before:0000", [(words("before:0000"),)]),
    ],
)
def test_what_is_typed_and_what_is_meant(text: str, expected: list[Clause]) -> None:
    assert list(clauses(text)) == expected


def test_terms_beyond_what_anybody_types_are_left_out() -> None:
    assert len(clauses("a " * 1000)) == 64
    assert len(clauses("a OR " * 1000)[0]) == 64


def test_nothing_wanted_is_an_empty_query() -> None:
    for text in ("", "-one", "-one -two", "()", "-", '""', "*"):
        assert parse_query(text, TODAY).is_empty, text
    assert not parse_query("-one is:unread", TODAY).is_empty


def test_every_line_of_the_table_is_understood() -> None:
    for written, _ in LANGUAGE:
        assert all(term.kind != "words" or ":" not in term.text for clause in clauses(written) for term in clause)


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_string_is_taken_apart(text: str) -> None:
    for clause in clauses(text):
        assert clause
        for term in clause:
            assert term.day is not None or any(map(str.isalnum, term.text))
