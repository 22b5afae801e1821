"""Options and arguments that several commands have, and how text that cannot be read becomes wrong usage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import typer

from wireroom.cli import completion
from wireroom.cli.output import shown
from wireroom.operations import select

T = TypeVar("T")


def parsed(read: Callable[[str], T]) -> Callable[[Any], T]:
    """Return the parser of an option, or the callback of arguments, for what `read` makes of a text.

    Its ValueError is wrong usage, told with its message. Typer's own way tells the text alone, with any login in it.
    """

    def parse(given: Any) -> Any:
        if isinstance(given, list):
            return [parse(each) for each in given]
        if not isinstance(given, str):  # an option's default
            return given
        try:
            return read(given)
        except ValueError as exc:
            raise typer.BadParameter(shown(str(exc))) from None

    return parse


read_number = parsed(select.parse_number)
read_since = parsed(lambda text: select.parse_since(text, datetime.now(UTC)))

FeedOption = Annotated[
    str | None,
    typer.Option(
        "--feed",
        metavar="FEED",
        help="Only of this feed: number, name or address, or a part of its name.",
        autocompletion=completion.feeds,
    ),
]
TagOption = Annotated[
    str | None, typer.Option("--tag", metavar="TAG", help="Only with this tag.", autocompletion=completion.tags)
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since", parser=read_since, metavar="WHEN", help="First seen since: 30m, 2h, 3d, 1w, or 2026-11-01."
    ),
]
UnreadOption = Annotated[bool, typer.Option("--unread", help="Only unread ones.")]
StarredOption = Annotated[bool, typer.Option("--starred", help="Only starred ones.")]
RemovedOption = Annotated[bool, typer.Option("--removed", help="Only those taken down by their sites.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", parser=read_number, metavar="N", help="Show at most N.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id or address.")]
FiledOption = Annotated[
    bool, typer.Option("--filed", help="As it was filed, whatever `reprocess` has made of its page since.")
]
ArticlesArgument = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids or addresses.", show_default=False)]
