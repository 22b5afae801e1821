"""What a perfect reading of the bundled newspaper yields: `expected.json`, article by article.

The file is generated from the stories' texts and read over by a person; a test fails while the two differ. Anew:
`python -c "from wireroom.demo.expected import write_expected; write_expected()"`
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from wireroom.demo.press import Publication, Story, load_press
from wireroom.demo.site import EDITION_AT, Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedArticle:
    """One article as it should be on file."""

    #: Directory name of its publication.
    publication: str
    #: Path of the page that finally answers (in expected.json), or its address; None = the entry has no page.
    url: str | None
    #: How the page is served ("page", "redirect", "pdf" ...).
    serving: str
    status: Literal["full", "feed_only", "failed"]
    title: str
    byline: tuple[str, ...]
    published_at: datetime
    site_name: str
    #: None = no page of it is read.
    section: str | None
    #: None = there is no text.
    language: str | None
    credit: str | None
    #: The whole text: paragraphs, headings, quotations and list items; for `feed_only` what the feed says.
    paragraphs: tuple[str, ...]
    #: Headlines that must be in `related` and nowhere in the text.
    promoted: tuple[str, ...]
    #: The feeds that list it.
    feeds: tuple[str, ...]
    #: The first edition that has it, and the edition whose text this is.
    first_edition: int
    edition: int


def expected_articles(edition: int = 1) -> tuple[ExpectedArticle, ...]:
    """Return the articles of `expected.json` as they stand after that edition; addresses are paths."""
    rows = json.loads((files(__package__) / "expected.json").read_text(encoding="utf-8"))
    current: dict[tuple[str, str], ExpectedArticle] = {}
    for article in map(_from_json, rows):
        if article.edition <= edition:
            current[article.publication, article.title] = article
    return tuple(current.values())


def _from_json(row: dict[str, Any]) -> ExpectedArticle:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return ExpectedArticle(**{**row, **lists, "published_at": datetime.fromisoformat(row["published_at"])})


def describe_press() -> str:
    """Return the text that `expected.json` should have."""
    rows = [
        _row(paper, story, versions[0])
        for paper in load_press()
        for versions in paper.stories.values()
        for story in versions
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _row(paper: Publication, story: Story, first: Story) -> dict[str, Any]:
    issue = Issue(paper=paper, base="", edition_at=EDITION_AT, edition=story.edition)
    status: Literal["full", "feed_only", "failed"] = "full" if story.serving in ("page", "redirect") else "feed_only"
    if not story.summary:
        status = "failed"
    article = ExpectedArticle(
        publication=paper.key,
        url=None if story.serving == "nopage" else issue.page_path(story),
        serving=story.serving,
        status=status,
        title=story.title,
        byline=story.authors,
        published_at=issue.published_at(story),
        site_name=paper.name,
        section=story.section if status == "full" else None,
        language=paper.language.partition("-")[0] if story.paragraphs else None,
        credit=story.picture.credit if story.picture else None,
        paragraphs=story.paragraphs,
        promoted=story.promoted,
        feeds=tuple(plan.path for plan in paper.feeds if plan.section in ("", story.section)),
        first_edition=first.edition,
        edition=story.edition,
    )
    return {**asdict(article), "published_at": article.published_at.isoformat()}


def write_expected() -> None:
    """Write `expected.json` anew; only for a checkout."""
    Path(str(files(__package__) / "expected.json")).write_text(describe_press(), encoding="utf-8")
