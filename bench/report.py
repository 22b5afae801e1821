"""What is printed and written: the table, the machine, the versions."""

from __future__ import annotations

import json
import os
import platform
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.contestant import PEERS, ROOT
from bench.extraction import Quality
from bench.rounds import Row
from wireroom import __version__

_HEAD = ("work", "unit", "Wireroom", "peer", "peer's", "times as fast", "round by round", "CPU ms each")
_QUALITY_HEAD = ("body on tests/pages", "pages", "F1 of words", "exact pages")
_NUMBERS = {
    "Wireroom",
    "peer's",
    "times as fast",
    "round by round",
    "CPU ms each",
    "pages",
    "F1 of words",
    "exact pages",
}
_VERSIONS = (
    "import importlib.metadata as m, json, sys; "
    "print(json.dumps({n: m.version(n) for n in sys.argv[1:]} | {'Python': sys.version.split()[0]}))"
)
PEER_PACKAGES = ("reader", "trafilatura", "readability-lxml", "resiliparse", "requests", "lxml")


def describe_run(arguments: Sequence[str], rounds: int, scratch: Path) -> dict[str, str]:
    """Return the facts that a figure is worth nothing without."""
    peers = subprocess.run(
        [str(PEERS), "-c", _VERSIONS, *PEER_PACKAGES], capture_output=True, text=True, check=True
    ).stdout
    named = ", ".join(f"{name} {version}" for name, version in json.loads(peers).items())
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "command": shlex.join(["sh", "bench/run.sh", *arguments]),
        "machine": f"{os.cpu_count()} cores, {_cpu_model()}, {platform.system()} {platform.release()}",
        "load before": _load(),
        "files on": _file_system(scratch),
        "Wireroom": f"{__version__}{_commit()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "peers": named,
        "rounds": f"{rounds}, interleaved; figures are medians",
    }


def as_text(rows: Sequence[Row], facts: dict[str, str], quality: Sequence[Quality] = ()) -> str:
    """Return the tables for a terminal."""
    width = max(map(len, facts))
    tables = [_aligned(cells) for cells in _tables(rows, quality)]
    return "\n".join(
        [*(f"{name:{width}}  {fact}" for name, fact in facts.items()), *(f"\n{table}" for table in tables)]
    )


def _tables(rows: Sequence[Row], quality: Sequence[Quality]) -> list[list[tuple[str, ...]]]:
    """The cells of each table, its head first; those without lines are left out."""
    return [
        table for table in ([_HEAD, *map(_cells, rows)], [_QUALITY_HEAD, *map(_quality_cells, quality)]) if table[1:]
    ]


def _aligned(cells: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def as_markdown(rows: Sequence[Row], facts: dict[str, str], quality: Sequence[Quality] = ()) -> str:
    """Return a section for RESULTS.md."""
    lines = [f"## Wireroom {__version__}, {facts['date']}", ""]
    lines += [f"- {name}: {f'`{fact}`' if name == 'command' else fact}" for name, fact in facts.items()]
    for head, *body in _tables(rows, quality):
        lines += [
            "",
            f"| {' | '.join(head)} |",
            "".join("|---:" if name in _NUMBERS else "|---" for name in head) + "|",
        ]
        lines += [f"| {' | '.join(cells)} |" for cells in body]
    return "\n".join(lines)


def as_json(rows: Sequence[Row], facts: dict[str, str], quality: Sequence[Quality] = ()) -> str:
    """Return everything, every round included, for programs."""
    found = {"run": facts, "rows": [_record(row) for row in rows], "quality": [asdict(one) for one in quality]}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _record(row: Row) -> dict[str, Any]:
    computed = ("our_figure", "their_figure", "ratio", "spread", "our_cpu_ms", "their_cpu_ms")
    return {**asdict(row), **{name: getattr(row, name) for name in computed}}


def _cells(row: Row) -> tuple[str, ...]:
    low, high = row.spread
    return (
        row.work,
        row.unit,
        _number(row.our_figure),
        row.peer,
        _number(row.their_figure),
        f"{row.ratio:.2f}",
        f"{low:.2f}-{high:.2f}",
        f"{_number(row.our_cpu_ms)} / {_number(row.their_cpu_ms)}",
    )


def _quality_cells(one: Quality) -> tuple[str, ...]:
    return one.program, str(one.pages), f"{one.body_f1:.3f}", f"{one.exact_pages} ({one.exact_pages / one.pages:.0%})"


def _number(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _load() -> str:
    if not hasattr(os, "getloadavg"):
        return "unknown"
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"{load:.2f}" + (" (the machine is busy: these figures are noise)" if load > cores / 4 else "")


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _file_system(scratch: Path) -> str:
    """Name the file system under the databases: on one in memory, durability costs nothing."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return sys.platform
    rows = [line.split()[1:3] for line in mounts.read_text().splitlines()]
    above = {str(path) for path in (scratch.resolve(), *scratch.resolve().parents)}
    return max((len(point), kind) for point, kind in rows if point in above)[1]


def _commit() -> str:
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True, cwd=ROOT
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f" ({found.stdout.strip()})"
