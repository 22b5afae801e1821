"""Searches by the name under which they are kept."""

from __future__ import annotations

from scraper.ports import Archive


def meant_query(archive: Archive, text: str) -> str:
    """Return the query that is saved as NAME if `text` is @NAME, else `text`: any string is a query."""
    name = text.strip().removeprefix("@")
    if name == text.strip():
        return text
    return next((saved.query for saved in archive.saved_searches() if saved.name == name), text)
