"""A cleaned body written out as CommonMark that renders to the same words; tables are GitHub's."""

from __future__ import annotations

import re
import unicodedata

from scraper.clean.raised import written_raised
from scraper.clean.to_html import shared_depth, table_grid
from scraper.clean.tokens import Cell, Container, Leaf, Token

_SPECIAL = re.compile(r"[\\`*\[\]~_<&]")
_TAG_BEHIND = re.compile(r"[a-zA-Z/!?]|$")
_ENTITY_BEHIND = re.compile(r"#?\w{1,32};|#?\w{0,32}$")
_LEADING = re.compile(r"#{1,6}(?=\s|$)|[-+=:|](?=[-\s=:|]|$)|[>|]|\d{1,9}(?=[.)](?:\s|$))")
_CLOSING_HASHES = re.compile(r"(?<!#)#+$")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_BACKTICKS = re.compile(r"`+")
_MARKS = {"strong": "**", "em": "*", "cite": "*"}


def to_markdown(leaves: list[Leaf]) -> str:
    """Markdown of the leaves; what it has no marks for (words struck out or lowered) is written plainly."""
    writer = _Writer()
    for leaf in leaves:
        writer.write(leaf)
    return "".join(writer.out)


class _Writer:
    """Writes leaf by leaf, each line behind the marks of the quotations and lists it stands in."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._before: Leaf | None = None
        #: By the number of a list: its delimiter and its last item's number; by that of an item: the mark's width.
        self._delimiters: dict[int, str] = {}
        self._numbers: dict[int, int] = {}
        self._widths: dict[int, int] = {}

    def write(self, leaf: Leaf) -> None:
        before, path = self._before, leaf.path
        if not path and before is not None and not before.path:
            self.out += ("\n\n", _block(leaf))
        else:
            shared = shared_depth(before.path, path) if before else 0
            first = rest = self._continued(path[:shared])
            if before is not None:
                self.out.append("\n" if _is_tight(before, leaf, shared) else f"\n{rest.rstrip()}\n")
            for index in range(shared, len(path)):
                first += self._mark(path, index, shared)
                rest += self._continued(path[index : index + 1])
            self.out += (first, _block(leaf).replace("\n", "\n" + rest))
        self._before = leaf

    def _continued(self, path: tuple[Container, ...]) -> str:
        return "".join(
            "> " if container.name == "blockquote" else " " * self._widths.get(container.number, 0)
            for container in path
        )

    def _mark(self, path: tuple[Container, ...], index: int, shared: int) -> str:
        """What opens a container."""
        container = path[index]
        if container.name == "blockquote":
            return "> "
        if container.name in ("ul", "ol"):
            self._choose_delimiter(container, index, is_first_new=index == shared)
            return ""
        if container.name != "li":
            return ""
        parent = path[index - 1]
        mark = self._delimiters[parent.number]
        if parent.name == "ol":
            number = self._numbers.get(parent.number, parent.start - 1) + 1
            self._numbers[parent.number] = number
            mark = f"{number}{mark}"
        self._widths[container.number] = len(mark) + 1
        return f"{mark} "

    def _choose_delimiter(self, container: Container, index: int, *, is_first_new: bool) -> None:
        """Lists that follow each other need different marks, or they would be one."""
        usual, other = ("-", "*") if container.name == "ul" else (".", ")")
        beside = self._before.path[index] if self._before and is_first_new and len(self._before.path) > index else None
        self._delimiters[container.number] = other if beside and self._delimiters.get(beside.number) == usual else usual


def _is_tight(before: Leaf, leaf: Leaf, shared: int) -> bool:
    """Whether no blank line is needed: between items, and before a list inside an item."""
    if shared == len(leaf.path) or not shared:
        return False
    new = leaf.path[shared]
    if shared < len(before.path):
        return new.name == "li" and before.path[shared].name == "li"
    return leaf.path[shared - 1].name == "li" and before.tag == "p" and new.name in ("ul", "ol") and new.start == 1


def _block(leaf: Leaf) -> str:
    tag, tokens = leaf.tag, leaf.tokens
    if tag == "p":
        if leaf.path and leaf.path[-1].name == "dt":
            plain = [token for token in tokens if token[0] not in ("open", "close") or token[1] != "strong"]
            tokens = [("open", "strong", ""), *plain, ("close", "strong")]
        return _escaped_leads(_inline(tokens))
    if tag == "table":
        return _table(leaf.rows)
    if tag == "img":
        picture = f"![{_escaped(tokens[0][2])}]({_address(tokens[0][1])})"
        return f"{picture}\\\n{_escaped_leads(_inline(leaf.caption))}" if leaf.caption else picture
    if tag == "embed":
        return f"[{_escaped(tokens[0][2])}]({_address(tokens[0][1])})"
    if tag == "pre":
        raw = tokens[0][1]
        fence = "`" * max(3, 1 + _longest_backticks(raw))
        return f"{fence}\n{raw}\n{fence}"
    heading = _inline(tokens).replace("\\\n", " ")
    return f"{'#' * int(tag[1])} {_CLOSING_HASHES.sub(_escaped_hashes, heading)}"


def _table(rows: list[list[Cell]]) -> str:
    """A head, which GitHub's tables must have, is left empty where the table has none."""
    grid = list(table_grid(rows))
    width = max(len(row) for row in grid)
    lines = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in grid]
    if not all(cell.is_header for cell in grid[0] if cell.tokens):
        lines.insert(0, [""] * width)
    lines.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: Cell) -> str:
    return _inline(cell.tokens).replace("\\\n", " ").replace("|", "\\|")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_escaped_sign, text)


