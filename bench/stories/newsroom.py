"""An archive that articles are filed in as the pipeline files them, without a network and without pages to read."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from scraper.articles.stories import telling_of
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
    RawPage,
)
from store.sqlite.store import Store, open_store

#: When the first article is filed.
START = datetime(2026, 1, 5, tzinfo=UTC)
_LEASE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article to file; addresses of one host are filed one after the other."""

    url: str
    title: str | None
    text: str
    language: str | None = None
    #: What its page was read as, and the page; made of title and text without.
    extraction: Extraction | None = None
    page: bytes | None = None


class _Clock:
    """The newsroom's clock."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room

    def now(self) -> datetime:
        return self._room.now


class Newsroom:
    """Files articles; its clock stands where it is put."""

    def __init__(self, folder: Path, hosts: Sequence[str], *, stories: bool = True) -> None:
        self.now = START
        self.store: Store = open_store(folder / "wireroom.db", clock=_Clock(self))
        self._feeds = {host: f"https://{host}/feed" for host in hosts}
        specs = [FeedSpec(url=url, stories=stories) for url in self._feeds.values()]
        self.store.sync_feeds(specs, now=self.now)
        self._host_names = {host: url for url, host in self._feeds.items()}

    def close(self) -> None:
        """Close the archive."""
        self.store.close()

    def list(self, items: Sequence[Item]) -> None:
        """Poll all feeds; each lists its host's items."""
        by_host: dict[str, list[Item]] = {}
        for item in items:
            by_host.setdefault(item.url.split("/")[2], []).append(item)
        self.store.request_polls(None, now=self.now)
        for claim in self._claims("feeds"):
            for state in self.store.due_feeds(claim, self.now):
                host = state.spec.url.split("/")[2]
                record = PollRecord(started_at=self.now, finished_at=self.now, status="new", http_status=200)
                plan = NextPoll(at=self.now + timedelta(days=999), interval=timedelta(days=999), reason="bench")
                decisions = tuple(map(_filed, reversed(by_host.get(host, []))))
                commit = PollCommit(
                    feed_id=state.id,
                    record=record,
                    next_poll=plan,
                    decisions=decisions,
                    state=replace(state, last_polled_at=self.now),
                )
                self.store.commit_poll(claim, commit)
            self.store.release(claim)

    def file(self, items: Iterable[Item]) -> None:
        """Fetch what was listed: every host in a thread of its own, so that commits are shared as they are in use."""
        by_url = {item.url: item for item in items}
        threads = [threading.Thread(target=self._work, args=(claim, by_url)) for claim in self._claims("articles")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _claims(self, slot: str) -> list[HostClaim]:
        claims = self.store.claim_hosts(self.now, 10_000, _LEASE)
        for claim in claims:
            if claim.slot != slot:
                self.store.release(claim)
        return [claim for claim in claims if claim.slot == slot]

    def _work(self, claim: HostClaim, by_url: dict[str, Item]) -> None:
        while (job := self.store.next_article(claim, self.now)) is not None:
            item = by_url[job.url]
            made = Extraction(title=item.title, text=item.text, html=item.text, markdown=item.text)
            found = item.extraction or replace(made, language=item.language)
            body = item.page or item.text.encode()
            commit = ArticleCommit(
                article_id=job.id,
                status="full",
                reason=None,
                extraction=found,
                is_revision=True,
                checked_at=self.now,
                http_status=200,
                rule="page-read",
                keys=(job.url,),
                page=RawPage(url=job.url, content_type="text/html", body=body, fetched_at=self.now),
                recheck_at=self.now + timedelta(days=30),
            )
            self.store.commit_article(claim, commit, telling_of(job, commit))
        self.store.release(claim)


def _filed(item: Item) -> EntryDecision:
    keys = EntryKeys(guid=item.url, link=item.url, content_hash=item.url)
    entry = ParsedEntry(guid=item.url, link=item.url, title=item.title)
    return EntryDecision(
        keyed=KeyedEntry(entry=entry, keys=keys, article_key=item.url), action="file", rule="new-entry"
    )


# --------------------------------------------------------------------------- made news


class Press:
    """Makes articles from a seed: common and rare words as in a language, furniture of each site, some copies."""

    #: Of the articles, so many copy one of the last hundred; so many words has the furniture of every second site.
    COPIES, FURNITURE = 0.05, 40

    def __init__(self, seed: int, sites: int) -> None:
        self._rng = random.Random(seed)
        letters = "abcdefghijklmnoprstuvz"
        self._words = ["".join(self._rng.choices(letters, k=2 + min(9, n // 40))) for n in range(400)]
        self._words += ["".join(self._rng.choices(letters, k=self._rng.randint(4, 11))) for _ in range(30_000)]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self.hosts = [f"paper{number}.example" for number in range(sites)]
        self._furniture = {host: self._text(self.FURNITURE) for host in self.hosts[::2]}
        self._last: list[Item] = []
        self._count = 0

    def articles(self, count: int) -> list[Item]:
        """Return the next articles."""
        return [self._article() for _ in range(count)]

    def _article(self) -> Item:
        self._count += 1
        host = self._rng.choice(self.hosts)
        if self._last and self._rng.random() < self.COPIES:
            source = self._rng.choice(self._last)
            title, text = self._text(8), source.text
        else:
            title, text = self._text(8), "\n\n".join(self._text(self._rng.randint(30, 80)) for _ in range(7))
        if furniture := self._furniture.get(host):
            text = f"{text}\n\n{furniture}"
        item = Item(url=f"https://{host}/{self._count}", title=title, text=text, language="en")
        self._last = [*self._last[-99:], item]
        return item

    def _text(self, words: int) -> str:
        return " ".join(self._rng.choices(self._words, cum_weights=self._weights, k=words))
