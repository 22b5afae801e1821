"""Documents in UTF-16 and UTF-32 as UTF-8, whatever they say they are. Pure."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
#: How a document begins that has no mark: blanks, the first sign of XML or JSON, and one more character of ASCII.
_STARTS = (
    (re.compile(rb"(?:[\t\n\r ]\0\0\0){0,99}[<{]\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"(?:\0\0\0[\t\n\r ]){0,99}\0\0\0[<{]\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"(?:[\t\n\r ]\0){0,99}[<{]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"(?:\0[\t\n\r ]){0,99}\0[<{]\0[^\0]"), "utf-16-be"),
)
_DECLARATION = re.compile(r"\s{0,99}<\?xml\b[^<>]{0,300}\?>")


def wide_encoding(document: bytes) -> str | None:
    """Return in which of UTF-16 and UTF-32 a document is; None if in neither. What it declares does not count."""
    for mark, name in _MARKS:
        if document.startswith(mark):
            return name
    return next((name for start, name in _STARTS if start.match(document)), None)


def narrowed(document: bytes, encoding: str) -> bytes:
    """Return the document in UTF-8, without a declaration, which would be wrong now."""
    text = document.decode(encoding, "replace").removeprefix("\ufeff")
    declaration = _DECLARATION.match(text)
    return text[declaration.end() if declaration else 0 :].encode("utf-8", "replace")
