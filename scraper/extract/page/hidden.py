"""Takes out words that a page holds and nobody sees: for screen readers only, in tooltips, hidden by its own style.

A text that is hidden as a whole, or for its larger part, is another matter: a wall hides it, or a script would show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree

from scraper.extract.page.tree import drop_tree, text_of

_Element = etree._Element

#: Where more of the prose (`<p>`) than this is hidden, the hidden part is the article.
_MAX_SHARE = 0.5
#: Characters that something for screen readers, a tooltip or a card holds at most.
_MAX_ASIDE = 900
#: Characters that are read in all to measure hidden parts.
_MAX_READ = 400_000
#: Rules of the page's own style that are looked at, and characters that the selectors of one may take.
_MAX_RULES = 400
_MAX_SELECTORS = 1000

_UNSEEN_NAME = re.compile(
    r"visually-?_?hidden|hidden-?visually|hide-visually|(?<!not-)\bsr-?only\b|screen-?_?reader|element-invisible|"
    r"a11y-hidden|\boff-?screen\b|tooltip[-_]*(?:content|text|body|inner|box|bubble|panel|message)",
    re.I,
)
_CARD_NAME = re.compile(
    r"(?:^|[\s_-])(?:hover)?(?:card|popover|popup|flyout|tooltip|tooltiptext|bubble|preview)(?:$|[\s_-])", re.I
)
_UNSEEN_STYLE = re.compile(
    r"font-size\s*:\s*0(?![.\d]*[1-9])|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]|clip-path\s*:\s*inset\(\s*(?:50|100)%|"
    r"(?:^|[;\s])(?:left|top|right|text-indent)\s*:\s*-(?:\d{4}|[5-9]\d\d)",
    re.I,
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDING_RULE = re.compile(r"display\s*:\s*none", re.I)
_PLAIN_SELECTOR = re.compile(r"[a-z]{0,10}([.#][\w-]+)", re.I)
_SHOWN_TAGS = frozenset(("h1", "html", "body", "main", "article", "br", "img", "noscript"))
_MAX_NAMES = 400
_MAX_STYLE = 500
_MAX_LINKS = 50
#: A class of one of these names shows on wider screens, or later, what another one hides.
_SHOWING = re.compile(r"(?:^|[-:_])(?:block|flex|inline|grid|table|show|shown|visible|open|opened|active)(?:$|\s)")
_PICTURES = ("img", "picture", "video", "audio", "iframe")


def drop_hidden(body: _Element, page: _Element) -> None:
    """Take hidden words out of the body; what stood behind them stays. `page` holds the styles."""
    found = _hidden_parts(body, frozenset(_hidden_names(page)))
    for element in found[_ASIDE]:
        if len(_text(element)) <= _MAX_ASIDE:
            drop_tree(element)
    if found[_HIDDEN]:
        _drop_small_part(body, found[_HIDDEN])
    for element in found[_COPY]:
        if _is_copy(element):
            drop_tree(element)


_ASIDE, _HIDDEN, _COPY = "aside", "hidden", "copy"


def _hidden_parts(body: _Element, names: frozenset[str]) -> dict[str, list[_Element]]:
    """What may have to go, by why."""
    found: dict[str, list[_Element]] = {_ASIDE: [], _HIDDEN: [], _COPY: []}
    titled: set[_Element] = set()
    for heading in body.iter("h1"):
        if heading not in titled:
            titled.update(heading.iter())
    for element in body.iter(etree.Element):
        if element.tag in _SHOWN_TAGS or element in titled or not (element.keys() or len(element) > 1):
            continue
        if _is_for_ears(element) or (element.tag in ("span", "small") and _is_card(element)):
            found[_ASIDE].append(element)
        elif _is_hidden(element) or (names and _is_named(element, names)):
            found[_HIDDEN].append(element)
        elif element.get("aria-hidden") == "true":
            found[_COPY].append(element)
    return found


# --------------------------------------------------------------------------- telling what is hidden


def _is_for_ears(element: _Element) -> bool:
    """For screen readers alone, or a tooltip."""
    names, style = element.get("class"), element.get("style")
    return bool(
        (names and _is_unseen_name(names))
        or (style and _UNSEEN_STYLE.search(style[:_MAX_STYLE]))
        or element.get("role") == "tooltip"
    )


@lru_cache(maxsize=4096)
def _is_unseen_name(names: str) -> bool:
    return len(names) <= _MAX_NAMES and _UNSEEN_NAME.search(names) is not None


def _is_card(element: _Element) -> bool:
    """What opens over a name in a sentence: it is called so, or holds nothing but several links behind the name's."""
    before, outer = element.getprevious(), element.getparent()
    if before is None or outer is None or outer.tag not in ("p", "span", "a", "li"):
        return False
    names = element.get("class") or ""
    if len(names) <= _MAX_NAMES and _CARD_NAME.search(names):
        return True
    parts = list(islice(element, _MAX_LINKS))
    is_behind_name = before.tag == "a" and not (before.tail or "").strip()
    return (
        is_behind_name
        and len(parts) > 1
        and not (element.text or "").strip()
        and all(part.tag == "a" and not (part.tail or "").strip() for part in parts)
    )


