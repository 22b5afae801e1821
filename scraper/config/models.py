"""The only `pydantic`: what may stand in feeds.yaml, key by key.

The descriptions are the reference: the JSON Schema for editors and the documentation are made from them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from scraper.config import access_values as secrets
from scraper.config import cron, values
from scraper.model import Proxy

T = TypeVar("T")

#: Says what is wrong with a CSS selector; None = nothing.
SelectorFault = Callable[[str], str | None]


def _text(parse: Callable[[str], T], example: str) -> BeforeValidator:
    """Return a validator that hands text to `parse` and says what else is wanted; bare numbers are taken as text."""

    def validate(value: object) -> T:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise ValueError(f"wants text, like {example}")
        return parse(str(value))

    return BeforeValidator(validate)


def _selector(text: str, info: ValidationInfo) -> str:
    selector = values.parse_selector(text)
    find_fault: SelectorFault | None = (info.context or {}).get("selector_fault")
    fault = find_fault(selector) if find_fault else None
    if fault:
        raise ValueError(f"{values.shown(selector)} is not a CSS selector: {fault}")
    return selector


def _single_page(text: str, info: ValidationInfo) -> str:
    if values.is_address_pattern(text):
        return values.parse_address_pattern(text)
    try:
        return _selector(text, info)
    except ValueError as exc:
        raise ValueError(f"{exc}; an address has {{url}} in it, like {{url}}?print=1") from None


#: Marks in pydantic's error locations: which of two forms a value was read in.
FORMS = ("[text]", "[list]")


def _form(value: object) -> str:
    return FORMS[isinstance(value, (list, tuple))]


Word = Annotated[str, AfterValidator(values.parse_word), Field(min_length=1, max_length=200)]
Words = Annotated[list[Word] | None, Field(default=None)]
Selector = Annotated[str, AfterValidator(_selector), Field(min_length=1, max_length=500)]
SinglePage = Annotated[str, AfterValidator(_single_page), Field(min_length=1, max_length=500)]
Selectors = Annotated[
    Annotated[Selector, Tag(FORMS[0])] | Annotated[list[Selector], Field(min_length=1), Tag(FORMS[1])],
    Discriminator(_form),
]
Address = Annotated[
    str,
    AfterValidator(values.parse_address),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^[hH][tT][tT][pP][sS]?://[^\\s]+$"}),
]
Interval = Annotated[
    timedelta | None,
    _text(values.parse_interval, "30m, 2h, 1d or auto"),
    WithJsonSchema(
        {"type": "string", "pattern": "^(auto|(?=[0-9])([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$"}
    ),
]
Schedule = Annotated[
    str,
    _text(cron.parse_schedule, '"*/10 6-22 * * mon-fri"'),
    WithJsonSchema({"type": "string", "pattern": "^\\s*\\S+(\\s+\\S+){4}\\s*$"}),
]
Network = Annotated[str, AfterValidator(values.parse_network)]
Listen = Annotated[
    tuple[str, int],
    _text(values.parse_listen, "127.0.0.1:8460"),
    WithJsonSchema({"type": "string", "pattern": "^(\\[[0-9a-fA-F:.]+\\]|[^:\\s\\[\\]]+):[0-9]{1,5}$"}),
]
Concurrency = Annotated[
    int | None,
    BeforeValidator(values.parse_concurrency),
    WithJsonSchema({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1, "maximum": 256}]}),
]
Keeping = Annotated[
    timedelta | None,
    _text(values.parse_keeping, "90d"),
    WithJsonSchema({"type": "string", "pattern": "^(forever|never|([0-9]+[wdhms])+)$"}),
]
Database = Annotated[
    Path, _text(values.parse_database, "wireroom.db"), WithJsonSchema({"type": "string", "minLength": 1})
]


_SECRET_SCHEMA = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": {"type": "string"},
         "propertyNames": {"enum": ["env", "file"]}},
    ]
}  # fmt: skip


def _folder(info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return folder


def _secret(value: object, info: ValidationInfo) -> str:
    return secrets.resolve_secret(value, _folder(info))


def _proxy(value: object, info: ValidationInfo) -> Proxy | str:
    return secrets.parse_proxy(_secret(value, info)) or "none"


def _certificate(text: str, info: ValidationInfo) -> str:
    return secrets.read_certificate(text, _folder(info))


_Secret = Annotated[str, BeforeValidator(_secret), Field(min_length=1), WithJsonSchema(_SECRET_SCHEMA)]
Secret = Annotated[_Secret, AfterValidator(secrets.parse_header_value)]
CookieValue = Annotated[_Secret, AfterValidator(secrets.parse_cookie_value)]
ProxyAddress = Annotated[Proxy | str, BeforeValidator(_proxy), WithJsonSchema(_SECRET_SCHEMA)]
Timeout = Annotated[
    float,
    _text(secrets.parse_timeout, "30s"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,3}[sm]$"}),
]
Certificate = Annotated[str, AfterValidator(_certificate)]


class Section(BaseModel):
    """A mapping of known keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class NetworkSection(Section):
    """What the network layer may do."""

    allow_private: list[Network] | None = Field(
        default=None,
        description="Networks that may be reached although they are not public, each with a port if you like. "
        "Addresses of your own network are refused otherwise, also after a redirect.",
        examples=[["127.0.0.1:8080", "192.168.1.0/24", "[::1]:80"]],
    )


