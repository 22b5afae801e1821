"""From an address to a clean article; knows no database and no command line.

What other programs may use: the names in `__all__`, described in docs/reference/library.md. Each is loaded when it is
first asked for, so `import scraper` itself loads neither lxml nor requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.errors import AddressError, NotAFeed, NotHtml, ParseError, WireroomError
    from scraper.extract import extract_article
    from scraper.model import Extraction, Hints, Image, Link, ParsedEntry, ParsedFeed, SiteRule
    from scraper.sources.syndication import parse_feed
    from scraper.urls import canonical_url

__all__ = [
    "AddressError",
    "Extraction",
    "Hints",
    "Image",
    "Link",
    "NotAFeed",
    "NotHtml",
    "ParseError",
    "ParsedEntry",
    "ParsedFeed",
    "SiteRule",
    "WireroomError",
    "canonical_url",
    "extract_article",
    "parse_feed",
]

_FUNCTIONS = {
    "canonical_url": "scraper.urls",
    "extract_article": "scraper.extract",
    "parse_feed": "scraper.sources.syndication",
}
_ERRORS = dict.fromkeys(("AddressError", "NotAFeed", "NotHtml", "ParseError", "WireroomError"), "scraper.errors")

if not TYPE_CHECKING:  # a type checker reads the imports above, and so finds a name that there is not

    def __getattr__(name: str) -> object:
        """Load a public name (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home = _FUNCTIONS.get(name) or _ERRORS.get(name) or "scraper.model"
        value = globals()[name] = getattr(import_module(home), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
