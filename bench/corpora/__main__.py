"""`python -m bench.corpora FOLDER`, or `WIREROOM_CORPORA=FOLDER`: every case, a table with counts of violations.

What a case gets wrong itself is listed with the reason (`bench.corpora.reasons`).
"""

from __future__ import annotations

import argparse
import base64
import csv
import json
import os
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from bench.corpora.reasons import explained
from bench.endure.verdict import Row, print_table, row
from scraper.engine.workers import WorkerPool
from scraper.errors import NotAFeed, WorkerFailed
from scraper.extract.page.decode import decode_html
from scraper.fetch.robots import judge
from scraper.model import RobotsRecord
from scraper.sources.syndication import parse_feed
from scraper.tracking import is_tracking
from scraper.urls import absolute_address, canonical_url

LONGEST_S = 5.0
_URL = "https://corpus.example/feed"
_FEED_FOLDERS = ("feeds/feed-rs", "feeds/rss-parser", "feeds/newsboat", "xml/defusedxml")


def main() -> int:
    """Run every part there is data for."""
    parser = argparse.ArgumentParser(prog="python -m bench.corpora", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=os.environ.get("WIREROOM_CORPORA"))
    folder = parser.parse_args().folder
    if folder is None or not Path(folder).is_dir():
        parser.error("name the folder of the corpora, or set WIREROOM_CORPORA to it")
    found = list(_rows(Path(folder)))
    status = print_table("corpora", [_judged(each) for each in found])
    for each in found:
        for text in each.violations:
            if why := explained(each.what, text):
                print(f"explained: {each.what}: {text}\n    {why}")
    return status


def _judged(found: Row) -> Row:
    """Return a row with the violations that nothing explains; how many are explained is told beside the figure."""
    violations = tuple(text for text in found.violations if explained(found.what, text) is None)
    count = len(found.violations) - len(violations)
    told = f"{count} explained below" if count else ""
    return replace(found, violations=violations, figure="; ".join(filter(None, (found.figure, told))))


def _rows(folder: Path) -> Iterator[Row]:
    yield from _feeds(folder)
    yield _robots(_cases(folder / "robots/google_cases.jsonl"))
    yield _encodings(_cases(folder / "encoding/html5lib.jsonl"))
    yield _standard(json.loads((folder / "urls/whatwg_urltestdata.json").read_text("utf-8")))
    yield _cleaned(_cases(folder / "urls/miniflux_urlcleaner.jsonl"))
    yield _tracking(folder / "urls/tracking_params_registry.csv")
    yield _dates(_cases(folder / "dates/feedparser_dates.jsonl"))


def _cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


# --------------------------------------------------------------------------- feeds


def _documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for part in _FEED_FOLDERS:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()
    with tarfile.open(folder / "feeds/feedparser.tar.gz") as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                yield member.name, file.read()


def _feeds(folder: Path) -> Iterator[Row]:
    """Parse every document in a worker, as the daemon does."""
    parsed = refused = 0
    slowest = ("", 0.0)
    violations: list[str] = []
    workers = WorkerPool(2)
    try:
        workers.run(parse_feed, b"<rss/>", url=_URL)  # the workers' start is not counted
        for name, body in _documents(folder):
            started = time.monotonic()
            try:
                workers.run(parse_feed, body, url=_URL)
                parsed += 1
            except NotAFeed as exc:
                refused += 1
                if not str(exc).partition(": ")[2]:
                    violations.append(f"{name}: refused without a reason")
            except WorkerFailed as exc:
                violations.append(f"{name}: {exc}")
            except (ValueError, TypeError, LookupError, AttributeError) as exc:  # the parser's bugs
                violations.append(f"{name}: {exc!r}")
            slowest = max(slowest, (name, time.monotonic() - started), key=lambda pair: pair[1])
            if time.monotonic() - started > LONGEST_S:
                violations.append(f"{name}: took longer than {LONGEST_S:.0f} s")
    finally:
        workers.close()
    figure = f"{parsed} parsed, {refused} refused with a reason; slowest {slowest[1]:.2f} s ({slowest[0]})"
    yield row("feed documents", parsed + refused, violations, figure)


# --------------------------------------------------------------------------- the other parts


def _robots(cases: list[dict[str, Any]]) -> Row:
    wrong = []
    for case in cases:
        record = RobotsRecord(fetched_at=datetime.now(UTC), status=200, body=case["robots"].encode())
        if judge(record, case["url"], case["agent"]).allowed != case["allowed"]:
            wrong.append(f"{case['test']}: {case['agent']!r} at {case['url']!r} under {case['robots']!r}")
    return row("robots.txt", len(cases), wrong)


def _encodings(cases: list[dict[str, Any]]) -> Row:
    """The text must be what the standard's encoding gives."""
    wrong = []
    for case in cases:
        body = base64.b64decode(case["data_b64"])
        found = decode_html(body)
        if found.strip("\ufeff") != body.decode(_codec(case["encoding"]), "replace").strip("\ufeff"):
            wrong.append(f"{case['encoding']}: {body[:80]!r}")
    return row("encodings of pages", len(cases), wrong)


def _codec(label: str) -> str:
    """Return Python's name of an encoding of the standard."""
    return {"windows-1252": "cp1252", "iso-8859-1": "cp1252", "x-user-defined": "latin-1"}.get(label.lower(), label)


def _standard(cases: list[Any]) -> Row:
    """What a feed writes leads where the URL Standard says; what that refuses, or no web address is, is no link.

    A blank is left apart: the standard takes it for the base itself, a feed means nothing by it.
    """
    judged = [case for case in cases if isinstance(case, dict) and case["input"].strip("\t\n\r\f ")]
    wrong = []
    for case in judged:
        href = None if case.get("failure") else case["href"]
        expected = href if href and href.startswith(("http:", "https:")) else None
        found = absolute_address(case["input"], case.get("base") or "")
        if (found and canonical_url(found)) != (expected and canonical_url(expected)):
            wrong.append(f"{case['input']!r} at {case.get('base')}: {found}, expected {expected}")
    return row("addresses by the standard", len(judged), wrong)


def _cleaned(cases: list[dict[str, Any]]) -> Row:
    """The canonical address has the same query left, in whatever spelling."""
    wrong = []
    for case in cases:
        ours, theirs = canonical_url(case["input"]), case["expected"]
        if _query(ours) != _query(theirs):
            wrong.append(f"{case['input']}: {ours}, expected {theirs}")
    return row("addresses without tracking", len(cases), wrong)


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _tracking(path: Path) -> Row:
    with path.open(encoding="utf-8", newline="") as file:
        names = [line["name"].strip() for line in csv.DictReader(file)]
    return row("tracking parameters known", len(names), [name for name in names if not is_tracking(name)])


def _dates(cases: list[dict[str, Any]]) -> Row:
    """A date that must be refused is not stored; the others are right to the second."""
    wrong = []
    for case in cases:
        item = f"<item><title>x</title><pubDate>{escape(case['input'])}</pubDate></item>"
        document = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{item}</channel></rss>"
        found = parse_feed(document.encode(), url=_URL).entries[0].published_at
        expected = datetime(*case["utc_struct"][:6], tzinfo=UTC) if case["utc_struct"] else None
        if found != expected:
            wrong.append(f"{case['parser']} {case['input']!r}: {found}, expected {expected}")
    return row("dates of entries", len(cases), wrong)


if __name__ == "__main__":
    sys.exit(main())
