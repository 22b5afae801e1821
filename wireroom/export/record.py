"""The exported record: an article as plain JSON values, the same names everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from scraper.model import ArticleRecord, Tombstone

#: Names of an exported record, in their order.
RECORD_FIELDS: tuple[str, ...] = tuple(field.name for field in fields(ArticleRecord))


def record_to_json(record: ArticleRecord) -> dict[str, Any]:
    """Return an article as JSON values, every name of `RECORD_FIELDS` present and in order."""
    return {name: as_json(getattr(record, name)) for name in RECORD_FIELDS}


def tombstone_to_json(tombstone: Tombstone) -> dict[str, Any]:
    """Return a deleted article as JSON values: `id`, `deleted_at`, `change_seq`."""
    return {name: as_json(getattr(tombstone, name)) for name in ("id", "deleted_at", "change_seq")}


def as_json(value: object) -> Any:
    """Return any value of `scraper.model` as JSON values.

    Dataclasses and mappings become objects, tuples arrays, instants RFC 3339 in UTC, durations seconds.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): as_json(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value


def rfc3339(instant: datetime) -> str:
    """Return an aware instant as RFC 3339 in UTC, to the second: "2026-01-02T03:04:05Z"."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