def _is_hidden(element: _Element) -> bool:
    found = element.get("hidden")
    if found is not None:
        return found.lower() not in ("until-found", "false")
    style = element.get("style")
    return bool(style and _HIDING.search(style[:_MAX_STYLE]))


def _is_named(element: _Element, hidden: frozenset[str]) -> bool:
    names, identity = (element.get("class") or "")[:_MAX_NAMES], element.get("id")
    if identity and f"#{identity}" in hidden:
        return True
    return any(f".{name}" in hidden for name in names.split()) and not _SHOWING.search(names)


def _hidden_names(page: _Element) -> Iterator[str]:
    """The classes and ids that the page's own style hides whatever stands around them and whatever shows the page."""
    for style in page.iter("style"):
        parent = style.getparent()
        if parent is not None and parent.tag != "noscript" and (style.get("media") or "all") in ("all", "screen"):
            yield from _hidden_by((style.text or "")[:_MAX_READ])


def _hidden_by(style: str) -> Iterator[str]:
    depth = counted = 0
    for found in islice(_HIDING_RULE.finditer(style), _MAX_RULES):
        start = style.rfind("{", max(0, found.start() - _MAX_SELECTORS), found.start())
        if start < counted:
            continue
        depth += style.count("{", counted, start) - style.count("}", counted, start)
        counted = start
        if depth > 0:  # in a rule for another medium
            continue
        before = max(style.rfind(sign, max(0, start - _MAX_SELECTORS), start) for sign in "}/;")
        for selector in style[before + 1 : start].split(","):
            if (plain := _PLAIN_SELECTOR.fullmatch(selector.strip())) is not None:
                yield plain[1]


# --------------------------------------------------------------------------- taking it out


def _drop_small_part(body: _Element, hidden: list[_Element]) -> None:
    """Take out what is hidden, unless that is a good part of the prose, or shows pictures."""
    prose = {element: _prose(element) for element in hidden}
    is_part = sum(prose.values()) <= _MAX_SHARE * _prose(body)
    for element in hidden:
        is_small = not prose[element] and len(_text(element)) <= _MAX_ASIDE
        if (is_small or (is_part and prose[element])) and next(element.iter(*_PICTURES), None) is None:
            drop_tree(element)


def _prose(element: _Element) -> int:
    """Characters in its paragraphs, itself among them."""
    return sum(len(text) for paragraph in element.iter("p") for text in paragraph.itertext())


def _text(element: _Element) -> str:
    return text_of(element, _MAX_ASIDE)


def _is_copy(element: _Element) -> bool:
    """Whether what stands beside it says the same: a letter drawn large before its word, a text said twice."""
    text = _text(element)
    if not text:
        return False
    behind, before = element.getnext(), element.getprevious()
    tail = (element.tail or "").strip()
    if tail:
        return len(text) == 1 and text.isalpha() and tail.startswith(text)
    if behind is not None and (said := _text(behind)):
        return said == text or (len(text) == 1 and text.isalpha() and said.startswith(text))
    return before is not None and not (before.tail or "").strip() and _text(before) == text
