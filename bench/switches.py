"""The rules and word lists of the extractor as switches, found by their shape; and which of them a page may need.

A rule is a function that answers yes or no, finds something or nothing, or marks lines; off, it says no, finds nothing
or marks none. A pattern, off, matches nothing; a set of words is empty. Of the tables of phrases each language is a
switch, and each phrase; of the words that tell the role of a block, each role. Functions and tables are changed in
place.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import scraper.extract
from scraper.extract.body.roles import Role
from scraper.extract.words.phrasebook import Phrasebook

#: Parts of `scraper.extract` in which rules are looked for.
_PARTS = ("body", "meta", "words", "kind", "page.tree")
#: How phrases are asked is no rule.
_LEFT_OUT = ("words.phrasebook",)
_NEVER = re.compile(r"(?!)")
_PREFIX = "scraper.extract."


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One rule or list, and how to switch it off for a while."""

    name: str
    kind: str
    off: Callable[[], Any]


@lru_cache(maxsize=1)
def find_switches() -> dict[str, Switch]:
    """All switches of the extractor, by name."""
    phrases = list(_phrase_groups())
    found = [
        *(_function_switch(name, function) for name, function in _functions().items()),
        *(_value_switch(name, "pattern", pattern, _NEVER) for name, pattern in _patterns().items()),
        *(_value_switch(name, "set", words, frozenset()) for name, words in _sets().items()),
        *(_phrases_switch(kind, name, own) for kind, name, own in phrases),
        *(_words_switch(name, table, role) for name, table, role in _role_words()),
    ]
    return {switch.name: switch for switch in found}


@lru_cache(maxsize=1)
def _modules() -> tuple[types.ModuleType, ...]:
    """Every module of the extractor."""
    every = pkgutil.walk_packages(scraper.extract.__path__, _PREFIX)
    return tuple(importlib.import_module(module.name) for module in every)


def _parts() -> Iterator[tuple[str, types.ModuleType]]:
    for module in _modules():
        name = module.__name__.removeprefix(_PREFIX)
        if name not in _LEFT_OUT and any(name == part or name.startswith(f"{part}.") for part in _PARTS):
            yield name, module


# --------------------------------------------------------------------------- rules

#: What a function of each kind returns when it is off.
_OFF: dict[str, Callable[..., Any]] = {
    "no": lambda *_, **__: False,
    "nothing": lambda *_, **__: None,
    "tuple": lambda *_, **__: (),
    "list": lambda *_, **__: [],
    "set": lambda *_, **__: frozenset(),
}


@lru_cache(maxsize=1)
def _functions() -> dict[str, types.FunctionType]:
    """The functions that are rules, methods and cached ones too, by their names."""
    found = {}
    for name, module in _parts():
        for function in _of_module(module):
            if _answer(function):
                found[f"{name}.{function.__qualname__}"] = function
    return found


def _of_module(module: types.ModuleType) -> Iterator[types.FunctionType]:
    for value in vars(module).values():
        members = [value, *vars(value).values()] if inspect.isclass(value) else [value]
        for member in members:
            inner = member.fget if isinstance(member, property) else getattr(member, "__wrapped__", member)
            if isinstance(inner, types.FunctionType) and inner.__module__ == module.__name__:
                yield inner


def _answer(function: types.FunctionType) -> str | None:
    """Which kind of answer a function gives; None = it is no rule."""
    said = str(function.__annotations__.get("return"))
    said = str(function.__globals__.get(said, said))
    if said == "None":
        return "nothing" if "." not in function.__qualname__ else None
    kinds = {"bool": "no", "tuple[str, ...]": "tuple"}
    if said.endswith("| None"):
        return "nothing"
    begins = {"list[": "list", "frozenset[": "set"}
    return kinds.get(said) or next((kind for start, kind in begins.items() if said.startswith(start)), None)


def _function_switch(name: str, function: types.FunctionType) -> Switch:
    @contextmanager
    def off() -> Iterator[None]:
        code = function.__code__
        function.__code__ = _OFF[_answer(function) or "nothing"].__code__
        try:
            yield
        finally:
            function.__code__ = code

    return Switch(name=name, kind="rule", off=off)


# --------------------------------------------------------------------------- patterns and sets


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: value for name, value in _values() if isinstance(value, re.Pattern)}


