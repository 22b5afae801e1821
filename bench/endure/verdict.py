"""What was looked at, how often, and what was violated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: So many violations of one row are printed.
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was looked at."""

    what: str
    #: How many cases, kills, feeds ... were looked at.
    count: int
    #: The figure to show, if there is more to say than the count.
    figure: str = ""
    violations: tuple[str, ...] = ()


def row(what: str, count: int, violations: Iterable[str] = (), figure: str = "") -> Row:
    """Make a row."""
    return Row(what=what, count=count, figure=figure, violations=tuple(violations))


def print_table(title: str, rows: Sequence[Row]) -> int:
    """Print the table with the violations below; return the exit status: 1 if there are any."""
    width = max((len(each.what) for each in rows), default=10)
    print(f"\n{title}\n{'':{width}}  {'cases':>7}  {'violations':>10}")
    for each in rows:
        print(f"{each.what:{width}}  {each.count:7}  {len(each.violations):10}  {each.figure}".rstrip())
    for each in rows:
        for text in each.violations[:_SHOWN]:
            print(f"! {each.what}: {text}")
        if len(each.violations) > _SHOWN:
            print(f"! {each.what}: and {len(each.violations) - _SHOWN} more")
    total = sum(len(each.violations) for each in rows)
    print(f"violations: {total}")
    return 1 if total else 0
