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


def read_documents(data: bytes, left_out: list[str]) -> list[object]:
    """Return the JSON documents that stand one behind the other, as `read_json` reads each.

    What is cut off or damaged is read as far as it goes, which `left_out` is told.

    Raises:
        Unreadable: it is not JSON from the beginning, or empty.
    """
    text = data.decode(json.detect_encoding(data), "replace")
    if not text.strip("\ufeff \t\r\n\0"):
        raise Unreadable("it is empty")
    try:
        return _documents(text, left_out)
    except RecursionError:
        return _documents(_flattened(text), left_out)


def _documents(text: str, left_out: list[str]) -> list[object]:
    found: list[object] = []
    at = _past_blanks(text, 0)
    while at < len(text):
        try:
            document, at = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as exc:
            part = _whole_part(text, at)
            if not part and not found:
                raise Unreadable(f"not JSON: {exc}") from exc
            told = f"the JSON is cut off or damaged at character {exc.pos + 1:,} ({exc.msg})"
            left_out.append(f"{told}; what stands behind it is missing")
            return [*found, part] if part else found
        found.append(document)
        at = _past_blanks(text, at)
    return found


def _whole_part(text: str, at: int) -> object:
    """Return what is whole of an object or list that is cut off: its members, and of a list among these its items."""
    if text[at] == "[":
        return _whole_items(text, at)
    found: dict[str, object] = {}
    if text[at] != "{":
        return found
    sign = ","
    try:
        while sign == ",":
            at = _past_blanks(text, at + 1)
            name, at = _DECODER.raw_decode(text, at)
            at = _past_blanks(text, _past_blanks(text, at) + 1)  # behind the colon
            if text[at : at + 1] == "[":
                found[str(name)] = _whole_items(text, at)
            found[str(name)], at = _DECODER.raw_decode(text, at)
            at = _past_blanks(text, at)
            sign = text[at : at + 1]
    except json.JSONDecodeError:
        pass
    return found


def _whole_items(text: str, at: int) -> list[object]:
    found: list[object] = []
    sign = ","
    try:
        while sign == ",":
            item, at = _DECODER.raw_decode(text, _past_blanks(text, at + 1))
            found.append(item)
            at = _past_blanks(text, at)
            sign = text[at : at + 1]
    except json.JSONDecodeError:
        pass
    return found


def _past_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _parsed(text: str) -> object:
    try:
        return _DECODER.decode(text)
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


#: Control characters in texts are taken as they are.
_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=lambda _: None, strict=False)
_BLANKS = re.compile(r"[ \t\r\n\ufeff]*+")


def members(path: Path, endings: tuple[str, ...], left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield what is in a ZIP archive under names with some endings; what cannot be unpacked is named in `left_out`.

    Raises:
        Unreadable: it is no such archive, or larger than any export.
    """
    try:
        _check_directory(path)
        archive = zipfile.ZipFile(path)
    except _UNPACKING as exc:
        raise Unreadable(f"not a ZIP archive that can be read ({exc})") from exc
    with archive:
        listed = [member for member in archive.infolist() if member.filename.lower().endswith(endings)]
        if len(listed) > _MOST_MEMBERS:
            raise Unreadable(f"a ZIP archive of {len(listed):,} files")
        left = MAX_BYTES
        for member in listed:
            name = member.filename[:100]
            try:
                with archive.open(member) as file:
                    data = file.read(left + 1)
                if (left := left - len(data)) < 0:
                    raise Unreadable(f"a ZIP archive with more than {MAX_BYTES // 2**20} MiB in it")
            except _UNPACKING as exc:
                left_out.append(f"{name}: it cannot be unpacked ({exc})")
            else:
                yield name, data


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
