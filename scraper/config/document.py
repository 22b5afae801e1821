"""The only `ruamel.yaml`: the bytes of feeds.yaml to plain values, each with the place where it stands.

Only nodes are composed, no object is constructed, whatever tags a file has.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from scraper.config.rows import Cut, Item, Shortened, shorten
from scraper.config.values import shown

#: A file of 160,000 feeds with four keys each has this size.
MAX_BYTES = 16 * 1024 * 1024
#: Values after aliases are followed; a file without aliases cannot come near it.
MAX_VALUES = 1_000_000
#: The format needs 5.
MAX_DEPTH = 16

_TAG = "tag:yaml.org,2002:"

#: What a value is filed under: keys and list positions from the top.
Location = tuple[str | int, ...]
#: Line and column, both counted from 1.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, and where."""

    place: Place
    text: str


class Unreadable(Exception):
    """The text is not YAML of a kind that can be looked into; carries the problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(problem.text for problem in problems))
        self.problems = problems


@dataclass(slots=True, kw_only=True)
class Document:
    """The values of one file."""

    #: Plain dicts, lists, strings, numbers, booleans and None.
    data: Any = None
    #: Where each value stands, and where each key does.
    values: dict[Location, Place] = field(default_factory=dict)
    keys: dict[Location, Place] = field(default_factory=dict)
    #: False = they are not those of the whole file; `read_document` gives them.
    has_places: bool = True
    #: Faults of the YAML itself that leave the rest readable.
    problems: list[Problem] = field(default_factory=list)

    def place(self, location: Location, *, of_key: bool = False) -> Place:
        """Return where the key or value at `location` stands, else where the nearest thing around it does."""
        if of_key and location in self.keys:
            return self.keys[location]
        while location not in self.values and location:
            location = location[:-1]
        return self.values.get(location, (1, 1))


# --------------------------------------------------------------------------- bytes to text


def decode(raw: bytes) -> str:
    """Return the text of a file; a byte order mark is dropped.

    Raises:
        Unreadable: not UTF-8, too large, or it holds characters that YAML does not allow.
    """
    if len(raw) > MAX_BYTES:
        raise _unreadable((1, 1), f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable((1, 1), "the file is in UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        before = raw[: exc.start].decode("utf-8", "replace")
        raise _unreadable(_place_at(before, len(before)), "the file is not in UTF-8; save it as UTF-8") from None


def _place_at(text: str, index: int) -> Place:
    line_start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - line_start + 1


def _unreadable(place: Place, text: str) -> Unreadable:
    return Unreadable(Problem(place=place, text=text))


# --------------------------------------------------------------------------- text to nodes


def compose(text: str) -> Node | None:
    """Return the root node of `text`; None = there is nothing but comments.

    Raises:
        Unreadable: it is not YAML, or nested too deeply.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False  # YAML allows them: the later one holds from there on
    try:
        root: Node | None = yaml.compose(text)
    except ReaderError as exc:
        place = _place_at(text, exc.position)
        raise _unreadable(place, f"the character {shown(text[exc.position])} cannot be in a YAML file") from exc
    except MarkedYAMLError as exc:
        raise Unreadable(*_syntax_problems(text, exc)) from exc
    except RecursionError:
        raise _unreadable((1, 1), "the file is nested too deeply") from None
    except (YAMLError, ValueError) as exc:  # ValueError: a broken %YAML line or escape
        raise _unreadable((1, 1), f"this is not YAML: {shown(exc, 200)}") from exc
    return root


def _syntax_problems(text: str, exc: MarkedYAMLError) -> list[Problem]:
    mark = exc.problem_mark or exc.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    tabs = [
        Problem(
            place=(number, line.index("\t") + 1), text="a tab is used to indent; YAML wants spaces: two for each level"
        )
        for number, line in enumerate(text.split("\n"), 1)
        if re.match(r" *\t\s*[^\s#]", line) or re.match(r"\s*- *\t", line)
    ]
    if tabs and "\\t" in str(exc.problem):
        return tabs
    return [Problem(place=place, text=_explained(exc))]


