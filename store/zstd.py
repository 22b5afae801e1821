"""A page as bytes in the archive: zstd, by itself, with a dictionary, or with another page before it. Pure.

`store.sqlite.database.packing` says which dictionary, `store.sqlite.database.pages` which page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import zstandard

#: 1 ms a page; level 3 takes a third of that and leaves a tenth more.
_LEVEL = 6
_DICTIONARY_BYTES = 256 * 1024
#: As a power of two: two pages of the largest size that is fetched.
_LARGEST_WINDOW = 24
#: A dictionary that saves less is not worth having.
LEAST_GAIN = 0.02


def unpacked(row: Any, prefix: bytes | None = None) -> bytes:
    """Return the page in a row of `pages` with the `dictionary` that its dictionary_id names, or the page before it."""
    loaded = _loaded(row["dictionary"] or b"") if prefix is None else _as_dictionary(prefix)
    decompressor = zstandard.ZstdDecompressor(dict_data=loaded, max_window_size=2**_LARGEST_WINDOW)
    return decompressor.decompress(row["body"], max_output_size=row["raw_bytes"])


def packed(body: bytes, dictionary: bytes = b"") -> bytes:
    """Return a page packed with a dictionary; an empty one is none."""
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_loaded(dictionary)).compress(body)


def packed_after(body: bytes, prefix: bytes) -> bytes:
    """Return a page packed with another one before it: what the two share costs next to nothing."""
    size = len(body) + len(prefix)
    # Left to itself, zstd looks back two megabytes and forgets most of what a large prefix has.
    window, table = min(max(size.bit_length(), 18), _LARGEST_WINDOW), min(max(size.bit_length(), 17), 22)
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(body), dict_size=len(prefix), window_log=window, hash_log=table, chain_log=table
    )
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=_as_dictionary(prefix)).compress(body)


def _as_dictionary(prefix: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(prefix, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


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