def _escaped_sign(match: re.Match[str]) -> str:
    """A sign of Markdown's, left alone where it could not be read as such."""
    sign, text, end = match[0], match.string, match.end()
    if (
        (sign == "_" and text[end - 2 : end - 1].isalnum() and text[end : end + 1].isalnum())
        or (sign == "<" and not _TAG_BEHIND.match(text, end))
        or (sign == "&" and not _ENTITY_BEHIND.match(text, end))
    ):
        return sign
    return f"\\{sign}"


def _escaped_leads(text: str) -> str:
    """What would begin a list, a heading, a quotation or a table at the start of a line."""
    lines = text.split("\n") if "\n" in text else [text]
    return "\n".join([_LEADING.sub(_escaped_lead, line, count=1) if _LEADING.match(line) else line for line in lines])


def _escaped_lead(match: re.Match[str]) -> str:
    lead = match[0]
    return f"{lead}\\" if lead.isdigit() else f"\\{lead}"


def _escaped_hashes(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _address(address: str) -> str:
    return _ENTITY.sub("&amp;", address.replace("(", "%28").replace(")", "%29"))


def _longest_backticks(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _inline(tokens: list[Token]) -> str:
    """Inline Markdown; emphasis is written only where its marks would be read as such."""
    if len(tokens) == 1 and tokens[0][0] == "text":
        return _escaped(tokens[0][1])
    tokens = written_raised(tokens)
    out: list[str] = []
    opened: list[tuple[int, Token]] = []
    for index, token in enumerate(tokens):
        kind = token[0]
        if kind == "text":
            out.append(token[1] if opened and opened[-1][1][1] == "code" else _escaped(token[1]))
        elif kind == "br":
            out.append(" " if opened and opened[-1][1][1] == "code" else "\\\n")
        elif kind == "open":
            opened.append((len(out), token))
        else:
            start, opening = opened.pop()
            inner = "".join(out[start:])
            del out[start:]
            out.append(_marked(opening, inner, out, following=_next_char(tokens, index)))
    return "".join(out)


def _next_char(tokens: list[Token], index: int) -> str:
    """The character behind a closing token, whatever closes or opens between."""
    for position in range(index + 1, len(tokens)):
        if tokens[position][0] == "text":
            return tokens[position][1][0]
        if tokens[position][0] == "br":
            return " "
    return " "


def _marked(opening: Token, inner: str, out: list[str], *, following: str) -> str:
    name = opening[1]
    preceding = out[-1][-1] if out and out[-1] else " "
    if name == "a":
        if preceding == "!":
            out[-1] = f"{out[-1][:-1]}\\!"
        return f"[{inner}]({_address(opening[2])})"
    if name == "code":
        if preceding == "`":
            return _escaped(inner)
        fence = "`" * (1 + _longest_backticks(inner))
        return f"{fence} {inner} {fence}" if inner[0] == "`" or inner[-1] == "`" else f"{fence}{inner}{fence}"
    if name in _MARKS and _is_flanked(preceding, inner, following):
        return f"{_MARKS[name]}{inner}{_MARKS[name]}"
    return inner


def _is_flanked(preceding: str, inner: str, following: str) -> bool:
    """Whether CommonMark takes marks around `inner` for emphasis; with other marks beside them in doubt not."""
    if "*" in (preceding, inner[0], inner[-1], following):
        return False
    return (_is_solid(inner[0]) or _is_edge(preceding)) and (_is_solid(inner[-1]) or _is_edge(following))


def _is_solid(character: str) -> bool:
    """Neither white space nor, to any version of CommonMark, punctuation."""
    return character.isalnum() or not (character.isspace() or unicodedata.category(character)[0] in "PS")


def _is_edge(character: str) -> bool:
    """White space, or punctuation to every version of CommonMark."""
    if character.isalnum():
        return False
    return character.isspace() or character.isascii() or unicodedata.category(character)[0] == "P"