#: What the parser says, in words for people who do not know its grammar.
_EXPLANATIONS = (
    (
        "mapping values are not allowed",
        'a ":" stands where no key can be: look at the indentation, and put text with ": " in it in quotes',
    ),
    ("expected a single document", "there is a second document here; remove the line ---"),
    ("expected <block end>", "this line is not indented like the ones it belongs to"),
    ("could not find expected ':'", 'this line is neither "key: value" nor "- item"'),
    ("expected ',' or", "a [ or { is not closed, or a comma is missing"),
    ("found unexpected end of stream", "a quote is not closed"),
    ("cannot start any token", "text that begins with this character must be in quotes"),
    ("found undefined alias", "a * begins a reference to something that is not in the file; put the text in quotes"),
    ("expected alphabetic or numeric character", "text that begins with * or & must be in quotes"),
    ("found unknown escape character", "unknown escape in double quotes; use single quotes, or double the backslash"),
)


def _explained(exc: MarkedYAMLError) -> str:
    said = " ".join(str(part) for part in (exc.context, exc.problem) if part)
    for known, explanation in _EXPLANATIONS:
        if known in said:
            return explanation
    return f"this is not YAML: {shown(said, 200)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A text, perhaps without most of its feeds, and its nodes."""

    short: Shortened
    root: Node | None
    #: For each cut, the position of the row's first feed among the nodes of the feeds.
    positions: tuple[int, ...] = ()

    def position(self, index: int) -> int:
        """Return the position among the nodes of the feed that is at `index` in the whole text."""
        for position, cut in zip(self.positions, self.short.cuts, strict=True):
            if position < index:
                index -= len(cut.items) - 2
        return index


def compose_short(text: str, stays: Callable[[Item], bool] = lambda item: False) -> Composed:
    """Return the nodes of `text` without those of the feeds that the parser can be spared.

    Feeds of which `stays` is true are among the nodes.

    Raises:
        Unreadable: as in `compose`.
    """
    short = shorten(text, stays)
    if short.cuts:
        with contextlib.suppress(Unreadable):
            root = compose(short.text)
            positions = tuple(_positions(root, short.cuts))
            if len(positions) == len(short.cuts):
                return Composed(short=short, root=root, positions=positions)
    return Composed(short=Shortened(text=text, cuts=()), root=compose(text))


def _positions(root: Node | None, cuts: Iterable[Cut]) -> Iterator[int]:
    """Yield the position of each row's first feed, if the first and the last stand side by side and as expected."""
    entry = feeds_entry(root)
    if root is None or entry is None or root.anchor or entry[1].anchor:
        return
    feeds = entry[1]
    if not isinstance(feeds, SequenceNode) or feeds.flow_style:
        return
    positions = {node.start_mark.index: position for position, node in enumerate(feeds.value)}
    for cut in cuts:
        first = positions.get(cut.first_at)
        if first is None or positions.get(cut.last_at) != first + 1:
            return
        found = [_NodeReader().value(node, ()) for node in feeds.value[first : first + 2]]
        if found == [cut.items[0], cut.items[-1]]:
            yield first


def feeds_entry(root: Node | None) -> tuple[Node, Node] | None:
    """Return the nodes of the key `feeds` and of its value."""
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if isinstance(key, ScalarNode) and key.value == "feeds":
            return key, value
    return None


# --------------------------------------------------------------------------- nodes to values


def read_document(text: str) -> Document:
    """Return the values of `text` with their places.

    Raises:
        Unreadable: it is not YAML, or its aliases multiply beyond `MAX_VALUES`.
    """
    return _read(compose(text))


