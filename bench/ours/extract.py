"""Wireroom's extractor over a folder of pages: metadata, HTML, Markdown and plain text."""

from __future__ import annotations

from functools import partial

from bench.dialogue import pin_to_one_core, serve
from bench.passes import read_all, time_groups
from scraper.extract import extract_article


def read(html: bytes, url: str) -> str:
    """The text; everything else is worked out, too."""
    return extract_article(html, url=url).text


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    serve({"extract": partial(time_groups, read), "read": partial(read_all, read)})


if __name__ == "__main__":
    main()
