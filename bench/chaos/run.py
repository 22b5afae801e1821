"""One run: origin, daemon, two rounds over everything, and what both left behind, written to files."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store import Store, open_store

#: Feeds whose pages are fetched, too. The others say the same of their feed in a minute less per sixty entries.
_WITH_PAGES = re.compile(
    r"(articles-all|busy|robots|cookie-leak|auth-leak|xss-links|enclosures|relative-links|idn-links|link-|dup-|same-story|etag)"
)
_PASSWORD = "SECRETPASS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run."""

    origin: Path
    folder: Path
    port: int
    only: str
    #: Seconds for each of the two rounds.
    limit_s: float


def run(plan: Plan) -> None:
    """Run everything and leave database, log, statistics and measurements in `plan.folder`."""
    for old in plan.folder.glob("chaos*"):
        old.unlink()
    with _origin(plan):
        catalogue = _get(plan, "/catalogue.json")
        _write(plan, "catalogue", catalogue)
        _write_feeds(plan, catalogue["endpoints"])
        facts: dict[str, Any] = {}
        with _daemon(plan, facts) as daemon, _watched(daemon, plan, facts), open_store(_database(plan)) as store:
            for number in (1, 2, 3):
                started = time.monotonic()
                if number == 2:
                    _ask_again(store)
                if number == 3:
                    _ask_for(store, [e["url"] for e in catalogue["endpoints"] if e["expect"].get("polls", 0) > 2])
                facts[f"round_{number}_done"] = _until(lambda: _is_done(store), plan.limit_s)
                facts[f"round_{number}_s"] = round(time.monotonic() - started)
            facts["alive"] = daemon.poll() is None
        _write(plan, "stats", _get(plan, "/stats.json"))
        _write(plan, "log", [json.loads(line) for line in _read(plan, "/log.jsonl").splitlines()])
        _write(plan, "facts", facts)


def _write_feeds(plan: Plan, endpoints: list[dict[str, Any]]) -> None:
    lines = [
        "settings:",
        f"  database: {_database(plan)}",
        "  contact: https://example.org/chaos",
        f'  network: {{allow_private: ["127.0.0.1:{plan.port}", "127.0.1.0/24:{plan.port}"]}}',
        f"  listen: 127.0.0.1:{plan.port + 1000}",
        "defaults: {full_text: false}",
        "feeds:",
    ]
    for endpoint in endpoints:
        if endpoint["kind"] == "article" or not re.search(plan.only, endpoint["id"]):
            continue
        url = endpoint["url"]
        if endpoint["id"].endswith("auth-leak"):
            url = url.replace("://", f"://user:{_PASSWORD}@")
        lines.append(f"  - url: {json.dumps(url)}")
        if _WITH_PAGES.search(endpoint["id"]):
            lines.append("    full_text: true")
    (plan.folder / "chaos.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _ask_again(store: Store) -> None:
    now = datetime.now(UTC)
    store.request_polls(None, now=now)
    with store._read() as db:
        ids = [row[0] for row in db.execute("SELECT id FROM articles WHERE has_page AND fetched_at IS NOT NULL")]
    store.request_fetches(ids, now=now)


def _ask_for(store: Store, urls: list[str]) -> None:
    """Ask for the few feeds whose expectation is about a third poll."""
    ids = [row.id for row in store.feeds() if row.url in urls]
    if ids:
        store.request_polls(ids, now=datetime.now(UTC))


def _is_done(store: Store) -> bool:
    """Say whether nothing is due or being worked on."""
    now = datetime.now(UTC)
    with store._read() as db:
        leased = db.execute("SELECT count(*) FROM slots WHERE leased_until > ?", (now.isoformat(),)).fetchone()[0]
        due = db.execute("SELECT count(*) FROM slots WHERE due_at <= ?", (now.isoformat(),)).fetchone()[0]
    return not leased and not due


def _until(is_done: Callable[[], bool], limit_s: float) -> bool:
    """Wait until `is_done` holds twice in a row, which a tick of the daemon lies between; False = it never did."""
    ends_at, times = time.monotonic() + limit_s, 0
    while time.monotonic() < ends_at:
        time.sleep(2)
        times = times + 1 if is_done() else 0
        if times == 2:
            return True
    return False


# --------------------------------------------------------------------------- processes


@contextlib.contextmanager
def _origin(plan: Plan) -> Iterator[None]:
    command = [sys.executable, str(plan.origin), "--port", str(plan.port), "--canary-port", str(plan.port + 1)]
    process = subprocess.Popen([*command, "--ttl", str(int(2 * plan.limit_s + 300))], stdout=subprocess.DEVNULL)
    try:
        if not _until_answers(lambda: _read(plan, "/catalogue.json")):
            raise SystemExit("the origin does not answer")
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def _daemon(plan: Plan, facts: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "wireroom", "--config", str(plan.folder / "chaos.yaml"), "--log-format", "json"]
    with (plan.folder / "chaos.log").open("wb") as log:
        process = subprocess.Popen([*command, "run"], stdout=log, stderr=subprocess.STDOUT)
    try:
        if not _until_answers(lambda: _read_room(plan)):
            raise SystemExit(f"the daemon does not answer: {(plan.folder / 'chaos.log').read_text()[-2000:]}")
        yield process
    finally:
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            facts["exit_status"] = process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            facts["exit_status"] = None
        facts["stopped_in_s"] = round(time.monotonic() - started, 1)


@contextlib.contextmanager
def _watched(daemon: subprocess.Popen[bytes], plan: Plan, facts: dict[str, Any]) -> Iterator[None]:
    """Measure the peak memory of the daemon's processes and the answers of its reading room meanwhile."""
    stopped = threading.Event()
    peaks: dict[int, tuple[str, int]] = {}
    slowest = 0.0

    def watch() -> None:
        nonlocal slowest
        count = 0
        while not stopped.wait(0.25):
            for pid in _family(daemon.pid):
                if found := _peak(pid):
                    peaks[pid] = found
            count += 1
            if count % 8 == 0:
                started = time.monotonic()
                with contextlib.suppress(OSError):
                    _read_room(plan)
                slowest = max(slowest, time.monotonic() - started)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        facts["room_slowest_s"] = round(slowest, 2)
        facts["processes"] = sorted(((peak / 1024, name) for name, peak in peaks.values()), reverse=True)[:12]


def _family(pid: int) -> list[int]:
    """Return a process and all below it (Linux)."""
    try:
        children = [int(p) for t in Path(f"/proc/{pid}/task").iterdir() for p in (t / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(below for child in children for below in _family(child))]


def _peak(pid: int) -> tuple[str, int] | None:
    """Return what a process is and its peak resident memory in kB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    name = "forked worker" if "forkserver" in command else command[:60]
    return (f"{pid} {name}", int(found[1])) if found else None


# --------------------------------------------------------------------------- files and addresses


def _database(plan: Plan) -> Path:
    return (plan.folder / "chaos.db").absolute()


def _write(plan: Plan, name: str, data: Any) -> None:
    (plan.folder / f"chaos.{name}.json").write_text(json.dumps(data), encoding="utf-8")


def _get(plan: Plan, path: str) -> Any:
    return json.loads(_read(plan, path))


def _read(plan: Plan, path: str) -> str:
    return _fetch(f"http://127.0.0.1:{plan.port}{path}")


def _read_room(plan: Plan) -> str:
    return _fetch(f"http://127.0.0.1:{plan.port + 1000}/")


def _fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read().decode("utf-8"))


def _until_answers(ask: Callable[[], object]) -> bool:
    for _ in range(100):
        try:
            ask()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return True
    return False
