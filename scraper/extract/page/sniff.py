"""What kind of document a body is: HTML, plain text, or something to refuse; and its characters."""

from __future__ import annotations

import re
from typing import Literal

from scraper.errors import NotHtml
from scraper.extract.page.decode import decode_html

DocumentKind = Literal["html", "text"]

#: First bytes that no page begins with.
_MAGIC = (
    (b"%PDF-", "a PDF file"), (b"\x89PNG\r\n", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"), (b"GIF89a", "a GIF image"), (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip file"), (b"Rar!\x1a", "a RAR archive"), (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"), (b"ID3", "an MP3 file"), (b"OggS", "an Ogg file"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video"), (b"fLaC", "a FLAC file"), (b"{\\rtf", "an RTF document"),
    (b"\x00\x00\x01\x00", "an icon"), (b"wOFF", "a font"), (b"wOF2", "a font"), (b"%!PS", "a PostScript file"),
)  # fmt: skip

#: Media types, by their beginning, that are refused when the body does not look like a page.
_FOREIGN_TYPES = (
    ("application/pdf", "a PDF file"), ("image/", "an image"), ("audio/", "a sound file"), ("video/", "a video"),
    ("font/", "a font"), ("application/zip", "a ZIP archive"), ("application/json", "JSON data"),
    ("application/ld+json", "JSON data"), ("application/feed+json", "a feed"), ("application/rss", "a feed"),
    ("application/atom", "a feed"), ("application/rdf", "a feed"), ("text/css", "a style sheet"),
    ("text/javascript", "a script"), ("application/javascript", "a script"), ("text/csv", "a table (CSV)"),
    ("text/calendar", "a calendar"), ("application/epub", "an e-book"), ("application/msword", "an office document"),
    ("application/vnd.", "an office document"), ("text/xml", "an XML document"), ("application/xml", "an XML document"),
)  # fmt: skip

#: Media types that browsers never show as a page, whatever the body is.
_NEVER_PAGES = ("image/", "audio/", "video/", "font/")

_HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I)
_FEED_START = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf|opml|urlset|sitemapindex|svg)\b", re.I)
_JSON_START = re.compile(rb"\s*(?:\{\s*(?:\"|\})|\[\s*(?:[\[{\"\d]|\]))")
_SNIFF_BYTES = 2048


def read_document(document: bytes | str, content_type: str | None, *, url: str) -> tuple[str, bool]:
    """The text of a page, and whether it is plain text rather than HTML.

    Raises:
        NotHtml: the document is another kind of file (PDF, image, feed ...); the message says which.
    """
    body = document.encode("utf-8", "replace") if isinstance(document, str) else document
    kind = document_kind(body, content_type, url=url)
    return document if isinstance(document, str) else decode_html(body, content_type), kind == "text"


def document_kind(body: bytes, content_type: str | None, *, url: str) -> DocumentKind:
    """Whether `body` is to be read as HTML or as plain text.

    Raises:
        NotHtml: it is another kind of file; the message says which.
    """
    head = body[:_SNIFF_BYTES].removeprefix(b"\xef\xbb\xbf")
    media_type = (content_type or "").split(";")[0].strip().lower()
    if _HTML_START.match(head, _prologue(head)) and not media_type.startswith(_NEVER_PAGES):
        return "html"
    foreign = _foreign_body(head, body) or _foreign_type(media_type)
    if foreign:
        raise NotHtml(f"{url}: this is {foreign}, not a web page", url=url)
    return "text" if media_type == "text/plain" or media_type == "text/markdown" else "html"


def _prologue(head: bytes) -> int:
    """Where white space, comments and processing instructions (an XML declaration, a style sheet) end."""
    at = 0
    while True:
        at = len(head) - len(head[at:].lstrip())
        end = b"-->" if head.startswith(b"<!--", at) else b">" if head.startswith(b"<?", at) else None
        found = head.find(end, at + 2) if end else -1
        if end is None or found < 0:
            return at
        at = found + len(end)


def _foreign_body(head: bytes, body: bytes) -> str | None:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "an MP4 video or HEIF image"
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "a picture, sound or video (RIFF)"
    return _foreign_text(head, body)


def _foreign_text(head: bytes, body: bytes) -> str | None:
    if _FEED_START.match(head, _prologue(head)):
        return "a feed or another XML document"
    if _JSON_START.match(head) and body.rstrip()[-1:] in (b"}", b"]"):
        return "JSON data"
    return None


def _foreign_type(media_type: str) -> str | None:
    for prefix, name in _FOREIGN_TYPES:
        if media_type.startswith(prefix) and not media_type.startswith("application/vnd.wap.xhtml"):
            return name
    return None
