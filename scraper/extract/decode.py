"""Bytes of a page to text, by the encoding rules of the HTML standard.

Order: byte order mark, the Content-Type header, `<meta>` in the first bytes, else detection. One departure: a
document that is valid UTF-8 with characters beyond ASCII is UTF-8 whatever it declares, since no legacy text is
valid UTF-8 by chance, and a page saved or proxied as UTF-8 often keeps its old declaration.
"""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: The standard says 1,024; real pages put scripts before their declaration.
_PRESCAN_BYTES = 8192
_SAMPLE_BYTES = 100_000

_META_CHARSET = re.compile(
    rb"""<meta[\s/][^>]*?(?:(?<![\w-])charset\s*=\s*["']?\s*|content\s*=\s*["'][^"'>]*charset\s*=\s*)([\w.:-]+)""", re.I
)
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.I)

#: Labels whose meaning in the Encoding standard differs from Python's codec of that name.
_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "windows-874": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs",
    "x-x-big5": "big5hkscs", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "utf-16": "utf-8",
    "utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "cp1252", "unicode": "utf-8",
}  # fmt: skip


def decode_html(data: bytes, content_type: str | None = None) -> str:
    """The document as text; never fails, undecodable bytes become U+FFFD."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    declared = encoding_of_header(content_type) or _declared_inside(data)
    text = _as_utf8(data)
    if text is not None and (declared is None or not _is_stateful(declared)):
        return text
    if declared is not None and declared != "utf-8":
        return data.decode(declared, "replace")
    return data.decode(_detect(data, declared), "replace")


def encoding_of_header(content_type: str | None) -> str | None:
    """The Python codec a Content-Type header names, None if it names none that exists."""
    found = _HEADER_CHARSET.search(content_type or "")
    return _codec(found[1]) if found else None


def _declared_inside(data: bytes) -> str | None:
    head = _COMMENT.sub(b"", data[:_PRESCAN_BYTES])
    found = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    return _codec(found[1].decode("ascii")) if found else None


def _codec(label: str) -> str | None:
    name = _LABELS.get(label.strip().lower(), label.strip().lower())
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs such as "hex" or "rot13" do not make text of bytes; UTF-7 is refused by the standard.
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in _REFUSED else None


_REFUSED = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "raw-unicode-escape",
                      "unicode-escape", "undefined", "mbcs", "oem"})  # fmt: skip


def _is_stateful(encoding: str) -> bool:
    """ISO-2022-JP is seven-bit: its text is valid ASCII as it stands."""
    return encoding.startswith(("iso2022", "hz"))


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A body cut at a size limit may end inside a character.
        if error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8")
        return None


def _detect(data: bytes, declared: str | None) -> str:
    """The likeliest encoding of bytes that are not valid UTF-8."""
    sample = data[:_SAMPLE_BYTES]
    high = sum(byte >= 0x80 for byte in sample)
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    if declared == "utf-8" and broken * 20 <= high:
        return "utf-8"
    if sample[:400].count(0) > 100:
        return "utf-16-le" if sample[1:400:2].count(0) > sample[:400:2].count(0) else "utf-16-be"
    for name in ("euc_jp", "cp932", "cp949", "gb18030", "big5hkscs"):
        if _is_plausible_east_asian(sample, name):
            return name
    return _single_byte(sample)


def _is_plausible_east_asian(sample: bytes, name: str) -> bool:
    text = sample.decode(name, "replace")
    strange = [ch for ch in text if ch >= "\x80"]
    if not strange or text.count("\ufffd") * 50 > len(strange):
        return False
    if name in ("euc_jp", "cp932"):
        return sum("\u3041" <= ch <= "\u30fe" for ch in strange) * 4 > len(strange)
    if name == "cp949":
        return sum("\uac00" <= ch <= "\ud7a3" for ch in strange) * 2 > len(strange)
    return sum(ch in _COMMON_HAN for ch in strange) * 12 > len(strange)


#: The commonest Chinese characters, simplified and traditional.
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去这來國個說們為時會著對"
)


def _single_byte(sample: bytes) -> str:
    """Cyrillic when letters beyond ASCII make up the words, Western otherwise."""
    letters = sum(65 <= (byte & 0xDF) <= 90 for byte in re.sub(rb"<[^>]*>", b"", sample))
    high = sum(byte >= 0xC0 for byte in sample)
    if high <= letters * 0.4:
        return "cp1252"
    # The frequent letters о е а и н т are e0-ff in windows-1251 and c0-df in KOI8-R.
    lower_1251 = sum(byte >= 0xE0 for byte in sample)
    return "cp1251" if lower_1251 * 2 > high else "koi8_r"
