"""`lineage`: the story that an article belongs to, who told it first, and what the others took over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from wireroom.cli.choice import JsonOption, by_any_form
from wireroom.cli.output import note, print_json, print_rows, when
from wireroom.cli.versions import IdArgument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import StoryMember


def lineage(ctx: typer.Context, article: IdArgument, json: JsonOption = False) -> None:
    """Tell who was first with a story, and what others share.

    The articles that tell it in the order in which Wireroom saw them. "of it" is how much of an article's text stands
    in the first one's, "of the first" the reverse.
    """
    with ctx.obj.archive() as archive:
        story = archive.story(by_any_form(archive.find_article_id, article))
    shares = _shares(story.members)
    if json:
        print_json({"story_id": story.id, "articles": list(map(_as_json, story.members, shares))})
        return
    columns = ("id", "first seen", "published", "of it", "of the first", "how", "where", "title")
    print_rows(columns, list(map(_row, story.members, shares)), wide="title")
    if story.id is None:
        note("nothing else on file tells this story")
        return
    for member in story.members:
        if member.like is not None:
            note(f"{member.article_id}: {member.like.how} of {member.like.article_id}: {member.like.reason}")
    _note_first(story.members)


def _shares(members: Sequence[StoryMember]) -> list[tuple[float, float]]:
    """Return of each member how much of it is in the first, and how much of the first is in it."""
    from scraper.words import share_in

    first = members[0].text
    return [(share_in(member.text, first), share_in(first, member.text)) for member in members]


def _row(member: StoryMember, shares: tuple[float, float]) -> tuple[str, ...]:
    return (
        str(member.article_id),
        when(member.first_seen_at),
        when(member.published_at),
        f"{shares[0]:.0%}",
        f"{shares[1]:.0%}",
        member.like.how if member.like else "first",
        member.site_name or ", ".join(member.feeds),
        member.title or "",
    )


def _note_first(members: Sequence[StoryMember]) -> None:
    """Say so where another one says of itself that it was published before the one that was seen first."""
    dated = [member for member in members if member.published_at is not None]
    earliest = min(dated, key=lambda member: str(member.published_at), default=members[0])
    if earliest is not members[0]:
        note(f"by its own date article {earliest.article_id} was the first: {when(earliest.published_at)}")


def _as_json(member: StoryMember, shares: tuple[float, float]) -> dict[str, object]:
    like = member.like
    return {
        "id": member.article_id,
        "title": member.title,
        "url": member.url,
        "site_name": member.site_name,
        "feeds": member.feeds,
        "first_seen_at": member.first_seen_at,
        "published_at": member.published_at,
        "share_in_first": round(shares[0], 3),
        "share_of_first": round(shares[1], 3),
        "like": like and {"id": like.article_id, "how": like.how, "reason": like.reason, "at": member.told_at},
    }
