"""What a page says of a picture: a description and its maker, in the figure around it or in the lines beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from scraper.clean.tokens import collapse
from scraper.extract.body.blocks import HEADINGS, Line
from scraper.extract.body.roles import Role
from scraper.extract.page.tree import text_of
from scraper.extract.words.bylines import is_name
from scraper.extract.words.phrases import credit_of, ends_in_credit, is_credit, is_prompt

_Element = etree._Element
#: Description and maker.
Words = tuple[str | None, str | None]

#: Lines behind a picture that may tell of it, and characters of such a line.
_LINES = 3
_MAX_LINE = 300
_MAX_FIGURE = 1000
_MAX_MAKER = 60
_SMALL = frozenset(("small", "cite", "em", "i"))


class Beside:
    """The lines between the pictures of a page."""

    def __init__(self, lines: Sequence[Line], root: _Element) -> None:
        self._lines = lines
        own = {element: index for index, line in enumerate(lines) for element, is_tail in line.slots if not is_tail}
        tails = {element: index for index, line in enumerate(lines) for element, is_tail in line.slots if is_tail}
        #: Each picture with the last line before it.
        self._places: list[tuple[_Element, int]] = []
        last = -1
        for element in root.iter():
            before = element.getprevious()
            last = max(last, own.get(element, -1), -1 if before is None else tails.get(before, -1))
            if element.tag == "img":
                self._places.append((element, last))
        self._index = {element: index for index, (element, _) in enumerate(self._places)}

    def words_of(self, picture: _Element) -> Words:
        """What the lines that follow a picture tell of it, or the one before it in the same block."""
        place = self._index.get(picture)
        if place is None:
            return None, None
        last = self._places[place][1]
        end = self._places[place + 1][1] if place + 1 < len(self._places) else len(self._lines)
        caption = credit = None
        for line in self._lines[last + 1 : min(end + 1, last + 1 + _LINES)]:
            if not _tells_of_picture(line):
                break
            said, maker = (None, line.text) if _is_small_name(line) else split_caption(line.text)
            caption, credit = caption or said, credit or maker
        if credit is None and last >= 0 and is_credit(self._lines[last].text):
            holder = self._lines[last].block.element
            credit = split_caption(self._lines[last].text)[1] if holder in picture.iterancestors() else None
        return caption, credit


def _tells_of_picture(line: Line) -> bool:
    if line.weight > _MAX_LINE or (line.tag in HEADINGS and not is_credit(line.text)):
        return False
    is_caption = line.dropped == "caption" or line.block.role is Role.CAPTION
    return is_caption or is_credit(line.text) or _is_small_name(line)


def _is_small_name(line: Line) -> bool:
    """The maker's name, and nothing else, in small letters."""
    around = (element.getparent() if is_tail else element for element, is_tail in line.slots)
    return (
        len(line.text) <= _MAX_MAKER
        and is_name(line.text)
        and any(one.tag in _SMALL for one in around if one is not None)
    )


def words_in_figure(picture: _Element) -> Words:
    """What the element around a picture tells of it; beside a `<figcaption>` stands the maker."""
    figure = _figure_of(picture)
    whole = text_of(figure, 1200) if figure is not None else ""
    if figure is None or len(whole) > _MAX_FIGURE:
        return None, None
    marked = next((text_of(part, 300) for part in figure.iter() if _is_credit_part(part)), None)
    below = next(figure.iter("figcaption"), None)
    if below is None and marked is None:
        maker = next((text_of(part, _MAX_MAKER) for part in figure.iter("small", "cite")), "")
        marked = maker if 0 < len(maker) < _MAX_MAKER and maker[:1].isupper() and not maker.endswith(".") else None
    if below is None or marked:
        return split_caption(whole, marked)
    caption, credit = split_caption(text_of(below, 1200))
    rest = whole.replace(text_of(below, 1200), "", 1).strip()
    if credit is None and 0 < len(rest) <= _MAX_MAKER and not is_prompt(rest):
        credit = credit_of(rest) or rest
    return caption, credit


def _figure_of(element: _Element) -> _Element | None:
    """The element that holds a picture and what is said of it."""
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag == "figure":
            return ancestor
        if re.search(r"caption|figure", ancestor.get("class") or "", re.I) and ancestor.tag in ("div", "span", "dl"):
            return ancestor
        if depth > 5 or ancestor.tag in ("body", "article", "main", "section"):
            return None
    return None


def _is_credit_part(element: _Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    return any(part in names for part in ("credit", "copyright", "source", "photographer", "author", "agency"))


def split_caption(whole: str, credit: str | None = None) -> Words:
    """A caption as its description and its maker."""
    whole = collapse(whole).strip()
    if credit and credit in whole:
        caption = whole.replace(credit, " ").strip(" |·-–—/")
        return " ".join(caption.split()) or None, credit_of(credit) or credit.strip(" ()©[]") or None
    if is_credit(whole) or ends_in_credit(whole):
        found = credit_of(whole)
        if found is not None:
            cut = whole.rfind(found)
            before = re.split(r"(?<![\w ])[\w ]*(?:[:：©(|/]|\bby\b)\s*$", whole[:cut])[0].strip(" .|(–—-")
            return before or None, found
        return None, whole.strip(" ()©") or None
    return whole or None, None
