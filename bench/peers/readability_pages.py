"""readability-lxml over a folder of pages: title, HTML, and the HTML's text."""

from __future__ import annotations

from functools import partial

import lxml.html
from readability import Document

from bench.dialogue import pin_to_one_core, serve
from bench.passes import read_all, time_groups

#: Elements that do not begin a line of their own.
_INLINE = frozenset(
    ("a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "u")
)


def read(html: bytes, url: str) -> str | None:
    """The text, a line for each block."""
    document = Document(html, url=url)
    document.short_title()
    summary = document.summary(html_partial=True)
    return _text(lxml.html.fromstring(summary)) if summary.strip() else None


def _text(root: lxml.html.HtmlElement) -> str:
    for element in root.iter("*"):
        if element.tag not in _INLINE:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    parts = [" ".join(line.split()) for line in root.text_content().split("\n")]
    return "\n".join(part for part in parts if part)


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    serve({"extract": partial(time_groups, read), "read": partial(read_all, read)})


if __name__ == "__main__":
    main()
