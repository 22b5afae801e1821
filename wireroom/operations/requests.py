"""Work that a person asks for now: done by the running daemon or, without one, right here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scraper.config import Settings
from scraper.config.values import parse_address
from scraper.engine.embedded import Outcome
from scraper.errors import NotAnAddress, NotFound
from scraper.model import ArticleOutcome, ArticleRecord
from scraper.ports import Archive
from scraper.urls import article_key, without_credentials
from store import Store, lock_owner, open_store
from wireroom.operations.passes import Tally, Watch, locked_archive, run_pass
from wireroom.operations.select import find_article


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """Feeds and articles that were asked for, and what came of them."""

    feed_ids: tuple[int, ...]
    article_ids: tuple[int, ...]
    #: The running daemon was asked to do it: nothing is known yet of what comes of it.
    is_asked: bool
    outcomes: tuple[ArticleOutcome, ...] = ()
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page that was asked for."""

    article_id: int
    #: None = the running daemon was asked to fetch it.
    record: ArticleRecord | None


@dataclass(slots=True)
class _Awaited:
    """The articles that are waited for and what became of them."""

    ids: frozenset[int]
    outcomes: dict[int, ArticleOutcome] = field(default_factory=dict)

    def take(self, outcome: Outcome) -> bool:
        """Take in an outcome; True as soon as all are there."""
        if isinstance(outcome, ArticleOutcome) and outcome.article_id in self.ids and not outcome.goes_on:
            self.outcomes[outcome.article_id] = outcome
        return self.ids <= self.outcomes.keys()


def refresh(settings: Settings, what: Sequence[str], *, watch: Watch) -> Refreshed:
    """Poll feeds and fetch articles again, whatever their due times.

    Raises:
        NotFound: one of the names means nothing, or several feeds.
        StoreBusy: another command is at work, as opposed to a daemon.
    """
    if lock_owner(settings.database) is not None:
        with open_store(settings.database, create=False) as store:
            feeds, articles = _resolve(store, what)
            _request(store, feeds, articles)
        return Refreshed(feed_ids=feeds, article_ids=articles, is_asked=True)
    tally = Tally()
    with locked_archive(settings, "refresh") as store:
        feeds, articles = _resolve(store, what)
        # One after the other: the pass that fetches the articles takes whatever else is due with it.
        _request(store, (), articles)
        outcomes = _fetch(settings, store, articles, watch)
        _request(store, feeds, ())
        if feeds:
            run_pass(settings, store, frozenset(feeds), tally, watch=watch)
    return Refreshed(feed_ids=feeds, article_ids=articles, is_asked=False, outcomes=outcomes, tally=tally)


def save(settings: Settings, url: str, *, watch: Watch) -> Saved:
    """File one page that is in no feed; it may be one that is on file.

    Raises:
        NotAnAddress: `url` is none.
        StoreBusy: another command is at work, as opposed to a daemon.
    """
    try:
        address = parse_address(url.strip())
    except ValueError as exc:
        raise NotAnAddress(f"{url}: {exc}", url=without_credentials(url)) from None
    if lock_owner(settings.database) is not None:
        with open_store(settings.database, create=False) as store:
            return Saved(article_id=_file(store, address), record=None)
    with locked_archive(settings, "save") as store:
        number = _file(store, address)
        for outcome in _fetch(settings, store, (number,), watch):
            number = outcome.merged_into or number
        return Saved(article_id=number, record=store.article(number))


def _resolve(archive: Archive, what: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the ids of the feeds and of the articles that were named: a number is an article's."""
    feeds: list[int] = []
    articles: list[int] = []
    for name in what:
        try:
            articles.append(find_article(archive, name))
        except NotFound:
            if name.isdecimal():
                raise
            feeds.append(archive.find_feed_id(name))
    return tuple(feeds), tuple(articles)


def _request(store: Store, feeds: Sequence[int], articles: Sequence[int]) -> None:
    now = datetime.now(UTC)
    if feeds:
        store.request_polls(feeds, now=now)
    if articles:
        store.request_fetches(articles, now=now)


def _file(store: Store, address: str) -> int:
    return store.save_address(address, article_key(address), now=datetime.now(UTC))


def _fetch(settings: Settings, store: Store, articles: Sequence[int], watch: Watch) -> tuple[ArticleOutcome, ...]:
    """Work until these articles have been fetched; nothing else is begun after that."""
    awaited = _Awaited(frozenset(articles))
    if articles:
        # A scope is made of feeds, and saved pages have none: the pass is over all, and ends early.
        run_pass(settings, store, None, Tally(), watch=watch, until=awaited.take)
    return tuple(awaited.outcomes.values())
