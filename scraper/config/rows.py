"""Rows of feeds that are written plainly, so that the YAML parser need not read each of a long list.

The parser is exact and slow: half a millisecond a feed. What it makes of a feed that stands between two others, in one
block list, each on lines of its own without an anchor or a tag, does not depend on its neighbours. So of a row of such
feeds it is given the first and the last alone; where it finds those two as expected, next to each other in the list,
those between would have stood there as they are written. Everything else goes through the parser, and so does the whole
file where it is wrong: places of faults are the parser's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: What a feed is written as: an address, or a mapping of keys to scalars and lists of scalars.
Item = str | dict[str, "Value"]
Scalar = str | bool | None
Value = Scalar | list[Scalar]

#: Fewer are not worth it: the first and the last stay.
_MIN_ROW = 3

# Characters that mean nothing to YAML inside a scalar: no control characters, no line ends, not the byte order mark.
_WIDE = "\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_BLACK = f"!-~{_WIDE}"
_LETTER = r"[^\W\d_]"
_SPAN = r"(?:[1-9][0-9]*[smhdw])++"
#: Up to a comment or the end of the line, with ":" only inside words.
_PLAIN = rf"(?:{_SPAN}|{_LETTER}(?:[!-9;-~{_WIDE}]|:(?=[{_BLACK}])|[ ]+(?![ #\r\n]))*+)"
#: In brackets: words, or an address without the signs that end a scalar there.
_WORD = rf"(?:https?://[\w./?&=%~+@-]++|{_SPAN}|{_LETTER}(?:[\w./-]|[ ]+(?=[\w./-]))*+)"
_DOUBLE = rf'"(?:[ !#-\[\]-~{_WIDE}]|\\["\\])*+"'
_SINGLE = rf"'(?:[ -&(-~{_WIDE}]|'')*+'"
_KEY = "[a-z_]++"
_FLOW_SCALAR = f"(?:{_WORD}|{_DOUBLE}|{_SINGLE})"
_LIST = rf"\[ *(?:{_FLOW_SCALAR} *(?:, *{_FLOW_SCALAR} *)*+)?\]"
_PAIR = f"{_KEY}: +(?:{_FLOW_SCALAR}|{_LIST})"
_MAPPING = rf"\{{ *{_PAIR} *(?:, *{_PAIR} *)*+\}}"
_VALUE = f"(?:{_LIST}|{_DOUBLE}|{_SINGLE}|{_PLAIN})"

#: One line of a row: nothing, a comment, `- value`, `- key: value`, `key: value`, or `key:` before a list.
_LINE = re.compile(
    rf"(?P<indent> *+)(?P<dash>- ++)?(?:(?P<key>{_KEY}):(?: ++(?P<value>{_VALUE}))?|(?P<alone>{_MAPPING}|{_VALUE}))?"
    rf"(?: *+(?:(?<![^ \n])#[ {_BLACK}\t]*+)?)\r?\n"
)
_FLOW_SCALARS = re.compile(_FLOW_SCALAR)
_FLOW_PAIRS = re.compile(rf"({_KEY}): +({_FLOW_SCALAR}|{_LIST})")
#: `%YAML 1.1` would change what words mean.
_DIRECTIVE = re.compile("^%", re.MULTILINE)

_MEANINGS: dict[str, Scalar] = {
    word: meaning
    for name, meaning in (("true", True), ("false", False), ("null", None))
    for word in (name, name.capitalize(), name.upper())
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The inner part of a row, which the short text does without."""

    #: Places in the short text: where the values of the first and the last feed begin, and the line of the last one,
    #: before which the inner part belongs.
    first_at: int
    last_at: int
    line_at: int
    text: str
    #: All feeds of the row, the first and the last included.
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened:
    """A text without the inner parts of its rows."""

    text: str
    cuts: tuple[Cut, ...]

    def restored(self, start: int, end: int, new: str) -> str:
        """Return the long text with `new` in place of what stands from `start` to `end` of the short one."""
        return self._long(0, start) + new + self._long(end, len(self.text))

    def _long(self, start: int, end: int) -> str:
        parts = []
        for cut in self.cuts:
            if start < cut.line_at <= end:
                parts += [self.text[start : cut.line_at], cut.text]
                start = cut.line_at
        return "".join((*parts, self.text[start:end]))


