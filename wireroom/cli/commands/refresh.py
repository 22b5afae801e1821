"""`refresh` and `save`: work that a person asks for now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli import completion
from wireroom.cli.options import JsonOption
from wireroom.cli.output import FAILED, counted, fail, note, print_json, printable, say

if TYPE_CHECKING:
    from scraper.model import ArticleOutcome
    from wireroom.operations.requests import Refreshed


def refresh(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="FEED|ARTICLE...",
            help="Feeds by name, a part of it or address, articles by id or address.",
            autocompletion=completion.feeds,
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Poll feeds or fetch articles again now.

    A running daemon is asked to do it; without one it is done here.
    """
    from wireroom.cli.progress import say_failures, shown_progress
    from wireroom.operations import requests

    ctx.obj.log(quiet=True)
    done = requests.refresh(ctx.obj.settings(), what, watch=shown_progress)
    if json:
        print_json(_as_json(done))
    elif done.is_asked:
        feeds, articles = counted(len(done.feed_ids), "feed"), counted(len(done.article_ids), "article")
        say(f"asked the daemon for {feeds} and {articles}")
    else:
        _say_refreshed(done)
    say_failures(done.tally)
    if any(outcome.status in ("failed", "pending") for outcome in done.outcomes):
        raise typer.Exit(FAILED)


def save(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The page to file.")],
    json: JsonOption = False,
) -> None:
    """File one page that is in no feed, and print its id."""
    from wireroom.cli.progress import shown_progress
    from wireroom.operations import requests

    ctx.obj.log(quiet=True)
    saved = requests.save(ctx.obj.settings(), url, watch=shown_progress)
    status, reason = (saved.record.status, saved.record.reason) if saved.record else ("asked", None)
    if json:
        print_json({"id": saved.article_id, "status": status, "reason": reason})
    else:
        say(str(saved.article_id))
        if status == "asked":
            note("the daemon was asked to fetch it")
    if status in ("failed", "pending"):
        again = "; it will be tried again" if status == "pending" else ""
        fail(f"{reason or 'the page could not be fetched'}{again}")


def _say_refreshed(done: Refreshed) -> None:
    for outcome in done.outcomes:
        reason = f" ({printable(outcome.reason)})" if outcome.reason else ""
        say(f"{outcome.merged_into or outcome.article_id}\t{outcome.status}{reason}")
    counts = done.tally.counts
    if counts["feeds_polled"]:
        say(f"{counted(counts['feeds_polled'], 'feed')} polled, {counted(counts['articles_new'], 'new article')}")


def _as_json(done: Refreshed) -> dict[str, object]:
    if done.is_asked:
        return {"is_asked": True, "feed_ids": done.feed_ids, "article_ids": done.article_ids}
    counts = {name: done.tally.counts[name] for name in ("feeds_polled", "feeds_failed", "articles_new")}
    return {"is_asked": False, "articles": list(map(_outcome, done.outcomes)), **counts}


def _outcome(outcome: ArticleOutcome) -> dict[str, object]:
    return {"id": outcome.merged_into or outcome.article_id, "status": outcome.status, "reason": outcome.reason}
