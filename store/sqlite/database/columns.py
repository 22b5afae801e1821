"""How Python values become column values and back: the one place that knows.

Instants are ISO-8601 UTC text of fixed width ending in Z, so that they sort and SQLite's date functions read them;
tuples are JSON arrays, dataclasses in them JSON objects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlite_utils import Database


def to_text(at: datetime) -> str:
    """Return an instant as `2026-01-02T03:04:05.000006Z`."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def to_instant(text: str | None) -> datetime | None:
    """Return the instant written in a column, None for NULL."""
    return None if text is None else datetime.fromisoformat(text)


def some_instant(text: str) -> datetime:
    """Return the instant written in a NOT NULL column."""
    return datetime.fromisoformat(text)


def to_json(value: object) -> str:
    """Return `value` as compact JSON; dataclasses (with slots) become objects, instants text."""
    return _ENCODER.encode(value) if value != () else "[]"


def _plain(value: Any) -> object:
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return {name: getattr(value, name) for name in value.__slots__}


#: `json.dumps` makes one for each call.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def strings(text: str) -> tuple[str, ...]:
    """Return the strings of a JSON array column."""
    return tuple(json.loads(text))


def objects(text: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON array column."""
    found: list[dict[str, Any]] = json.loads(text)
    return found


def to_column(value: object) -> object:
    """Return `value` as SQLite keeps it."""
    convert = _COLUMNS.get(type(value))
    if convert is not None:
        return convert(value)
    return storable(value) if isinstance(value, str) else value


def storable(text: str) -> str:
    """Return `text` with lone surrogates, which have no UTF-8 form, replaced by question marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


#: Rows in one statement: SQLite takes 32,766 values.
_AT_ONCE = 100

#: By exact type.
_COLUMNS: dict[type, Callable[[Any], object]] = {
    str: storable,
    datetime: to_text,
    timedelta: timedelta.total_seconds,
    tuple: lambda values: storable(to_json(values)),
}


def insert(db: Database, table: str, values: Mapping[str, object]) -> int:
    """Insert one row and return its rowid."""
    sql = _insert_sql(table, tuple(values))
    row_id = db.execute(sql, [to_column(value) for value in values.values()]).lastrowid
    return row_id or 0


def insert_all(db: Database, table: str, rows: Sequence[Mapping[str, object]], *, passing_over: bool = False) -> None:
    """Insert rows in their order, many by one statement; `passing_over` those that are there already."""
    ending = " ON CONFLICT DO NOTHING" if passing_over else ""
    for names, alike in groupby(rows, key=tuple):
        values = [[to_column(value) for value in row.values()] for row in alike]
        for at in range(0, len(values), _AT_ONCE):
            some = values[at : at + _AT_ONCE]
            sql = _insert_sql(table, names, len(some))
            db.execute(f"{sql}{ending}", [value for row in some for value in row])


def update(db: Database, table: str, row_id: int, values: Mapping[str, object]) -> None:
    """Set the given columns of the row whose `id` is `row_id`; nothing for no columns."""
    if values:
        parameters = [to_column(value) for value in values.values()]
        db.execute(_update_sql(table, tuple(values)), [*parameters, row_id])


def ids_json(ids: Collection[int]) -> str:
    """Return ids as the JSON array that `IN (SELECT value FROM json_each(?))` takes, whatever their number."""
    return json.dumps(list(ids))


def strings_json(texts: Collection[str]) -> str:
    """Return texts as such an array."""
    return storable(to_json(list(texts)))


@cache
def _insert_sql(table: str, names: tuple[str, ...], count: int = 1) -> str:
    row = f"({', '.join('?' * len(names))})"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * count)}"


@cache
def _update_sql(table: str, names: tuple[str, ...]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"
