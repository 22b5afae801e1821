"""What polling costs without a program around it: threads with a session each, conditional requests, nothing kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any

import requests

from bench.dialogue import serve, timed

_HEADERS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


class _Loop:
    """Addresses and their validators."""

    def __init__(self) -> None:
        self._feeds: list[str] = []
        self._validators: dict[str, dict[str, str]] = {}
        self._workers = 1
        self._own = local()

    def open(self, folder: str, feeds: Sequence[str], workers: int, has_warm_up: bool) -> dict[str, Any]:
        """Remember what to poll; the last one may be there to warm up with."""
        self._feeds = list(feeds[:-1] if has_warm_up else feeds)
        self._workers = workers
        return {}

    def poll(self) -> dict[str, Any]:
        """Ask for every feed once."""
        seconds = timed(self._ask_all)
        return {"seconds": seconds, "feeds": len(self._feeds)}

    def close(self) -> dict[str, Any]:
        """Shut down."""
        return {}

    def _ask_all(self) -> None:
        with ThreadPoolExecutor(self._workers) as pool:
            for _ in pool.map(self._ask, self._feeds):
                pass

    def _ask(self, url: str) -> None:
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        answer = self._own.session.get(url, headers=self._validators.get(url, {}), timeout=30)
        if answer.status_code == 200:
            self._validators[url] = {
                asked: answer.headers[sent] for sent, asked in _HEADERS.items() if sent in answer.headers
            }


def main() -> None:
    """Answer the bench's questions about one loop."""
    loop = _Loop()
    serve({"open": loop.open, "poll": loop.poll, "close": loop.close})


if __name__ == "__main__":
    main()
