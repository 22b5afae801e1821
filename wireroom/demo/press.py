"""The bundled newspaper as it lies on disk: publications and their stories.

A publication is a directory of `papers/`: `paper.toml`, the page template `page.html` and one text file a story. A
story file opens with `name: value` lines; after an empty line come blocks divided by empty lines: `## ` a heading,
`> ` a quotation, `- ` list items, `=> slug | Title` a promoted link, anything else a paragraph. `slug~2.txt` is what
`slug.txt` says after the second edition.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

#: How a story's page is served: as a page; behind a redirect; not at all (404); cut off by a paywall; as a PDF; where
#: robots.txt forbids; or there is no page and the feed says everything.
Serving = Literal["page", "redirect", "missing", "paywall", "pdf", "disallowed", "nopage"]
BlockKind = Literal["paragraph", "heading", "quote", "list", "promo"]

_AGE = re.compile(r"(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a story's body; a list has a line for each item, a promoted link `slug | Title`."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A story's picture; parts are empty where the page has none."""

    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """A headline in the block of related stories, with its own author's name."""

    title: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story of a publication."""

    #: Name in the address.
    slug: str
    title: str
    #: Time between publication and the edition; negative = after it.
    age: timedelta
    #: The same for the last change; None = never changed.
    updated: timedelta | None
    #: The edition that brings it.
    edition: int
    serving: Serving
    authors: tuple[str, ...]
    #: The author box below the text.
    bio: str
    section: str
    summary: str
    picture: Picture | None
    related: tuple[Teaser, ...]
    blocks: tuple[Block, ...]

    @property
    def number(self) -> int:
        """Five digits that stay the same, for addresses that carry a number."""
        return 10_000 + zlib.crc32(self.slug.encode()) % 90_000

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text without promoted links: paragraphs, headings, quotations and list items, each by itself."""
        return tuple(
            line for block in self.blocks if block.kind != "promo" for line in block.text.splitlines() if line.strip()
        )

    @property
    def promoted(self) -> tuple[str, ...]:
        """Headlines of the links set between the paragraphs."""
        return tuple(block.text.partition(" | ")[2] for block in self.blocks if block.kind == "promo")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """One feed of a publication."""

    name: str
    path: str
    format: Literal["rss", "atom", "json"]
    #: How much of the text an entry holds beside the summary.
    content: Literal["none", "first", "full"] = "none"
    #: Only stories of this section; empty = all.
    section: str = ""
    #: Put behind each link, as trackers do.
    tracking: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One site of the newspaper."""

    #: Name of its directory.
    key: str
    name: str
    language: str
    tagline: str
    #: Address pattern of its pages, with {year}, {month}, {day}, {slug}, {section} and {number}.
    path: str
    sections: tuple[str, ...]
    #: Tags of its feeds in feeds.yaml.
    tags: tuple[str, ...]
    #: The loopback address it likes to have.
    loopback: str
    encoding: str
    direction: Literal["ltr", "rtl"]
    #: Paragraphs are divided by line breaks, as old sites do.
    line_breaks: bool
    feeds: tuple[FeedPlan, ...]
    #: Source of its Jinja page template.
    template: str
    #: Oldest edition first: `stories[slug]` has one Story for each edition that changed it.
    stories: Mapping[str, tuple[Story, ...]]

    def edition(self, number: int) -> tuple[Story, ...]:
        """Return the stories as they stand after that edition, newest first."""
        current = ([version for version in versions if version.edition <= number] for versions in self.stories.values())
        return tuple(sorted((versions[-1] for versions in current if versions), key=lambda story: story.age))


def load_press() -> tuple[Publication, ...]:
    """Read all publications of the package, in order of their directory names."""
    shelf = files(__package__) / "papers"
    return tuple(_load_publication(folder) for folder in sorted(shelf.iterdir(), key=lambda item: item.name))


def _load_publication(folder: Traversable) -> Publication:
    facts = tomllib.loads(_read(folder / "paper.toml"))
    versions: dict[str, list[Story]] = {}
    for item in sorted(folder.iterdir(), key=lambda item: item.name.removesuffix(".txt")):
        if item.name.endswith(".txt"):
            stem, _, edition = item.name.removesuffix(".txt").partition("~")
            story = parse_story(_read(item), stem=stem, edition=int(edition or 1))
            versions.setdefault(stem, []).append(story)
    return Publication(
        key=folder.name,
        name=facts["name"],
        language=facts["language"],
        tagline=facts["tagline"],
        path=facts["path"],
        sections=tuple(facts["sections"]),
        tags=tuple(facts["tags"]),
        loopback=facts["loopback"],
        encoding=facts.get("encoding", "utf-8"),
        direction=facts.get("direction", "ltr"),
        line_breaks=facts.get("line_breaks", False),
        feeds=tuple(FeedPlan(**feed) for feed in facts["feeds"]),
        template=_read(folder / "page.html"),
        stories={stem: tuple(stories) for stem, stories in versions.items()},
    )


def parse_story(source: str, *, stem: str, edition: int) -> Story:
    """Read one story file; `edition` is the one its name tells."""
    head, _, body = source.partition("\n\n")
    facts: dict[str, Any] = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return Story(
        slug=facts.get("slug", stem),
        title=facts["title"],
        age=_age(facts["age"]),
        updated=_age(facts["updated"]) if "updated" in facts else None,
        edition=int(facts.get("edition", edition)),
        serving=facts.get("serve", "page"),
        authors=_parts(facts.get("author", ""), ";"),
        bio=facts.get("bio", ""),
        section=facts["section"],
        summary=facts.get("summary", ""),
        picture=_picture(facts.get("picture")),
        related=tuple(_teaser(part) for part in _parts(facts.get("related", ""), ";")),
        blocks=tuple(_blocks(body)),
    )


def _blocks(body: str) -> Iterator[Block]:
    for chunk in re.split(r"\n{2,}", body.strip()):
        if chunk.startswith("## "):
            yield Block(kind="heading", text=chunk[3:])
        elif chunk.startswith("> "):
            yield Block(kind="quote", text=chunk[2:])
        elif chunk.startswith("=> "):
            yield Block(kind="promo", text=chunk[3:])
        elif chunk.startswith("- "):
            yield Block(kind="list", text="\n".join(line[2:] for line in chunk.splitlines()))
        elif chunk:
            yield Block(kind="paragraph", text=chunk)


def _age(text: str) -> timedelta:
    match = _AGE.fullmatch(text)
    if match is None:
        raise ValueError(f"not an age: {text!r}")
    sign, days, hours, minutes = match.groups()
    age = timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0))
    return -age if sign else age


def _picture(text: str | None) -> Picture | None:
    if text is None:
        return None
    alt, caption, credit = (part.strip() for part in text.split("|"))
    return Picture(alt=alt, caption=caption, credit=credit)


def _teaser(text: str) -> Teaser:
    title, _, author = text.partition(" = ")
    return Teaser(title=title, author=author)


def _parts(text: str, divider: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(divider) if part.strip())


def _read(item: Traversable) -> str:
    return item.read_text(encoding="utf-8")
