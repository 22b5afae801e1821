"""A Rust port of trafilatura over a folder of pages, by the name of its Python package: etrafilatura or trafipy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module

from bench.dialogue import pin_to_one_core, serve
from bench.passes import read_all, time_groups


def reader(name: str) -> Callable[[bytes, str], str | None]:
    """What reads one page: bytes and address -> text. Raises ImportError where the package is not installed."""
    port = import_module(name)

    def read(html: bytes, url: str) -> str | None:
        if name == "trafipy":
            return str(port.extract(html.decode("utf-8", "replace"), url=url).text)
        document = port.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        return None if document is None else str(document.text or "")

    return read


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    read = reader(sys.argv[1])
    serve({"extract": partial(time_groups, read), "read": partial(read_all, read)})


if __name__ == "__main__":
    main()
