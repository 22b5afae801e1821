"""`export`: articles leave the archive."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from wireroom.cli import completion
from wireroom.cli.options import FeedOption, SinceOption, StarredOption, TagOption, UnreadOption, parsed
from wireroom.cli.output import WRONG, counted, fail, note, print_json
from wireroom.operations.select import select_articles


def _format(text: str) -> str:
    from scraper.errors import WireroomError
    from wireroom.export import find_format

    try:
        return find_format(text).name
    except WireroomError as exc:
        raise ValueError(str(exc)) from exc


FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        parser=parsed(_format),
        metavar="FORMAT",
        help="jsonl, json, csv, markdown, text, opml, or what a plug-in adds.",
        autocompletion=completion.formats,
    ),
]


def export(
    ctx: typer.Context,
    format: FormatOption,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="A file, or a directory for markdown and text; standard output by default.",
            show_default=False,
        ),
    ] = None,
    feed: FeedOption = None,
    tag: TagOption = None,
    since: SinceOption = None,
    unread: UnreadOption = False,
    starred: StarredOption = False,
    query: Annotated[str | None, typer.Option("--query", metavar="QUERY", help="Found by this search.")] = None,
    since_last: Annotated[
        str | None,
        typer.Option("--since-last", metavar="NAME", help="Only what changed since the last export of this name."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="With --out, print as JSON what was written.")] = False,
) -> None:
    """Write articles to a file or to standard output.

    With --since-last, each export of that name continues where the last one ended. One that fails is repeated in full.
    """
    from wireroom.export import export_archive, find_format

    form = find_format(format)
    if json and (out is None or str(out) == "-"):
        fail("--json tells what was written to --out, which is not given; --format json writes articles as JSON", WRONG)
    if form.open_binary and (out is None or str(out) == "-") and sys.stdout.isatty():
        fail(f"{format} is no text for a terminal; name a file with --out", WRONG)
    with ctx.obj.archive() as archive:
        wanted = select_articles(archive, feed=feed, tag=tag, since=since, unread=unread, starred=starred, query=query)
        # Read before the articles: what changes while they are written comes again, and nothing is left out.
        reached = archive.change_seq()
        if since_last is not None:
            wanted = replace(wanted, changed_after=archive.export_cursor(since_last))
        with _target(out) as target:
            count = export_archive(archive, form, wanted, target)
        if since_last is not None:
            archive.set_export_cursor(since_last, reached)
    if json:
        print_json({"path": str(out), "feeds": count.feeds, "articles": count.articles, "deleted": count.deleted})
    elif isinstance(target, Path):
        what = counted(count.feeds, "feed") if form.write_feeds else counted(count.articles, "article")
        deleted = f" and {counted(count.deleted, 'deletion')}" if count.deleted else ""
        note(f"{what}{deleted} written to {out}")


@contextmanager
def _target(out: Path | None) -> Iterator[Path | TextIO]:
    """Yield the path, or standard output as UTF-8 with line ends as they are; it has been flushed at the end."""
    if out is not None and str(out) != "-":
        yield out
        return
    sys.stdout.flush()
    stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        yield stream
        stream.flush()
    finally:
        stream.detach()


class DatasetteVersion(StrEnum):
    """Whose file is written."""

    stable = "0.65"
    next = "1.0"


def datasette_metadata(
    ctx: typer.Context,
    wanted: Annotated[
        DatasetteVersion, typer.Option("--for", help="0.65: its metadata; 1.0: its configuration.")
    ] = DatasetteVersion.stable,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, as it does anyway.")] = False,
) -> None:
    """Print metadata that helps Datasette show the archive.

    Facets, order, labels, descriptions and ready queries: `wireroom datasette-metadata >metadata.json`, then `datasette
    wireroom.db --metadata metadata.json`. For Datasette 1.0 print the other file too, and add `--config`.
    """
    from wireroom.datasette import configuration, metadata

    name = ctx.obj.database().stem
    print_json(metadata(name) if wanted is DatasetteVersion.stable else configuration(name))
