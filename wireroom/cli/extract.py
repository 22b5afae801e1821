"""`extract`: the extractor alone, on a file, an address or standard input."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.output import FAILED, fail, note, print_json, printable_lines

if TYPE_CHECKING:
    from scraper.config import Settings

_TEXT_SUFFIXES = (".txt", ".text")


class Form(StrEnum):
    """What is printed of an extraction."""

    json = "json"
    text = "text"
    markdown = "markdown"
    html = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What the extractor is given."""

    body: bytes
    url: str
    content_type: str | None = None


def extract(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A page; - is standard input.")],
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="The address that a file came from.", show_default=False)
    ] = None,
    format: Annotated[Form, typer.Option("--format", "-f", help="What to print.")] = Form.json,
) -> None:
    """Extract the article from one page and print it.

    Nothing is filed. Files named .txt are read as plain text, all others as HTML.
    """
    from scraper.extract import extract_article
    from scraper.reading import site_rule
    from wireroom.services import open_workers

    ctx.obj.log(quiet=True)
    settings = ctx.obj.settings_or_default()
    page = _fetched(source, settings) if source.startswith(("http://", "https://")) else _read(source, url)
    rule = site_rule(settings.sites, page.url)
    with open_workers() as workers:
        extraction = workers.run(extract_article, page.body, url=page.url, content_type=page.content_type, rule=rule)
    if format is Form.json:
        print_json(extraction)
    else:
        typer.echo(printable_lines(getattr(extraction, format.value)))
    if extraction.reason:
        note(f"{extraction.kind}: {extraction.reason}")
    if not extraction.text:
        raise typer.Exit(FAILED)


def _read(source: str, url: str | None) -> _Page:
    is_text = source.lower().endswith(_TEXT_SUFFIXES)
    is_input = source == "-"
    return _Page(
        body=sys.stdin.buffer.read() if is_input else Path(source).read_bytes(),
        # Without an address its name stands in messages; relative links lead nowhere, and are left out.
        url=url or ("standard input" if is_input else Path(source).name),
        content_type="text/plain" if is_text else None,
    )


def _fetched(url: str, settings: Settings) -> _Page:
    from scraper.model import FetchRequest
    from scraper.reading import ACCEPT_PAGE, MAX_PAGE_BYTES
    from wireroom.services import open_client

    with open_client(settings) as client:
        response = client.fetch(FetchRequest(url=url, max_bytes=MAX_PAGE_BYTES, accept=ACCEPT_PAGE))
    if not 200 <= response.status < 300:
        fail(f"{response.url}: the site answered with HTTP {response.status}")
    return _Page(body=response.body, url=response.url, content_type=response.content_type)
