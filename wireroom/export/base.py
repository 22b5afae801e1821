"""What an export format is, which there are, and how one is written to a file, a directory or a stream."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from scraper.errors import WireroomError
from scraper.model import ArticleFilter, ArticleRecord, FeedSpec, Tombstone
from scraper.plugins import Registry
from scraper.ports import Archive
from wireroom.export.target import prepare_directory, whole_binary_file, whole_file

Item = ArticleRecord | Tombstone
#: Writes everything to one stream, reading the items one by one.
TextWriter = Callable[[Iterable[Item], TextIO], None]
BinaryWriter = Callable[[Iterable[Item], BinaryIO], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One export format. It holds articles (`write`) or the feed list (`write_feeds`)."""

    name: str
    #: One line for people.
    summary: str
    extension: str
    write: TextWriter | BinaryWriter | None = None
    #: `write` gets a stream of bytes.
    open_binary: bool = False
    write_feeds: Callable[[Sequence[FeedSpec], TextIO], None] | None = None
    #: Returns one article's file; then a path target is a directory. None = everything is one file.
    page: Callable[[ArticleRecord], str] | None = None
    #: Whether deleted articles can be told.
    tells_deleted: bool = False
    #: What to install where a library is missing that `write` or `page` imports: "wireroom[parquet]".
    needs_extra: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCount:
    """What an export wrote."""

    articles: int = 0
    deleted: int = 0
    feeds: int = 0


FORMATS = Registry(
    what="export format",
    type=Format,
    built_in={name: f"wireroom.export.{name}:FORMAT" for name in ("jsonl", "json", "csv", "markdown", "text", "opml")},
    group="wireroom.exporters",
)


def find_format(name: str) -> Format:
    """Return the format of that name.

    Raises:
        WireroomError: there is none; the message lists those there are.
        PluginUnusable: it is a plug-in's that cannot be used.
    """
    found = FORMATS.find(name)
    if found is None:
        raise WireroomError(f"{name!r} is not a format; the formats are {', '.join(FORMATS.names())}")
    return found


def export_archive(archive: Archive, format_: Format, wanted: ArticleFilter, target: Path | TextIO) -> ExportCount:
    """Export what `wanted` asks for, or the feeds that are not removed, and return what was written.

    With `wanted.changed_after` the formats that can tell (`Format.tells_deleted`) also tell what was deleted since.

    Raises:
        ExportRefused: the target cannot be written.
        WireroomError: the format needs a library that is not installed.
    """
    if format_.write_feeds is not None:
        rows = [row for row in archive.feeds() if row.state != "removed"]
        specs = [FeedSpec(url=row.url, name=row.name, tags=row.tags) for row in rows]
        with _text_stream(target) as stream:
            format_.write_feeds(specs, stream)
        return ExportCount(feeds=len(specs))
    gone: tuple[Tombstone, ...] = ()
    if wanted.changed_after is not None and format_.tells_deleted:
        gone = archive.tombstones(wanted.changed_after)
    return export_records(archive.records(wanted), format_, target, tombstones=gone)


def export_records(
    records: Iterable[ArticleRecord],
    format_: Format,
    target: Path | TextIO,
    *,
    tombstones: Iterable[Tombstone] = (),
) -> ExportCount:
    """Write `records` in a format and return what was written; memory does not grow with their number.

    A `Path` is written whole or not at all (a directory for the formats with one file an article: each file so);
    a stream gets everything in one piece, its `buffer` if the format is written in bytes. `tombstones` come between the
    records in order of change_seq, in which both must then be; formats that cannot tell leave them out.

    Raises:
        WireroomError: the format holds no articles, or needs a library that is not installed.
        ExportRefused: the target cannot be written.
    """
    if format_.write is None:
        raise WireroomError(f"{format_.name} holds the feed list, not articles")
    with _libraries(format_):
        if isinstance(target, Path) and format_.page is not None:
            return ExportCount(articles=_write_directory(records, format_, format_.page, target))
        counter = _Counter(_merged(records, tombstones) if format_.tells_deleted else records)
        if format_.open_binary:
            with _binary_stream(target) as raw:
                cast("BinaryWriter", format_.write)(counter, raw)
        else:
            with _text_stream(target) as stream:
                cast("TextWriter", format_.write)(counter, stream)
    return ExportCount(articles=counter.articles, deleted=counter.deleted)


@contextmanager
def _libraries(format_: Format) -> Iterator[None]:
    """Say what to install if the format's library is missing."""
    try:
        yield
    except ModuleNotFoundError as exc:
        if format_.needs_extra is None:
            raise
        raise WireroomError(
            f"the export format {format_.name} needs {exc.name}, which is not installed; "
            f"pip install '{format_.needs_extra}' brings it"
        ) from exc


@contextmanager
def _text_stream(target: Path | TextIO) -> Iterator[TextIO]:
    if isinstance(target, Path):
        with whole_file(target) as stream:
            yield stream
    else:
        yield target


@contextmanager
def _binary_stream(target: Path | TextIO) -> Iterator[BinaryIO]:
    if isinstance(target, Path):
        with whole_binary_file(target) as stream:
            yield stream
    else:
        target.flush()
        yield target.buffer


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
