"""`lineage`: the story that an article belongs to, which article was first, and what the others share with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from wireroom.cli.options import IdArgument, JsonOption, LimitOption
from wireroom.cli.output import note, print_json, print_rows, when
from wireroom.operations.select import find_article

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.model import StoryMember


def lineage(ctx: typer.Context, article: IdArgument, limit: LimitOption = 30, json: JsonOption = False) -> None:
    """Show which article was first, and what others share.

    Lists the story's articles in the order in which Wireroom first saw them. "of it" is how
    much of an article's text is also in the first one's, "of the first" how much of the first one's is in it. The first
    one and the one you named are shown whatever the limit.
    """
    with ctx.obj.archive() as archive:
        story = archive.story(find_article(archive, article), limit)
    members = story.members
    rows = list(zip(members, _relations(members), _shares(members), strict=True))
    if json:
        articles = [_as_json(*row) for row in rows]
        print_json(
            {"story_id": story.id, "first_id": members[0].article_id, "count": story.count, "articles": articles}
        )
        return
    columns = ("id", "first seen", "published", "of it", "of the first", "how", "where", "title")
    print_rows(columns, [_row(*row) for row in rows], wide="title")
    if story.id is None:
        note("no other article on file tells this story")
        return
    if story.count > len(members):
        note(f"{len(members)} of {story.count:,}: the first ones and the one you named; --limit shows more")
    _note_likeness(members)
    _note_earlier_date(members)


def _relations(members: Sequence[StoryMember]) -> list[str]:
    """Return what each article is to the story: exactly one, the one seen first, is "first".

    An article is compared when its page has been read. The one that was seen first may have been read later than
    another, and be on file as like that one: then the likeness holds for the other.
    """
    liked = [(member.like.article_id, member.like.how) for member in members if member.like is not None]
    hows: dict[int, str] = dict(reversed(liked))
    return ["first", *(_how(member, hows) for member in members[1:])]


def _how(member: StoryMember, hows: Mapping[int, str]) -> str:
    return member.like.how if member.like else hows.get(member.article_id, "same story")


def _shares(members: Sequence[StoryMember]) -> list[tuple[float, float]]:
    """Return of each member how much of it is in the first, and how much of the first is in it."""
    from scraper.text.words import share_in

    first = members[0].text
    return [(share_in(member.text, first), share_in(first, member.text)) for member in members]


def _row(member: StoryMember, relation: str, shares: tuple[float, float]) -> tuple[str, ...]:
    return (
        str(member.article_id),
        when(member.first_seen_at),
        when(member.published_at),
        f"{shares[0]:.0%}",
        f"{shares[1]:.0%}",
        relation,
        member.site_name or ", ".join(member.feeds),
        member.title or "",
    )


def _note_likeness(members: Sequence[StoryMember]) -> None:
    """Say which article each is like, and how much of the texts they share."""
    first, *others = members
    if first.like is not None:
        note(f"{first.like.article_id}: {first.like.how} of {first.article_id}, which was seen first but read later")
    for member in others:
        if member.like is not None:
            note(f"{member.article_id}: {member.like.how} of {member.like.article_id}: {member.like.reason}")


def _note_earlier_date(members: Sequence[StoryMember]) -> None:
    """Say so where another article gives itself an earlier date of publication than the one that was seen first."""
    first = members[0]
    dated = [(member.published_at, member.article_id) for member in members if member.published_at is not None]
    published_at, earliest = min(dated, default=(None, first.article_id))
    if earliest != first.article_id and published_at != first.published_at:
        note(f"article {earliest} states an earlier date of publication: {when(published_at)}")


def _as_json(member: StoryMember, relation: str, shares: tuple[float, float]) -> dict[str, object]:
    like = member.like
    return {
        "id": member.article_id,
        "title": member.title,
        "url": member.url,
        "site_name": member.site_name,
        "feeds": member.feeds,
        "first_seen_at": member.first_seen_at,
        "published_at": member.published_at,
        "how": relation,
        "share_in_first": round(shares[0], 3),
        "share_of_first": round(shares[1], 3),
        "like": like and {"id": like.article_id, "how": like.how, "reason": like.reason, "at": member.told_at},
    }
