"""What was decided about a field, who told it, and who said otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Never, TypeVar

from scraper.extract.page.text import fold

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Claim(Generic[T_co]):
    """One witness's word."""

    #: The witness as a feed's owner knows it: "og:title", "JSON-LD author", "line at the headline".
    by: str
    value: T_co


@dataclass(frozen=True, slots=True)
class Told(Generic[T_co]):
    """A decided field: its value, the witness it was taken from, the rule that chose it, and all that was heard."""

    value: T_co | None = None
    by: str | None = None
    #: Why this witness was believed, for a person; None = it was the first that spoke.
    rule: str | None = None
    heard: tuple[Claim[object], ...] = ()

    @property
    def others(self) -> tuple[Claim[object], ...]:
        """The witnesses who said something else."""
        mine = _plain(self.value)
        return tuple(claim for claim in self.heard if claim.by != self.by and _plain(claim.value) != mine)


#: Nobody said anything.
UNTOLD: Told[Never] = Told()


def _plain(value: object) -> object:
    """A form in which spelling does not count."""
    if isinstance(value, str):
        return fold(value)
    return tuple(_plain(part) for part in value) if isinstance(value, tuple) else value


def said(by: str, value: T | None) -> list[Claim[T]]:
    """What a witness says, if it says anything."""
    return [Claim(by, value)] if value else []


def first_told(
    claims: Sequence[Claim[T]], rule: str | None = None, accept: Callable[[T], bool] = lambda _: True
) -> Told[T]:
    """The first claim that is accepted, in the order of trust."""
    for claim in claims:
        if accept(claim.value):
            return Told(claim.value, claim.by, rule, tuple(claims))
    return Told(heard=tuple(claims))
