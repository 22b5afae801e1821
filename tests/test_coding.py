"""Content codings: what browsers read is read, within limits on size and time."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.decoding import CodingError, OutputLimit, decode

LIMIT = 1_000_000
NEWS = b"<rss version='2.0'><channel><title>Harbour news</title></channel></rss>" * 9


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # a test's name holds its data, and is the same in every process


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzipped,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd,
}
SKIPPABLE = b"\x53\x2a\x4d\x18\x03\x00\x00\x00abc"


@pytest.mark.parametrize("header", ["UTF-8", "none", "identity", "", "binary", " , ", None, "charset=utf-8", "8bit"])
def test_a_header_that_names_no_coding_is_ignored(header: str | None) -> None:
    assert decode(NEWS, header, LIMIT) == NEWS
    assert decode(gzipped(NEWS), header, LIMIT) == NEWS, "gzip is known by its first bytes"


@pytest.mark.parametrize(
    ("header", "packed"),
    [
        ("gzip", gzipped(NEWS)),
        ("GZip", gzipped(NEWS)),
        ("x-gzip", gzipped(NEWS)),
        ('"gzip"', gzipped(NEWS)),
        ("gzip;q=1.0", gzipped(NEWS)),
        ("utf-8, gzip", gzipped(NEWS)),
        ("gzip, identity", gzipped(NEWS)),
        ("gzip, gzip", gzipped(gzipped(NEWS))),
        ("gzip,gzip", gzipped(NEWS)),  # the header came twice, the body was packed once
        ("gzip", gzipped(gzipped(NEWS))),  # one of two headers got lost
        ("gzip, br", brotli.compress(gzipped(NEWS))),
        ("br", brotli.compress(gzipped(NEWS))),
        ("deflate, zstd", zstd(zlib.compress(NEWS))),
        ("deflate", raw_deflate(NEWS)),
        ("gzip", gzipped(NEWS[:40]) + gzipped(NEWS[40:])),
        ("gzip", gzipped(NEWS) + b"\0" * 900),
        ("gzip", gzipped(NEWS) + b"\x1f"),
        ("gzip", gzipped(NEWS) + b"<!-- served in 3 ms -->"),
        ("zstd", SKIPPABLE + zstd(NEWS[:40]) + SKIPPABLE + zstd(NEWS[40:]) + SKIPPABLE),
        ("zstd", zstd(NEWS) + b"<!-- -->"),
    ],
)
def test_what_browsers_read_is_read(header: str, packed: bytes) -> None:
    assert decode(packed, header, LIMIT) == NEWS


@pytest.mark.parametrize(
    ("header", "body", "message"),
    [
        ("gzip", NEWS, "not valid gzip"),
        ("br", NEWS, "not valid br"),
        ("zstd", NEWS, "not valid zstd"),
        ("deflate", b"\xff" + NEWS, "not valid deflate"),
        ("gzip, gzip", NEWS, "not valid gzip"),
        ("compress", NEWS, "'compress', which was not offered"),
        ("gzip, x-compress", NEWS, "'x-compress', which was not offered"),
        ("bzip2", NEWS, "not offered"),
        ("dcz", NEWS, "not offered"),
        ("gzip, gzip, gzip", NEWS, r"packed 3 times \(gzip, gzip, gzip\)"),
        ("gzip," * 4000, NEWS, "packed 4000 times"),
        ("gzip", gzipped(NEWS)[:-9], "ends before"),
        ("gzip", gzipped(NEWS) + gzipped(NEWS)[:-9], "ends before"),
        ("gzip", gzipped(NEWS) + b"\x1f\x8b", "ends before"),
        ("zstd", zstd(NEWS) + zstd(NEWS)[:-3], "ends before"),
        ("br", brotli.compress(NEWS)[:-3], "ends before"),
        ("br", brotli.compress(NEWS) + b"junk", "not valid br"),
        (None, gzipped(NEWS)[:-9], "ends before"),
        (None, b"\x1f\x8b\xff" + NEWS, "not valid gzip"),
    ],
)
def test_what_is_broken_is_refused(header: str | None, body: bytes, message: str) -> None:
    with pytest.raises(CodingError, match=message):
        decode(body, header, LIMIT)


@pytest.mark.parametrize("inner", PACKERS)
@pytest.mark.parametrize("outer", [None, *PACKERS])
def test_more_than_the_limit_is_refused_and_its_beginning_may_be_enough(inner: str, outer: str | None) -> None:
    packed = PACKERS[inner](b"\0" * (LIMIT + 1))
    header = inner
    if outer:
        packed, header = PACKERS[outer](packed), f"{inner}, {outer}"
    with pytest.raises(OutputLimit):
        decode(packed, header, LIMIT)
    assert decode(packed, header, LIMIT, cuts=True) == b"\0" * LIMIT
    assert decode(packed, header, LIMIT + 1) == b"\0" * (LIMIT + 1)


def test_a_layer_in_between_has_the_limit_too() -> None:
    with pytest.raises(OutputLimit):
        decode(gzipped(gzipped(b"") * (LIMIT // 20 + 1)), "gzip, gzip", LIMIT)


def test_after_two_layers_the_rest_is_left_as_it_is() -> None:
    once = gzipped(NEWS)
    assert decode(gzipped(gzipped(once)), None, LIMIT) == gzipped(once)
    assert decode(gzipped(gzipped(once)), "gzip, gzip", LIMIT) == once


@given(
    st.sampled_from(["gzip", "zstd"]),
    st.lists(st.binary(max_size=9000), min_size=1, max_size=6),
    st.integers(min_value=0, max_value=5000),
)
def test_streams_one_behind_the_other_are_one_body_wherever_they_meet(name: str, parts: list[bytes], pad: int) -> None:
    packed = b"".join(map(PACKERS[name], [b"".join(n.to_bytes(2, "big") for n in range(pad)), *parts]))
    whole = b"".join(n.to_bytes(2, "big") for n in range(pad)) + b"".join(parts)
    if not whole.startswith(b"\x1f\x8b"):
        assert decode(packed, name, LIMIT) == whole


MANY: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "empty gzip members": ("gzip", lambda n: gzipped(b"") * n),
    "short gzip members": ("gzip", lambda n: gzipped(b"x") * n),
    "members in members": ("gzip, gzip", lambda n: gzipped(gzipped(b"") * n)),
    "zstd frames": ("zstd", lambda n: zstd(b"x") * n),
    "skippable zstd frames": ("zstd", lambda n: SKIPPABLE * n + zstd(b"")),
    "flushed deflate": ("deflate", lambda n: flushed(zlib.compressobj(), n)),
    "flushed brotli": ("br", lambda n: flushed(brotli.Compressor(quality=1), n)),
    "members and junk": ("gzip", lambda n: gzipped(b"") + b"\0" * 20 * n),
}


def flushed(packer, n: int) -> bytes:
    """Return a stream of very many blocks."""
    step = packer.process if hasattr(packer, "process") else packer.compress
    blocks = [
        step(b"x") + (packer.flush() if hasattr(packer, "process") else packer.flush(zlib.Z_SYNC_FLUSH))
        for _ in range(n)
    ]
    return b"".join(blocks) + (packer.finish() if hasattr(packer, "finish") else packer.flush())


@pytest.mark.parametrize("name", MANY)
def test_decoding_costs_as_much_as_the_body_is_long(name: str) -> None:
    """Sixteen times as many streams: sixteen times the work; were it quadratic, 256 times."""
    header, make = MANY[name]
    few, many = make(2000), make(32_000)
    assert cost(many, header) <= 64 * cost(few, header)


def cost(body: bytes, header: str) -> float:
    """Return the least processor time of five."""

    def once() -> float:
        began = time.process_time()
        decode(body, header, LIMIT)
        return time.process_time() - began

    return min(once() for _ in range(5))


@pytest.mark.parametrize("name", [name for name in MANY if "junk" not in name])
def test_decoding_ends_when_time_is_up(name: str) -> None:
    header, make = MANY[name]
    body, looks = make(4000), []

    def tick() -> None:
        looks.append(1)
        if len(looks) == 2:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        decode(body, header, LIMIT, tick=tick)
