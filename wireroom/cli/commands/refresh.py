"""`refresh` and `save`: work that a person asks for now, done by the running daemon or, without one, right here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli import completion
from wireroom.cli.options import JsonOption
from wireroom.cli.output import FAILED, WRONG, counted, fail, note, print_json, printable, say
from wireroom.operations.select import find_article

if TYPE_CHECKING:
    from scraper.config import Settings
    from scraper.engine.embedded import Outcome
    from scraper.model import ArticleOutcome
    from store import Store
    from wireroom.cli.work import Tally


@dataclass(slots=True)
class _Awaited:
    """The articles that are waited for and what became of them."""

    ids: frozenset[int]
    outcomes: dict[int, ArticleOutcome] = field(default_factory=dict)

    def take(self, outcome: Outcome) -> bool:
        """Take in an outcome; True as soon as all are there."""
        from scraper.model import ArticleOutcome

        if isinstance(outcome, ArticleOutcome) and outcome.article_id in self.ids and not outcome.goes_on:
            self.outcomes[outcome.article_id] = outcome
        return self.ids <= self.outcomes.keys()


def refresh(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="FEED|ARTICLE...",
            help="Feeds by name or address, articles by id or address.",
            autocompletion=completion.feeds,
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Poll feeds or fetch articles again now.

    A running daemon is asked to do it; without one it is done here.
    """
    from wireroom.cli.work import Tally, owned_store, run_pass, say_failures

    ctx.obj.log(quiet=True)
    settings = ctx.obj.settings()
    if _has_daemon(settings):
        with ctx.obj.archive() as store:
            feeds, articles = _resolve(store, what)
            _request(store, feeds, articles)
        if json:
            print_json({"is_asked": True, "feed_ids": feeds, "article_ids": articles})
        else:
            say(f"asked the daemon for {counted(len(feeds), 'feed')} and {counted(len(articles), 'article')}")
        return
    tally = Tally()
    with owned_store(settings, "refresh") as store:
        feeds, articles = _resolve(store, what)
        # One after the other: the pass that fetches the articles takes whatever else is due with it.
        _request(store, [], articles)
        awaited = _await(settings, store, articles)
        _request(store, feeds, [])
        if feeds:
            run_pass(settings, store, frozenset(feeds), tally)
    if json:
        counts = {name: tally.counts[name] for name in ("feeds_polled", "feeds_failed", "articles_new")}
        print_json({"is_asked": False, "articles": list(map(_as_json, awaited.outcomes.values())), **counts})
    else:
        _say_refreshed(awaited, tally)
    say_failures(tally)
    if any(outcome.status in ("failed", "pending") for outcome in awaited.outcomes.values()):
        raise typer.Exit(FAILED)


def save(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The page to file.")],
    json: JsonOption = False,
) -> None:
    """File one page that is in no feed, and print its id."""
    from scraper.urls import article_key
    from wireroom.cli.work import owned_store

    ctx.obj.log(quiet=True)
    settings = ctx.obj.settings()
    address = _checked_address(url)
    if _has_daemon(settings):
        with ctx.obj.archive() as store:
            number = store.save_address(address, article_key(address), now=datetime.now(UTC))
        _print_saved(number, "asked", None, json=json)
        return
    with owned_store(settings, "save") as store:
        number = store.save_address(address, article_key(address), now=datetime.now(UTC))
        outcome = _await(settings, store, [number]).outcomes.get(number)
        number = outcome.merged_into or number if outcome else number
        record = store.article(number)
    _print_saved(number, record.status, record.reason, json=json)
    if record.status in ("failed", "pending"):
        again = "; it will be tried again" if record.status == "pending" else ""
        fail(f"{record.reason or 'the page could not be fetched'}{again}")


def _has_daemon(settings: Settings) -> bool:
    from store import lock_owner

    return lock_owner(settings.database) is not None


def _resolve(store: Store, what: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the ids of the feeds and of the articles that were named.

    Raises:
        NotFound: one of them is unknown.
    """
    feeds: list[int] = []
    articles: list[int] = []
    for name in what:
        is_feed, number = _resolve_one(store, name)
        (feeds if is_feed else articles).append(number)
    return feeds, articles


def _resolve_one(store: Store, name: str) -> tuple[bool, int]:
    """Return whether `name` is a feed's, and the id: a number is an article's, an address may be of either."""
    from scraper.errors import NotFound

    if name.isdecimal():
        return False, find_article(store, name)
    try:
        return False, find_article(store, name)
    except NotFound:
        return True, store.find_feed_id(name)


def _request(store: Store, feeds: Sequence[int], articles: Sequence[int]) -> None:
    now = datetime.now(UTC)
    if feeds:
        store.request_polls(feeds, now=now)
    if articles:
        store.request_fetches(articles, now=now)


def _await(settings: Settings, store: Store, articles: Sequence[int]) -> _Awaited:
    """Work until these articles have been fetched; nothing else is begun after that."""
    from wireroom.cli.work import Tally, run_pass

    awaited = _Awaited(frozenset(articles))
    if articles:
        # A scope is made of feeds, and saved pages have none: the pass is over all, and ends early.
        run_pass(settings, store, None, Tally(), until=awaited.take)
    return awaited


def _say_refreshed(awaited: _Awaited, tally: Tally) -> None:
    for outcome in awaited.outcomes.values():
        reason = f" ({printable(outcome.reason)})" if outcome.reason else ""
        say(f"{outcome.merged_into or outcome.article_id}\t{outcome.status}{reason}")
    counts = tally.counts
    if counts["feeds_polled"]:
        say(f"{counted(counts['feeds_polled'], 'feed')} polled, {counted(counts['articles_new'], 'new article')}")


def _as_json(outcome: ArticleOutcome) -> dict[str, object]:
    return {"id": outcome.merged_into or outcome.article_id, "status": outcome.status, "reason": outcome.reason}


def _print_saved(number: int, status: str, reason: str | None, *, json: bool) -> None:
    if json:
        print_json({"id": number, "status": status, "reason": reason})
        return
    say(str(number))
    if status == "asked":
        note("the daemon was asked to fetch it")


def _checked_address(url: str) -> str:
    from scraper.config.values import parse_address

    try:
        return parse_address(url.strip())
    except ValueError as exc:
        fail(f"{url}: {exc}", WRONG)
