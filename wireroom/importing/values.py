"""What may stand in a file from elsewhere: types that take what programs really write, and say what is wrong else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from scraper.errors import StoreUnusable
from scraper.model import MovedArticle
from scraper.text.lines import _SHOWN_CHARS, fit, one_line

R = TypeVar("R")
M = TypeVar("M", bound=BaseModel)

#: Characters of a title or name, of an address, and of a text.
_LONGEST_LINE, LONGEST_ADDRESS, _LONGEST_TEXT = 10_000, 16_000, 20_000_000
_LARGEST_NUMBER = 2**53
_SHOWN_FAULTS = 3


class Unfit(ValueError):
    """A value that cannot be taken over; the text says which and why."""


def _if_text(change: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: change(value) if isinstance(value, str) else value)


Address = Annotated[str, _if_text(lambda text: fit(text).strip()), Field(max_length=LONGEST_ADDRESS)]
Text = Annotated[str, _if_text(fit), Field(max_length=_LONGEST_TEXT)]
#: A title or name.
Words = Annotated[str, _if_text(one_line), Field(max_length=_LONGEST_LINE)]


class Fields(BaseModel):
    """Named values; those that nobody asks for are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _fit_row(kind: type[M], row: object) -> tuple[M | None, str | None]:
    """Return the fields of a row, without members of lists that are unfit, and what is wrong with it."""
    try:
        return kind.model_validate(row), None
    except ValidationError as exc:
        told = faults(exc)
        places = {error["loc"][:2] for error in exc.errors(include_url=False, include_context=False)}
    bad = {place for place in places if len(place) == 2 and isinstance(place[1], int)}
    if bad != places or not isinstance(row, dict):
        return None, told
    lists = {
        name: [member for number, member in enumerate(row[name]) if (name, number) not in bad]
        for name in {str(name) for name, _ in bad}
    }
    try:
        return kind.model_validate(row | lists), told
    except ValidationError:
        return None, told


def faults(error: ValidationError) -> str:
    """Say what is wrong with a value, on one line of bounded length."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{'.'.join(map(str, e['loc'])) or 'it'}: {_told(e)}"[: 2 * _SHOWN_CHARS] for e in found[:_SHOWN_FAULTS]]
    return "; ".join(told)


def _told(fault: Mapping[str, Any]) -> str:
    kind = fault["type"].partition("_")[0]
    expected = {"string": "a text", "int": "a number", "bool": "yes or no", "tuple": "a list", "model": "an object"}
    if fault["type"] in ("string_too_long", "too_long"):
        return "it is too long"
    return f"{expected[kind]} is expected" if kind in expected else fault["msg"]


def number(value: object) -> int | None:
    """Return a number of bytes or the like; None for what is none, or cannot be true."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:20])
    return value if isinstance(value, int) and 0 < value <= _LARGEST_NUMBER else None


def fit_rows(what: str, rows: Iterable[object], kind: type[M], left_out: list[str]) -> Iterator[tuple[int, M]]:
    """Yield the rows of a file with their places, from 1; one that is unfit spoils itself alone, and is named.

    So does what is unfit in a list of a row: a tag, a file.
    """
    place = 0
    try:
        for place, row in enumerate(rows, 1):
            found, told = _fit_row(kind, row)
            if told is not None:
                left_out.append(f"{what} {place}: {told}")
            if found is not None:
                yield place, found
    except StoreUnusable as exc:
        left_out.append(f"what stands behind {what} {place}: {exc}")


def moved_rows(
    what: str, rows: Iterable[tuple[int, R]], read: Callable[[R], MovedArticle | None], left_out: list[str]
) -> Iterator[MovedArticle]:
    """Yield the articles of rows, where `read` finds one; one that is unfit is named, too."""
    for place, row in rows:
        try:
            moved = read(row)
        except Unfit as exc:
            left_out.append(f"{what} {place}: {exc}")
        else:
            if moved is not None:
                yield moved


def as_object(value: object) -> dict[str, Any]:
    """Return an object of JSON; an empty one for what is none."""
    return value if isinstance(value, dict) else {}
