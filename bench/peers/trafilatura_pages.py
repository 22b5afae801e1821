"""trafilatura over a folder of pages: metadata and text in one form, comments left out.

With `fast` as its argument it leaves out its fallback extractors.
"""

from __future__ import annotations

import re
import sys
from functools import partial

from trafilatura import bare_extraction

from bench.dialogue import pin_to_one_core, serve
from bench.passes import read_all, time_groups

#: Its text marks list items; what is compared is the words of the page.
_ITEM = re.compile(r"^- ", re.M)


def read(html: bytes, url: str, *, fast: bool) -> str | None:
    """The text; the metadata is worked out, too."""
    document = bare_extraction(html, url=url, with_metadata=True, include_comments=False, fast=fast)
    return None if document is None else _ITEM.sub("", document.text or "")


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    one = partial(read, fast="fast" in sys.argv[1:])
    serve({"extract": partial(time_groups, one), "read": partial(read_all, one)})


if __name__ == "__main__":
    main()
