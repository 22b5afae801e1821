"""How a feed is doing, on one screen: `feeds check`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

import typer

from wireroom.cli.output import (
    FAILED,
    console,
    counted,
    duration,
    is_terminal,
    print_facts,
    print_json,
    say,
    shown,
    size,
    when,
    when_short,
)

if TYPE_CHECKING:
    from scraper.config import Settings
    from scraper.model import FeedHints, FeedRow
    from wireroom.cli.invocation import Invocation
    from wireroom.operations.feed_report import EntrySample, FeedReport

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ACTIONS = {"file": "new", "update": "changed", "seen": "known", "drop": "dropped by your rules"}
#: Characters of a key, a title, a header and, where no terminal says, a line.
_KEY_MAX, _TITLE_MIN, _HEADER_MAX, _LINE_MAX = 24, 20, 60, 120


def check_feeds(invocation: Invocation, settings: Settings, addresses: Sequence[str], *, json: bool) -> None:
    """Look at feeds one after the other and print what is to be known of each; without any, a line for each listed."""
    from wireroom.operations.feed_report import check_feed

    reports = []
    with ExitStack() as stack:
        store = stack.enter_context(invocation.archive()) if settings.database.exists() else None
        for address in addresses or [spec.url for spec in settings.feeds]:
            reports.append(check_feed(settings, address, store))
            if not json:
                (_print_report if addresses else _print_line)(reports[-1])
    broken = sum(report.problem is not None for report in reports)
    if json:
        print_json(reports)
    elif not addresses:
        say(f"{settings.path.name} is in order; {counted(len(reports), 'feed')}, {broken} with a problem")
    if broken:
        raise typer.Exit(FAILED)


def _print_line(report: FeedReport) -> None:
    """Print a feed of the list and, below it, what is wrong with it."""
    if report.problem is None and report.paused_until is None:
        every = duration(report.interval) if report.interval else ""
        say(f"{shown(report.url)}: {counted(report.entries, 'entry', 'entries')}, polled every {every}")
    else:
        say(f"{shown(report.url)}:")
    for problem in report.problems:
        say(f"  {shown(problem.what)}; {shown(problem.next_step)}")


def _print_report(report: FeedReport) -> None:
    say(shown(report.url))
    print_facts(
        [
            ("  asked at", shown(report.asked_url) if report.asked_url != report.url else ""),
            *(("  redirect", f"{hop.status} from {shown(hop.url)}") for hop in report.hops),
            ("  moved to", shown(report.final_url) if report.hops else ""),
            ("  answer", _answer(report)),
            ("  format", ", ".join(filter(None, (report.version, report.encoding)))),
            ("  title", report.title or ""),
            ("  validators", _validators(report)),
            ("  hints", "; ".join(_hints(report))),
            ("  entries", _entries(report)),
            *(("  newest", _sample(entry)) for entry in report.sample),
            ("  polled every", _rhythm(report)),
            ("  loses", _loss(report)),
            ("  on file", _on_file(report)),
        ]
    )
    name = "warning" if report.problem is None else "problem"
    for problem in report.problems:
        print_facts(((f"  {name}", shown(problem.what)), ("    do", shown(problem.next_step))))
    print_facts(("  offers", f"{shown(link.url)} {link.title}") for link in report.candidates)


def _answer(report: FeedReport) -> str:
    if report.http_status is None:
        return ""
    wire = f" ({size(report.wire_bytes)} on the wire, {report.coding})" if report.coding else ""
    took = f" in {report.took_s:.1f} s" if report.took_s is not None else ""
    took += ", as `feeds add` had it just now" if report.is_kept else ""
    told = shown(report.content_type or "no Content-Type")
    return f"HTTP {report.http_status}, {told}, {size(report.size_bytes)}{wire}{took}"


def _validators(report: FeedReport) -> str:
    """Say what the server gave to ask "has it changed?" with."""
    if report.http_status is None or report.problem is not None:
        return ""
    named = {"ETag": report.validators.etag, "Last-Modified": report.validators.last_modified}
    return ", ".join(f"{name} {_cut(shown(value), _HEADER_MAX)}" for name, value in named.items() if value) or "none"


def _hints(report: FeedReport) -> list[str]:
    """Say what server and document want of whoever asks again."""
    said = [f"{name.title()}: {_cut(shown(value), _HEADER_MAX)}" for name, value in report.headers.items()]
    return [*_document_hints(report.hints), *said]


def _document_hints(hints: FeedHints) -> list[str]:
    said = []
    if hints.ttl:
        said.append(f"ttl {duration(hints.ttl)}")
    if hints.update_period:
        said.append(f"sy:updatePeriod {duration(hints.update_period)}")
    if hints.skip_hours:
        said.append(f"skipHours {', '.join(map(str, hints.skip_hours))} UTC")
    if hints.skip_days:
        said.append(f"skipDays {', '.join(_DAYS[day] for day in hints.skip_days)}")
    return said


def _entries(report: FeedReport) -> str:
    if not report.entries:
        return ""
    told = [f"{number:,} {_ACTIONS[action]}" for action, number in report.actions.items()] if report.is_listed else []
    span = f" from {when(report.oldest_at)} to {when(report.newest_at)}" if report.newest_at else ""
    return f"{report.entries:,}{span}{''.join(f', {each}' for each in told)}"


def _sample(entry: EntrySample) -> str:
    key = "" if entry.known_by == "content" else f" {_cut(shown(entry.key), _KEY_MAX)}"
    columns = console().width if is_terminal() else _LINE_MAX
    room = columns - len(f"  polled every  11-26 19:00  [{entry.known_by}{key}]")
    title = _cut(shown(entry.title or "(no title)"), max(room, _TITLE_MIN))
    return f"{when_short(entry.dated) or 'undated'} {title} [{entry.known_by}{key}]"


def _rhythm(report: FeedReport) -> str:
    if report.interval is None or report.next_poll_at is None:
        return shown(report.interval_reason or "")
    next_at = f"; next {when_short(report.next_poll_at)}" if report.is_listed else ""
    return f"{duration(report.interval)}; {shown(report.interval_reason or '')}{next_at}"


def _loss(report: FeedReport) -> str:
    if report.http_status is None or report.problem is not None:
        return ""
    if report.published_per_h is None:
        return "not known: too few entries with dates"
    rate = f"{report.entries} entries at {report.published_per_h:.2g}/h"
    return report.risk or f"nothing: it holds {rate}"


def _on_file(report: FeedReport) -> str:
    row = report.on_file
    if row is None:
        return "not polled yet" if report.is_listed else ""
    return "; ".join(
        filter(None, (_state(row), *_polls(row), f"{counted(row.articles, 'article')}, {row.unread} unread"))
    )


def _state(row: FeedRow) -> str:
    return f"{row.state}, {row.failures:,} failed in a row" if row.failures else row.state


def _polls(row: FeedRow) -> tuple[str, str]:
    last = f"last poll {when_short(row.last_polled_at)} {row.last_status}" if row.last_polled_at else "not polled yet"
    planned = f"next {when_short(row.next_poll_at)}: {shown(row.next_poll_reason or '')}" if row.next_poll_at else ""
    return (f"{last} ({shown(row.last_error)})" if row.last_error else last), planned


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
