"""`read`, `unread`, `star`, `unstar`: the reader's marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from wireroom.cli.options import ArticlesArgument, JsonOption
from wireroom.cli.output import counted, print_json, say
from wireroom.operations.select import find_article

if TYPE_CHECKING:
    from wireroom.cli.invocation import Invocation


def read(ctx: typer.Context, articles: ArticlesArgument, json: JsonOption = False) -> None:
    """Mark articles as read."""
    _mark(ctx.obj, articles, "read", is_on=True, json=json)


def unread(ctx: typer.Context, articles: ArticlesArgument, json: JsonOption = False) -> None:
    """Mark articles as not read."""
    _mark(ctx.obj, articles, "read", is_on=False, json=json)


def star(ctx: typer.Context, articles: ArticlesArgument, json: JsonOption = False) -> None:
    """Star articles."""
    _mark(ctx.obj, articles, "starred", is_on=True, json=json)


def unstar(ctx: typer.Context, articles: ArticlesArgument, json: JsonOption = False) -> None:
    """Take the star off articles."""
    _mark(ctx.obj, articles, "starred", is_on=False, json=json)


def _mark(invocation: Invocation, articles: list[str], mark: str, *, is_on: bool, json: bool) -> None:
    from datetime import UTC, datetime

    with invocation.archive() as archive:
        ids = [find_article(archive, what) for what in articles]
        write = archive.set_read if mark == "read" else archive.set_starred
        changed = write(ids, is_on, now=datetime.now(UTC))
    if json:
        print_json({"article_ids": list(dict.fromkeys(ids)), "changed": changed})
        return
    already = len(set(ids)) - changed
    word = mark if is_on else f"not {mark}"
    say(f"{counted(changed, 'article')} now {word}" + (f", {already} already so" if already else ""))
