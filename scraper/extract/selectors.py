"""CSS selectors for an element, as a person would write them: an id, a telling attribute, a class, else the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from scraper.extract.rules import select

_Element = etree._Element

#: A name that a person gave: no counters of a template, no hashes of a build.
_NAME = re.compile(r"-?[A-Za-z_][\w-]{1,39}")
_MADE_BY_MACHINE = re.compile(
    r"\d{3,}|[a-z]\d+[a-z]|(?:^|[-_])(?=[A-Za-z]*\d)[A-Za-z0-9]{5,}$|_(?=[A-Za-z]*[a-z][A-Z])[A-Za-z]{5,}$"
)
#: Ways to say where an element is, in the order of trust; a class may change with the day's mood, an itemprop hardly.
_TELLING = ("itemprop", "data-testid", "data-component", "role")
_MAX_STEPS = 4


def selector_of(element: _Element, root: _Element) -> str | None:
    """The shortest selector found that matches `element` first in `root`; None if none of a few steps does.

    A selector that matches other elements too is taken only if `element` is the first: so are `body`, `title`,
    `byline` and `date` of a site rule read.
    """
    tail = ""
    for depth, step in enumerate((element, *element.iterancestors())):
        if depth > _MAX_STEPS or step.tag == "html":
            return None
        for name in names_of(step):
            selector = f"{name} {tail}".rstrip()
            if _is_first(selector, element, root):
                return selector
        tail = f"{next(iter(names_of(step)))} {tail}".rstrip()
    return None


def names_of(element: _Element) -> Iterator[str]:
    """Selectors of one element by itself, the best first; the last is its tag."""
    tag = str(element.tag)
    identity = element.get("id") or ""
    if is_given(identity):
        yield f"#{identity}"
    for attribute in _TELLING:
        value = element.get(attribute) or ""
        if _NAME.fullmatch(value):
            yield f'{tag}[{attribute}="{value}"]'
    for name in (element.get("class") or "").split():
        if is_given(name):
            yield f"{tag}.{name}"
    yield tag


def is_given(name: str) -> bool:
    """Whether a class or id looks like a word that will be there tomorrow."""
    return bool(_NAME.fullmatch(name)) and not _MADE_BY_MACHINE.search(name)


def _is_first(selector: str, element: _Element, root: _Element) -> bool:
    found = select(root, selector)
    return bool(found) and found[0] is element
