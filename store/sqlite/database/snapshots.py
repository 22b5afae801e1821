"""Versions of articles as they are put away: whole, as compressed JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import zstandard

from scraper.model import Extraction, Hints, Image, Link, Status
from store.sqlite.database.columns import storable, to_instant, to_json
from store.sqlite.database.rows import extraction, extraction_columns

#: Fields of an extraction that are for the next fetch.
_NOT_FILED = ("next_page", "single_page", "amp_url", "is_gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version, and what became of the article with it."""

    extraction: Extraction
    status: Status
    #: Why it is not full, or that the text is doubtful.
    reason: str | None


def version_of(row: Any) -> Version:
    """Return the version in a row of `articles`."""
    return Version(extraction=extraction(row), status=row["status"], reason=row["reason"])


def version_columns(version: Version) -> dict[str, object]:
    """Return the columns of `articles` that hold a version."""
    return {"status": version.status, "reason": version.reason, **extraction_columns(version.extraction)}


def snapshot(version: Version) -> bytes:
    """Return a version as `revisions` and `readings` keep it."""
    more = {"status": version.status, "status_reason": version.reason}
    return _compressed({**_as_dict(version.extraction), **more})


def packed_version(packed: bytes) -> Version:
    """Return the version that `snapshot` packed."""
    told = json.loads(zstandard.decompress(packed))
    status, reason = told.pop("status"), told.pop("status_reason", None)
    for name in ("published_at", "updated_at"):
        told[name] = to_instant(told[name])
    for name in ("byline", "agencies"):
        told[name] = tuple(told[name])
    told["image"] = Image(**told["image"]) if told["image"] else None
    told["images"] = tuple(Image(**image) for image in told["images"])
    told["related"] = tuple(Link(**link) for link in told["related"])
    found = Extraction(**told)
    return Version(extraction=found, status=status, reason=reason if status == "full" else reason or found.reason)


def packed_hints(hints: Hints) -> bytes:
    """Return what a feed said of an article as `revisions` keeps it."""
    return _compressed({name: getattr(hints, name) for name in Hints.__slots__})


def unpacked_hints(packed: bytes) -> Hints:
    """Return what `packed_hints` packed."""
    told = json.loads(zstandard.decompress(packed))
    for name in ("published_at", "updated_at"):
        told[name] = to_instant(told[name])
    return Hints(**{**told, "authors": tuple(told["authors"])})


def _compressed(told: dict[str, object]) -> bytes:
    return zstandard.compress(storable(to_json(told)).encode())


def _as_dict(found: Extraction) -> dict[str, object]:
    return {name: getattr(found, name) for name in Extraction.__slots__ if name not in _NOT_FILED}
