"""Evidence against expectations: what was violated. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.chaos.evidence import Endpoint, Evidence, StoredEntry, StoredFeed

LONGEST_EXCHANGE_S = 31.0
#: A server that sends a byte a second sees up to so much later that the client has gone.
_NOTICED_LATER_S = 1.0
#: What is as it should be although the origin's catalogue says otherwise, and why.
REASONS = {
    "article/canonical-hijack": "a canonical address on the same site, not its front page, is believed: it is that "
    "story, told by another feed",
    "article/malformed": "its <title> is never closed: all that follows is title, in browsers too",
}
PEAK_MB = 400.0
GAP_S = 1.0
STOP_S = 10.0
ROOM_S = 2.0
_SUCCESS = frozenset({"ok", "moved", "unchanged"})
_FAILURE = frozenset({"retry_later", "refuse", "parse_error", "gone"})
_SECRETS = re.compile(r"root:x:0:0|INTERNAL-SECRET")
_DANGEROUS_LINK = re.compile(r"\s*(javascript|data|vbscript|file):", re.IGNORECASE)
_ACTIVE = re.compile(
    r"<\s*(script|iframe|object|embed|form|style|base|meta)\b|<[^>]*\son\w+\s*=|"
    r"(?:href|src)\s*=\s*[\"']?\s*(?:javascript|vbscript|data:text)",
    re.IGNORECASE,
)
#: Text of pages that stand in the place of an article.
_NOT_ARTICLES = re.compile(r"ERRORPAGE|HOMEPAGE|BOILERPLATE-FOOTER|our 842 partners|Checking your browser")


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing that should not be."""

    kind: str
    #: The endpoint, or what else it is about.
    subject: str
    text: str


def judge(evidence: Evidence) -> tuple[Violation, ...]:
    """Return everything that was violated, the run as a whole first."""
    found = [*_of_run(evidence), *_of_log(evidence.log_lines), *_of_manners(evidence)]
    for endpoint in evidence.endpoints:
        if evidence.seen(endpoint).requests:
            found += _of_wire(endpoint, evidence)
        if endpoint.kind == "article":
            found += _of_article(endpoint, evidence)
        elif feed := evidence.feeds.get(endpoint.url):
            found += _of_feed(endpoint, feed)
            found += _of_robots(endpoint, feed, evidence)
    return tuple(found)


def _of_run(evidence: Evidence) -> Iterator[Violation]:
    run = evidence.run
    for hit in evidence.canary_hits[:3]:
        yield Violation(kind="ssrf", subject="canary", text=json.dumps(hit))
    for leak in evidence.leaks[:3]:
        yield Violation(kind="leak", subject="secrets", text=json.dumps(leak))
    for process in evidence.processes:
        if process.peak_mb > PEAK_MB:
            yield Violation(kind="memory", subject=process.name[:38], text=f"{process.peak_mb:.0f} MB resident")
    for fault in evidence.database_faults:
        yield Violation(kind="database", subject="archive", text=fault)
    if not (run.get("alive") and run.get("exit_status") == 0 and run.get("stopped_in_s", 99) <= STOP_S):
        yield Violation(kind="daemon", subject="life", text=json.dumps(run))
    if run.get("room_slowest_s", 0) > ROOM_S:
        yield Violation(kind="daemon", subject="reading room", text=f"answered after {run['room_slowest_s']} s")
    for name in ("round_1_done", "round_2_done"):
        if not run.get(name):
            yield Violation(kind="daemon", subject=name, text="work was left when the time was over")


def _of_log(lines: Sequence[str]) -> Iterator[Violation]:
    for line in lines:
        if line.startswith("reading room: "):  # said to the person who starts it
            continue
        if "Traceback" in line or "SECRETPASS" in line or '"level": "ERROR"' in line or not line.startswith("{"):
            yield Violation(kind="log", subject="log line", text=line[:200])


