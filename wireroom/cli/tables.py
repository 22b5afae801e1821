"""Lists on a terminal: a table where it fits, else the rows one below the other. The first column is never cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

#: Characters: the most of any column but the first and the wide one; what columns of text may be cut to; the least of
#: the wide one; between two columns.
_MAX_COLUMN, _MIN_COLUMN, _MIN_WIDE, _GAP = 24, 10, 14, 2


def column_widths(contents: Sequence[Sequence[str]], wide: int, room: int) -> list[int] | None:
    """Return the widths of a table's columns in a line of `room` characters; None = it does not fit.

    `contents` are the cells of each column, its heading first. The column `wide` takes what is left. The first column,
    dates and numbers are shown whole; columns of text are cut, the widest first.
    """
    from rich.cells import cell_len

    natural = [max(map(cell_len, cells)) for cells in contents]
    widths = [width if at == 0 else min(width, _MAX_COLUMN) for at, width in enumerate(natural)]
    widths[wide] = min(natural[wide], _MIN_WIDE)
    may_be_cut = [at for at, cells in enumerate(contents) if at not in (0, wide) and _is_text(cells)]
    spare = room - sum(widths) - _GAP * (len(widths) - 1)
    while spare < 0:
        widest = max(may_be_cut, key=lambda at: widths[at], default=None)
        if widest is None or widths[widest] <= _MIN_COLUMN:
            return None
        widths[widest] -= 1
        spare += 1
    widths[wide] += spare
    return widths


def _is_text(cells: Sequence[str]) -> bool:
    return any(char.isalpha() for cell in cells[1:] for char in cell)


def print_table(
    out: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], *, wide: str, lead: str, wraps: bool
) -> None:
    """Print rows under headings, the column `wide` cut or, with `wraps`, going on below.

    Where there is no room for that, the rows stand one below the other, the column `lead` first.
    """
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    widths = column_widths(list(zip(columns, *rows, strict=True)), columns.index(wide), out.width)
    if widths is None:
        _print_blocks(out, columns, rows, columns.index(lead))
        return
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for name, width in zip(columns, widths, strict=True):
        table.add_column(name, width=width, no_wrap=not (wraps and name == wide), overflow="ellipsis")
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table, soft_wrap=False)


def _print_blocks(out: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], lead: int) -> None:
    """Print of each row its first value, its value in the column `lead`, and below that the others, named."""
    from rich.cells import cell_len
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    first = max(cell_len(row[0]) for row in rows)
    is_beside = first + _GAP + _MIN_WIDE <= out.width
    table = Table.grid(padding=(0, _GAP, 0, 0))
    table.add_column(width=first, no_wrap=True)
    table.add_column()
    for row in rows:
        lines = [Text(line) for line in _block(columns, row, lead)]
        if is_beside:
            table.add_row(Text(row[0], style="bold"), Text("\n").join(lines))
        else:
            out.print(Text(row[0], style="bold"))
            out.print(Padding(Text("\n").join(lines), (0, 0, 0, _GAP)), soft_wrap=False)
    if is_beside:
        out.print(table, soft_wrap=False)


def _block(columns: Sequence[str], row: Sequence[str], lead: int) -> list[str]:
    named = [(name, row[at]) for at, name in enumerate(columns) if at not in (0, lead) and row[at]]
    marks = " ".join(value for name, value in named if not name)
    title = row[lead] if lead else ""
    head = f"{marks} {title}".strip()
    return [line for line in (head, " · ".join(f"{name} {value}" for name, value in named if name)) if line]
