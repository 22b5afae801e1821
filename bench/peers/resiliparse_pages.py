"""resiliparse over a folder of pages: title and text."""

from __future__ import annotations

from functools import partial

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree

from bench.dialogue import pin_to_one_core, serve
from bench.passes import read_all, time_groups


def read(html: bytes, url: str) -> str:
    """The text of the main content."""
    tree = HTMLTree.parse_from_bytes(html, detect_encoding(html))
    return str(extract_plain_text(tree, main_content=True, alt_texts=False, list_bullets=False))


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    serve({"extract": partial(time_groups, read), "read": partial(read_all, read)})


if __name__ == "__main__":
    main()
