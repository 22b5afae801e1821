"""trafilatura over a folder of pages: metadata and text in one form, comments left out."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

from trafilatura import bare_extraction

from bench.dialogue import pin_to_one_core, serve


def extract(folder: str, groups: dict[str, list[list[str]]], fast: bool) -> dict[str, Any]:
    """Return for each group of (file, address) the CPU seconds of a pass over it and how many pages gave no text.

    `fast` leaves out its fallback extractors.
    """
    return {group: _pass(Path(folder), pages, fast) for group, pages in groups.items()}


def _pass(folder: Path, pages: list[list[str]], fast: bool) -> dict[str, Any]:
    documents = [((folder / name).read_bytes(), url) for name, url in pages]
    for html, url in documents[:3]:
        _text(html, url, fast)
    empty = 0
    started = process_time()
    for html, url in documents:
        empty += not _text(html, url, fast)
    return {"seconds": process_time() - started, "count": len(documents), "empty": empty}


def _text(html: bytes, url: str, fast: bool) -> str | None:
    document = bare_extraction(html, url=url, with_metadata=True, include_comments=False, fast=fast)
    return None if document is None else document.text


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    serve({"extract": extract})


if __name__ == "__main__":
    main()
