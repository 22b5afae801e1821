"""One article on a terminal: lines of a readable length, paragraphs kept, a pager where there is a person."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from wireroom.cli.output import console, is_terminal, printable, printable_lines, when

if TYPE_CHECKING:
    from rich.console import Console

    from scraper.model import ArticleRecord

#: Longer lines are hard to follow back to their start.
_MAX_WIDTH = 80
#: Before the reason why a text is not there in full.
_SHORT_OF_FULL = {
    "full": "may not be the article: ",
    "feed_only": "not in full: ",
    "failed": "no text: ",
    "pending": "not fetched yet: ",
}


def print_article(record: ArticleRecord, *, notes: Sequence[str] = ()) -> None:
    """Print the article, with notes below its title.

    On a terminal through the pager ($PAGER, else less, which ends at once if all fits)."""
    out = console()
    if not is_terminal():
        _print(record, notes, out)
        return
    os.environ.setdefault("LESS", "FRX")
    with out.pager(styles=True):
        _print(record, notes, out)


def _print(record: ArticleRecord, notes: Sequence[str], out: Console) -> None:
    width = min(_MAX_WIDTH, out.width)
    for line in (*_head(record), *(Text(printable(words), style="yellow") for words in notes)):
        for part in line.wrap(out, width):
            out.print(_trimmed(part))
    for address in _addresses(record):
        out.print(Text(address, style="dim"))
    for paragraph in _paragraphs(record):
        out.print()
        for row in paragraph.splitlines():
            for part in Text(printable(row)).wrap(out, width):
                out.print(_trimmed(part))
    _print_related(record, out, width)


def _head(record: ArticleRecord) -> Iterator[Text]:
    yield Text(printable(record.title) or "(no title)", style="bold")
    dates = [f"{when(record.published_at)}" if record.published_at else f"filed {when(record.first_seen_at)}"]
    if record.updated_at and record.updated_at != record.published_at:
        dates.append(f"updated {when(record.updated_at)}")
    if record.revision > 1:
        dates.append(f"version {record.revision}")
    facts = [", ".join(record.byline), ", ".join(record.agencies), record.site_name, record.section, *dates]
    yield Text(" · ".join(printable(fact) for fact in facts if fact), style="dim")
    if record.reason:
        yield Text(f"{_SHORT_OF_FULL.get(record.status, '')}{printable(record.reason)}", style="yellow")


def _addresses(record: ArticleRecord) -> Iterator[str]:
    yield printable(record.url)
    if record.image:
        parts = (record.image.caption or record.image.alt, record.image.credit)
        words = " / ".join(printable(part) for part in parts if part and part != record.title)
        yield f"picture: {printable(record.image.url)}" + (f" ({words})" if words else "")


def _paragraphs(record: ArticleRecord) -> list[str]:
    text = printable_lines(record.text or record.summary or "").strip()
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]


def _print_related(record: ArticleRecord, out: Console, width: int) -> None:
    if not record.related:
        return
    out.print()
    out.print(Text("Related", style="bold"))
    for link in record.related:
        for part in Text(f"- {printable(link.title)}").wrap(out, width):
            out.print(_trimmed(part))
        out.print(Text(f"  {printable(link.url)}", style="dim"))


def _trimmed(line: Text) -> Text:
    line.rstrip()
    return line
