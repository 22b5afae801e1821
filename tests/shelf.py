"""A real archive with articles on file, filed through the Repository as the pipeline does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fakes import NOON

from scraper.model import (
    ArticleCommit,
    EntryDecision,
    EntryKeys,
    Extraction,
    FeedSpec,
    HostClaim,
    KeyedEntry,
    NextPoll,
    ParsedEntry,
    PollCommit,
    PollRecord,
    Slot,
    Status,
)
from scraper.ports import Repository

FEED = FeedSpec(url="https://paper.example/feed", name="The Paper", tags=("news",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One article to put on file."""

    url: str
    extraction: Extraction
    status: Status = "full"
    reason: str | None = None
    entry: ParsedEntry | None = None


def fill(
    store: Repository, articles: Sequence[Filed], *, feeds: Sequence[FeedSpec] = (FEED,), now: datetime = NOON
) -> None:
    """File `articles` in order under the first of `feeds`; ids count from 1 in a new archive."""
    store.sync_feeds(feeds, now=now)
    claim = _claim(store, "feeds", now)
    state = next(state for state in store.due_feeds(claim, now) if state.spec.url == feeds[0].url)
    store.commit_poll(
        claim,
        PollCommit(
            feed_id=state.id,
            record=PollRecord(started_at=now, finished_at=now, status="new", http_status=200),
            next_poll=NextPoll(at=now + timedelta(hours=1), interval=timedelta(hours=1), reason="auto"),
            # A feed lists the newest first, so its last entry is filed first.
            decisions=tuple(_decision(filed) for filed in reversed(articles)),
            state=replace(state, last_polled_at=now),
            site_url="https://paper.example/",
        ),
    )
    store.release(claim)
    claim = _claim(store, "articles", now)
    by_url = {filed.url: filed for filed in articles}
    while (job := store.next_article(claim, now)) is not None:
        filed = by_url[job.url]
        store.commit_article(
            claim,
            ArticleCommit(
                article_id=job.id,
                status=filed.status,
                reason=filed.reason,
                extraction=filed.extraction,
                is_revision=True,
                checked_at=now,
                rule="page-read",
            ),
        )
    store.release(claim)


def _claim(store: Repository, slot: Slot, now: datetime) -> HostClaim:
    claims = store.claim_hosts(now, 100, timedelta(minutes=1))
    for claim in claims:
        if claim.slot != slot:
            store.release(claim)
    return next(claim for claim in claims if claim.slot == slot)


def _decision(filed: Filed) -> EntryDecision:
    keys = EntryKeys(guid=filed.url, link=filed.url, content_hash=filed.url)
    entry = replace(filed.entry or ParsedEntry(), guid=filed.url, link=filed.url, title=filed.extraction.title)
    keyed = KeyedEntry(entry=entry, keys=keys, article_key=filed.url)
    return EntryDecision(keyed=keyed, action="file", rule="new-entry")
