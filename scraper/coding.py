"""Content codings, each undone with a limit on what comes out."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol

import brotli
import zstandard

#: What we offer; a server that sends anything else is refused.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
#: zstd has no output limit per step: 256 bytes hold at most 64 blocks of 128 KiB each.
_ZSTD_STEP = 256
_ZSTD_MAX_WINDOW = 1 << 27


class CodingError(Exception):
    """The body is not what its Content-Encoding says; internal to fetching."""


class OutputLimit(Exception):
    """More came out than allowed; internal to fetching."""


class _Decoder(Protocol):
    def feed(self, data: bytes, room: int) -> bytes: ...
    def is_complete(self) -> bool: ...


class _Zlib:
    """gzip (several members too) and deflate, with or without the zlib wrapper."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._stream = zlib.decompressobj(wbits)

    def feed(self, data: bytes, room: int) -> bytes:
        out = self._stream.decompress(data, room)
        while self._stream.eof and self._stream.unused_data.startswith(b"\x1f\x8b") and len(out) < room:
            data, self._stream = self._stream.unused_data, zlib.decompressobj(self._wbits)
            out += self._stream.decompress(data, room - len(out))
        return out

    def is_complete(self) -> bool:
        return self._stream.eof


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytes(self._stream.process(data, output_buffer_limit=room))
        while not self._stream.can_accept_more_data() and len(out) < room:
            out += self._stream.process(b"", output_buffer_limit=room - len(out))
        return out

    def is_complete(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW).decompressobj()

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        for start in range(0, len(data), _ZSTD_STEP):
            out += self._stream.decompress(data[start : start + _ZSTD_STEP])
            if len(out) >= room:
                break
        return bytes(out)

    def is_complete(self) -> bool:
        return bool(self._stream.eof)


def _deflate(first: bytes) -> _Zlib:
    """Tell zlib-wrapped from raw deflate by the wrapper's check bits (RFC 1950, 2.2); servers send both."""
    wrapped = len(first) >= 2 and first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    return _Zlib(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


_DECODERS: dict[str, Callable[[bytes], _Decoder]] = {
    "gzip": lambda _: _Zlib(16 + zlib.MAX_WBITS),
    "x-gzip": lambda _: _Zlib(16 + zlib.MAX_WBITS),
    "deflate": _deflate,
    "br": lambda _: _Brotli(),
    "zstd": lambda _: _Zstd(),
}


def decode(body: bytes, content_encoding: str | None, max_bytes: int, *, cuts: bool = False) -> bytes:
    """Undo one content coding. With `cuts`, the first `max_bytes` of what comes out are enough.

    Raises:
        CodingError: not a coding we offered, more than one, corrupt, or cut short.
        OutputLimit: more than `max_bytes` come out.
    """
    coding = (content_encoding or "identity").strip().lower()
    if coding in ("identity", "") or not body:
        return body
    if coding not in _DECODERS:
        raise CodingError(f"the body is coded as {coding!r}, which was not offered")
    try:
        return _decoded(_DECODERS[coding](body), body, max_bytes, cuts)
    except (zlib.error, brotli.error, zstandard.ZstdError) as exc:
        raise CodingError(f"the body is not valid {coding}: {exc}") from exc


def _decoded(decoder: _Decoder, body: bytes, max_bytes: int, cuts: bool) -> bytes:
    out = decoder.feed(body, max_bytes + 1)
    if cuts and (len(out) > max_bytes or len(body) >= max_bytes):
        return out[:max_bytes]
    if len(out) > max_bytes:
        raise OutputLimit
    if not decoder.is_complete():
        raise CodingError("the body ends before its compressed stream does")
    return out
