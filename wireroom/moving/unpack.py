"""Files from elsewhere taken apart within limits: JSON of any size, depth and fault, and ZIP archives."""

from __future__ import annotations

import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

#: One JSON document, and all members of an archive together, unpacked.
MAX_BYTES = 512 * 1024 * 1024
#: Of a ZIP archive: members that are looked at, and the size of its list of members.
_MOST_MEMBERS, _LARGEST_DIRECTORY = 10_000, 4 * 1024 * 1024
#: Objects and lists in each other; exports have five.
_DEEPEST = 50
#: A string that has no end is taken to the end of the document: nothing is looked at twice.
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_LONGEST_NUMBER = 18
_UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, NotImplementedError)


class Unreadable(ValueError):
    """A file is not what it seems to be; the text says in what way."""


def read_json(data: bytes) -> object:
    """Return what a JSON document holds.

    What cannot be true or stored becomes something that can: numbers of endless length are texts, NaN and Infinity
    null, bytes that are no text replacement characters. What is nested too deeply is null.

    Raises:
        Unreadable: it is not JSON.
    """
    text = data.decode(json.detect_encoding(data), "replace")
    try:
        return _parsed(text)
    except RecursionError:
        return _parsed(_flattened(text))


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_int=_integer, parse_constant=lambda _: None)
    except json.JSONDecodeError as exc:
        raise Unreadable(f"not JSON: {exc}") from exc


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits[:100]


def _flattened(text: str) -> str:
    """Return a document with null in place of what is nested too deeply."""
    parts: list[str] = []
    depth = kept_to = 0
    for token in _STRUCTURE.finditer(text):
        sign = token[0]
        if sign in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                parts += (text[kept_to : token.start()], "null")
        elif sign in "]}":
            depth -= 1
            if depth == _DEEPEST:
                kept_to = token.end()
    return "".join((*parts, text[kept_to:] if depth <= _DEEPEST else ""))


def json_members(path: Path, left_out: list[str]) -> Iterator[object]:
    """Yield the JSON documents in a ZIP archive; members that cannot be read are named in `left_out`.

    Raises:
        Unreadable: it is no such archive, or larger than any export.
    """
    try:
        _check_directory(path)
        archive = zipfile.ZipFile(path)
    except _UNPACKING as exc:
        raise Unreadable(f"not a ZIP archive that can be read ({exc})") from exc
    with archive:
        members = [member for member in archive.infolist() if member.filename.lower().endswith(".json")]
        if len(members) > _MOST_MEMBERS:
            raise Unreadable(f"a ZIP archive of {len(members):,} files")
        left = MAX_BYTES
        for member in members:
            name = member.filename[:100]
            try:
                with archive.open(member) as file:
                    data = file.read(left + 1)
                if (left := left - len(data)) < 0:
                    raise Unreadable(f"a ZIP archive with more than {MAX_BYTES // 2**20} MiB in it")
                yield read_json(data)
            except _UNPACKING as exc:
                left_out.append(f"{name}: it cannot be unpacked ({exc})")
            except Unreadable as exc:
                if left < 0:
                    raise
                left_out.append(f"{name}: {exc}")


def _check_directory(path: Path) -> None:
    """Refuse an archive with an absurd list of members before it is read into memory."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 66_000))
        tail = file.read()
    sizes = [struct.unpack_from("<I", tail, at + 12)[0] for at in _places(tail, b"PK\x05\x06", 22)]
    sizes = [size for size in sizes if size != 0xFFFFFFFF]
    sizes += [struct.unpack_from("<Q", tail, at + 40)[0] for at in _places(tail, b"PK\x06\x06", 56)]
    if max(sizes, default=0) > _LARGEST_DIRECTORY:
        raise Unreadable("a ZIP archive of more files than any export has")


def _places(data: bytes, mark: bytes, size: int) -> Iterator[int]:
    """Yield where a record of `size` bytes begins with a mark."""
    at = data.find(mark)
    while 0 <= at <= len(data) - size:
        yield at
        at = data.find(mark, at + 1)
