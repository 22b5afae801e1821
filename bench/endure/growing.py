"""An origin whose feeds grow and that knows every item it ever published, given as a program of its own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.endure.newsroom import Newsroom, wait_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """Feeds that grow: `/synth/` of the origin."""

    port: int

    @property
    def feeds(self) -> list[str]:
        """Return their addresses."""
        return list(self.truth())

    def grow(self, feeds: int, per_second: float) -> None:
        """Begin again with so many feeds."""
        self._get(f"/synth/start?feeds={feeds}&rate={per_second}")

    def freeze(self) -> None:
        """Publish nothing more."""
        self._get("/synth/freeze")

    def truth(self) -> dict[str, list[str]]:
        """Return the guids that each feed ever published."""
        found: dict[str, list[str]] = json.loads(self._get("/synth/truth.json"))["feeds"]
        return found

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read().decode())


@contextlib.contextmanager
def growing_origin(program: Path, port: int, ttl_s: int = 7200) -> Iterator[Growing]:
    """Run the origin while the block lasts."""
    command = [sys.executable, str(program), "--port", str(port), "--canary-port", str(port + 1), "--ttl", str(ttl_s)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    origin = Growing(port=port)

    def answers() -> bool:
        with contextlib.suppress(urllib.error.URLError, OSError):
            origin.truth()
            return True
        return False

    try:
        if not wait_until(answers, 30):
            raise SystemExit(f"{program} does not serve on port {port}")
        yield origin
    finally:
        process.terminate()
        process.wait(10)


def losses(newsroom: Newsroom, truth: dict[str, list[str]]) -> list[str]:
    """Compare the archive with what was published: what is lost, doubled or came from nowhere."""
    found: list[str] = []
    for url, guids in truth.items():
        rows = newsroom.rows(
            "SELECT e.guid, a.status, a.text FROM entries e JOIN feeds f ON f.id = e.feed_id "
            "LEFT JOIN articles a ON a.id = e.article_id WHERE f.url = ?",
            url,
        )
        stored = [row["guid"] for row in rows]
        found += [f"{guid} is lost" for guid in sorted(set(guids) - set(stored))]
        found += [f"{guid} was never published" for guid in sorted(set(stored) - set(guids))]
        found += [f"{guid} is stored twice" for guid in sorted({g for g in stored if stored.count(g) > 1})]
        for row in rows:
            token = "tokf{}n{}z".format(*row["guid"].split(":")[-2:])
            if row["status"] != "full" or token not in (row["text"] or ""):
                found.append(f"{row['guid']}: its article is {row['status']}, without its own text")
    published = sum(map(len, truth.values()))
    articles = newsroom.rows("SELECT count(*) AS n FROM articles")[0]["n"]
    if articles != published:
        found.append(f"{articles} articles for {published} items")
    return found


def is_settled(newsroom: Newsroom) -> bool:
    """Say whether every feed was polled since it was last asked for and no article is still to be fetched."""
    row = newsroom.rows(
        "SELECT (SELECT count(*) FROM articles WHERE status = 'pending') AS pending, "
        "(SELECT count(*) FROM feeds WHERE next_poll_at <= strftime('%Y-%m-%dT%H:%M:%f', 'now')) AS due"
    )[0]
    return not row["pending"] and not row["due"]
