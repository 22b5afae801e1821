"""Searches by the name under which they are kept."""

from __future__ import annotations

import difflib

from scraper.errors import BadQuery
from scraper.ports import Archive


def meant_query(archive: Archive, text: str) -> str:
    """Return the query that is saved as NAME if `text` is @NAME, else `text`.

    Raises:
        BadQuery: no search is saved under that name, or the query names what there is not.
    """
    given = text.strip()
    query = _saved_as(archive, given[1:]) if given.startswith("@") and len(given.split()) == 1 and given[1:] else text
    if faults := archive.query_faults(query):
        raise BadQuery("; ".join(faults), query=query)
    return query


def _saved_as(archive: Archive, name: str) -> str:
    saved = {search.name: search.query for search in archive.saved_searches()}
    if name in saved:
        return saved[name]
    near = difflib.get_close_matches(name, saved, n=1, cutoff=0.6)
    hint = f'did you mean "@{near[0]}"?' if near else "`wireroom searches` lists those that are"
    raise BadQuery(f'no search is saved as "{name}"; {hint}; to search for the word, write "{name}"', query=f"@{name}")
