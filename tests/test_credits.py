"""Descriptions and makers of pictures, in whatever element a page puts them."""

from __future__ import annotations

import pytest

from scraper.extract import extract_article
from scraper.model import Image

URL = "https://paper.example.com/news/pier"
IMG = '<img src="/i/pier-at-dawn.jpg" width=800 height=500 alt="The pier">'
TEXT = "".join(
    f"<p>Paragraph {n} tells, in two sentences, what became of the pier in the storm. The town means to mend it.</p>"
    for n in range(5)
)


def lead(picture: str, head: str = "") -> Image:
    html = f"<html><head>{head}</head><body><article><h1>The pier stands</h1>{picture}{TEXT}</article></body></html>"
    found = extract_article(html, url=URL)
    assert found.image is not None
    assert "Orlowa" not in found.text
    assert found.byline == ()
    return found.image


@pytest.mark.parametrize(
    "tag", ["p", "div", "span", "small", "em", "cite", "h6", "a", "b", "dd", "label", "section", "x-by"]
)
@pytest.mark.parametrize(
    "line", ["Image by Jana Orlowa", "Foto: Jana Orlowa", "Photo courtesy: Jana Orlowa", "© Jana Orlowa"]
)
def test_a_credit_is_found_whatever_element_holds_it(tag: str, line: str) -> None:
    assert lead(f"<div>{IMG}<{tag}>{line}</{tag}></div>").credit == "Jana Orlowa"
    assert lead(f"<div>{IMG}</div><{tag}>{line}</{tag}>").credit == "Jana Orlowa"
    assert lead(f"<figure>{IMG}<{tag}>{line}</{tag}></figure>").credit == "Jana Orlowa"


PLACES = {
    "behind the picture": f"<div>{IMG}Image by Jana Orlowa</div>",
    "behind a break": f"<p>{IMG}<br>Image by Jana Orlowa</p>",
    "before it": f"<div><small>Image by Jana Orlowa</small>{IMG}</div>",
    "in the next row": f"<table><tr><td>{IMG}<tr><td>Image by Jana Orlowa</table>",
    "behind a description": f"<div>{IMG}<p>The pier at dawn.</p><p>Photo: Jana Orlowa</p></div>",
    "a name in small letters": f"<div>{IMG}<small>Jana Orlowa</small></div>",
    "a name beside the caption": f"<figure><div>{IMG}<span>Jana Orlowa</span></div><figcaption>The pier.</figcaption></figure>",
    "below a button": f"<div><button>{IMG}</button><p>Image by Jana Orlowa</p></div>",
    "below a background": "<div style='background-image: url(/i/pier-at-dawn.jpg)'></div><p>Image by Jana Orlowa</p>",
}


@pytest.mark.parametrize("picture", PLACES.values(), ids=PLACES)
def test_a_credit_is_found_where_it_stands(picture: str) -> None:
    image = lead(picture)
    assert (image.url, image.credit) == ("https://paper.example.com/i/pier-at-dawn.jpg", "Jana Orlowa")


def test_labels_for_screen_readers_are_no_part_of_a_caption() -> None:
    hidden = '<span class="visually-hidden">{}</span>'
    image = lead(
        f"<figure><div>{IMG}<span>{hidden.format('Bildquelle, ')}Orlowa Bilder</span></div>"
        f"<figcaption>{hidden.format('Bildunterschrift, ')}<p>Der Pier, vom Boot aus</p></figcaption></figure>"
    )
    assert (image.caption, image.credit) == ("Der Pier, vom Boot aus", "Orlowa Bilder")


def test_each_picture_has_its_own_credit() -> None:
    two = f"<div>{IMG}</div><div><img src=/i/crane-at-noon.jpg></div><p>Foto: Jana Orlowa</p>"
    assert lead(two).credit is None


@pytest.mark.parametrize(
    "name", ["share.png", "social_image.jpg", "og-image.png", "opengraph.webp", "share-1200x630.jpg"]
)
def test_a_stand_in_is_no_picture(name: str) -> None:
    head = f'<meta property="og:image" content="https://paper.example.com/img/{name}">'
    assert lead(f"<div>{IMG}</div>", head).url == "https://paper.example.com/i/pier-at-dawn.jpg"


def test_an_icon_in_a_button_is_no_picture() -> None:
    html = (
        f"<html><body><article><h1>The pier</h1><button><img src=/x/square.png></button>{TEXT}</article></body></html>"
    )
    assert extract_article(html, url=URL).image is None
