"""A cleaned body written out: HTML, plain text and Markdown from the same leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

#: ("text", words) | ("open", tag, address) | ("close", tag) | ("br",)
Token = tuple[str, ...]


@dataclass(slots=True)
class Leaf:
    """A block without blocks inside; `path` are the containers around it, each with a number of its own."""

    tag: str
    path: tuple[tuple[str, int], ...]
    tokens: list[Token] = field(default_factory=list)


def _shared(one: tuple[tuple[str, int], ...], other: tuple[tuple[str, int], ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def to_html(leaves: list[Leaf]) -> str:
    out: list[str] = []
    path: tuple[tuple[str, int], ...] = ()
    for leaf in leaves:
        shared = _shared(path, leaf.path)
        out.extend(f"</{name}>" for name, _ in reversed(path[shared:]))
        out.extend(f"<{name}>" for name, _ in leaf.path[shared:])
        is_bare = leaf.tag == "p" and len(leaf.path) > shared and leaf.path[-1][0] in ("li", "td", "th")
        inner = "".join(_html_token(token) for token in leaf.tokens)
        out.append(inner if is_bare else f"<{leaf.tag}>{inner}</{leaf.tag}>")
        path = leaf.path
    out.extend(f"</{name}>" for name, _ in reversed(path))
    return "".join(out)


def _html_token(token: Token) -> str:
    kind = token[0]
    if kind == "text":
        return escape(token[1], quote=False)
    if kind == "br":
        return "<br>"
    if kind == "img":
        return f'<img src="{escape(token[1])}" alt="{escape(token[2])}">'
    if kind == "close":
        return f"</{token[1]}>"
    return f'<a href="{escape(token[2])}">' if token[1] == "a" else f"<{token[1]}>"


def _gap(before: Leaf, leaf: Leaf) -> str:
    """What stands between two leaves in text: a tab inside a row, a line end in a list or table, else a blank line."""
    shared = [name for name, _ in before.path[: _shared(before.path, leaf.path)]]
    if "tr" in shared:
        return "\t" if before.path != leaf.path else " "
    is_compact = bool(shared) and shared[-1] in ("ul", "ol", "table", "li")
    return "\n" if is_compact and "li" in {name for name, _ in leaf.path} | {"li"} else "\n\n"


def to_text(leaves: list[Leaf]) -> str:
    out: list[str] = []
    before: Leaf | None = None
    for leaf in leaves:
        text = "".join("\n" if token[0] == "br" else token[1] for token in leaf.tokens if token[0] in ("br", "text"))
        if not text:
            continue
        if before is not None:
            out.append(_gap(before, leaf))
        out.append(text)
        before = leaf
    return "".join(out)


_MD_SPECIAL = re.compile(r"([\\`*_\[\]<>~|&])")
_MD_LEADING = re.compile(r"^(#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|\d{1,9}(?=[.)](\s|$)))", re.M)
_MARKS = {"strong": "**", "em": "*", "del": "~~"}


def to_markdown(leaves: list[Leaf]) -> str:
    out: list[str] = []
    before: Leaf | None = None
    numbers: dict[int, int] = {}
    for leaf in leaves:
        if before is not None:
            is_row = "tr" in (name for name, _ in leaf.path)
            same_cell_row = is_row and _gap(before, leaf) != "\n\n" and "\n" not in _gap(before, leaf)
            out.append(" " if same_cell_row else _md_gap(before, leaf))
        out.append(_md_leaf(leaf, before, numbers))
        before = leaf
    return "".join(out).strip("\n")


def _md_gap(before: Leaf, leaf: Leaf) -> str:
    if _gap(before, leaf) == "\n":
        return "\n"
    quotes = "> " * sum(name == "blockquote" for name, _ in before.path[: _shared(before.path, leaf.path)])
    return f"\n{quotes.rstrip()}\n"


def _md_leaf(leaf: Leaf, before: Leaf | None, numbers: dict[int, int]) -> str:
    text = _md_inline(leaf)
    if leaf.tag.startswith("h") and len(leaf.tag) == 2:
        text = f"{'#' * int(leaf.tag[1])} {text.replace(chr(10), ' ')}"
    shared = _shared(before.path, leaf.path) if before else 0
    first, rest = "", ""
    for index, (name, number) in enumerate(leaf.path):
        if name == "blockquote":
            first, rest = first + "> ", rest + "> "
        elif name == "li":
            mark = _md_mark(leaf.path[index - 1] if index else ("ul", 0), numbers, is_new=index >= shared)
            first, rest = first + (mark if index >= shared else " " * len(mark)), rest + " " * len(mark)
        elif name in ("td", "th") and index >= shared:
            first += "| " if leaf.path[index - 1][1] != number else ""
    return first + text.replace("\n", "\n" + rest)


def _md_mark(parent: tuple[str, int], numbers: dict[int, int], *, is_new: bool) -> str:
    if parent[0] != "ol":
        return "- "
    numbers[parent[1]] = numbers.get(parent[1], 0) + is_new
    return f"{numbers[parent[1]]}. "


def _md_inline(leaf: Leaf) -> str:
    if leaf.tag == "figure":
        _, address, label = leaf.tokens[0]
        return f"![{_md_escaped(label)}]({_md_address(address)})"
    if leaf.tag == "pre":
        raw = leaf.tokens[0][1]
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", raw)), default=0))
        return f"{fence}\n{raw}\n{fence}"
    return _MD_LEADING.sub(_escaped_lead, _md_tokens(leaf.tokens))


def _md_escaped(text: str) -> str:
    return _MD_SPECIAL.sub(r"\\\1", text)


def _escaped_lead(match: re.Match[str]) -> str:
    lead = match[0]
    return f"{lead}\\" if lead.isdigit() else f"\\{lead}"


def _md_address(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29").replace("*", "%2A")


def _md_tokens(tokens: list[Token]) -> str:
    """Inline Markdown; emphasis is written only where its marks would be read as such."""
    out: list[str] = []
    opened: list[tuple[int, Token]] = []
    for index, token in enumerate(tokens):
        if token[0] == "text":
            in_code = any(start[1] == "code" for _, start in opened)
            out.append(token[1] if in_code else _md_escaped(token[1]))
        elif token[0] == "br":
            out.append("\\\n")
        elif token[0] == "open":
            opened.append((len(out), token))
            out.append("")
        elif token[0] == "close":
            start, opening = opened.pop()
            _wrap(out, start, opening, following=_next_char(tokens, index))
    return "".join(out)


def _next_char(tokens: list[Token], index: int) -> str:
    for token in tokens[index + 1 :]:
        if token[0] == "text":
            return token[1][:1]
        if token[0] == "br":
            return " "
    return " "


def _wrap(out: list[str], start: int, opening: Token, *, following: str) -> None:
    name, inner = opening[1], "".join(out[start + 1 :])
    core = inner.strip(" ")
    lead, trail = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :] if core else ""
    del out[start:]
    preceding = "".join(out)[-1:] or " "
    if name == "a" and core:
        core = f"[{core}]({_md_address(opening[2])})"
    elif name == "code" and core:
        fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", core)), default=0))
        core = f"{fence} {core} {fence}" if "`" in core else f"{fence}{core}{fence}"
    elif name in _MARKS and core and _is_flanked(lead or preceding, core, trail or following):
        core = f"{_MARKS[name]}{core}{_MARKS[name]}"
    out.append(f"{lead}{core}{trail}")


def _is_flanked(preceding: str, core: str, following: str) -> bool:
    """Whether CommonMark takes marks around `core` for emphasis: no other marks beside, punctuation only at edges."""
    if core[0] in "*~\\" or core[-1] in "*~" or preceding[-1] in "*~\\" or following[0] in "*~":
        return False
    opens = core[0].isalnum() or not preceding[-1].isalnum()
    return opens and (core[-1].isalnum() or not following[0].isalnum())
