"""`searches`, and what the help of `search` says of its language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from wireroom.cli import completion
from wireroom.cli.options import JsonOption
from wireroom.cli.output import note, print_json, print_rows, say, when


class SearchCommand(TyperCommand):
    """`search`, whose help ends with the language of queries."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the table that the reference has too."""
        from scraper.query.language import LANGUAGE

        with formatter.section("Queries"):
            formatter.write_dl(LANGUAGE, col_max=24)


def searches(
    ctx: typer.Context,
    remove: Annotated[
        str | None,
        typer.Option("--remove", metavar="NAME", help="Delete this search.", autocompletion=completion.searches),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List or delete saved searches.

    `wireroom search --save NAME QUERY` saves one, `wireroom search @NAME` runs it.
    """
    with ctx.obj.archive() as archive:
        if remove is not None:
            archive.save_search(remove.removeprefix("@"), None, now=datetime.now(UTC))
            name = remove.removeprefix("@")
            print_json({"forgotten": name}) if json else say(f"forgotten: {name}")
            return
        found = archive.saved_searches()
    if json:
        print_json(found)
        return
    rows = [(saved.name, saved.query, when(saved.saved_at)) for saved in found]
    print_rows(("name", "query", "saved"), rows, wide="query")
    if not found:
        note("no search is saved; `wireroom search --save NAME QUERY` saves one")
