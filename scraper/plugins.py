"""Extensions by name: those built in, and those that other installed packages add by entry points.

A plug-in is code of a package that somebody installed, and trusted like it. It is loaded when it is first asked for,
never at import; installed packages are looked through only for names that are not built in, and for listings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from scraper.errors import PluginUnusable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class Extension(Protocol):
    """What a registry holds."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Extension)
_MAX_CAUSE_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """An extension that an installed package adds."""

    #: What it is, as the registry says ("export format").
    kind: str
    name: str
    #: Name and version of the package.
    package: str
    #: Why it cannot be used, and what to do; None = it can.
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry(Generic[T]):
    """The extensions of one kind."""

    #: What one of them is, for messages: "export format".
    what: str
    type: type[T]
    #: Where each built-in one is ("module:ATTRIBUTE") by its name, in the order in which they are listed.
    built_in: Mapping[str, str]
    #: Group of the entry points by which other packages name theirs. None of them replaces a built-in one.
    group: str

    def names(self) -> tuple[str, ...]:
        """Return the names of all: those built in first, those of plug-ins in alphabetical order. Loads none."""
        added = {point.name for point in self._points()}
        return (*self.built_in, *sorted(added - self.built_in.keys()))

    def find(self, name: str) -> T | None:
        """Return the extension of that name, loaded; None = there is none.

        Raises:
            PluginUnusable: a plug-in has the name, but it cannot be loaded, or more than one has it.
        """
        if name in self.built_in:
            return self._checked(_load(self.built_in[name]), name)
        points = [point for point in self._points() if point.name == name]
        return self._plugged(points[0], points) if points else None

    def built_ins(self) -> Iterator[T]:
        """Yield the built-in ones in their order, each loaded when it is its turn."""
        for name, place in self.built_in.items():
            yield self._checked(_load(place), name)

    def plugged(self) -> Iterator[T | PluginUnusable]:
        """Yield those of plug-ins in alphabetical order; for one that cannot be used, the error that says why."""
        points = self._points()
        for point in points:
            try:
                yield self._plugged(point, points)
            except PluginUnusable as exc:
                yield exc

    def plugins(self) -> tuple[Plugin, ...]:
        """Return what installed packages add; each is loaded to see that it can be used."""
        return tuple(
            Plugin(
                kind=self.what,
                name=point.name,
                package=_package(point),
                fault=str(found) if isinstance(found, PluginUnusable) else None,
            )
            for point, found in zip(self._points(), self.plugged(), strict=True)
        )

    def _points(self) -> list[EntryPoint]:
        from importlib.metadata import entry_points

        return sorted(entry_points(group=self.group), key=lambda point: (point.name, _package(point)))

    def _plugged(self, point: EntryPoint, points: list[EntryPoint]) -> T:
        package = _package(point)
        if point.name in self.built_in:
            cause = "the name belongs to one that is built in, which no plug-in replaces"
            raise self._unusable(point.name, package, cause)
        if others := [_package(one) for one in points if one.name == point.name and one is not point]:
            raise self._unusable(point.name, package, f"{', '.join(others)} has one of the same name")
        try:
            return self._checked(point.load(), point.name)
        # Code of others, which may fail in any way; what it adds is left out, and the rest goes on.
        except (Exception, SystemExit) as exc:
            cause = str(exc) if isinstance(exc, _Unfit) else f"{type(exc).__name__}: {exc}"
            raise self._unusable(point.name, package, " ".join(cause.split())[:_MAX_CAUSE_CHARS]) from exc

    def _checked(self, found: object, name: str) -> T:
        if not isinstance(found, self.type):
            raise _Unfit(f"it is a {type(found).__name__}, not a {self.type.__module__}.{self.type.__qualname__}")
        if found.name != name:
            raise _Unfit(f"it calls itself {found.name!r}")
        return found

    def _unusable(self, name: str, package: str, cause: str) -> PluginUnusable:
        distribution = package.partition(" ")[0]
        return PluginUnusable(
            f"the {self.what} {name!r} of the package {package} cannot be used: {cause}. "
            f"Update the package, or remove it: pip uninstall {distribution}",
            name=name,
        )


class _Unfit(TypeError):
    """What a name leads to is no extension of the kind; the text says what it is."""


def _load(place: str) -> object:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "unknown"
