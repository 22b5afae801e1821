"""Chinese, Japanese, Korean, Thai and their like by substring: pairs of neighbouring characters.

These scripts put no spaces between words (Korean glues particles to them), so a word index finds only whole runs. Each
run is indexed as its pairs and its last character: 東京都 -> 東京 京都 都. The last character makes one-character
queries work (as a prefix) and keeps the pairs of two runs apart in phrases. Latin words between the runs are kept, so
that a text which has such runs can be searched in this index alone (NATOの首脳 holds NATO).

The index stores no text, so a row is deleted by giving its old pairs again: `grams` must stay as it is for stored
rows; changing it takes a migration that rebuilds `articles_cjk`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from store import columns
from store.schema import INDEXED

_SCRIPTS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0edf"  # Lao
    "\u1000-\u109f"  # Burmese
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"  # Hangul
    "\u1780-\u17d3"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
)
_RUN = re.compile(f"[{_SCRIPTS}]+")
_LAST_RUN = re.compile(f"[{_SCRIPTS}]+$")


def has_run(text: str) -> bool:
    """Tell whether `text` has a character of these scripts."""
    return _RUN.search(text) is not None


def folded(text: str) -> str:
    """Return `text` as the index sees it: half-width, compatibility and split-up characters in their usual form."""
    return unicodedata.normalize("NFKC", text)


def grams(text: str) -> str:
    """Return `text` with each run replaced by its pairs and its last character; empty if there is no run."""
    return _RUN.sub(_pairs, folded(text)) if has_run(text) else ""


def gram_phrase(term: str) -> str:
    """Return the FTS5 phrase that finds `term` in the index; `term` has no double quotes."""
    term = folded(term).replace('"', " ").rstrip()
    last = _LAST_RUN.search(term)
    if last is None:
        return f'"{_RUN.sub(_pairs, term)}"'
    head = _RUN.sub(_pairs, term[: last.start()])
    run = last.group()
    if len(run) == 1:
        return f'"{head} {run}" *'
    return f'"{head} {" ".join(map("".join, pairwise(run)))}"'


def _pairs(match: re.Match[str]) -> str:
    run = match.group()
    return f" {' '.join(map(''.join, pairwise(run)))} {run[-1]} "


# --------------------------------------------------------------------------- keeping the index


def insert_article(db: Database, values: Mapping[str, object]) -> int:
    """Insert a row into `articles` and its pairs into `articles_cjk`; return its id."""
    article_id = columns.insert(db, "articles", values)
    _add(db, article_id, {name: columns.to_column(values.get(name)) for name in INDEXED})
    return article_id


def update_article(db: Database, old: Mapping[str, Any], changes: Mapping[str, object]) -> None:
    """Set columns of the article whose present row is `old`, and keep its pairs right."""
    is_indexed = any(name in changes for name in INDEXED)
    if is_indexed:
        forget_article(db, old)
    columns.update(db, "articles", old["id"], changes)
    if is_indexed:
        new = {name: columns.to_column(changes[name]) if name in changes else old[name] for name in INDEXED}
        _add(db, old["id"], new)


def forget_article(db: Database, old: Mapping[str, Any]) -> None:
    """Take the pairs of an article, given its present row, out of the index."""
    if pairs := _row_grams(old):
        db.execute("INSERT INTO articles_cjk (articles_cjk, rowid, grams) VALUES ('delete', ?, ?)", (old["id"], pairs))


def _add(db: Database, article_id: int, values: Mapping[str, Any]) -> None:
    if pairs := _row_grams(values):
        db.execute("INSERT INTO articles_cjk (rowid, grams) VALUES (?, ?)", (article_id, pairs))


def _row_grams(values: Mapping[str, Any]) -> str:
    return grams("\n".join(values[name] or "" for name in INDEXED))
