"""`extract`: the extractor alone, on a file, an address or standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from wireroom.cli.output import FAILED, WRONG, fail, note, print_json, printable_lines

if TYPE_CHECKING:
    from scraper.config import Settings
    from scraper.model import SiteRule

T = TypeVar("T")
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
    format: Annotated[
        Form | None, typer.Option("--format", "-f", help="What to print; json if not given.", show_default=False)
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say where each field came from and why each block was left out.")
    ] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="Propose selectors for `sites:` in feeds.yaml.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON: the same as --format json.")] = False,
) -> None:
    """Extract the article from one page and print it.

    Nothing is filed. Files named .txt are read as plain text, all others as HTML. With --explain a report on how the
    extraction came about is printed instead (with `--format json` as JSON), with --suggest a rule to start from.
    """
    ctx.obj.log(quiet=True)
    if json and format not in (None, Form.json):
        fail("--json and --format contradict each other; give one of them", WRONG)
    format = Form.json if json else format
    if suggest and (explain or format or json):
        fail("--suggest prints YAML for feeds.yaml; give it without --explain, --format and --json", WRONG)
    if explain and format not in (None, Form.json):
        fail("--explain prints a report or, with --format json, JSON; give it without another --format", WRONG)
    settings = ctx.obj.settings_or_default()
    page = _fetched(source, settings) if source.startswith(("http://", "https://")) else _read(source, url)
    if suggest:
        _suggest(page)
    else:
        _extract(page, _rule_for(settings, page), format, explain=explain)


def _extract(page: _Page, rule: SiteRule | None, format: Form | None, *, explain: bool) -> None:
    from scraper.extract import extract_article
    from scraper.extract.explain import explain_article
    from wireroom.cli.views.explanation import print_explanation

    if explain:
        explanation = _run(explain_article, page, rule=rule)
        extraction = explanation.extraction
        print_json(explanation) if format is Form.json else print_explanation(explanation)
    else:
        extraction = _run(extract_article, page, rule=rule)
        if format in (None, Form.json):
            print_json(extraction)
        else:
            typer.echo(printable_lines(getattr(extraction, format.value)))
    if extraction.reason:
        note(f"{extraction.kind}: {extraction.reason}")
    if not extraction.text:
        raise typer.Exit(FAILED)


def _suggest(page: _Page) -> None:
    from scraper.extract.suggest import suggest_rule
    from wireroom.cli.views.explanation import print_proposals

    proposals = _run(suggest_rule, page)
    if not proposals:
        fail(f"{page.url}: the page has no text to point at; --explain says what it is")
    print_proposals(page.url, proposals)


def _rule_for(settings: Settings, page: _Page) -> SiteRule | None:
    """Return the user's rule for the page's site."""
    from scraper.extract.rules import site_rule

    return site_rule(settings.sites, page.url)


def _run(reader: Callable[..., T], page: _Page, **options: object) -> T:
    """Read the page in a worker, with its limits of time and memory."""
    from wireroom.operations.compose import open_workers

    with open_workers() as workers:
        return workers.run(reader, page.body, url=page.url, content_type=page.content_type, **options)


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
    from scraper.articles.fetch_page import ACCEPT_PAGE
    from scraper.model import FetchRequest
    from scraper.model.http import MAX_PAGE_BYTES
    from wireroom.operations.compose import open_client

    access = settings.access.of_page(url)
    request = FetchRequest(
        url=url, max_bytes=MAX_PAGE_BYTES, accept=ACCEPT_PAGE, access=access, deadline_s=access.deadline_s
    )
    with open_client(settings) as client:
        response = client.fetch(request)
    if not 200 <= response.status < 300:
        fail(f"{response.url}: the site answered with HTTP {response.status}")
    return _Page(body=response.body, url=response.url, content_type=response.content_type)