class SettingsSection(Section):
    """How Wireroom itself behaves."""

    database: Database = Field(
        default=Path("wireroom.db"),
        description="The archive, relative to this file (to the file itself where this is a link to it).",
        json_schema_extra={"default": "wireroom.db"},
    )
    contact: Annotated[str, AfterValidator(values.parse_contact)] | None = Field(
        default=None,
        description="A web or e-mail address that goes into the User-Agent, for the people whose servers you poll.",
        examples=["https://example.org/about", "feeds@example.org"],
    )
    network: NetworkSection | None = Field(default=None, description="What may be reached.")
    concurrency: Concurrency = Field(
        default=None,
        description="How many exchanges may run at once: auto, or a number from 1 to 256. "
        "One site never sees more than one feed and one article at a time.",
        json_schema_extra={"default": "auto"},
    )
    keep_pages: Keeping = Field(
        default=None,
        description="How long the pages of all versions are kept as they were received: forever, a time span such as "
        "90d, or never. Without its page an article cannot be read again by a better extractor or a new site rule.",
        json_schema_extra={"default": "forever"},
    )
    listen: Listen = Field(
        default=("127.0.0.1", 8460),
        description="Where the reading room listens; port 0 takes any free one.",
        json_schema_extra={"default": "127.0.0.1:8460"},
    )


class AuthSection(Section):
    """A login: username and password, or a token."""

    username: Secret | None = Field(default=None, description="The user's name, for basic authentication.")
    password: _Secret | None = Field(default=None, description="The password that goes with it.")
    token: Secret | None = Field(default=None, description="A token, for bearer authentication.")

    @model_validator(mode="after")
    def _one_kind(self) -> AuthSection:
        is_basic = self.username is not None and self.password is not None
        has_half = (self.username is None) != (self.password is None)
        if has_half or is_basic == (self.token is not None):
            raise ValueError("wants username and password, or token alone")
        return self


class WaySection(Section):
    """How addresses are asked, without anything that is secret to a site."""

    user_agent: Annotated[str, AfterValidator(secrets.parse_header_value), Field(min_length=1)] | None = Field(
        default=None, description="The User-Agent to send in place of Wireroom's own."
    )
    proxy: ProxyAddress | None = Field(
        default=None,
        description="The proxy to go through: http, socks5 (names are looked up here) or socks5h (by the proxy); "
        "none goes directly.",
        examples=["http://127.0.0.1:3128", "socks5h://127.0.0.1:9050", {"env": "NEWS_PROXY"}],
    )
    timeout: Timeout | None = Field(
        default=None, description="How long an answer may take in all, 1s to 2m; 30s otherwise.", examples=["60s"]
    )


class AccessSection(WaySection):
    """How the addresses of one origin are asked."""

    headers: dict[Annotated[str, AfterValidator(secrets.parse_header_name)], Secret] | None = Field(
        default=None,
        description="Further headers to send. A value is text, {env: NAME} or {file: PATH}.",
        examples=[{"X-Api-Key": {"env": "EXAMPLE_KEY"}}],
    )
    cookies: dict[Annotated[str, AfterValidator(secrets.parse_cookie_name)], CookieValue] | None = Field(
        default=None,
        description="Cookies to send, as a subscriber's browser has them; values as in headers.",
        examples=[{"session": {"file": "example.cookie"}}],
    )
    auth: AuthSection | None = Field(
        default=None,
        description="A login: username and password, or token; values as in headers.",
        examples=[{"username": "me", "password": {"env": "EXAMPLE_PASSWORD"}}, {"token": {"file": "token"}}],
    )
    certificate: Certificate | None = Field(
        default=None,
        description="What to trust here in place of this machine's authorities: a PEM file, or the fingerprint of the "
        "one certificate that is right.",
        examples=["own-authority.pem", "sha256:" + "3f" * 32],
    )


