"""What differs between two versions of an article, and whether that makes a revision. Pure (POLICY: Identity).

An edit is a change that a reader could name. What changes by itself is none: related links, counters, prompts, clocks,
the address a picture is served from, a date's precision.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from urllib.parse import urlsplit

from scraper.model import MAX_HASH_CHANGES, Extraction, Image
from scraper.text.folding import FIGURES, folded

#: Shorter texts say too little to be told from another page's.
_TELLING_CHARS = 400
#: A page with less of the known text than this holds another one.
_SAME_SHARE = 0.1
#: Folded characters, two or three words of English: shorter runs are in any two texts on one subject.
_SHINGLE = 10
#: The size in which a picture is served, where it is marked as one: `-1024x768`, `w_320`, `640px`.
_SIZE = re.compile(r"[-_]?(?<![0-9a-z])(?:[wh][_=-]?\d{2,4}|\d{2,4}x\d{2,4}|\d{2,4}(?:px|w))(?![0-9a-z])")
#: ... or stands alone in a part of the path (`/640/`): widths are round numbers or multiples of 16.
_SIZE_PART = re.compile(r"\d{3,4}")
_TAG = re.compile(r"<[^<>]*>")
_FIGURE = re.compile(f"[\\d{''.join(letter for _, letter in FIGURES)}]+")


def changes(old: Extraction, new: Extraction) -> tuple[str, ...]:
    """Name what a reader would call changed, title and text first; empty = nothing.

    `figures` is a text in which nothing but numbers changed: a toll that rose, or a clock.
    """
    title = ("title",) if is_other(old.title, new.title) else ()
    facts = tuple(name for name, differs in _FACTS.items() if differs(old, new))
    return (*title, *_text_change(old, new), *facts)


def is_revision(old: Extraction | None, changed: tuple[str, ...], slight_edits: int) -> bool:
    """Say whether a version is kept as a revision: the first; one with new words; one with other facts or figures.

    `slight_edits` revisions in a row brought such facts alone: past the cap they make no more, since what changes at
    every look comes from a page that changes it by itself.
    """
    if old is None:
        return True
    return bool(changed) and (is_substantial(changed) or slight_edits < MAX_HASH_CHANGES)


def is_substantial(changed: tuple[str, ...]) -> bool:
    """Say whether words changed: title or text."""
    return "title" in changed or "text" in changed


def is_other(one: str | None, other: str | None) -> bool:
    """Say whether two texts differ once they are folded."""
    return one != other and folded(one) != folded(other)


def _text_change(old: Extraction, new: Extraction) -> tuple[str, ...]:
    if old.text == new.text or (before := _prose(old)) == (after := _prose(new)):
        return ()
    return ("text",) if _FIGURE.sub("", before) != _FIGURE.sub("", after) else ("figures",)


def _prose(version: Extraction) -> str:
    """Return the folded text without lines that are nothing but a link: a teaser that was left in it is no news."""
    links = {folded(html.unescape(_TAG.sub("", label))) for label in _labels(version.html)}
    links.update(folded(link.title) for link in version.related)
    return "".join(line for line in map(folded, version.text.splitlines()) if line not in links)


def _labels(markup: str) -> list[str]:
    """Return what stands in the links of HTML that was cleaned: every element is closed, no link is in another."""
    links = (before.rpartition("<a ")[2] for before in markup.split("</a>")[:-1])
    return [link.partition(">")[2] for link in links]


def _names(found: Extraction) -> list[str]:
    return sorted(filter(None, map(folded, found.byline)))


def _is_redated(old: Extraction, new: Extraction) -> bool:
    before, after = old.published_at, new.published_at
    if before is None or after is None:
        return before is not after
    if _is_day(before) or _is_day(after):  # one witness tells the day, another the minute
        return abs(before - after) >= timedelta(days=1)
    return before.replace(second=0, microsecond=0) != after.replace(second=0, microsecond=0)


def _is_day(at: datetime) -> bool:
    return time(0) in (at.time().replace(second=0, microsecond=0), at.astimezone(UTC).time().replace(microsecond=0))


def _is_other_summary(old: Extraction, new: Extraction) -> bool:
    """A summary that is cut elsewhere is the same."""
    shorter, longer = sorted((folded(old.summary), folded(new.summary)), key=len)
    return bool(longer) and not (shorter and longer.startswith(shorter))


def _picture(image: Image | None) -> str:
    """Return what a picture is known by: its path without sizes; hosts and parameters change with the weather."""
    if image is None:
        return ""
    parts = urlsplit(image.url)
    *folders, name = _SIZE.sub("", parts.path.lower()).split("/")
    stem, dot, ending = name.rpartition(".")
    parts_of_path = [*folders, stem] if dot else [*folders, name]
    path = "/".join(part for part in parts_of_path if not _is_width(part)) + dot + ending
    return path if "." in path.rpartition("/")[2] else f"{path}?{parts.query}"


def _is_width(part: str) -> bool:
    return bool(_SIZE_PART.fullmatch(part)) and (int(part) % 10 == 0 or int(part) % 16 == 0)


def _words(image: Image | None) -> tuple[str, str]:
    return (folded(image.caption), folded(image.credit)) if image else ("", "")


def _is_recaptioned(old: Extraction, new: Extraction) -> bool:
    return _picture(old.image) == _picture(new.image) and _words(old.image) != _words(new.image)


_FACTS: dict[str, Callable[[Extraction, Extraction], bool]] = {
    "byline": lambda old, new: _names(old) != _names(new),
    "published": _is_redated,
    "section": lambda old, new: is_other(old.section, new.section),
    "summary": _is_other_summary,
    "picture": lambda old, new: _picture(old.image) != _picture(new.image),
    "caption": _is_recaptioned,
}


def cut_off(old: Extraction, new: Extraction) -> str | None:
    """Say why a page with the article's opening, but not half of it, is taken for a wall; None = it is not."""
    before, after = folded(old.text), folded(new.text)
    if len(before) < _TELLING_CHARS or len(after) * 2 >= len(before):
        return None
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    if alike < 0.9 * len(after):
        return None
    return f"the page now gives only the opening, {_share_text(after, before)} of the text: taken for a wall"


def is_other_text(old: Extraction, new: Extraction, *, is_redirected: bool) -> bool:
    """Say whether a page holds something else than the article that was there.

    Without a redirect only where less than half as much text is left: a live page may be rewritten from end to end.
    """
    before, after = folded(old.text), folded(new.text)
    if len(before) < _TELLING_CHARS or (not is_redirected and len(after) * 2 >= len(before)):
        return False
    return _shared(after, before) < _SAME_SHARE


def _share_text(part: str, whole: str) -> str:
    return f"{100 * len(part) // len(whole)} %"


def _shared(text: str, other: str) -> float:
    """Return how much of a folded text stands in another one, from 0 to 1."""
    ours = {text[at : at + _SHINGLE] for at in range(max(len(text) - _SHINGLE + 1, 1))}
    theirs = {other[at : at + _SHINGLE] for at in range(max(len(other) - _SHINGLE + 1, 1))}
    return len(ours & theirs) / len(ours)
