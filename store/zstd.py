"""A page as bytes in the archive: zstd, with a dictionary or without. Pure; `store.packing` says which dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import zstandard

#: 1 ms a page; level 3 takes a third of that and leaves a tenth more.
_LEVEL = 6
_DICTIONARY_BYTES = 256 * 1024
#: A dictionary that saves less is not worth having.
LEAST_GAIN = 0.02


def unpacked(row: Any) -> bytes:
    """Return the page in a row of `pages` with the `dictionary` that its dictionary_id names."""
    decompressor = zstandard.ZstdDecompressor(dict_data=_loaded(row["dictionary"] or b""))
    return decompressor.decompress(row["body"], max_output_size=row["raw_bytes"])


def packed(body: bytes, dictionary: bytes = b"") -> bytes:
    """Return a page packed with a dictionary; an empty one is none."""
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_loaded(dictionary)).compress(body)


def dictionary_of(bodies: Sequence[bytes]) -> bytes:
    """Return a dictionary trained on most of the pages; nothing if it does not help with the others."""
    trained, others = bodies[: len(bodies) * 4 // 5], bodies[len(bodies) * 4 // 5 :]
    try:
        dictionary: bytes = zstandard.train_dictionary(_DICTIONARY_BYTES, list(trained)).as_bytes()
    except zstandard.ZstdError:  # too little to learn from
        return b""
    plain = sum(len(packed(body)) for body in others)
    gained = sum(len(packed(body, dictionary)) for body in others)
    return dictionary if gained < (1 - LEAST_GAIN) * plain else b""


@lru_cache(maxsize=4)
def _loaded(dictionary: bytes) -> zstandard.ZstdCompressionDict | None:
    if not dictionary:
        return None
    loaded = zstandard.ZstdCompressionDict(dictionary)
    loaded.precompute_compress(level=_LEVEL)
    return loaded
