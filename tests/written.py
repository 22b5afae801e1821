"""The regular expressions of the program: each as `re` gets it, where it is written, and how it is used."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
_CALLS = {"search": 2, "match": 2, "fullmatch": 2, "sub": 4, "subn": 4, "split": 3, "findall": 2, "finditer": 2}
#: Attributes of a compiled pattern that match nothing.
_OTHER = frozenset({"pattern", "flags", "groups", "groupindex"})

#: Stands for a pattern that is handed on: nobody knows how it is used there.
_PASSED = "passed on"


@dataclass(frozen=True)
class Written:
    """One call of `re`, or one compiled pattern among a module's values. `pattern` is None where it is built of arguments."""

    place: str
    pattern: str | bytes | None
    flags: int
    uses: frozenset[str]


def sources() -> list[Path]:
    """Return the program's modules."""
    return [path for name in ("scraper", "store", "wireroom") for path in sorted((ROOT / name).rglob("*.py"))] + [
        ROOT / "scheduler.py"
    ]


@cache
def written() -> tuple[Written, ...]:
    """Return every pattern of the program."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sources()}
    uses = _Uses(trees)
    return tuple(found for path, tree in trees.items() for found in _of_module(path, tree, uses))


def _of_module(path: Path, tree: ast.Module, uses: _Uses) -> Iterator[Written]:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    if name.endswith("__main__"):
        return
    module = importlib.import_module(name)
    seen = set()
    for call, owner, parent in _calls(tree):
        pattern, flags = _evaluated(call, module)
        if pattern is None and owner in vars(module) and not callable(vars(module)[owner]):
            continue  # met below, among the values
        found = uses.of(path, owner, parent) if _method(call) == "compile" else frozenset({_method(call)})
        seen.add(pattern)
        yield Written(f"{path.relative_to(ROOT)} {owner}", pattern, flags, found)
    imported = _imported(tree)
    for owner, value in vars(module).items():
        for compiled in _compiled(value):
            if compiled.pattern not in seen and owner not in imported:
                yield Written(
                    f"{path.relative_to(ROOT)} {owner}", compiled.pattern, compiled.flags, uses.of_several(path, owner)
                )


def _imported(tree: ast.Module) -> set[str]:
    """Return the names that a module has from others."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {alias.asname or alias.name for node in imports for alias in node.names}


def _compiled(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (found for part in (*value, *value.values()) for found in _compiled(part))
    elif isinstance(value, (tuple, list, set, frozenset)):
        yield from (found for part in value for found in _compiled(part))


def _is_of_re(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    return function.value.id == "re" and function.attr in (*_CALLS, "compile")


def _method(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, ast.AST]]:
    """Yield the calls of `re` with the name that each is written under, and the node around each."""

    def walk(node: ast.AST, owner: str) -> Iterator[tuple[ast.Call, str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            inner = owner
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inner = child.name
            elif isinstance(child, ast.Assign) and isinstance(node, ast.Module):
                inner = ast.unparse(child.targets[0])
            elif isinstance(child, ast.AnnAssign) and isinstance(node, ast.Module):
                inner = ast.unparse(child.target)
            if isinstance(child, ast.Call) and _is_of_re(child.func):
                yield child, inner, node
            yield from walk(child, inner)

    return walk(tree, "")


def _evaluated(call: ast.Call, module: ModuleType) -> tuple[str | bytes | None, int]:
    """Return pattern and flags of a call; None where they depend on more than the module's values."""
    at = _CALLS.get(_method(call), 1)
    flags = next((word.value for word in call.keywords if word.arg == "flags"), None)
    if flags is None and len(call.args) > at:
        flags = call.args[at]

    def value(node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)))

    try:
        return value(call.args[0]), int(value(flags)) if flags else 0
    except NameError:
        return None, 0


class _Uses:
    """How compiled patterns are used, by name: a name with an underscore in its module, any other everywhere."""

    def __init__(self, trees: dict[Path, ast.Module]) -> None:
        self._found: dict[tuple[Path | None, str], set[str]] = {}
        #: (module, name of several patterns) -> the names that loops give to each of them.
        self._names: dict[tuple[Path, str], set[str]] = {}
        for path, tree in trees.items():
            nodes = list(ast.walk(tree))
            parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
            for node in nodes:
                if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.iter, ast.Name):
                    given = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
                    self._names.setdefault((path, node.iter.id), set()).update(given)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    self._note(path, node.id, parents[node])
                elif isinstance(node, ast.Attribute):
                    self._note(path, node.attr, parents[node])

    def _note(self, path: Path, name: str, parent: ast.AST) -> None:
        use = parent.attr if isinstance(parent, ast.Attribute) else _PASSED
        for where in (path, None):
            self._found.setdefault((where, name), set()).add(use)

    def of(self, path: Path, owner: str, parent: ast.AST) -> frozenset[str]:
        """Return the methods that a pattern compiled under a name is used with; a search where that is unclear."""
        if isinstance(parent, ast.Attribute):
            return frozenset({parent.attr})
        if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
            return frozenset({"search"})
        target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
        name = ast.unparse(target)
        found = self._found.get((path if name.startswith("_") else None, name), set()) - _OTHER
        return frozenset({"search" if use is _PASSED else use for use in found} or {"search"})

    def of_several(self, path: Path, owner: str) -> frozenset[str]:
        """Return the methods that loops over several patterns use them with; a search where that is unclear."""
        found = (self._found.get((path, name), set()) for name in self._names.get((path, owner), ()))
        return frozenset(set().union(*found) & _CALLS.keys() or {"search"})
