"""A pass over a folder of pages with any extractor. Standard library only: peers import it too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

#: A page's bytes and address -> the text of its article; None = there is none.
Read = Callable[[bytes, str], str | None]
_WARM_UP = 3


def time_groups(read: Read, folder: str, groups: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Any]:
    """For each group of (file, address): CPU seconds of a pass over it, its size, how many pages gave no text."""
    return {group: _timed(read, Path(folder), pages) for group, pages in groups.items()}


def _timed(read: Read, folder: Path, pages: Iterable[Sequence[str]]) -> dict[str, Any]:
    documents = [((folder / name).read_bytes(), url) for name, url in pages]
    for html, url in documents[:_WARM_UP]:  # what is loaded at first use is not the page's cost
        read(html, url)
    empty = 0
    started = process_time()
    for html, url in documents:
        empty += not read(html, url)
    return {"seconds": process_time() - started, "count": len(documents), "empty": empty}


def read_all(read: Read, folder: str, pages: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The text of each (file, address)."""
    return {"texts": {name: read((Path(folder) / name).read_bytes(), url) or "" for name, url in pages}}
