"""An article's page: what was found in it, what is filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.model.wire import Validators

Kind = Literal[
    "article", "live_blog", "gallery", "video", "list",
    "paywalled", "consent", "login", "needs_javascript", "error_page", "not_an_article",
]  # fmt: skip

Status = Literal["pending", "full", "feed_only", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article."""

    #: Absolute http(s) address.
    url: str
    alt: str | None = None
    caption: str | None = None
    #: Who made it, without "Photo:" and the like.
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to another page, with its text."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the feed said of an article: a witness for the extractor, and the text when the page gives none."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    image_url: str | None = None
    language: str | None = None
    site_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was found in a page. `html`, `markdown` and `text` are the same body in three forms."""

    title: str | None = None
    #: Names of persons (or of a desk or agency that signs), one each.
    byline: tuple[str, ...] = ()
    #: With the offset the page wrote.
    published_at: datetime | None = None
    updated_at: datetime | None = None
    #: Section of the paper ("Eastern Europe").
    section: str | None = None
    site_name: str | None = None
    #: BCP 47, lower-case primary subtag first ("en", "pt-BR").
    language: str | None = None
    #: The standfirst or description.
    summary: str | None = None
    #: The lead picture.
    image: Image | None = None
    #: All pictures of the article, the lead first.
    images: tuple[Image, ...] = ()
    #: As the page declares it, absolute.
    canonical_url: str | None = None
    #: Safe: passed through the allow-list last.
    html: str = ""
    markdown: str = ""
    #: Paragraphs with one blank line between them.
    text: str = ""
    #: Other stories the page promotes, in page order.
    related: tuple[Link, ...] = ()
    #: News agencies named as source.
    agencies: tuple[str, ...] = ()
    kind: Kind = "article"
    #: Why `kind` is not "article", for a person.
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleJob:
    """An article whose page is to be fetched."""

    id: int
    #: The address to fetch.
    url: str
    #: False = the feed asked for its own text only: nothing is fetched.
    full_text: bool
    hints: Hints
    #: Fetches that failed so far.
    attempts: int = 0
    status: Status = "pending"
    first_seen_at: datetime
    #: From the last successful fetch, for conditional re-checks.
    validators: Validators = Validators()
    #: The version on file, None before the first.
    current: Extraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page as received, kept so that a better extractor can read it again."""

    url: str
    content_type: str | None
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommit:
    """Everything one article fetch writes, in one transaction."""

    article_id: int
    status: Status
    #: Why it is not `full`, for a person; None for `full`.
    reason: str | None
    #: The version to file; None = leave what is on file.
    extraction: Extraction | None = None
    #: True = `extraction` differs in substance from what was on file (or is the first): it becomes a revision.
    is_revision: bool = False
    page: RawPage | None = None
    #: Canonical keys that lead to this article (final URL, same-site rel=canonical). If one already belongs to another
    #: article, the two are one: the older article takes over this one's sightings.
    keys: tuple[str, ...] = ()
    validators: Validators = Validators()
    http_status: int | None = None
    wire_bytes: int = 0
    checked_at: datetime
    #: Failed fetches so far, this one included.
    attempts: int = 0
    #: When to fetch again; None = no more.
    next_fetch_at: datetime | None = None
    #: No article fetch from the host before this.
    next_allowed_at: datetime | None = None
    #: Decision trail: name of the rule that settled the status.
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOutcome:
    """What an article fetch came to, for counts and the log line."""

    article_id: int
    url: str
    status: Status
    kind: str | None = None
    reason: str | None = None
    #: A server was asked for something, if only for its robots.txt: the host's gap has started.
    used_network: bool = False
    #: 1 when the page's server answered, whatever it said.
    pages_fetched: int = 0
    wire_bytes: int = 0
    #: The article turned out to be one already on file.
    merged_into: int | None = None
