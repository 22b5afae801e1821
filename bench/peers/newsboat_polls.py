"""`newsboat` (C++) reloading all feeds: its own cache file, its settings as they come but for the number of threads."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.dialogue import serve, timed


class _Newsboat:
    """One home directory of newsboat's; each poll is one run of the program, as its users have cron run it."""

    def __init__(self) -> None:
        self._command: list[str] = []
        self._feeds = 0

    def open(self, folder: str, feeds: Sequence[str], workers: int, has_warm_up: bool) -> dict[str, Any]:
        """Write its files; the last feed may be there to warm up with, and is left out."""
        home = Path(folder)
        listed = feeds[:-1] if has_warm_up else feeds
        (home / "urls").write_text("\n".join(listed) + "\n", encoding="utf-8")
        (home / "config").write_text(f"reload-threads {workers}\n", encoding="utf-8")
        files = ["-u", str(home / "urls"), "-C", str(home / "config"), "-c", str(home / "cache.db")]
        self._command = ["newsboat", *files, "-x", "reload"]
        self._feeds = len(listed)
        return {}

    def poll(self) -> dict[str, Any]:
        """Reload every feed once."""
        seconds = timed(lambda: subprocess.run(self._command, check=True, capture_output=True, timeout=600))
        return {"seconds": seconds, "feeds": self._feeds}

    def close(self) -> dict[str, Any]:
        """Shut down: nothing runs between polls."""
        return {}


def main() -> None:
    """Answer the bench's questions about one newsboat."""
    polls = _Newsboat()
    serve({"open": polls.open, "poll": polls.poll, "close": polls.close})


if __name__ == "__main__":
    main()
