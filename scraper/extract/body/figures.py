"""Writes captions back below the pictures that stand in the text, where reading took them out of it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import islice

from lxml import etree

from scraper.model import Image

_Element = etree._Element

#: How far up from a picture its figure is looked for.
_LEVELS = 6


def write_captions(top: _Element, images: Sequence[Image], kept: Container[str]) -> None:
    """Put what is said of a picture into its figure, once a figure; a picture without one gets it.

    What is `kept`, the lines of the text, is not said again: where captions are the text, they stay it.
    """
    for old in list(top.iter("figcaption")):
        old.tag = "div"
    said = {image.url: words for image in images if image.caption not in kept and (words := _words(image))}
    for picture in list(top.iter("img")) if said else ():
        words = said.pop(picture.get("src") or "", "")
        if not words:
            continue
        figure = next((outer for outer in islice(picture.iterancestors(), _LEVELS) if outer.tag == "figure"), None)
        figure = _framed(picture) if figure is None else figure
        if figure.find("figcaption") is None and not "".join(map(str, figure.itertext())).strip():
            etree.SubElement(figure, "figcaption").text = words


def _words(image: Image) -> str:
    credit = f"({image.credit})" if image.credit else ""
    return f"{image.caption or ''} {credit}".strip()


def _framed(picture: _Element) -> _Element:
    """A figure in the picture's place, around it."""
    figure = etree.Element("figure")
    picture.addprevious(figure)
    figure.tail, picture.tail = picture.tail, None
    figure.append(picture)
    return figure
