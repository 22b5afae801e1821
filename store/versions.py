"""Versions of articles as they are put away: whole, as compressed JSON."""

from __future__ import annotations

import json
from typing import Any

import zstandard

from scraper.model import Extraction, Image, Link
from store.columns import storable, to_instant, to_json
from store.records import extraction

#: Fields of an extraction that are for the next fetch.
_NOT_FILED = ("next_page", "single_page", "amp_url", "is_gone")


def snapshot(row: Any) -> bytes:
    """Return the version on file as `revisions` keeps it."""
    text = to_json({**_as_dict(extraction(row)), "status": row["status"]})
    return zstandard.compress(storable(text).encode())


def packed_version(packed: bytes) -> Extraction:
    """Return the version that `snapshot` packed."""
    told = json.loads(zstandard.decompress(packed))
    del told["status"]
    for name in ("published_at", "updated_at"):
        told[name] = to_instant(told[name])
    for name in ("byline", "agencies"):
        told[name] = tuple(told[name])
    told["image"] = Image(**told["image"]) if told["image"] else None
    told["images"] = tuple(Image(**image) for image in told["images"])
    told["related"] = tuple(Link(**link) for link in told["related"])
    return Extraction(**told)


def _as_dict(found: Extraction) -> dict[str, object]:
    return {name: getattr(found, name) for name in Extraction.__slots__ if name not in _NOT_FILED}
