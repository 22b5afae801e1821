"""Opens what a button opens: an answer below its question, a text below its heading."""

from __future__ import annotations

from itertools import islice

from lxml import etree

_Element = etree._Element

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6", "dt", "summary"))
#: Characters of prose that make a panel one to read, and that a question has at most.
_LEAST_PROSE = 60
_MAX_QUESTION = 300
_MAX_PARAGRAPHS = 40
_MAX_LEVELS = 6


def open_panels(body: _Element) -> None:
    """Show the panels of prose that buttons open, below the buttons' words; pictures in buttons of a figure stay."""
    buttons = [element for element in body.iter("button", "a", "div", "span") if _is_button(element)]
    named = {button.get("aria-controls") for button in buttons} - {None}
    panels = {identity: element for element in body.iter() if (identity := element.get("id")) in named} if named else {}
    for button in buttons:
        outer = button.getparent()
        panel = panels.get(button.get("aria-controls"))
        panel = _behind(button) if panel is None else panel
        if panel is not None and panel is not body and _is_prose(panel):
            for name in ("hidden", "aria-hidden", "style"):
                if name in panel.attrib:
                    del panel.attrib[name]
            if button.tag == "button" and _is_short(button):
                button.tag = "span" if outer is not None and outer.tag in _HEADINGS else _level(button)
        elif button.tag == "button" and _shows_picture(button):
            button.tag = "span"


def _is_button(element: _Element) -> bool:
    return element.tag == "button" or element.get("aria-controls") is not None


def _behind(button: _Element) -> _Element | None:
    """What stands behind a button that says it opens something, or behind the heading that it is in."""
    if button.get("aria-expanded") is None:
        return None
    outer = button.getparent()
    place = outer if outer is not None and outer.tag in _HEADINGS else button
    behind = place.getnext()
    return behind if behind is not None and behind.tag in ("div", "section", "dd", "p") else None


def _is_prose(panel: _Element) -> bool:
    """A panel says something in a paragraph or as its own text, outside of links and controls."""
    if panel.tag in ("nav", "form", "ul", "menu"):
        return False
    size = len((panel.text or "").strip())
    for count, paragraph in enumerate(panel.iter("p", "div", "dd", "td", "li")):
        size += len((paragraph.text or "").strip()) if paragraph is not panel else 0
        if size >= _LEAST_PROSE or count >= _MAX_PARAGRAPHS:
            break
    return size >= _LEAST_PROSE


def _is_short(button: _Element) -> bool:
    size = 0
    for text in button.itertext():
        size += len(text.strip())
        if size > _MAX_QUESTION:
            break
    return 0 < size <= _MAX_QUESTION


def _shows_picture(button: _Element) -> bool:
    """A picture that opens larger stands in a figure, or says that it is no icon."""
    picture = button.find(".//img")
    if picture is None:
        return False
    around = islice(button.iterancestors(), _MAX_LEVELS)
    width = picture.get("width") or ""
    is_large = picture.get("srcset") is not None or (
        width.isdecimal() and len(width) < 6 and int(width) >= _LEAST_WIDTH
    )
    return is_large or any(outer.tag == "figure" for outer in around)


def _level(button: _Element) -> str:
    """A question stands below the headings of its text; what is no question ("More") is not read."""
    said = "".join(map(str, button.itertext())).strip()
    return "h3" if said.endswith(_QUESTIONS) or len(said.split()) > _LABEL_WORDS else "button"


_QUESTIONS = ("?", "？", "؟", ";")
_LABEL_WORDS = 3
#: Pixels; icons are smaller.
_LEAST_WIDTH = 200
