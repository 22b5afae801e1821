"""Which feed a person means: the one rule of `feed:` in searches and of every name of a feed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from sqlite_utils import Database

from store.sqlite.database.rows import bare_address

_FEEDS = "SELECT id, name, url, current_url FROM feeds ORDER BY removed_at IS NOT NULL, id"
#: Of names in a message, and of names that are compared with one that is not known.
_NAMES_SHOWN, _NAMES_COMPARED = 8, 5_000


def find_feed(db: Database, text: str) -> tuple[int | None, str]:
    """Return the number of the feed that a text means, or None and why: there is none, or it could be several."""
    rows = db.execute(_FEEDS).fetchall()
    found = _matching(rows, text)
    if len(found) == 1:
        return int(found[0]["id"]), ""
    if found:
        return None, f'"{text}" could be {_named(found)}; write the number of one, or all of its name or address'
    return None, f'there is no feed "{text}"{_hint(rows, text)}; `wireroom feeds list` shows them'


def _matching(rows: Sequence[Any], text: str) -> Sequence[Any]:
    """Return the feeds of the first of these that any answers to.

    Its number; its name or address (as listed or as it moved to, with or without its login); a part of its name; a part
    of its address. Names and parts are compared without regard to case.
    """
    wanted, folded = text.strip(), text.strip().casefold()
    if not wanted:
        return ()
    return (
        [row for row in rows if wanted == str(row["id"])]
        or [row for row in rows if folded == row["name"].casefold() or wanted in _addresses(row)]
        or [row for row in rows if folded in row["name"].casefold()]
        or [row for row in rows if any(folded in address.casefold() for address in _addresses(row))]
    )


def _addresses(row: Any) -> Iterable[str]:
    given = (row["url"], row["current_url"])
    return (*given, *map(bare_address, given))


def _hint(rows: Sequence[Any], text: str) -> str:
    """Return the feed whose name is nearest, else some that there are."""
    words = {
        word: row
        for row in rows[:_NAMES_COMPARED]
        for word in (row["name"].casefold(), *row["name"].casefold().split())
    }
    near = [words[word] for word in get_close_matches(text.casefold()[:100], words, n=1, cutoff=0.6)]
    if near:
        return f"; did you mean {_named(near)}?"
    return f"; there are {_named(rows)}" if rows else ""


def _named(rows: Sequence[Any]) -> str:
    names = [f'"{bare_address(row["name"])}" ({row["id"]})' for row in rows[:_NAMES_SHOWN]]
    rest = len(rows) - len(names)
    return ", ".join(names) + (f" and {rest:,} more" if rest else "")