class DefaultsSection(WaySection):
    """What holds for every feed that does not say otherwise."""

    interval: Interval = Field(
        default=None,
        description="Time between polls: 30m, 2h, 1d, 1h30m, at least 1m; auto = as often as the feed brings news, "
        "between 15 minutes and a day.",
        json_schema_extra={"default": "auto"},
    )
    full_text: bool = Field(
        default=True, description="Fetch each entry's page and keep the whole article; false keeps what the feed says."
    )
    recheck: bool = Field(
        default=True,
        description="Look at each article again for edits and removals: after an hour, then less and less often, "
        "for up to 30 days; false looks again only when the feed's entry changes.",
    )
    stories: bool = Field(
        default=True,
        description="Compare each article with the others of the last 14 days, to find those that tell the same story; "
        "false leaves the feed's articles alone.",
    )
    tags: Words = Field(default=None, description="Tags that every feed gets beside its own.")


class FeedSection(AccessSection):
    """One feed; its address alone is enough."""

    url: Address = Field(description="The address of the feed, http or https; it is what the feed is known by.")
    name: Word | None = Field(default=None, description="What to call it; the feed's own title otherwise.")
    tags: Words = Field(default=None, description="Words to find and filter it by.")
    interval: Interval = Field(default=None, description="Time between polls, as in defaults.")
    schedule: Schedule | None = Field(
        default=None,
        description="A cron line in place of the interval: minute hour day month weekday. "
        "Where both a day and a weekday are given, both must hold.",
        examples=["*/10 6-22 * * mon-fri"],
    )
    time_zone: Annotated[str, AfterValidator(values.parse_time_zone)] | None = Field(
        default=None,
        description="The time zone of the schedule; this machine's otherwise.",
        examples=["Europe/Berlin", "UTC"],
    )
    full_text: bool = Field(
        default=True, description="Fetch each entry's page and keep the whole article; false keeps what the feed says."
    )
    recheck: bool = Field(
        default=True,
        description="Look at each article again for edits and removals: after an hour, then less and less often, "
        "for up to 30 days; false looks again only when the feed's entry changes.",
    )
    stories: bool = Field(
        default=True,
        description="Compare each article with the others of the last 14 days, to find those that tell the same story; "
        "false leaves the feed's articles alone.",
    )
    paused: bool = Field(default=False, description="true: keep its articles, but do not poll it.")
    keep: Words = Field(
        default=None, description="File only entries with one of these words in title, summary or categories."
    )
    drop: Words = Field(
        default=None,
        description="Do not file entries with one of these words there; the reason is recorded.",
    )

    @model_validator(mode="before")
    @classmethod
    def _from_bare_address(cls, data: Any) -> Any:
        return {"url": data} if isinstance(data, str) else data


class SiteSection(AccessSection):
    """How one site's pages are asked for, and help in reading them, as CSS selectors."""

    body: Selectors | None = Field(
        default=None,
        description="What holds the article: the first element that matches; a list takes every element that "
        "matches one of its selectors, in page order.",
        examples=["div.story", ["div.lead", "div.story-part"]],
    )
    remove: list[Selector] | None = Field(
        default=None, description="What to take out before anything is read.", examples=[[".promo", "aside"]]
    )
    title: Selector | None = Field(default=None, description="What holds the headline.")
    byline: Selector | None = Field(default=None, description="What holds the authors.")
    date: Selector | None = Field(default=None, description="What holds the date of publication.")
    next_page: Selector | None = Field(
        default=None, description="The link to the next page of an article.", examples=["a.pager-next"]
    )
    single_page: SinglePage | None = Field(
        default=None,
        description="Where the whole article is on one page, fetched instead of its further pages: the link to it, "
        "or its address, with {url} for the article's.",
        examples=["a.one-page", "{url}?print=1"],
    )


class FeedsFile(Section):
    """The whole of feeds.yaml."""

    settings: SettingsSection | None = Field(default=None, description="How Wireroom itself behaves; all optional.")
    defaults: DefaultsSection | None = Field(default=None, description="What holds for every feed.")
    feeds: list[FeedSection] | None = Field(description="The feeds to poll: addresses, or mappings with a url.")
    sites: dict[Annotated[str, AfterValidator(values.parse_site)], SiteSection] | None = Field(
        default=None,
        description="Help for single sites: the host name, then CSS selectors for its pages.",
        examples=[{"example.com": {"body": "div.story", "remove": [".promo"]}}],
    )


#: The keys of every mapping of the file; `*` stands for any list position or host name.
KEYS: dict[tuple[str, ...], tuple[str, ...]] = {
    (): tuple(FeedsFile.model_fields),
    ("settings",): tuple(SettingsSection.model_fields),
    ("settings", "network"): tuple(NetworkSection.model_fields),
    ("defaults",): tuple(DefaultsSection.model_fields),
    ("feeds", "*"): tuple(FeedSection.model_fields),
    ("feeds", "*", "auth"): tuple(AuthSection.model_fields),
    ("sites", "*"): tuple(SiteSection.model_fields),
    ("sites", "*", "auth"): tuple(AuthSection.model_fields),
}