def _of_manners(evidence: Evidence) -> Iterator[Violation]:
    for agent in evidence.agents:
        if not agent.startswith("Wireroom/") or "+https://example.org/chaos" not in agent:
            yield Violation(kind="manners", subject="user agent", text=repr(agent))
    for host, least_s in (("busy", GAP_S), ("robots-delay", 5.0)):
        times = [
            r["t"]
            for r in evidence.requests
            if r["host"] == host and not r["target"].startswith(("/feed", "/robots.txt"))
        ]
        for earlier, later in pairwise(sorted(times)):
            if later - earlier < least_s * 0.95:
                yield Violation(kind="manners", subject=host, text=f"{later - earlier:.2f} s between two pages")


def exchange_s(endpoint: Endpoint, evidence: Evidence) -> float:
    """Return how long an exchange took at most.

    A server that sleeps sees late that the client has gone; the poll's own time is the other witness.
    """
    seen, feed = evidence.seen(endpoint), evidence.feeds.get(endpoint.url)
    return min(seen.max_seconds, feed.longest_poll_s) if feed else seen.max_seconds


def _of_wire(endpoint: Endpoint, evidence: Evidence) -> Iterator[Violation]:
    seen, expect = evidence.seen(endpoint), endpoint.expect
    feed = evidence.feeds.get(endpoint.url)
    seconds = exchange_s(endpoint, evidence)
    if seconds > LONGEST_EXCHANGE_S + (0 if feed else _NOTICED_LATER_S):
        yield Violation(kind="time", subject=endpoint.id, text=f"{seconds:.1f} s for one exchange")
    if seen.max_bytes > expect.get("max_wire_bytes", 60_000_000):
        yield Violation(kind="bytes", subject=endpoint.id, text=f"{seen.max_bytes:,} bytes were sent")
    polls = feed.polls if feed else 2
    if (most := expect.get("max_requests")) and seen.requests > most * polls:
        yield Violation(kind="requests", subject=endpoint.id, text=f"{seen.requests} requests in {polls} polls")
    if expect.get("second_poll") == "conditional" and polls > 1 and not seen.conditional:
        yield Violation(kind="conditional", subject=endpoint.id, text="the second poll was not conditional")


def _of_feed(endpoint: Endpoint, feed: StoredFeed) -> Iterator[Violation]:
    expect = endpoint.expect
    outcomes = {expect["outcome"], expect.get("or_outcome", expect["outcome"])}
    subject = endpoint.id
    if not feed.polls:
        yield Violation(kind="polls", subject=subject, text="never polled")
        return
    if feed.is_ok and not outcomes & _SUCCESS:
        yield Violation(kind="outcome", subject=subject, text=f"taken as success, expected {sorted(outcomes)}")
    if not feed.is_ok and not outcomes & _FAILURE:
        yield Violation(kind="outcome", subject=subject, text=f"failed: {feed.errors[-1]}")
    if not feed.is_ok and not feed.errors[-1]:
        yield Violation(kind="outcome", subject=subject, text="failed without a reason")
    if ("gone" in outcomes) != (feed.statuses[-1] == "gone"):
        yield Violation(kind="outcome", subject=subject, text=f"gone is {feed.statuses[-1] == 'gone'}")
    if expect["outcome"] == "gone" and feed.next_poll_at:
        yield Violation(kind="outcome", subject=subject, text="would be polled again")
    if feed.current_url.partition("@")[2] not in endpoint.url and feed.current_url != endpoint.url:
        yield Violation(kind="outcome", subject=subject, text=f"the address was changed to {feed.current_url}")
    yield from _of_second_poll(endpoint, feed)
    yield from _of_entries(endpoint, feed)


def _of_second_poll(endpoint: Endpoint, feed: StoredFeed) -> Iterator[Violation]:
    wanted = {"no_new_entries": 0, "one_new_entry": 1}.get(endpoint.expect.get("second_poll", ""))
    if wanted is not None and feed.polls > 1 and feed.new_entries[1] != wanted:
        text = f"{feed.new_entries[1]} new entries at the second poll, expected {wanted}"
        yield Violation(kind="identity", subject=endpoint.id, text=text)


