"""`poll`: one pass over what is due, counted and shown while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.choice import JsonOption
from wireroom.cli.output import FAILED, counted, note, print_json, printable, say, size, when

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from scraper.config import Settings
    from scraper.model import ArticleOutcome, PollOutcome
    from scraper.ports import Scope
    from store import Store

    Listener = Callable[[object], None]

_FEED_COUNTS = ("feeds_polled", "not_modified", "feeds_failed", "entries_new", "articles_new")
_ARTICLE_COUNTS = ("full", "feed_only", "failed", "pages_fetched", "bytes")


@dataclass(slots=True)
class Tally:
    """Counts the outcomes of one pass."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*_FEED_COUNTS, *_ARTICLE_COUNTS), 0))
    #: Feeds that failed: (address, message).
    failures: list[tuple[str, str]] = field(default_factory=list)

    def count(self, outcome: object) -> None:
        """Take in one outcome of a poll or of an article fetch."""
        from scraper.model import ArticleOutcome, PollOutcome

        if isinstance(outcome, PollOutcome):
            self._count_poll(outcome)
        elif isinstance(outcome, ArticleOutcome):
            self._count_article(outcome)

    def _count_poll(self, outcome: PollOutcome) -> None:
        counts = self.counts
        counts["feeds_polled"] += 1
        counts["not_modified"] += outcome.status == "not_modified"
        counts["entries_new"] += outcome.entries_new
        counts["articles_new"] += outcome.articles_new
        counts["bytes"] += outcome.wire_bytes
        # 410 Gone: the feed will not be polled again, so somebody has to hear of it.
        if outcome.status in ("failed", "gone"):
            counts["feeds_failed"] += 1
            self.failures.append((outcome.url, outcome.error or "the feed is gone (410); take it out of the list"))

    def _count_article(self, outcome: ArticleOutcome) -> None:
        counts = self.counts
        counts["pages_fetched"] += outcome.pages_fetched
        counts["bytes"] += outcome.wire_bytes
        if outcome.merged_into is not None:  # it was one we have: what its entry promised was not new
            counts["articles_new"] = max(0, counts["articles_new"] - 1)
        elif outcome.status != "pending":
            counts[outcome.status] += 1


def poll(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FEED]...", help="Only these feeds: address, name or id.", show_default=False),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Poll what is not due, too.")] = False,
    json: JsonOption = False,
) -> None:
    """Poll the feeds that are due, once, and file their articles.

    The exit status is 1 if a feed failed.
    """
    ctx.obj.log(quiet=True)
    settings = ctx.obj.settings()
    tally = Tally()
    started = monotonic()
    with owned_store(settings, "refresh") as store:
        scope = find_scope(store, feeds)
        if all:
            store.request_polls(sorted(scope) if scope else None, now=_now())
        run_pass(settings, store, scope, tally)
        is_idle = not tally.counts["feeds_polled"] and not tally.counts["pages_fetched"]
        next_at = store.status().next_poll_at if is_idle else None
    seconds = monotonic() - started
    if json:
        print_json({**tally.counts, "seconds": round(seconds, 3)})
    elif is_idle:
        say(_idle_message(settings, next_at))
    else:
        say(_summary(tally.counts, seconds))
    say_failures(tally)


def owned_store(settings: Settings, instead: str) -> AbstractContextManager[Store]:
    """Return the store, opened with the process lock held and its feed list brought up to date.

    Raises:
        StoreBusy: a daemon, or another command, holds the lock; the message names the command that asks it `instead`.
    """
    from contextlib import contextmanager

    from scraper.errors import StoreBusy
    from store import ProcessLock, lock_owner, open_store

    @contextmanager
    def opened() -> Iterator[Store]:
        path = settings.database
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (pid := lock_owner(path)) is not None:
            who = f"process {pid}" if pid else "another process"
            message = f"{path} is in the hands of {who}; `wireroom {instead}` asks it to do the work"
            raise StoreBusy(message, path=path)
        with ProcessLock(path), open_store(path) as store:
            store.clear_leases()
            store.sync_feeds(settings.feeds, now=_now())
            yield store

    return opened()


def find_scope(store: Store, feeds: Sequence[str] | None) -> Scope:
    """Return the ids of the feeds that were named; None = all.

    Raises:
        NotFound: one of them is unknown.
    """
    return frozenset(store.find_feed_id(what) for what in feeds) if feeds else None


def run_pass(settings: Settings, store: Store, scope: Scope, tally: Tally) -> None:
    """Work until nothing in `scope` is due, counting into `tally`; with a progress bar if a person watches."""
    from wireroom.cli.progress import shown_progress
    from wireroom.services import open_runner

    with open_runner(settings, store) as runner, shown_progress(store.feeds(), scope, _now()) as show:

        def listen(outcome: object) -> None:
            tally.count(outcome)
            show(outcome)

        runner.run_pass(scope=scope, on_outcome=listen)


def say_failures(tally: Tally) -> None:
    """Name the feeds that failed on standard error and end with status 1 if there are any."""
    if not tally.failures:
        return
    from wireroom.logs import redact

    for url, error in tally.failures:
        note(f"wireroom: {printable(redact(url))}: {printable(redact(error))}")
    raise typer.Exit(FAILED)


def _summary(counts: dict[str, int], seconds: float) -> str:
    settled = [
        f"{counts[name]:,} {words}"
        for name, words in (("full", "in full"), ("feed_only", "as the feed gave them"), ("failed", "failed"))
        if counts[name]
    ]
    parts = [
        f"{counted(counts['feeds_polled'], 'feed')} polled ({counts['not_modified']:,} not modified)",
        counted(counts["entries_new"], "new entry", "new entries"),
        counted(counts["articles_new"], "new article") + (f" ({', '.join(settled)})" if settled else ""),
    ]
    return f"{', '.join(parts)}; {size(counts['bytes'])} in {seconds:.1f} s"


def _idle_message(settings: Settings, next_at: datetime | None) -> str:
    if not settings.feeds:
        return f"{settings.path.name} lists no feed yet; add one with `wireroom feeds add URL`"
    due = f"; the next feed is due at {when(next_at)}" if next_at else ""
    return f"nothing was due{due} (--all polls all the same)"


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)
