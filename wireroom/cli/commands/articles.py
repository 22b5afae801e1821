"""`articles`, `search`, `show`, `why`: the archive in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.commands.dropped import list_dropped
from wireroom.cli.options import (
    FeedOption,
    FiledOption,
    JsonOption,
    LimitOption,
    RemovedOption,
    SinceOption,
    StarredOption,
    TagOption,
    UnreadOption,
    parsed,
    read_number,
)
from wireroom.cli.output import (
    WRONG,
    console,
    fail,
    is_terminal,
    note,
    print_json,
    print_rows,
    printable,
    when,
)
from wireroom.operations.select import find_by_any_address, parse_search_name, select_articles

if TYPE_CHECKING:
    from rich.text import Text

    from scraper.model import ArticleFilter, ArticleSummary, Removal
    from scraper.ports import Archive

#: Of a list of articles.
COLUMNS = ("id", "", "date", "from", "title")


def articles(
    ctx: typer.Context,
    feed: FeedOption = None,
    tag: TagOption = None,
    since: SinceOption = None,
    unread: UnreadOption = False,
    starred: StarredOption = False,
    removed: RemovedOption = False,
    dropped: Annotated[bool, typer.Option("--dropped", help="List the entries that rules dropped instead.")] = False,
    limit: LimitOption = 30,
    json: JsonOption = False,
) -> None:
    """List articles, newest filed first.

    With --removed, it shows when and why their pages were taken down.
    """
    if dropped and (tag or unread or starred or removed):
        fail("--dropped goes with --feed, --since, --limit and --json alone", WRONG)
    with ctx.obj.archive() as archive:
        wanted = select_articles(
            archive, feed=feed, tag=tag, since=since, unread=unread, starred=starred, removed=removed, limit=limit
        )
        if dropped:
            list_dropped(archive, feed_id=wanted.feed_id, since=wanted.since, limit=limit, as_json=json)
            return
        found = archive.find_articles(wanted)
        if removed:
            _print_removed(found, archive.removals([article.id for article in found]), json=json)
            return
        if json:
            print_json(found)
            return
        rows = [article_row(article) for article in found]
        print_rows(COLUMNS, rows, wide="title")
        _say_rest(archive, wanted, len(found))


def search(
    ctx: typer.Context,
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help="What to find; see below. @NAME: a saved search.")
    ],
    feed: FeedOption = None,
    tag: TagOption = None,
    since: SinceOption = None,
    unread: UnreadOption = False,
    starred: StarredOption = False,
    rank: Annotated[
        bool, typer.Option("--rank", help="The most relevant first, of the newest 1,000 that match.")
    ] = False,
    save: Annotated[
        str | None,
        typer.Option(
            "--save", parser=parsed(parse_search_name), metavar="NAME", help="Keep the query under this name."
        ),
    ] = None,
    limit: LimitOption = 20,
    json: JsonOption = False,
) -> None:
    """Search titles, authors, sections, sites and texts.

    The articles filed last come first. Put -- before a query that begins with an exclusion.
    """
    with ctx.obj.archive() as archive:
        wanted = select_articles(
            archive,
            feed=feed,
            tag=tag,
            since=since,
            unread=unread,
            starred=starred,
            query=" ".join(query),
            rank=rank,
            limit=limit,
        )
        if save is not None:
            archive.save_search(save, wanted.query or "", now=datetime.now(UTC))
        found = archive.find_articles(wanted)
        if json:
            print_json(found)
        elif is_terminal():
            _print_hits(found)
        else:
            rows = [(*article_row(article), _without_marks(article.snippet)) for article in found]
            print_rows((*COLUMNS, "match"), rows, wide="match")
        if not json:
            _say_rest(archive, wanted, len(found))


def show(
    ctx: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID", help="Id or address.")],
    revision: Annotated[
        int | None,
        typer.Option("--revision", parser=read_number, metavar="N", help="An earlier version; `revisions` lists them."),
    ] = None,
    filed: FiledOption = False,
    json: JsonOption = False,
) -> None:
    """Show one article to read."""
    from wireroom.operations.articles import show_article

    with ctx.obj.archive() as archive:
        record = show_article(archive, article, revision=revision, as_filed=filed)
        removals = archive.removals([record.id])
    if json:
        print_json(record)
        return
    from wireroom.cli.commands.versions import removal_text
    from wireroom.cli.views.article import print_article

    print_article(record, notes=[removal_text(removal) for removal in removals])


def why(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="ID|URL", help="Id or address of an article; id (e17) or guid of an entry.")
    ],
    json: JsonOption = False,
) -> None:
    """Show what was decided about an entry or article."""
    with ctx.obj.archive() as archive:
        trail = find_by_any_address(archive.trail, what)
    if json:
        print_json(trail)
        return
    rows = [(when(step.at), step.about, step.rule, step.feed or "", step.detail) for step in trail]
    print_rows(("when", "about", "rule", "feed", "detail"), rows, wide="detail", wraps=True)


def article_row(article: ArticleSummary) -> tuple[str, ...]:
    """Return what a list shows of an article, by `COLUMNS`; the second marks it as unread (•) and starred (*)."""
    marks = ("" if article.is_read else "•") + ("*" if article.is_starred else "")
    date = when(article.published_at or article.first_seen_at)
    return (str(article.id), marks, date, _source(article), article.title or article.url)


def _print_removed(found: Sequence[ArticleSummary], removals: Sequence[Removal], *, json: bool) -> None:
    newest = {removal.article_id: removal for removal in removals}
    if json:
        print_json([newest[article.id] for article in found])
        return
    rows = [
        (str(article.id), when(newest[article.id].removed_at), newest[article.id].cause, article.title or article.url)
        for article in found
    ]
    print_rows(("id", "removed", "cause", "title"), rows, wide="title")
    if not found:
        note("no page was taken down, as far as is known")


def _source(article: ArticleSummary) -> str:
    return article.site_name or article.feed_name or ""


def _say_rest(archive: Archive, wanted: ArticleFilter, shown: int) -> None:
    if wanted.query is not None and (missing := archive.not_indexed()):
        note(f"{missing:,} older articles are found by exact words only so far; `wireroom run` or `poll` indexes them")
    if not shown:
        note("no article matches" if archive.status().articles else "no articles yet; `wireroom poll` fetches some")
    elif wanted.limit == shown and (total := archive.count_articles(wanted)) > shown:
        note(f"the {'best' if wanted.rank else 'newest'} {shown} of {total:,}; --limit shows more")


def _print_hits(found: Sequence[ArticleSummary]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    out = console()
    for article in found:
        out.print(Text(f"{article.id}  ", style="bold").append(printable(article.title or article.url), "bold"))
        facts = (_source(article), when(article.published_at or article.first_seen_at))
        out.print(Text("   " + " · ".join(printable(fact) for fact in facts if fact), style="dim"))
        if article.snippet:
            out.print(Padding(_highlighted(article.snippet), (0, 0, 0, 3)), soft_wrap=False)
        out.print()


def _highlighted(snippet: str) -> Text:
    r"""Return the passage with what stands between \x02 and \x03 in bold."""
    from rich.text import Text

    text = Text()
    for position, part in enumerate(snippet.split("\x02")):
        match, end, rest = part.partition("\x03") if position else ("", "", part)
        if position and not end:
            match, rest = "", match
        text.append(_flat(match), style="bold yellow")
        text.append(_flat(rest))
    return text


def _flat(part: str) -> str:
    """Return one line of the passage, its outer blanks kept: they stand between a match and the next word."""
    inner = printable(part)
    if not inner:
        return " " if part else ""
    return (" " if part[0].isspace() else "") + inner + (" " if part[-1].isspace() else "")


def _without_marks(snippet: str | None) -> str:
    return (snippet or "").replace("\x02", "").replace("\x03", "")
