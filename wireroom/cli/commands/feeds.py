"""`feeds ...`: the feed list."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wireroom.cli import completion
from wireroom.cli.options import JsonOption, parsed
from wireroom.cli.output import (
    WRONG,
    counted,
    fail,
    note,
    print_json,
    print_rows,
    printable,
    say,
    shown,
    when_short,
)

if TYPE_CHECKING:
    from scraper.model import FeedRow, FeedSpec
    from wireroom.cli.invocation import Invocation

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def feeds() -> None:
    """See and change the feed list."""


@app.command("list")
def list_feeds(ctx: typer.Context, json: JsonOption = False) -> None:
    """List the feeds: number, name, state, next poll and why then."""
    rows = _rows(ctx.obj)
    if json:
        print_json(rows)
        return
    columns = ("id", "name", "state", "unread", "next", "why")
    print_rows(columns, [_row(row) for row in rows], wide="why", lead="name", wraps=True)
    if not rows:
        note("no feeds yet; `wireroom feeds add ADDRESS` adds one")


def _interval(text: str) -> timedelta | None:
    from scraper.config.values import parse_interval

    return parse_interval(text) if text else None


@app.command()
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="ADDRESS", help="A feed, or a page that has one.")],
    name: Annotated[str | None, typer.Option("--name", help="Instead of the feed's own title.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag for its articles; may be repeated.")] = None,
    interval: Annotated[
        timedelta | None,
        typer.Option(
            "--interval", parser=parsed(_interval), metavar="SPAN", help="Fixed time between polls, like 30m or 2h."
        ),
    ] = None,
    no_check: Annotated[bool, typer.Option("--no-check", help="Add the address without fetching it.")] = False,
    json: JsonOption = False,
) -> None:
    """Find the feed behind an address and add it.

    It is written into feeds.yaml, which is made if there is none.
    """
    from scraper.errors import FetchError, ParseError
    from scraper.model import FeedSpec
    from wireroom.operations.feeds import add as add_feed

    ctx.obj.log(quiet=True)
    wanted = FeedSpec(url=url, name=name, tags=tuple(tag or ()), interval=interval)
    try:
        added = add_feed(ctx.obj.config, ctx.obj.settings_or_default(), wanted, is_checked=not no_check)
    except (FetchError, ParseError) as exc:
        fail(f"{exc}; --no-check adds the address as it is")
    for other in added.others:
        note(f"also there: {shown(other.url)} {printable(other.title)}")
    if added.not_kept:
        note(f"what the feed answered cannot be kept, it will be asked again: {added.not_kept}")
    if json:
        print_json({"url": shown(added.url), "is_new": added.is_new})
    elif added.is_new:
        say(f"added to {ctx.obj.config}: {shown(added.url)}")
    else:
        note(f"{ctx.obj.config} lists it already: {shown(added.url)}")


@app.command()
def remove(
    ctx: typer.Context,
    feed: Annotated[str, typer.Argument(metavar="FEED", help="Its address or name.", autocompletion=completion.feeds)],
    json: JsonOption = False,
) -> None:
    """Take a feed out of feeds.yaml; its articles stay."""
    from wireroom.operations.feeds import remove as remove_feed

    spec = remove_feed(ctx.obj.config, ctx.obj.settings(), feed)
    if json:
        print_json({"url": shown(spec.url)})
    else:
        say(f"removed from {ctx.obj.config}: {shown(spec.url)}; its articles stay")


@app.command()
def check(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FEED|ADDRESS]...",
            help="Listed feeds or any address; by default the whole list.",
            autocompletion=completion.feeds,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check feeds.yaml, and fetch feeds to see how they are doing.

    One line a feed for the whole list; for each that is named, all that is to be known: what came, how often it is
    polled and why, what it loses in between, its newest entries, what is wrong and what to do. Nothing is filed.
    """
    from wireroom.cli.views.feed_report import check_feeds
    from wireroom.operations.feeds import address_to_check

    ctx.obj.log(quiet=True)
    settings = ctx.obj.settings_or_default() if feeds else ctx.obj.settings()
    check_feeds(ctx.obj, settings, [address_to_check(settings, what) for what in feeds or ()], json=json)


