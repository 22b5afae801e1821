"""Lists on a terminal: what is cut, what is not, and what there is where a table does not fit."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from wireroom.cli.tables import column_widths, print_table

COLUMNS = ("id", "", "date", "from", "title")
ROWS = [
    ("123456", "•*", "2026-11-28 15:56", "A newspaper with a very long name", "Ferry line drops its winter timetable"),
    ("7", "", "2026-11-27 08:01", "汐見新報", "港の時計塔、四十年ぶりに動く"),
]


def shown(
    width: int, columns: tuple[str, ...] = COLUMNS, rows: Sequence[tuple[str, ...]] = ROWS, **given: object
) -> str:
    out = Console(file=io.StringIO(), width=width, soft_wrap=True, markup=False, highlight=False)
    print_table(out, columns, rows, **{"wide": "title", "lead": "title", "wraps": False, **given})  # type: ignore[arg-type]
    assert isinstance(out.file, io.StringIO)
    return "\n".join(line.rstrip() for line in out.file.getvalue().splitlines())


@pytest.mark.parametrize("width", [200, 80, 60])
def test_a_table_cuts_names_and_the_wide_column_but_no_number_and_no_date(width: int) -> None:
    head, first, second = shown(width).splitlines()
    assert head.split() == ["id", "date", "from", "title"]
    assert first.startswith("123456  •*  2026-11-28 15:56  A newspap")
    assert second.startswith("7           2026-11-27 08:01  ")
    assert all(len(line) <= width for line in (head, first, second))


def test_where_a_table_does_not_fit_the_rows_stand_one_below_the_other() -> None:
    assert shown(40).splitlines() == [
        "123456  •* Ferry line drops its winter",
        "        timetable",
        "        date 2026-11-28 15:56 · from A",
        "        newspaper with a very long name",
        "7       港の時計塔、四十年ぶりに動く",
        "        date 2026-11-27 08:01 · from",
        "        汐見新報",
    ]


def test_an_address_as_first_column_stands_alone_where_it_is_long() -> None:
    rows = [("https://courier.example/category/science/feed/", "12", "Science")]
    columns = ("address", "entries", "title")
    assert shown(40, columns, rows).splitlines() == [
        "https://courier.example/category/science/feed/",
        "  Science",
        "  entries 12",
    ]
    assert rows[0][0] in shown(80, columns, rows)


def test_an_empty_list_has_no_headings() -> None:
    assert shown(80, rows=[]) == ""


def test_the_first_column_is_never_cut() -> None:
    contents = [("id", "x" * 30), ("name", "y" * 50), ("why", "z" * 50)]
    assert column_widths(contents, 2, 80) == [30, 24, 22]
    assert column_widths(contents, 2, 60) == [30, 12, 14]
    assert column_widths(contents, 2, 57) is None
