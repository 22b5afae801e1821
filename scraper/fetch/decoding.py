"""Content codings, undone piece by piece: with a limit on what comes out, in linear time, until time is up."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import brotli
import zstandard

#: What we offer; a server that sends another coding is refused.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
#: A body may be packed twice; more often it is an attack.
MAX_LAYERS = 2
#: Codings that there are and that we do not offer (IANA's registry, and some that are seen). Other names name none.
_OTHERS = re.compile(r"(x-)?compress|exi|pack200-gzip|aes128gcm|dc[bz]|sdch|x?-?(bzip2?|lzma|xz|lz4|snappy|zip)")
_ZSTD_MAX_WINDOW = 1 << 27
_GZIP_MAGIC = b"\x1f\x8b"
_LONGEST_MAGIC = 4


class CodingError(Exception):
    """The body is not what its Content-Encoding says; internal to fetching."""


class OutputLimit(Exception):
    """More came out than allowed; internal to fetching."""


class _Stream(Protocol):
    """One gzip member, zstd frame or the like, with the names of `zlib.decompressobj`."""

    def decompress(self, data: bytes, room: int, /) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coding:
    #: Opens the stream that begins with these bytes.
    open: Callable[[bytes], _Stream]
    #: Bytes undone at once. What is left when a stream ends is copied: the less, the cheaper are many short ones.
    step: int = 4096
    #: How another stream begins that follows upon one; what begins otherwise does not belong to the body.
    beginnings: tuple[bytes, ...] = ()

    def goes_on(self, data: bytes) -> bool:
        """Say whether what follows upon a stream begins another, or may do so once there is more of it."""
        return any(data.startswith(magic) or magic.startswith(data) for magic in self.beginnings)


class _Brotli:
    """One stream, and nothing may follow upon it."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def decompress(self, data: bytes, room: int, /) -> bytes:
        out = bytes(self._decoder.process(data, output_buffer_limit=room))
        while not self._decoder.can_accept_more_data() and len(out) < room:
            out += self._decoder.process(b"", output_buffer_limit=room - len(out))
        return out

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())


class _Zstd:
    """zstd has no output limit per step, so its steps are small."""

    def __init__(self, decoder: zstandard.ZstdDecompressor) -> None:
        self._stream = decoder.decompressobj()

    def decompress(self, data: bytes, room: int, /) -> bytes:
        return self._stream.decompress(data)

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data


def _gzip() -> _Coding:
    return _Coding(open=lambda _: zlib.decompressobj(16 + zlib.MAX_WBITS), beginnings=(_GZIP_MAGIC,))


def _deflate() -> _Coding:
    return _Coding(open=_inflate)


def _inflate(first: bytes) -> _Stream:
    """Tell zlib-wrapped from raw deflate by the wrapper's check bits (RFC 1950, 2.2); servers send both."""
    wrapped = len(first) >= 2 and first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _brotli() -> _Coding:
    return _Coding(open=lambda _: _Brotli())


def _zstd() -> _Coding:
    """256 bytes hold at most 64 blocks of 128 KiB each. Frames, the skippable too: RFC 8878, 3.1."""
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW)
    skippable = tuple(bytes((number,)) + b"\x2a\x4d\x18" for number in range(0x50, 0x60))
    return _Coding(open=lambda _: _Zstd(decoder), step=256, beginnings=(b"\x28\xb5\x2f\xfd", *skippable))


_CODINGS: dict[str, Callable[[], _Coding]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def decode(
    body: bytes,
    content_encoding: str | None,
    max_bytes: int,
    *,
    cuts: bool = False,
    tick: Callable[[], object] = lambda: None,
) -> bytes:
    """Undo the codings of a body, and gzip that no header tells of; what is no coding's name is ignored.

    With `cuts`, the first `max_bytes` of what comes out are enough. `tick` is called again and again meanwhile and may
    raise, to end it.

    Raises:
        CodingError: not a coding we offered, too many, corrupt, or cut short.
        OutputLimit: more than `max_bytes` come out.
    """
    if not body:
        return body
    names = _names(content_encoding)
    undone: list[str] = []
    for name in reversed(names):
        if undone and name.endswith("gzip") and not body.startswith(_GZIP_MAGIC):
            continue  # the header came twice, of the server and of one in between; the body was packed once
        body = _undone(name, body, max_bytes, cuts, tick)
        undone.append(name)
    if len(undone) < MAX_LAYERS and body.startswith(_GZIP_MAGIC):
        body = _undone("gzip", body, max_bytes, cuts, tick)
    return body


def _names(content_encoding: str | None) -> Sequence[str]:
    """Return the codings that a header names, in the order in which they were applied."""
    named = [part.partition(";")[0].strip(" \t\"'").lower() for part in (content_encoding or "").split(",")]
    for name in named:
        if _OTHERS.fullmatch(name):
            raise CodingError(f"the body is coded as {name!r}, which was not offered")
    names = [name for name in named if name in _CODINGS]
    if len(names) > MAX_LAYERS:
        raise CodingError(f"the body is packed {len(names)} times ({', '.join(names[:9])})")
    return names


def _undone(name: str, body: bytes, max_bytes: int, cuts: bool, tick: Callable[[], object]) -> bytes:
    try:
        out, is_whole = _unpacked(_CODINGS[name](), body, max_bytes + 1, tick)
    except (zlib.error, brotli.error, zstandard.ZstdError) as exc:
        raise CodingError(f"the body is not valid {name}: {exc}") from exc
    if cuts and (len(out) > max_bytes or len(body) >= max_bytes):
        return out[:max_bytes]
    if len(out) > max_bytes:
        raise OutputLimit
    if not is_whole:
        raise CodingError("the body ends before its compressed stream does")
    return out


def _unpacked(coding: _Coding, body: bytes, room: int, tick: Callable[[], object]) -> tuple[bytes, bool]:
    """Return up to `room` bytes of what comes out, and whether the last stream came to its end."""
    out = bytearray()
    stream = coding.open(body[:_LONGEST_MAGIC])
    left = b""
    for start in range(0, len(body), coding.step):
        tick()
        data, left = left + body[start : start + coding.step], b""
        while data:
            if stream.eof:
                if not coding.goes_on(data):
                    return bytes(out), True
                if len(data) < _LONGEST_MAGIC:
                    left = data
                    break
                stream = coding.open(data)
            out += stream.decompress(data, room - len(out))
            if len(out) >= room:
                return bytes(out), stream.eof
            data = stream.unused_data
    return bytes(out), stream.eof and not left.startswith(coding.beginnings)
