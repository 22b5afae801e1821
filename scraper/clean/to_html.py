"""A cleaned body written out as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from scraper.clean.raised import written_raised
from scraper.clean.tokens import Cell, Container, Leaf, Token

#: What the reader of plain text takes for one block: its parts stand on lines of their own without a blank one between.
_COMPACT = frozenset(("ul", "ol", "li", "dl", "dt", "dd"))
_ITEMS = frozenset(("li", "dt", "dd"))
#: Columns of a table that spans are filled up to.
_MAX_COLUMNS = 64


def shared_depth(one: tuple[Container, ...], other: tuple[Container, ...]) -> int:
    """How many containers two leaves have in common."""
    if one is other:
        return len(one)
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def to_html(leaves: list[Leaf]) -> str:
    """HTML of the elements that cleaning allows; an embed is a figure of nothing but a link."""
    out: list[str] = []
    path: tuple[Container, ...] = ()
    for leaf in leaves:
        shared = shared_depth(path, leaf.path)
        out.extend(f"</{container.name}>" for container in reversed(path[shared:]))
        out.extend(_start_tag(container) for container in leaf.path[shared:])
        is_first = len(leaf.path) > shared and leaf.path[-1].name in _ITEMS
        out.append(_html_leaf(leaf, is_bare=is_first))
        path = leaf.path
    out.extend(f"</{container.name}>" for container in reversed(path))
    return "".join(out)


def _start_tag(container: Container) -> str:
    return f'<ol start="{container.start}">' if container.start != 1 else f"<{container.name}>"


def _html_leaf(leaf: Leaf, *, is_bare: bool) -> str:
    if leaf.tag == "table":
        return f"<table{leaf.voice}>{''.join(map(_html_row, leaf.rows))}</table>"
    inner = _html_inline(leaf.tokens)
    if leaf.tag in ("img", "embed"):
        caption = f"<figcaption>{_html_inline(leaf.caption)}</figcaption>" if leaf.caption else ""
        return f"<figure>{inner}{caption}</figure>"
    is_plain = is_bare and leaf.tag == "p" and not leaf.voice
    return inner if is_plain else f"<{leaf.tag}{leaf.voice}>{inner}</{leaf.tag}>"


def _html_row(cells: list[Cell]) -> str:
    return f"<tr>{''.join(map(_html_cell, cells))}</tr>"


def _html_cell(cell: Cell) -> str:
    name = "th" if cell.is_header else "td"
    spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return f"<{name}{spans}>{_html_inline(cell.tokens)}</{name}>"


def _html_inline(tokens: list[Token]) -> str:
    return "".join(map(_html_token, tokens))


def _html_token(token: Token) -> str:
    kind = token[0]
    if kind == "text":
        return escape(token[1], quote=False)
    if kind == "br":
        return "<br>"
    if kind == "img":
        return f'<img src="{escape(token[1])}" alt="{escape(token[2])}">'
    if kind == "embed":
        return f'<a href="{escape(token[1])}">{escape(token[2], quote=False)}</a>'
    if kind == "close":
        return f"</{token[1]}>"
    return f'<a href="{escape(token[2])}">' if token[1] == "a" else f"<{token[1]}{token[2]}>"


def to_text(leaves: list[Leaf]) -> str:
    """The words: blocks with a blank line between, items and rows on their own lines, cells behind tabs, no embeds.

    The first row of a table has as many tabs as any other.
    """
    out: list[str] = []
    before: Leaf | None = None
    for leaf in leaves:
        text = _text_of(leaf)
        if not text:
            continue
        if before is not None:
            shared = shared_depth(before.path, leaf.path)
            out.append("\n" if shared and leaf.path[shared - 1].name in _COMPACT else "\n\n")
        out.append(text)
        before = leaf
    return "".join(out)


def _text_of(leaf: Leaf) -> str:
    if leaf.tag == "table":
        lines = ["\t".join(_words(cell.tokens, " ") for cell in row).rstrip("\t") for row in table_grid(leaf.rows)]
        missing = max(line.count("\t") for line in lines) - lines[0].count("\t")
        return "\n".join((lines[0] + "\t" * missing, *lines[1:]))
    return _words(leaf.tokens, "\n")


def _words(tokens: list[Token], line_break: str) -> str:
    said = [
        line_break if token[0] == "br" else token[1] for token in written_raised(tokens) if token[0] in ("br", "text")
    ]
    return "".join(said).rstrip()


def table_grid(rows: list[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows of a table with an empty cell wherever another one spans."""
    spanned: dict[int, int] = {}
    for row in rows:
        below = {column: count - 1 for column, count in spanned.items() if count > 1}
        grid: list[Cell] = []
        for cell in row:
            _fill(grid, spanned)
            if cell.rowspan > 1:
                below.update(dict.fromkeys(range(len(grid), len(grid) + cell.colspan), cell.rowspan - 1))
            grid.append(cell)
            grid.extend(Cell(cell.is_header, []) for _ in range(1, min(cell.colspan, _MAX_COLUMNS - len(grid))))
        _fill(grid, spanned)
        spanned = below
        yield grid


def _fill(grid: list[Cell], spanned: dict[int, int]) -> None:
    """Empty cells for the columns that a cell above still covers."""
    while len(grid) < _MAX_COLUMNS and len(grid) in spanned:
        grid.append(Cell(False, []))
