"""Breaks pure modules in one place at a time, and says which breaks no test notices.

    .venv/bin/python scripts/mutate.py scraper/polling/feed_rate.py              # all of them
    .venv/bin/python scripts/mutate.py --most 40 scraper/polling/*.py            # 40 of each module, evenly spread

A comparison is turned, a number raised by one, a condition negated, a returned value dropped. For each, the tests that
import the module run, in a copy of the project. A survivor is a rule that nothing holds, or a change without effect.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_COPIED = ("scraper", "store", "wireroom", "bench", "scripts", "tests", "scheduler.py", "pyproject.toml", "feeds.yaml")
#: Seconds of one test: a break may make it wait for ever.
_LIMIT_S = 60
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def broken(node: ast.AST) -> ast.AST | None:
    """Return what stands in a node's place in a mutant; None = nothing does."""
    new = copy.deepcopy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in _TURNED:
        new.ops[0] = _TURNED[type(new.ops[0])]()
    elif isinstance(new, ast.Constant) and type(new.value) in (int, float):
        new.value += 1  # type: ignore[operator]  # the line above says of what
    elif isinstance(new, ast.If | ast.IfExp | ast.While):
        new.test = ast.UnaryOp(op=ast.Not(), operand=new.test)
    elif isinstance(new, ast.Return) and not (new.value is None or ast.unparse(new.value) == "None"):
        new.value = ast.Constant(value=None)
    else:
        return None
    return new


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line of each break of a module, what it is, and the text of the broken module."""
    nodes = list(ast.walk(ast.parse(source)))
    for place, node in sorted(enumerate(nodes), key=lambda pair: getattr(pair[1], "lineno", 0)):
        new = broken(node)
        if new is None:
            continue
        tree = ast.parse(source)
        old = list(ast.walk(tree))[place]
        _Put(old, new).visit(tree)
        shown = [ast.unparse(part).partition("\n")[0] for part in (node, new)]
        yield getattr(node, "lineno", 0), " -> ".join(shown), ast.unparse(ast.fix_missing_locations(tree))


class _Put(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the new node for the old one; search all others."""
        return self._new if node is self._old else super().generic_visit(node)


def importers_of(module: str) -> list[str]:
    """Return the test files that import a module (`scraper.polling.feed_rate`), by name or from its package."""
    package, _, name = module.rpartition(".")
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        imported = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        names = {(node.module, alias.name) for node in imported for alias in node.names}
        if any(source == module or (source, imports) == (package, name) for source, imports in names):
            found.append(str(path.relative_to(ROOT)))
    return found


def is_noticed(folder: Path, tests: list[str]) -> bool:
    """Say whether a test fails in a copy of the project."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "WIREROOM_TEST_LIMIT_S": str(_LIMIT_S), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode != 0


def judge(path: Path, folder: Path, most: int) -> tuple[int, int]:
    """Break one module; print the survivors, and return how many breaks were noticed, of how many."""
    source = (ROOT / path).read_text("utf-8")
    tests = importers_of(".".join(path.with_suffix("").parts))
    if not tests or is_noticed(folder, tests):
        sys.stderr.write(f"{path}: left out, {'its tests fail as it is' if tests else 'no test imports it'}\n")
        return 0, 0
    found = list(mutants(source))
    chosen = found[:: max(1, -(-len(found) // most))]
    noticed = 0
    for line, what, text in chosen:
        (folder / path).write_text(text, "utf-8")
        if is_noticed(folder, tests):
            noticed += 1
        else:
            sys.stdout.write(f"{path}:{line}: {what}\n")
    (folder / path).write_text(source, "utf-8")
    sys.stdout.write(f"{path}: {noticed} of {len(chosen)} noticed by {', '.join(tests)}\n")
    return noticed, len(chosen)


def main() -> None:
    """Break the modules that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="+", type=Path, help="files, from the project's folder")
    parser.add_argument("--most", type=int, default=10_000, help="breaks of each module")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in _COPIED:
            source = ROOT / name
            ignored = shutil.ignore_patterns("__pycache__", ".venv", "out")
            copied = shutil.copytree(source, folder / name, ignore=ignored) if source.is_dir() else None
            if copied is None:
                shutil.copy(source, folder / name)
        scores = [judge(path, folder, wanted.most) for path in wanted.modules if path.name != "__init__.py"]
    noticed, total = (sum(numbers) for numbers in zip(*scores, strict=True)) if scores else (0, 0)
    sys.stdout.write(f"{noticed} of {total} noticed\n")


if __name__ == "__main__":
    main()
