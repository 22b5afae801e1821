"""An article's page: what was found in it, what is filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.model.http import Block, Exchange, ExchangeRecord, Validators

Kind = Literal[
    "article", "live_blog", "gallery", "video", "list",
    "paywalled", "consent", "login", "needs_javascript", "error_page", "not_an_article",
]  # fmt: skip

#: Kinds of page that keep the article from us.
WALLS: frozenset[Kind] = frozenset(("paywalled", "consent", "login", "needs_javascript", "error_page"))

Status = Literal["pending", "full", "feed_only", "failed"]

#: What of ours refuses a page for good: its address, robots.txt, its size, its being no HTML.
Refusal = Literal["address", "robots", "size", "type"]
#: Changes in a row that are seen in nothing but a hash, or in nothing but facts about an article; later ones count no
#: more. Without a cap a page or feed that prints the time is edited for ever.
MAX_HASH_CHANGES = 24


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


#: Texts of less confidence are doubtful.
DOUBTFUL = 0.5


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
    #: How sure it is that `text` is the article's, 0 to 1 (scraper/extract/confidence.py); None = not judged: it is
    #: the feed's, or there is none.
    confidence: float | None = None
    #: Where the article goes on; for the next fetch, not filed.
    next_page: str | None = None
    #: The page's AMP form as it declares it, absolute; for telling twins, not filed.
    amp_url: str | None = None
    #: An error page that says that there is nothing at its address any more; not filed.
    is_gone: bool = False
    #: Where all of it is on one page, by the user's rule; for the next fetch, not filed.
    single_page: str | None = None

    @property
    def is_doubtful(self) -> bool:
        """It is more likely that the text is not the article's than that it is."""
        return self.confidence is not None and self.confidence < DOUBTFUL

    @property
    def is_readable(self) -> bool:
        """The page gave its text: whatever its kind, walls and empty shells apart."""
        return bool(self.text.strip()) and self.kind not in WALLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A weak key of an article: an address at which it may be found, too."""

    key: str
    #: canonical, amphtml: its page says so; twin: its address looks like the mobile or AMP form of that.
    source: Literal["canonical", "amphtml", "twin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """An article that may be the one just read: a weak key of one of them leads to the other, or both have it."""

    article_id: int
    #: The key they share.
    key: str
    title: str | None
    text: str = ""
    #: False: its page has not been read, and `text` is what its feed says, if anything.
    is_read: bool = True
    #: Its page was asked for and cannot be read.
    is_unreadable: bool = False
    #: It was deleted; its text is gone.
    is_buried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """An article that was found to be the one just read, and by what."""

    article_id: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article of several pages that is being read, one fetch each."""

    #: The page to fetch next; None = the last one has been read.
    next_url: str | None
    #: `next_url` has the whole article, not its next part.
    is_whole: bool = False
    #: Addresses of the pages read so far, the first page's first.
    urls: tuple[str, ...]
    #: The pages read so far as one.
    extraction: Extraction
    #: The first page's keys, strong and weak, for the commit that ends the reading.
    keys: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A page that was on file and is not there any more."""

    #: When it was first found missing.
    since: datetime
    #: 404, 410, 451; home, section, redirect: its address leads there; replaced: it holds another text.
    cause: str
    #: The same for a person.
    reason: str
    #: Seen often enough to count as removed.
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleJob:
    """An article whose page is to be fetched."""

    id: int
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
    #: When the fetch was due: its place in the host's queue.
    due_at: datetime | None = None
    #: The pages read so far, where one was found to go on.
    draft: Draft | None = None
    #: Nobody asked for it: the article is old enough to be looked at again.
    is_recheck: bool = False
    #: Such looks so far.
    rechecks: int = 0
    #: The user wants them for the article's feed.
    keeps_watch: bool = True
    #: It is to be compared with others, and they with it.
    tells_stories: bool = True
    #: What is known of its absence; None = it was there at the last look.
    missing: Missing | None = None
    #: Newest revisions in a row that brought other facts (byline, date, picture ...) but the same words.
    slight_edits: int = 0

    @property
    def page_url(self) -> str:
        """The address to fetch."""
        return (self.draft and self.draft.next_url) or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page as received, kept so that a better extractor can read it again."""

    url: str
    content_type: str | None
    body: bytes
    fetched_at: datetime
    #: Its place among the article's pages, from 1.
    number: int = 1
    #: It has the whole article: read in place of the pages before it.
    is_whole: bool = False
    #: What was asked and answered; None = not recorded.
    exchange: ExchangeRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommit:
    """Everything one article fetch writes, in one transaction."""

    article_id: int
    status: Status
    #: Why it is not `full`, for a person; None for `full`.
    reason: str | None
    #: More pages are to be read; None = the reading is over.
    draft: Draft | None = None
    #: The version to file; None = leave what is on file.
    extraction: Extraction | None = None
    #: True = `extraction` differs in substance from what was on file (or is the first): it becomes a revision.
    is_revision: bool = False
    #: What differs from the version before: title, text, figures, byline, published, section, summary,
    #: picture, caption (scraper/articles/revisions.py).
    changed: tuple[str, ...] = ()
    page: RawPage | None = None
    #: Keys that lead to this article: where its page was found. If one already belongs to another article, the two are
    #: one: the older article takes over this one's sightings.
    keys: tuple[str, ...] = ()
    #: Weak keys, stored for articles to come, and what they led to: articles that are this one, ...
    claims: tuple[Claim, ...] = ()
    twins: tuple[Twin, ...] = ()
    #: ... the deleted article that this one is, ...
    grave: int | None = None
    #: ... and what was not believed, for people.
    doubts: tuple[str, ...] = ()
    validators: Validators = Validators()
    http_status: int | None = None
    wire_bytes: int = 0
    checked_at: datetime
    #: Failed fetches so far, this one included.
    attempts: int = 0
    #: When to fetch again; None = no more.
    next_fetch_at: datetime | None = None
    #: When to look at it again unasked, after everything that is new; None = no more.
    recheck_at: datetime | None = None
    #: Such looks so far, this one included.
    rechecks: int = 0
    #: False = a look that was due has been given up without asking anybody.
    has_looked: bool = True
    #: What is known of the page's absence; None = it is there, or was never read.
    missing: Missing | None = None
    #: No article fetch from the host before this.
    next_allowed_at: datetime | None = None
    #: Whom the server spoke for when it asked for a pause (429, 503).
    block: Block | None = None
    #: The requests made, for the ledger, and the host whose robots.txt refused the page.
    exchanges: tuple[Exchange, ...] = ()
    refused_host: str | None = None
    #: The terms on which the page is refused for good; it is tried again when they change.
    refused_on: str | None = None
    #: Decision trail: name of the rule that settled the status ...
    rule: str = ""
    #: ... and what else there is to say.
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOutcome:
    """What an article fetch came to, for counts and the log line."""

    article_id: int
    url: str
    status: Status
    kind: str | None = None
    reason: str | None = None
    #: It has pages that are still to be fetched; it is not settled yet.
    goes_on: bool = False
    #: Nobody asked for it: the article was looked at again for its age.
    is_recheck: bool = False
    #: What an edit changed; empty = no edit, or the first version.
    changed: tuple[str, ...] = ()
    #: Why the page counts as removed, at the look that found it so.
    removal: str | None = None
    #: A server was asked for something, if only for its robots.txt: the host's gap has started.
    used_network: bool = False
    #: 1 when the page's server answered, whatever it said.
    pages_fetched: int = 0
    wire_bytes: int = 0
    #: The article turned out to be one already on file.
    merged_into: int | None = None
