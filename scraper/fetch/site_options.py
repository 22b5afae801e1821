"""Which wishes of the user hold for an address: a feed's own, else its site's, else the defaults. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.model import PLAIN, Access
from scraper.urls import domains_of, host_of, origin_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessBook:
    """All wishes of one feeds.yaml."""

    default: Access = PLAIN
    #: Feed address as listed -> access, complete with what its site and the defaults say.
    feeds: Mapping[str, Access] = field(default_factory=dict)
    #: Host name -> access, complete with the defaults; holds for the hosts below it, too.
    sites: Mapping[str, Access] = field(default_factory=dict)
    #: Names of the headers that any of them sets, in lower case.
    header_names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        wishes = (self.default, *self.feeds.values(), *self.sites.values())
        names = {name.lower() for wish in wishes for name, _ in wish.headers}
        named = {"user-agent"} if any(wish.user_agent for wish in wishes) else set()
        object.__setattr__(self, "header_names", frozenset(names | named))

    def of_feed(self, url: str) -> Access:
        """Return the access for a listed feed; credentials are for the origin of its listed address."""
        found = self.feeds.get(url)
        return found.at(origin_of(url)) if found else self.of_page(url)

    def of_page(self, url: str) -> Access:
        """Return the access for any other address."""
        names = domains_of(host_of(url))
        found = next((self.sites[name] for name in names if name in self.sites), self.default)
        return found.at(origin_of(url))


#: No wishes for any address.
NO_WISHES = AccessBook()
