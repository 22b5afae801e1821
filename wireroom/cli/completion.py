"""What shells complete behind options and arguments. Where the archive cannot be read there is nothing to offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.ports import Archive


def formats(incomplete: str) -> list[str]:
    """Return the formats of `export`."""
    from wireroom.export import FORMATS

    return _beginning(FORMATS.names(), incomplete)


def feeds(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names and addresses of the feeds on file, without logins."""
    from scraper.config.values import without_credentials

    texts = _asked(ctx, lambda archive: [text for row in archive.feeds() for text in (row.name, row.url)])
    return _beginning(map(without_credentials, texts), incomplete)


def tags(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the tags of the feeds on file."""
    return _beginning(_asked(ctx, lambda archive: [tag for row in archive.feeds() for tag in row.tags]), incomplete)


def searches(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of the saved searches."""
    return _beginning(_asked(ctx, lambda archive: [saved.name for saved in archive.saved_searches()]), incomplete)


def _asked(ctx: typer.Context, ask: Callable[[Archive], list[str]]) -> list[str]:
    from scraper.errors import WireroomError
    from wireroom.cli.invocation import Invocation, LogFormat

    given = ctx.find_root().params  # nothing has run yet that would make `ctx.obj` of it
    invocation = Invocation(config=given["config"], db=given["db"], verbose=0, log_format=LogFormat.text)
    try:
        with invocation.archive(migrate=False) as archive:
            return ask(archive)
    except (WireroomError, OSError):
        return []


def _beginning(texts: Iterable[str], incomplete: str) -> list[str]:
    return sorted({text for text in texts if text.startswith(incomplete)})
