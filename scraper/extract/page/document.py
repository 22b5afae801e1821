"""A document's characters: what sort of file it is, then its encoding."""

from __future__ import annotations

from scraper.extract.page.decode import decode_html
from scraper.extract.page.sniff import document_kind


def read_document(document: bytes | str, content_type: str | None, *, url: str) -> tuple[str, bool]:
    """The text of a page, and whether it is plain text rather than HTML.

    Raises:
        NotHtml: the document is another kind of file (PDF, image, feed ...); the message says which.
    """
    body = document.encode("utf-8", "replace") if isinstance(document, str) else document
    kind = document_kind(body, content_type, url=url)
    return document if isinstance(document, str) else decode_html(body, content_type), kind == "text"
