"""`edits`, `revisions`, `diff`: what publishers changed, the versions of an article, what differs between two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.options import (
    FeedOption,
    FiledOption,
    IdArgument,
    JsonOption,
    LimitOption,
    StarredOption,
    TagOption,
    UnreadOption,
    read_number,
    read_since,
)
from wireroom.cli.output import (
    console,
    counted,
    is_terminal,
    note,
    print_json,
    print_rows,
    printable,
    printable_lines,
    say,
    when,
)
from wireroom.operations.select import find_article, select_articles

if TYPE_CHECKING:
    from rich.text import Text

    from scraper.model import Edit, Removal, Revision
    from wireroom.operations.diff import Difference, Passage

#: How a passage is marked where there are no colours, and how it looks where there are.
_MARKS = {"same": ("", ""), "out": ("[-", "-]"), "in": ("{+", "+}")}
_STYLES = {"same": "", "out": "red strike", "in": "green underline"}


def revisions(ctx: typer.Context, article: IdArgument, json: JsonOption = False) -> None:
    """List the versions of an article, and its removals."""
    with ctx.obj.archive() as archive:
        number = find_article(archive, article)
        found, removals = archive.revisions(number), archive.removals([number])
    if json:
        print_json({"revisions": found, "removals": removals})
        return
    columns = ("version", "when", "changed", "words", "title")
    print_rows(columns, [_revision_row(revision) for revision in found], wide="title")
    if any(revision.reading for revision in found):
        note("shown as later rules read the kept pages; `show` and `diff` with --filed show what was filed")
    for removal in removals:
        note(removal_text(removal))


def diff(
    ctx: typer.Context,
    article: IdArgument,
    old: Annotated[
        int | None, typer.Option("--from", parser=read_number, metavar="N", help="The older version.")
    ] = None,
    new: Annotated[int | None, typer.Option("--to", parser=read_number, metavar="N", help="The newer version.")] = None,
    filed: FiledOption = False,
    json: JsonOption = False,
) -> None:
    """Show what differs between two versions, word by word.

    By default between the newest and the one before it. Title and facts come first.
    """
    from wireroom.operations.articles import compare_versions

    with ctx.obj.archive() as archive:
        found = compare_versions(archive, article, old=old, new=new, as_filed=filed)
    if json:
        one, other = found.pair
        print_json({"id": found.article_id, "from": one, "to": other, "difference": found.difference})
        return
    _print_difference(found.pair, found.difference, is_filed=filed)


def edits(
    ctx: typer.Context,
    feed: FeedOption = None,
    tag: TagOption = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            parser=read_since,
            metavar="WHEN",
            help="Edited or removed since: 30m, 2h, 3d, 1w, or 2026-11-01.",
        ),
    ] = None,
    unread: UnreadOption = False,
    starred: StarredOption = False,
    removed: Annotated[bool, typer.Option("--removed", help="Only removals of pages that are still gone.")] = False,
    limit: LimitOption = 30,
    json: JsonOption = False,
) -> None:
    """List what publishers changed or took down, newest first.

    `wireroom diff ID` shows what an edit changed.
    """
    with ctx.obj.archive() as archive:
        wanted = select_articles(
            archive, feed=feed, tag=tag, since=since, unread=unread, starred=starred, removed=removed, limit=limit
        )
        found = archive.edits(wanted)
    if json:
        print_json(found)
        return
    print_rows(("id", "when", "what", "from", "title"), map(_edit_row, found), wide="title")
    if not found:
        note("no edit and no removal is on file")
    elif len(found) == limit:
        note(f"the newest {limit}; --limit shows more")


def _edit_row(edit: Edit) -> tuple[str, ...]:
    if edit.kind == "edit":
        what = ", ".join(edit.changed) if edit.changed else "edited"
    else:
        what = f"removed: {edit.cause}" + ("; back again" if edit.back_at else "")
    source = edit.site_name or edit.feed_name or ""
    return (str(edit.article_id), when(edit.at), what, source, edit.title or edit.url)


def removal_text(removal: Removal) -> str:
    """Say when and why a page was taken down, and when it came back."""
    back = f"; there again {when(removal.back_at)}" if removal.back_at else ""
    return f"removed {when(removal.removed_at)}, missing since {when(removal.missing_at)}: {removal.reason}{back}"


def _revision_row(revision: Revision) -> tuple[str, ...]:
    return (
        str(revision.number),
        when(revision.at),
        "; ".join(filter(None, (_what(revision), _read_by(revision)))),
        str(revision.word_count),
        revision.title or "",
    )


def _what(revision: Revision) -> str:
    """Say what made a version: what changed, or how it came to be filed."""
    if revision.number == 1:
        return "first version"
    ours = f"{revision.rule} (run {revision.run_id}): " if revision.run_id is not None else ""
    return ours + (", ".join(revision.changed) if revision.changed else revision.rule)


def _read_by(revision: Revision) -> str:
    """Say which run read a version as it is shown; nothing where that is as it was filed."""
    return f"read by run {revision.reading.run_id}" if revision.reading else ""


# --------------------------------------------------------------------------- on the terminal


def _print_difference(pair: tuple[Revision, Revision], difference: Difference, *, is_filed: bool) -> None:
    for revision, sign in zip(pair, ("---", "+++"), strict=True):
        read = f"; {_read_by(revision)}" if revision.reading and not is_filed else ""
        say(f"{sign} version {revision.number}, {when(revision.at)} ({_what(revision)}{read})")
    print_changes(difference)


def print_changes(difference: Difference) -> None:
    """Print what differs: title, facts, and the paragraphs that changed."""
    if difference.title:
        _print_passage(difference.title, "title: ")
    for fact in difference.facts:
        say(f"{fact.name}: {printable(fact.old) or '(none)'} -> {printable(fact.new) or '(none)'}")
    for is_same, passages in groupby(difference.text, lambda passage: all(piece.op == "same" for piece in passage)):
        if is_same:
            say(f"\n({counted(len(list(passages)), 'paragraph')} unchanged)")
            continue
        for passage in passages:
            say("")
            _print_passage(passage)
    if not (difference.title or difference.facts or difference.has_other_text):
        note("no difference in what is compared; related links, further pictures and markup are not")


def _print_passage(passage: Passage, label: str = "") -> None:
    if is_terminal():
        console().print(_coloured(passage, label))
    else:
        say(label + "".join(_marked(passage)))


def _coloured(passage: Passage, label: str) -> Text:
    from rich.text import Text

    text = Text(label)
    for piece in passage:
        text.append(printable_lines(piece.text), style=_STYLES[piece.op])
    return text


def _marked(passage: Passage) -> Iterator[str]:
    for piece in passage:
        opening, closing = _MARKS[piece.op]
        text = printable_lines(piece.text)
        inner = text.rstrip() if opening else text
        yield f"{opening}{inner}{closing}{text[len(inner) :]}"
