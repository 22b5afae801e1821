"""`reader` updating feeds, as its `update_feeds` does it: its database in a file, its settings as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reader import Reader, UpdatedFeed, make_reader

from bench.dialogue import serve, timed


class _Polls:
    """One reader."""

    def __init__(self) -> None:
        self._reader: Reader
        self._workers = 1
        self._counts: Counter[str] = Counter()

    def open(self, folder: str, feeds: Sequence[str], workers: int, has_warm_up: bool) -> dict[str, Any]:
        """Make a reader with these feeds; the last one may be there to warm up with, uncounted."""
        self._workers = workers
        self._reader = make_reader(str(Path(folder) / "reader.db"))
        for url in feeds:
            self._reader.add_feed(url)
        if has_warm_up:
            self._reader.update_feed(feeds[-1])
            self._reader.disable_feed_updates(feeds[-1])
        return {}

    def poll(self) -> dict[str, Any]:
        """Update every feed once."""
        self._counts.clear()
        seconds = timed(self._update)
        return {"seconds": seconds, **self._counts}

    def close(self) -> dict[str, Any]:
        """Shut down."""
        self._reader.close()
        return {}

    def _update(self) -> None:
        for result in self._reader.update_feeds_iter(scheduled=False, workers=self._workers):
            self._counts["feeds"] += 1
            if isinstance(result.value, UpdatedFeed):
                self._counts["entries_new"] += result.value.new
            elif result.value is None:
                self._counts["not_modified"] += 1
            else:
                self._counts["failed"] += 1


def main() -> None:
    """Answer the bench's questions about one reader."""
    polls = _Polls()
    serve({"open": polls.open, "poll": polls.poll, "close": polls.close})


if __name__ == "__main__":
    main()
