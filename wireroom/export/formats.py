"""The export formats by name, and the functions that write them to a file, a directory or a stream."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TextIO

from scraper.errors import WireroomError
from scraper.model import ArticleFilter, ArticleRecord, FeedRow, FeedSpec, Tombstone
from scraper.ports import Archive
from wireroom.export import csv, json, jsonl, markdown, text
from wireroom.export.target import prepare_directory, whole_file
from wireroom.opml import write_opml

Item = ArticleRecord | Tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One export format."""

    name: str
    #: One line for `--help`.
    summary: str
    extension: str
    #: Writes everything to one stream, reading the items one by one; None = the format holds no articles (opml).
    write: Callable[[Iterable[Item], TextIO], None] | None
    #: Returns one article's file; then a path target is a directory. None = everything is one file.
    page: Callable[[ArticleRecord], str] | None = None
    #: Whether deleted articles can be told.
    tells_deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCount:
    """What an export wrote."""

    articles: int = 0
    deleted: int = 0
    feeds: int = 0


def _by_name(*formats: Format) -> dict[str, Format]:
    return {format_.name: format_ for format_ in formats}


FORMATS = _by_name(
    Format(name="jsonl", summary="one JSON object a line", extension="jsonl", write=jsonl.write, tells_deleted=True),
    Format(name="json", summary="one JSON array", extension="json", write=json.write, tells_deleted=True),
    Format(name="csv", summary="one row an article, lists joined", extension="csv", write=csv.write),
    Format(
        name="markdown",
        summary="one .md file an article, with YAML front matter",
        extension="md",
        write=markdown.write,
        page=markdown.page,
    ),
    Format(name="text", summary="one .txt file an article", extension="txt", write=text.write, page=text.page),
    Format(name="opml", summary="the feed list", extension="opml", write=None),
)


def export_archive(archive: Archive, format_name: str, wanted: ArticleFilter, target: Path | TextIO) -> ExportCount:
    """Export what `wanted` asks for, or with `opml` the feed list, and return what was written.

    With `wanted.changed_after` the formats that can tell (`Format.tells_deleted`) also tell what was deleted since.

    Raises:
        WireroomError: no such format.
        ExportRefused: the target cannot be written.
    """
    format_ = find_format(format_name)
    if format_.write is None:
        return export_feeds(archive.feeds(), target)
    gone: tuple[Tombstone, ...] = ()
    if wanted.changed_after is not None and format_.tells_deleted:
        gone = archive.tombstones(wanted.changed_after)
    return export_records(archive.records(wanted), format_name, target, tombstones=gone)


def export_records(
    records: Iterable[ArticleRecord],
    format_name: str,
    target: Path | TextIO,
    *,
    tombstones: Iterable[Tombstone] = (),
) -> ExportCount:
    """Write `records` in the named format and return what was written; memory does not grow with their number.

    A `Path` is written whole or not at all (a directory for the formats with one file an article: each file so);
    a stream gets everything in one piece. `tombstones` come between the records in order of change_seq, in which both
    must then be; formats that cannot tell leave them out.

    Raises:
        WireroomError: no such format, or it holds no articles.
        ExportRefused: the target cannot be written.
    """
    format_ = find_format(format_name)
    if format_.write is None:
        raise WireroomError(f"{format_name} holds the feed list, not articles")
    if isinstance(target, Path) and format_.page is not None:
        return ExportCount(articles=_write_directory(records, format_, format_.page, target))
    counter = _Counter(_merged(records, tombstones) if format_.tells_deleted else records)
    if isinstance(target, Path):
        with whole_file(target) as stream:
            format_.write(counter, stream)
    else:
        format_.write(counter, target)
    return ExportCount(articles=counter.articles, deleted=counter.deleted)


def export_feeds(rows: Iterable[FeedRow], target: Path | TextIO) -> ExportCount:
    """Write the feeds that are not removed as OPML and return how many.

    Raises:
        ExportRefused: the target cannot be written.
    """
    specs = [FeedSpec(url=row.url, name=row.name, tags=row.tags) for row in rows if row.state != "removed"]
    document = write_opml(specs)
    if isinstance(target, Path):
        with whole_file(target) as stream:
            stream.write(document)
    else:
        target.write(document)
    return ExportCount(feeds=len(specs))


def find_format(name: str) -> Format:
    """Return the format of that name.

    Raises:
        WireroomError: there is none; the message lists those there are.
    """
    if name not in FORMATS:
        raise WireroomError(f"no export format {name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[name]


class _Counter:
    """Passes items on and counts them."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self.articles = 0
        self.deleted = 0

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            if isinstance(item, Tombstone):
                self.deleted += 1
            else:
                self.articles += 1
            yield item


def _merged(records: Iterable[ArticleRecord], tombstones: Iterable[Tombstone]) -> Iterable[Item]:
    gone = tuple(tombstones)
    return heapq.merge(records, gone, key=attrgetter("change_seq")) if gone else records


def _write_directory(
    records: Iterable[ArticleRecord], format_: Format, page: Callable[[ArticleRecord], str], directory: Path
) -> int:
    prepare_directory(directory)
    count = 0
    for record in records:
        # Named from the id alone: a title could climb out of the directory or split a name.
        with whole_file(directory / f"{record.id}.{format_.extension}", durable=False) as stream:
            stream.write(page(record))
        count += 1
    return count
