"""What a page holds and nobody sees is not read; what a script or a wall hides as a whole is."""

from __future__ import annotations

import pytest

from scraper.extract import extract_article

FIRST = "The ferry to the outer islands will run twice a day from April, the company said on Monday morning."
SECOND = "It had been running once a day since the fire of last autumn, in which two of its engines were lost."
THIRD = "Tickets will cost as much as before, and bicycles travel free until the end of the summer holidays."


def text_of(*parts: str, head: str = "") -> str:
    inside = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    page = f"<html lang=en><head><title>Ferry</title>{head}</head><body><article><h1>Ferry</h1>{inside}</article></body></html>"
    return extract_article(page, url="https://isle.example/2026/ferry").text


HIDDEN = "Copied from the Isle Courier, which keeps every right to this text and to all others of its pages."


@pytest.mark.parametrize(
    "markup",
    [
        f"<p hidden>{HIDDEN}</p>", f"<p style='color:red; display : none'>{HIDDEN}</p>", f"<div class='visually-hidden'>{HIDDEN}</div>",
        f"<p class='sr-only'>{HIDDEN}</p>", f"<p style='position:absolute;left:-9999px'>{HIDDEN}</p>", f"<p style='font-size:0'>{HIDDEN}</p>",
        f"<p><span style='font-size: 0px'>{HIDDEN}</span></p>", f"<div role=tooltip><p>{HIDDEN}</p></div>", f"<p class=q7>{HIDDEN}</p>",
        f"<div class='vote tooltip-content'><p>{HIDDEN}</p></div>", f"<p id=mark>{HIDDEN}</p>", f"<p class='VisuallyHidden_x1'>{HIDDEN}</p>",
        f"<p style='visibility:hidden'>{HIDDEN}</p>", f"<p class='screen-reader-text'>{HIDDEN}</p>",
    ],
)  # fmt: skip
def test_hidden_words_are_not_read(markup: str) -> None:
    style = "<style>p.lead{color:red} .q7, #mark{margin:0;display:none} @media print{.lead{display:none}}</style>"
    assert text_of(FIRST, markup, SECOND, THIRD, head=style) == "\n\n".join((FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    ("markup", "head"),
    [
        (f"<div hidden><p>{SECOND}</p><p>{THIRD}</p></div>", ""),
        (f"<div class=wall><p>{SECOND}</p><p>{THIRD}</p></div>", "<style>.wall{display:none}</style>"),
        (f"<p class=lead>{SECOND}</p><p>{THIRD}</p>", "<style>@media print{.lead{display:none}}</style>"),
        (f"<p class=lead>{SECOND}</p><p>{THIRD}</p>", "<noscript><style>.lead{display:none}</style></noscript>"),
        (f"<p class='hide md:block'>{SECOND}</p><p>{THIRD}</p>", "<style>.hide{display:none}</style>"),
        (f"<p style='font-size:0.9em'>{SECOND}</p><p style='margin-top:-1200px'>{THIRD}</p>", ""),
        (f"<button aria-controls=more>More</button><div id=more hidden><p>{SECOND}</p></div><p>{THIRD}</p>", ""),
    ],
)
def test_what_a_reader_gets_to_see_stays(markup: str, head: str) -> None:
    assert text_of(FIRST, markup, head=head) == "\n\n".join((FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("<span aria-hidden=true class=cap>W</span><span class=sr-only>W</span>e left", "We left"),
        ("<span class=visually-hidden>We</span><span aria-hidden=true><b>W</b>e</span> left", "We left"),
        ("<span aria-hidden=true>W</span><span>We</span> left", "We left"),
        ("<span aria-hidden=true>W</span>We left", "We left"),
        ("<span aria-hidden=true>W</span>e left", "We left"),
        ("We <a href=/x>left<span class=sr-only> (opens in a new tab)</span></a>", "We left"),
        ("We <span aria-hidden=true>left</span><span>left</span>", "We left"),
        ("We <a href=/p>left<span role=tooltip>A town in the north</span></a>", "We left"),
        ("We <a href=/p>left</a><span class='bio-popover'><a href=/p>Left</a> is a town.</span>", "We left"),
        (
            "We <span><a href=/p>left</a><span><a href=/p>Left, the town</a> <a href=/2>More</a></span></span>",
            "We left",
        ),
    ],
)
def test_words_said_twice_are_read_once(written: str, seen: str) -> None:
    rest = "in the morning, and nobody on the quay knew when the next boat would come, or whether one would."
    assert text_of(f"{written} {rest}", SECOND, THIRD) == "\n\n".join((f"{seen} {rest}", SECOND, THIRD))


@pytest.mark.parametrize(
    "ask",
    [
        "<h3><button aria-expanded=false aria-controls=one>{}</button></h3><div id=one hidden><p>{}</p></div>",
        "<div><button aria-controls=one>{}</button><div id=one style='display:none'><p>{}</p></div></div>",
        "<div><button aria-expanded=false>{}</button><div aria-hidden=true>{}</div></div>",
        "<details><summary>{}</summary><p>{}</p></details>",
    ],
)
def test_question_in_a_button_stands_above_its_hidden_answer(ask: str) -> None:
    question = "Will the ferry run on Sundays?"
    asked = ask.format(question, SECOND)
    assert text_of(FIRST, asked, THIRD) == "\n\n".join((FIRST, question, SECOND, THIRD))


def test_menu_in_a_button_is_not_read() -> None:
    menu = "<button aria-controls=m aria-expanded=false>Pages</button><div id=m hidden><a href=/1>Home</a> <a href=/2>Boats</a></div>"
    assert text_of(FIRST, menu, SECOND, THIRD) == "\n\n".join((FIRST, SECOND, THIRD))


def test_part_that_came_late_stands_in_its_place() -> None:
    late = f"<div hidden id=S:1><p>{SECOND}</p></div>"
    assert text_of(FIRST, "<template id=B:1></template>", THIRD, late) == "\n\n".join((FIRST, SECOND, THIRD))


def test_shadow_root_is_read_other_templates_are_not() -> None:
    shadow = f"<story-text><template shadowrootmode=open><p>{SECOND}</p></template></story-text>"
    assert text_of(FIRST, shadow, THIRD, f"<template><p>{HIDDEN}</p></template>") == "\n\n".join((FIRST, SECOND, THIRD))