@app.command()
def suggest(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="ADDRESS", help="A page.")],
    json: JsonOption = False,
) -> None:
    """List the feeds behind the address of a page."""
    from wireroom.operations.discover import discover
    from wireroom.operations.feeds import complete_address

    ctx.obj.log(quiet=True)
    found = discover(ctx.obj.settings_or_default(), complete_address(url))
    if json:
        print_json(found)
    else:
        rows = [(shown(feed.url), str(feed.entries), feed.title or "") for feed in found]
        print_rows(("address", "entries", "title"), rows, wide="title")


@app.command("import")
def import_feeds(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; - is standard input.")],
    json: JsonOption = False,
) -> None:
    """Add the feeds of an OPML file that another reader wrote."""
    from scraper.config import add_feeds
    from wireroom.opml import read_opml

    left_out: list[str] = []
    mended: list[str] = []
    specs = read_opml(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes(), left_out, mended)
    added = set(add_feeds(ctx.obj.config, specs))
    known = [shown(spec.url) for spec in specs if spec.url not in added]
    for what in mended:
        note(f"mended: {shown(what)}")
    for reason in left_out:
        note(f"left out: {shown(reason)}")
    if json:
        new = [shown(spec.url) for spec in specs if spec.url in added]
        print_json({"added": new, "listed_already": known, "not_added": len(left_out), "mended": mended})
    else:
        for url in known:
            note(f"listed already: {url}")
        say(f"{counted(len(added), 'feed')} added to {ctx.obj.config}, {len(known):,} listed already")
    if left_out:
        fail(f"{counted(len(left_out), 'feed')} could not be added")


@app.command("export")
def export_feeds(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="PATH", help="A file; standard output by default.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="With --out, print as JSON what was written.")] = False,
) -> None:
    """Write the feed list as OPML, for other readers."""
    from wireroom.export.target import whole_file
    from wireroom.opml import write_opml

    listed = ctx.obj.settings().feeds
    document = write_opml(listed)
    if out is None or str(out) == "-":
        if json:
            fail("--json tells what was written to --out, which is not given; `feeds list --json` lists feeds", WRONG)
        typer.echo(document, nl=False)
        return
    with whole_file(out) as stream:
        stream.write(document)
    if json:
        print_json({"path": str(out), "feeds": len(listed)})
    else:
        note(f"{counted(len(listed), 'feed')} written to {out}")


# --------------------------------------------------------------------------- list


def _rows(invocation: Invocation) -> list[dict[str, Any]]:
    """Return the feeds as the list shows them: what is on file, and what feeds.yaml has beside it."""
    from dataclasses import fields

    stored: tuple[FeedRow, ...] = ()
    if invocation.database().exists():
        with invocation.archive() as archive:
            stored = archive.feeds()
    rows: list[dict[str, Any]] = [{field.name: getattr(row, field.name) for field in fields(row)} for row in stored]
    if not invocation.config.exists():  # with --db alone
        return rows
    from scraper.urls import without_credentials

    listed = {without_credentials(spec.url): spec for spec in invocation.settings().feeds}
    known = {row.url for row in stored}
    rows = [row if row["url"] in listed else row | {"state": "removed"} for row in rows]
    return rows + [_unpolled(spec) for url, spec in listed.items() if url not in known]


def _unpolled(spec: FeedSpec) -> dict[str, Any]:
    from dataclasses import fields

    from scraper.model import FeedRow
    from scraper.urls import without_credentials

    row: dict[str, Any] = dict.fromkeys(field.name for field in fields(FeedRow))
    state = "paused" if spec.paused else "new"
    url = without_credentials(spec.url)
    row |= {"url": url, "current_url": url, "name": spec.name or url, "tags": spec.tags, "state": state}
    return row | {"failures": 0, "articles": 0, "unread": 0}


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    failures = row["failures"]
    state = f"{row['state']}, {failures:,} failed" if failures else str(row["state"])
    reasons = {"new": "not polled yet", "removed": "no longer listed; its articles stay"}
    why = reasons.get(row["state"]) or row["last_error"] or row["next_poll_reason"] or ""
    unread = f"{row['unread']:,}/{row['articles']:,}"
    if row["risk"]:
        why = f"{why}; {row['risk']}"
    why = why.removeprefix(f"{row['url']}: ") if row["name"] == row["url"] else why
    return (str(row["id"] or ""), shown(row["name"]), state, unread, when_short(row["next_poll_at"]), shown(why))
