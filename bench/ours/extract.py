"""Wireroom's extractor over a folder of pages: metadata, HTML, Markdown and plain text."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

from bench.dialogue import pin_to_one_core, serve
from scraper.extract import extract_article


def extract(folder: str, groups: dict[str, list[list[str]]]) -> dict[str, Any]:
    """Return for each group of (file, address) the CPU seconds of a pass over it and how many pages gave no text."""
    return {group: _pass(Path(folder), pages) for group, pages in groups.items()}


def _pass(folder: Path, pages: list[list[str]]) -> dict[str, Any]:
    documents = [((folder / name).read_bytes(), url) for name, url in pages]
    for html, url in documents[:3]:  # what is loaded at first use is not the page's cost
        extract_article(html, url=url)
    empty = 0
    started = process_time()
    for html, url in documents:
        empty += not extract_article(html, url=url).text
    return {"seconds": process_time() - started, "count": len(documents), "empty": empty}


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    serve({"extract": extract})


if __name__ == "__main__":
    main()