def _of_entries(endpoint: Endpoint, feed: StoredFeed) -> Iterator[Violation]:
    expect, subject = endpoint.expect, endpoint.id
    if "entries" in expect:
        least, most = expect["entries"] if isinstance(expect["entries"], list) else (expect["entries"],) * 2
        most += {"one_new_entry": 1}.get(expect.get("second_poll", ""), 0)
        # What came of the first poll is what the endpoint is about, where only that one is broken.
        stored = feed.new_entries[0] if "retry_later" in (expect["outcome"], expect.get("or_outcome")) else 0
        if not least <= (stored or len(feed.entries)) <= most and len(feed.entries) != expect.get("or_entries"):
            yield Violation(
                kind="entries", subject=subject, text=f"{len(feed.entries)} stored, expected {least} to {most}"
            )
    titles = [entry.title for entry in feed.entries]
    if expect.get("title") and expect["title"] not in titles:
        yield Violation(kind="title", subject=subject, text=f"{expect['title']!r} is not among {titles[:2]}")
    for entry in feed.entries:
        yield from _of_entry(subject, entry)


def _of_entry(subject: str, entry: StoredEntry) -> Iterator[Violation]:
    stored = " ".join(filter(None, (entry.guid, entry.title, entry.link, entry.text, entry.html, entry.url)))
    if _SECRETS.search(stored):
        yield Violation(kind="ssrf", subject=subject, text="a local file or an internal answer is stored")
    for link in (entry.link, entry.url):
        if _DANGEROUS_LINK.match(link or ""):
            yield Violation(kind="link", subject=subject, text=f"kept: {link!r}"[:120])
    if active := _ACTIVE.search(entry.html):
        yield Violation(kind="active", subject=subject, text=f"kept: {active[0]!r}"[:120])
    if len(stored) > 6_000_000:
        yield Violation(kind="size", subject=subject, text=f"an entry of {len(stored):,} characters")


def _of_robots(endpoint: Endpoint, feed: StoredFeed, evidence: Evidence) -> Iterator[Violation]:
    wanted = endpoint.expect.get("articles")
    if wanted is None:
        return
    statuses = [entry.status for entry in feed.entries]
    asked = [r for r in evidence.requests if r["host"] == endpoint.vhost and r["target"].startswith("/robots/")]
    if wanted == "content" and set(statuses) != {"full"}:
        yield Violation(kind="robots", subject=endpoint.id, text=f"pages are {statuses}, expected full")
    if wanted != "content" and ("full" in statuses or asked):
        yield Violation(kind="robots", subject=endpoint.id, text=f"pages are {statuses}, {len(asked)} were asked for")


def _of_article(endpoint: Endpoint, evidence: Evidence) -> Iterator[Violation]:
    entry, expect = evidence.article(endpoint), endpoint.expect
    if entry is None:
        if evidence.seen(endpoint).requests:
            yield Violation(kind="article", subject=endpoint.id, text="asked for, but not stored")
        return
    yield from _of_entry(endpoint.id, entry)
    outcomes = {expect["outcome"], expect.get("or_outcome", expect["outcome"])}
    has_page = entry.status == "full"
    if has_page and "content" not in outcomes:
        yield Violation(kind="article", subject=endpoint.id, text=f"taken for the article: {entry.text[:60]!r}")
    if not has_page and "feed_content_only" not in outcomes:
        yield Violation(kind="article", subject=endpoint.id, text=f"{entry.status}: {entry.reason}")
    if _NOT_ARTICLES.search(entry.text):
        yield Violation(kind="article", subject=endpoint.id, text=f"other text: {entry.text[:60]!r}")
    if has_page and expect["outcome"] == "content" and expect.get("text", "ARTICLETEXT") not in entry.text:
        yield Violation(kind="article", subject=endpoint.id, text=f"text without its mark: {entry.text[:60]!r}")
    if not has_page and "FEEDTEXT" not in entry.text:
        yield Violation(kind="article", subject=endpoint.id, text="what the feed said is not there")