def read_shortly(text: str) -> Document:
    """Return what `read_document` does, but without the places where there are rows of feeds: quick on a long list.

    Raises:
        Unreadable: as in `read_document`.
    """
    composed = compose_short(text)
    cuts = composed.short.cuts
    if not cuts:
        return _read(composed.root)
    try:
        document = _read(composed.root, spared=sum(_count(item) for cut in cuts for item in cut.items))
    except Unreadable:
        return read_document(text)
    if document.problems:
        return read_document(text)
    listed = document.data["feeds"]
    feeds: list[Any] = []
    position = 0
    for first, cut in zip(composed.positions, cuts, strict=True):
        feeds += [*listed[position:first], *cut.items[:-1]]
        position = first + 1
    document.data["feeds"] = feeds + listed[position:]
    document.has_places = False
    return document


def _read(root: Node | None, spared: int = 0) -> Document:
    reader = _NodeReader(spared)
    if root is not None:
        reader.document.data = reader.value(root, ())
    return reader.document


def _count(item: Item) -> int:
    """Return how many values `item` is."""
    values = () if isinstance(item, str) else item.values()
    return 1 + sum(1 + (len(value) if isinstance(value, list) else 0) for value in values)


class _NodeReader:
    """Walks the nodes of one file and writes down values and places."""

    def __init__(self, spared: int = 0) -> None:
        self.document = Document()
        #: How many values there are, with those that the parser was spared.
        self.count = spared

    def value(self, node: Node, location: Location) -> Any:
        place = _start(node)
        self.count += 1
        if self.count > MAX_VALUES:
            raise _unreadable(place, f"more than {MAX_VALUES:,} values, aliases (*) followed: too many")
        if len(location) > MAX_DEPTH:
            raise _unreadable(place, "nested too deeply, or an alias (*) that holds itself")
        self.document.values[location] = place
        if not _has_plain_tag(node):
            self._report(place, f"tags like {shown(str(node.tag).replace(_TAG, '!!'))} have no meaning here")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, location)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*location, index)) for index, item in enumerate(node.value)]
        return _scalar(str(node.tag).removeprefix(_TAG), str(node.value))

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: list[Node] = []
        for key_node, value_node in node.value:
            place = _start(key_node)
            if str(key_node.tag) == _TAG + "merge":
                merged += value_node.value if isinstance(value_node, SequenceNode) else [value_node]
                continue
            if not isinstance(key_node, ScalarNode) or not _has_plain_tag(key_node):
                self._report(place, "a key is one word of text")
                continue
            key = str(key_node.value)
            if key in found:
                first = self.document.keys[*location, key][0]
                self._report(place, f"the key {shown(key)} is here twice; the first is on line {first}")
                continue
            self.document.keys[*location, key] = place
            found[key] = self.value(value_node, (*location, key))
        for source in merged:
            self._merge(source, location, found)
        return found

    def _merge(self, source: Node, location: Location, found: dict[str, Any]) -> None:
        """Add what `<<: *source` brings: keys that are not there yet."""
        values = self.value(source, (*location, "<<"))
        if not isinstance(values, dict):
            self._report(_start(source), "<< takes the name of a mapping: <<: *name")
            return
        for key, value in values.items():
            found.setdefault(key, value)

    def _report(self, place: Place, text: str) -> None:
        self.document.problems.append(Problem(place=place, text=text))


def _start(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _has_plain_tag(node: Node) -> bool:
    kind = str(node.tag).removeprefix(_TAG)
    if isinstance(node, MappingNode):
        return kind == "map"
    if isinstance(node, SequenceNode):
        return kind == "seq"
    return kind in ("str", "int", "float", "bool", "null", "timestamp")


def _scalar(kind: str, text: str) -> str | int | float | bool | None:
    """Return what a scalar stands for; dates stay text."""
    try:
        if kind == "null":
            return None
        if kind == "bool":
            return {"true": True, "false": False}[text.lower()]
        if kind == "int":
            return int(text.replace("_", ""), 0)
        if kind == "float":
            return float(text.replace("_", ""))
    except (ValueError, KeyError):  # an explicit tag on something else, 010, .inf
        return text
    return text
