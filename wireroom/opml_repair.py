"""XML that is not well-formed, made readable where it is plain what was meant."""

from __future__ import annotations

import codecs
import re
from html.entities import html5

#: Byte order marks, the longer first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^<>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""", re.IGNORECASE)
#: Encodings of one byte a letter, in which what is UTF-8 would be nonsense.
_SINGLE_BYTE = re.compile(r"(?:iso-?8859|windows-?125|cp125|latin|us-?ascii|ascii|koi8)", re.IGNORECASE)
#: Encodings of Python that are none of documents: they read escapes, or take square time.
_NO_ENCODING = re.compile(r"punycode|idna|.*unicode.escape|utf.?7", re.IGNORECASE)
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_REFERENCE = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VALUE = re.compile(r'=\s{0,9}"[^"]*"')


def declared_falsely(document: bytes) -> str | None:
    """Return the text of a document in UTF-8 that calls itself one of the encodings of a byte a letter; else None."""
    declared = _declared(document)
    if document.isascii() or not declared or not _SINGLE_BYTE.match(declared):
        return None
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def mended(document: bytes) -> tuple[str, list[str]]:
    """Return the text of a document, as XML can hold it, and what was mended to make it so; it may still be cut."""
    said: list[str] = []
    text = _decoded(document, said)
    start = text.find("<")
    if text[:start].strip("\ufeff"):
        said.append("what stands before the first element or declaration is passed over")
    text = _without_unfit(text[max(start, 0) :], said)
    text = _with_plain_references(text, said)
    whole = _VALUE.sub(lambda found: found[0].replace("<", "&lt;"), text)
    if whole != text:
        said.append("< in values is read as a character")
    return whole, said


def _declared(document: bytes) -> str:
    found = _DECLARED.search(document[:1000])
    name = found[1].decode("ascii", "replace") if found else ""
    return "" if _NO_ENCODING.match(name) else name


def _decoded(document: bytes, said: list[str]) -> str:
    """Return the text by the mark at its beginning, its declaration, UTF-8, or windows-1252, whichever fits first."""
    for mark, encoding in _MARKS:
        if document.startswith(mark):
            return document[len(mark) :].decode(encoding, "replace")
    declared = _declared(document)
    # What was read as ASCII is in no encoding of two bytes a letter.
    named = [declared] if declared and not declared.lower().startswith(("utf-16", "utf-32", "ucs")) else []
    for encoding in (*named, "utf-8"):
        try:
            text = document.decode(encoding)
        except (LookupError, UnicodeError):
            continue
        if declared and not named:
            said.append(f"it is in UTF-8, not {declared} as it says")
        return text
    said.append(f"it is not in {declared or 'UTF-8'} as it says: read as windows-1252")
    return document.decode("windows-1252", "replace")


def _without_unfit(text: str, said: list[str]) -> str:
    fit = _UNFIT.sub("", text)
    if len(fit) < len(text):
        said.append("control characters are left out")
    return fit


def _with_plain_references(text: str, said: list[str]) -> str:
    """Return a text whose `&` all begin something that XML knows."""
    told: dict[str, None] = {}

    def plain(found: re.Match[str]) -> str:
        name = found[1]
        if name in _XML_ENTITIES:
            return found[0]
        if name and name.startswith("#"):
            if _is_character(name):
                return found[0]
            told["references to characters that XML has not are left out"] = None
            return ""
        if name and f"{name};" in html5:
            told["entities of HTML are read as in HTML"] = None
            return "".join(f"&#{ord(char)};" for char in html5[f"{name};"])
        told["& without a meaning is read as a character"] = None
        return f"&amp;{name};" if name else "&amp;"

    text = _REFERENCE.sub(plain, text)
    said += told
    return text


def _is_character(reference: str) -> bool:
    code = int(reference[2:], 16) if reference[1] in "xX" else int(reference[1:])
    return code < 0x110000 and not _UNFIT.match(chr(code))
