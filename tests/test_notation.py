"""Readings, quotation marks and formulas: what a page shows by other means than words."""

from __future__ import annotations

import pytest

from scraper.clean.reader import clean_body, plain_text
from scraper.extract import extract_article


def page_of(paragraph: str, title: str = "Notes", language: str = "en") -> str:
    rest = "<p>The second paragraph says that nothing else was decided on that long evening in the harbour hall.</p>"
    return (
        f"<html lang={language}><head></head><body><article><h1>{title}</h1>"
        f"<p>{paragraph}, as all who were there on Monday evening have heard from the clerk.</p>{rest}</article></body></html>"
    )


TEX = r"\frac{a}{b}"
NOTE = f"<annotation encoding='application/x-tex'>{TEX}</annotation>"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<ruby>東<rp>(</rp><rt>ひがし</rt><rp>)</rp></ruby>の<ruby>海<rt>うみ</ruby>", "東の海"),
        ("<ruby><rb>東<rb>海<rtc><rt>とう<rt>かい</ruby>", "東海"),
        ("She said <q>so <q>it</q> is</q>", "She said “so ‘it’ is”"),
        ("She said <q>“so”</q>", "She said “so”"),
        ("Elle dit <q lang=fr>oui</q>", "Elle dit «oui»"),
        ("x <q></q>y", "x y"),
        (f"x <math><semantics><mfrac><mi>a</mi><mi>b</mi></mfrac>{NOTE}</semantics></math>", f"x {TEX}"),
        (f"x <math alttext='{{\\displaystyle {TEX}}}'><mi>q</mi></math>", f"x {TEX}"),
        (f"x <span class=katex><span class=katex-mathml><math><mi>a</mi>{NOTE}</math></span><span class=katex-html aria-hidden=true>ab</span></span>", f"x {TEX}"),
        (f"x <span class=MathJax>ab</span><script type='math/tex'>{TEX}</script>", f"x {TEX}"),
        (f"x <span data-latex='{TEX}'>ab</span>", f"x {TEX}"),
        (f"x <img class=latex alt='{TEX}' src=/f.png>", f"x {TEX}"),
        ("x <math><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><msqrt><mi>c</mi></msqrt></mfrac></math>", "x (a+1)/√(c)"),
        ("x <math><msup><mi>y</mi><mn>2</mn></msup><msubsup><mi>z</mi><mi>i</mi><mi>k</mi></msubsup></math>", "x y^2z_i^k"),
    ],
)  # fmt: skip
def test_page_and_feed_are_written_out_alike(written: str, text: str) -> None:
    article = extract_article(page_of(written), url="https://q.example/a")
    assert article.text.startswith(f"{text}, as all")
    assert clean_body(f"<p>{written}, as all</p>", base_url="https://q.example/").text == f"{text}, as all"


def test_tex_is_code_and_needs_no_escapes() -> None:
    body = clean_body(f"<p>x <math><mi>a</mi>{NOTE}</math></p>", base_url="")
    assert body.html == f"<p>x <code>{TEX}</code></p>"
    assert body.markdown == f"x `{TEX}`"


def test_title_has_no_readings_and_marks_of_the_language() -> None:
    article = extract_article(page_of("Ja", "<ruby>港<rt>みなと</rt></ruby>の朝"), url="https://q.example/a")
    assert article.title == "港の朝"
    assert plain_text("<ruby>港<rt>みなと</rt></ruby>の朝") == "港の朝"
    german = extract_article(page_of("Er sagte <q>ja</q>", language="de"), url="https://q.example/a")
    assert german.text.startswith("Er sagte „ja“, as")
