"""`read`, `unread`, `star`, `unstar`: the reader's marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from wireroom.cli.options import ArticlesArgument, JsonOption
from wireroom.cli.output import counted, print_json, say

if TYPE_CHECKING:
    from wireroom.cli.invocation import Invocation
    from wireroom.operations.articles import Mark


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


def _mark(invocation: Invocation, articles: list[str], mark: Mark, *, is_on: bool, json: bool) -> None:
    from wireroom.operations.articles import mark_articles

    with invocation.archive() as archive:
        marked = mark_articles(archive, articles, mark, is_on=is_on)
    if json:
        print_json(marked)
        return
    already = len(marked.article_ids) - marked.changed
    word = mark if is_on else f"not {mark}"
    say(f"{counted(marked.changed, 'article')} now {word}" + (f", {already} already so" if already else ""))
