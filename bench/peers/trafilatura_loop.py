"""The plain program one would write with trafilatura: fetch, extract, append to SQLite, next page. On one core."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
from trafilatura import bare_extraction

from bench.dialogue import pin_to_one_core, serve, timed


class _Loop:
    """One database that grows."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._db: sqlite3.Connection
        self._filed = 0

    def open(self, folder: str) -> dict[str, Any]:
        """Make the database: write-ahead log, each article on disk before the next page (as Wireroom has it)."""
        self._db = sqlite3.connect(Path(folder) / "articles.db")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, text TEXT, metadata TEXT)")
        return {}

    def file(self, urls: Sequence[str]) -> dict[str, Any]:
        """Fetch, extract and append these pages."""
        self._filed = 0
        seconds = timed(lambda: self._file_all(urls))
        return {"seconds": seconds, "full": self._filed}

    def close(self) -> dict[str, Any]:
        """Shut down."""
        self._db.close()
        self._session.close()
        return {}

    def _file_all(self, urls: Sequence[str]) -> None:
        for url in urls:
            self._file(url)

    def _file(self, url: str) -> None:
        answer = self._session.get(url, timeout=30)
        document = bare_extraction(answer.content, url=url, with_metadata=True, include_comments=False)
        if document is None or not document.text:
            return
        facts = {name: getattr(document, name) for name in ("author", "date", "sitename", "description", "image")}
        row = (url, document.title, document.text, json.dumps(facts, ensure_ascii=False))
        with self._db:
            self._db.execute("INSERT INTO articles VALUES (?, ?, ?, ?)", row)
        self._filed += 1


def main() -> None:
    """Answer the bench's questions on one core."""
    pin_to_one_core()
    loop = _Loop()
    serve({"open": loop.open, "file": loop.file, "close": loop.close})


if __name__ == "__main__":
    main()