def shorten(text: str, stays: Callable[[Item], bool] = lambda item: False) -> Shortened:
    """Return `text` without the inner parts of its rows; feeds of which `stays` is true stand in none."""
    parts: list[str] = []
    cuts: list[Cut] = []
    position = shift = 0
    for row in _rows(text, stays):
        first, *inner, last = row
        parts.append(text[position : inner[0].start])
        position = last.start
        first_at = first.at - shift
        shift += last.start - inner[0].start
        cuts.append(
            Cut(
                first_at=first_at,
                last_at=last.at - shift,
                line_at=last.start - shift,
                text=text[inner[0].start : last.start],
                items=tuple(feed.item for feed in row),
            )
        )
    return Shortened(text="".join((*parts, text[position:])), cuts=tuple(cuts))


# --------------------------------------------------------------------------- rows


@dataclass(slots=True, kw_only=True)
class _Feed:
    """One feed, as far as its lines have been read."""

    #: Where its first line begins, and its value; the column of its dash, and of its keys.
    start: int
    at: int
    column: int
    key_column: int
    item: Item
    #: Where the line after it begins, comments and empty lines between counted to it.
    end: int = 0
    #: The key whose list may follow, and the column of that list's dashes.
    list_key: str | None = None
    list_column: int | None = None

    def takes(self, line: re.Match[str]) -> bool:
        """Say whether `line` belongs to this feed, and take it in; a false one ends the feed or makes it not plain."""
        key, alone, column = line["key"], line["alone"], line.end("indent") - line.start()
        if key is None and alone is None:
            return line["dash"] is None
        if not isinstance(self.item, dict):
            return False
        if line["dash"] is None:
            if key is None or column != self.key_column or key in self.item:
                return False
            self._set(key, line["value"])
            return True
        if self.list_key is None or column < self.key_column or key is not None or alone[0] in "[{":
            return False
        found = self.item[self.list_key]
        if not isinstance(found, list):
            self.item[self.list_key], self.list_column = [_scalar(alone)], column
        elif column == self.list_column:
            found.append(_scalar(alone))
        return column == self.list_column

    def _set(self, key: str, text: str | None) -> None:
        assert isinstance(self.item, dict)
        self.item[key] = _value(text) if text else None
        self.list_key = None if text else key


def _begun(line: re.Match[str]) -> _Feed | None:
    """Return the feed that `line` begins, if it begins one."""
    key, alone = line["key"], line["alone"]
    if line["dash"] is None or (key is None and (alone is None or alone[0] == "[")):
        return None
    feed = _Feed(
        start=line.start(),
        at=line.end("dash"),
        column=line.end("indent") - line.start(),
        key_column=line.end("dash") - line.start(),
        item={},
    )
    if key is not None:
        feed._set(key, line["value"])
    else:
        feed.item = _mapping(alone) if alone[0] == "{" else str(_scalar(alone))
        feed.key_column = -1  # no line below has keys of it
    return feed


def _plain_feeds(text: str) -> Iterator[_Feed]:
    """Yield the feeds that are plain to their end: what follows is another one's first line."""
    feed: _Feed | None = None
    position = 0
    while position < len(text):
        line = _LINE.match(text, position)
        if line is None:
            feed = None
            position = text.find("\n", position) + 1 or len(text)
            continue
        if feed is None or not feed.takes(line):
            following = _begun(line)
            if feed is not None and following is not None and following.column == feed.column:
                feed.end = position
                yield feed
            feed = following
        position = line.end()


def _rows(text: str, stays: Callable[[Item], bool]) -> Iterator[list[_Feed]]:
    """Yield the rows that are long enough."""
    if _DIRECTIVE.search(text):
        return
    row: list[_Feed] = []
    for feed in _plain_feeds(text):
        is_listed = _is_feed(feed.item) and not stays(feed.item)
        if row and not (is_listed and feed.start == row[-1].end and feed.column == row[-1].column):
            if len(row) >= _MIN_ROW:
                yield row
            row = []
        if is_listed:
            row.append(feed)
    if len(row) >= _MIN_ROW:
        yield row


def _is_feed(item: Item) -> bool:
    """Say whether `item` is a feed, and not an item of some other list."""
    url = item.get("url") if isinstance(item, dict) else item
    return isinstance(url, str) and url[:4].lower() == "http"


# --------------------------------------------------------------------------- values


def _value(text: str) -> Value:
    return [_scalar(part) for part in _FLOW_SCALARS.findall(text)] if text[0] == "[" else _scalar(text)


def _scalar(text: str) -> Scalar:
    if text[0] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return _MEANINGS.get(text, text)


def _mapping(text: str) -> dict[str, Value]:
    pairs = _FLOW_PAIRS.findall(text)
    found = {key: _value(value) for key, value in pairs}
    return found if len(found) == len(pairs) else {}  # a key twice: not plain, and not a feed