@lru_cache(maxsize=1)
def _sets() -> dict[str, frozenset[str]]:
    return {name: value for name, value in _values() if isinstance(value, frozenset)}


def _values() -> Iterator[tuple[str, Any]]:
    """What modules name, each once: under the first of its names."""
    known: set[int] = set()
    for name, module in _parts():
        for key, value in vars(module).items():
            if id(value) not in known and not key.startswith("__"):
                known.add(id(value))
                yield f"{name}.{key}", value


def _replace(old: Any, new: Any) -> None:
    """Put another value wherever a module has this one."""
    for module in _modules():
        for key, value in list(vars(module).items()):
            if value is old:
                setattr(module, key, new)


def _value_switch(name: str, kind: str, value: Any, nothing: Any) -> Switch:
    places = [(module, key) for module in _modules() for key, told in vars(module).items() if told is value]

    @contextmanager
    def off() -> Iterator[None]:
        for module, key in places:
            setattr(module, key, nothing)
        try:
            yield
        finally:
            for module, key in places:
                setattr(module, key, value)

    return Switch(name=name, kind=kind, off=off)


# --------------------------------------------------------------------------- phrases


def _phrase_groups() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Kind, name and phrases: of each language of each table those it alone has, and each phrase by itself."""
    for name, module in _parts():
        if getattr(module, "Phrasebook", None) is not Phrasebook:
            continue
        for key, table in vars(module).items():
            if isinstance(table, dict) and table and all(_is_phrases(value) for value in table.values()):
                for language, phrases in table.items():
                    others = {phrase for other, said in table.items() if other != language for phrase in said}
                    yield "phrases", f"{name}.{key}[{language}]", frozenset(phrases) - others
                    for phrase in phrases:
                        yield "phrase", f"{name}.{key}[{language}] {phrase}", frozenset((phrase,))
            elif isinstance(table, Phrasebook):
                every = frozenset((*table._always, *(one for some in table._needing for one in some)))
                yield "phrases", f"{name}.{key}", every
                for phrase in every:
                    yield "phrase", f"{name}.{key} {phrase}", frozenset((phrase,))


def _is_phrases(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(item, str) for item in value)


def _phrases_switch(kind: str, name: str, phrases: frozenset[str]) -> Switch:
    @contextmanager
    def off() -> Iterator[None]:
        candidates = Phrasebook._candidates

        def fewer(self: Phrasebook, text: str) -> Iterator[re.Pattern[str]]:
            return (pattern for pattern in candidates(self, text) if pattern.pattern not in phrases)

        Phrasebook._candidates = fewer  # type: ignore[method-assign]  # off for a while
        try:
            yield
        finally:
            Phrasebook._candidates = candidates  # type: ignore[method-assign]

    return Switch(name=name, kind=kind, off=off)


# --------------------------------------------------------------------------- words of roles


def _role_words() -> Iterator[tuple[str, dict[str, Role], Role]]:
    for name, module in _parts():
        for key, table in vars(module).items():
            if isinstance(table, dict) and table and all(isinstance(value, Role) for value in table.values()):
                for role in dict.fromkeys(table.values()):
                    yield f"{name}.{key}[{role.name}]", table, role


def _words_switch(name: str, table: dict[str, Role], role: Role) -> Switch:
    @contextmanager
    def off() -> Iterator[None]:
        whole = dict(table)
        for word in [word for word, told in whole.items() if told is role]:
            del table[word]
        try:
            yield
        finally:
            table.clear()
            table.update(whole)

    return Switch(name=name, kind="words", off=off)


# --------------------------------------------------------------------------- which a page may need


class Watch:
    """Notes what acts while pages are read; there is no way back, so it wants a process of its own."""

    def __init__(self) -> None:
        #: Names of the switches that acted.
        self.seen: set[str] = set()
        #: Of sets nobody can tell when they act.
        self._always = frozenset(_sets())
        self._roles = {role: {name for name, _, told in _role_words() if told is role} for role in Role}
        owners: dict[str, set[str]] = {}
        for _, name, phrases in _phrase_groups():
            for phrase in phrases:
                owners.setdefault(phrase, set()).add(name)
        for name, pattern in _patterns().items():
            _replace(pattern, _Watched(pattern, name, self.seen))
        for number, (name, function) in enumerate(_functions().items()):
            self._watch_function(f"_watched_{number}", name, function)
        self._watch_roles()
        for method in ("begins", "is_whole", "occurs"):
            _watch_book(method, owners, self.seen)

    def start(self) -> None:
        """Begin with another page."""
        forget()
        self.seen.clear()
        self.seen |= self._always

    def _watch_function(self, key: str, name: str, function: types.FunctionType) -> None:
        original = _put_before(function, key)

        def watched(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            before = _marks(args)
            found = original(*args, **kwargs)
            if _is_something(found) or (found is None and _is_void(original, before, args)):
                self.seen.add(name)
            return found

        function.__globals__[key] = watched

    def _watch_roles(self) -> None:
        function = importlib.import_module("scraper.extract.body.roles").own_names
        original = _put_before(function, "_watched_roles")

        def watched(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            found = original(*args, **kwargs)
            self.seen |= self._roles.get(found[0], set())
            return found

        function.__globals__["_watched_roles"] = watched


def _put_before(function: types.FunctionType, key: str) -> types.FunctionType:
    """Make a function ask what its module will have under `key`; give what it was."""
    original = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    original.__kwdefaults__, original.__annotations__ = function.__kwdefaults__, function.__annotations__
    original.__qualname__ = function.__qualname__
    function.__code__ = _ask.__code__.replace(co_names=(key,))
    return original


def _ask(*args: Any, **kwargs: Any) -> Any:
    return _watched(args, kwargs)  # type: ignore[name-defined]  # noqa: F821 - the name is replaced


def _is_something(found: Any) -> bool:
    return found is not None and found is not False and not (isinstance(found, _MANY) and not found)


_MANY = (tuple, list, set, frozenset)


def _is_void(function: types.FunctionType, before: list[Any], args: tuple[Any, ...]) -> bool:
    """Whether a function that returns nothing at all may have changed something."""
    is_void = function.__annotations__.get("return") == "None"
    return is_void and (not before or before != _marks(args))


def _marks(args: tuple[Any, ...]) -> list[Any]:
    """Reasons and roles of the lines and blocks among the arguments."""
    groups = [arg if isinstance(arg, (list, tuple)) else (arg,) for arg in args]
    return [
        (getattr(item, "dropped", None), getattr(item, "role", None), getattr(item, "gain", None))
        for group in groups
        for item in group
        if hasattr(item, "dropped") or hasattr(item, "role")
    ]


class _Watched:
    """A pattern that notes when it matches."""

    def __init__(self, pattern: re.Pattern[str], name: str, seen: set[str]) -> None:
        self._pattern, self._name, self._seen = pattern, name, seen

    def __getattr__(self, method: str) -> Any:
        inner = getattr(self._pattern, method)
        if not callable(inner):
            return inner

        def call(*args: Any, **kwargs: Any) -> Any:
            found = inner(*args, **kwargs)
            if found is not None and found != [] and found != args[-1] and found != [args[-1]]:
                self._seen.add(self._name)
            return found

        return call


_HOW = {"begins": re.Pattern.match, "is_whole": re.Pattern.fullmatch, "occurs": re.Pattern.search}


def _watch_book(method: str, owners: dict[str, set[str]], seen: set[str]) -> None:
    """Note the phrases, and the languages, that alone make a phrasebook say yes."""
    matches = _HOW[method]

    def watched(self: Phrasebook, text: str) -> bool:
        hits = {pattern.pattern for pattern in self._candidates(text) if matches(pattern, text)}
        if hits:
            seen.update(set.intersection(*(owners.get(phrase, set()) for phrase in hits)))
        return bool(hits)

    setattr(Phrasebook, method, watched)


@lru_cache(maxsize=1)
def _caches() -> tuple[Callable[[], None], ...]:
    return tuple(
        value.cache_clear
        for module in _modules()
        for value in vars(module).values()
        if hasattr(value, "cache_clear") and "Phrasebook" not in str(value.__wrapped__.__annotations__.get("return"))
    )


def forget() -> None:
    """Empty the extractor's caches: what they hold may be another switch's."""
    for clear in _caches():
        clear()
