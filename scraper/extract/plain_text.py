"""A plain text dump of a page (every visible string in page order) read by the same line rules."""

from __future__ import annotations

import re
from datetime import UTC
from html import escape

from lxml import etree

from scraper.clean.reader import clean_body
from scraper.extract.body.blocks import Block, Line
from scraper.extract.body.facts import Facts, folded_set
from scraper.extract.body.line_rules import drop_lines
from scraper.extract.meta.credits import split_caption
from scraper.extract.page.text import fold
from scraper.extract.words.agencies import agencies_of
from scraper.extract.words.bylines import split_names
from scraper.extract.words.datelines import Dates, is_date_line, read_dates
from scraper.extract.words.phrases import is_teaser_heading
from scraper.model import Extraction, Hints, Image, Link
from scraper.text.language import language_of

MAX_CHARS = 2_000_000
_MAX_LABEL = 60


def extract_dump(text: str, *, url: str, hints: Hints) -> Extraction:
    """The article in a dump.

    A dump has no addresses: a picture that only its credit tells of has an empty `url`, and the promoted stories in
    `related` carry the address of the page itself.
    """
    texts = [squeezed for raw in text[:MAX_CHARS].splitlines() if (squeezed := " ".join(raw.split()))]
    lines = _lines(texts)
    title = _title(lines, hints)
    head = _head(lines, title)
    facts = Facts(titles=folded_set(title), names=folded_set(*hints.authors))
    _drop_promoted(lines, title)
    drop_lines(lines, facts)
    first = next((index for index, line in enumerate(lines) if line.dropped is None and line.is_prose), len(lines))
    for line in lines[:first]:
        line.dropped = line.dropped or "label"
    kept = [line.text for line in lines if line.dropped is None]
    body = clean_body("".join(f"<p>{escape(line)}</p>" for line in kept), base_url="")
    credit = next((split_caption(line.text)[1] for line in lines if line.dropped == "caption"), None)
    image = Image(url="", credit=credit) if credit else None
    dates = next((read_dates(line.text) for line in lines[:first] if is_date_line(line.text)), Dates())
    date = dates.published or dates.plain or dates.updated
    return Extraction(
        title=title,
        byline=hints.authors or _byline(lines[:first]),
        published_at=date.resolved(UTC) if date else hints.published_at,
        updated_at=dates.updated.resolved(UTC) if dates.updated else hints.updated_at,
        site_name=head[0] if head else hints.site_name,
        section=head[1] if len(head) > 1 else None,
        language=language_of(body.text, hints.language),
        image=image,
        images=(image,) if image else (),
        related=tuple(Link(url=url, title=line.text) for line in lines if _is_promoted(line)),
        html=body.html,
        markdown=body.markdown,
        text=body.text,
        agencies=agencies_of((), body.text),
        kind="article" if body.text else "not_an_article",
        reason=None if body.text else "no article text was found in the file",
    )


def _lines(texts: list[str]) -> list[Line]:
    element = etree.Element("p")
    return [Line(text, Block(element, "p", None, 0), []) for text in texts]


def _title(lines: list[Line], hints: Hints) -> str | None:
    """A line said twice near the top, else the first that is long enough for a headline."""
    if hints.title:
        return hints.title
    top = [line for line in lines[:15] if 3 <= len(line.folded.split()) <= 30 and not line.text.endswith(".")]
    for index, line in enumerate(top):
        if any(line.folded == other.folded for other in top[index + 1 :]):
            return line.text
    return top[0].text if top else None


def _head(lines: list[Line], title: str | None) -> list[str]:
    """The labels above the title: the site's name, then the section."""
    labels: list[str] = []
    for line in lines[:6]:
        if line.folded == fold(title or "") or len(line.text) > _MAX_LABEL:
            return labels
        labels.append(line.text)
    return []


def _byline(lines: list[Line]) -> tuple[str, ...]:
    return next((split_names(line.text) for line in lines if line.dropped == "byline"), ())


def _drop_promoted(lines: list[Line], title: str | None) -> None:
    """Without markup a headline between paragraphs is told by its look: many words, no stop, written like the title."""
    is_title_case = _share_of_capitals(title or "") > 0.7
    seen_prose = in_teasers = False
    for line in lines:
        if is_teaser_heading(line.text):
            in_teasers = True
        if line.is_prose:
            seen_prose, in_teasers = True, False
        elif in_teasers or (seen_prose and is_title_case and _looks_like_headline(line)):
            line.dropped = "related"


def _is_promoted(line: Line) -> bool:
    return line.dropped == "related" and len(line.folded.split()) >= 5


def _looks_like_headline(line: Line) -> bool:
    return len(line.folded.split()) >= 6 and not line.ends_like_prose and _share_of_capitals(line.text) > 0.7


def _share_of_capitals(text: str) -> float:
    words = re.findall(r"[^\W\d_]{4,}", text)
    return sum(1 for word in words if str(word)[0].isupper()) / max(1, len(words))
