"""The configuration as the rest of Wireroom sees it: checked, complete, with the defaults applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from scraper.fetch.site_options import NO_WISHES, AccessBook
from scraper.model import FeedSpec, SiteRule

DEFAULT_DATABASE = "wireroom.db"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8460


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One feeds.yaml."""

    #: The file, absolute.
    path: Path
    #: The archive, absolute.
    database: Path
    #: Address or e-mail that goes into the User-Agent.
    contact: str | None = None
    #: Networks that may be reached although they are not public: "10.0.0.0/8", "127.0.0.1:8080", "[::1]:80".
    allow_private: tuple[str, ...] = ()
    #: How many exchanges may run at once; None = `auto`.
    concurrency: int | None = None
    #: How long pages are kept as they were received; None = forever, zero = not at all.
    keep_pages: timedelta | None = None
    #: Where the reading room listens: an IP address or a host name, without brackets.
    listen_host: str = DEFAULT_HOST
    #: 0 = any free port.
    listen_port: int = DEFAULT_PORT
    #: In file order, no address twice.
    feeds: tuple[FeedSpec, ...] = ()
    #: Host name in lower case -> rule.
    sites: Mapping[str, SiteRule] = field(default_factory=dict)
    #: How addresses are asked; holds secrets, resolved, none of which is in its `repr`.
    access: AccessBook = NO_WISHES
