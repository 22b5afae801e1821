"""What a redirect of a feed's address means. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.model import FeedState, Hop
from scraper.model.http import PERMANENT

#: A permanent redirect is believed after it was seen on so many polls in a row, the first and last this far apart.
REDIRECT_PROVEN_AFTER = timedelta(days=6)
REDIRECT_POLLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressDecision:
    """Which address is polled from now on, and what is being watched (as in `FeedState`)."""

    current_url: str
    redirect_target: str | None = None
    redirect_since: datetime | None = None
    redirect_polls: int = 0


def decide_address(state: FeedState, final_url: str, hops: Sequence[Hop], now: datetime) -> AddressDecision:
    """Follow a permanent redirect for good once the same chain was seen on several polls spread over six days.

    Every hop must be permanent (301, 308); 302, 303 and 307 never move a feed. Called only when the feed's document, or
    word that it has not changed, came from the chain's end.
    """
    if not hops or any(hop.status not in PERMANENT for hop in hops):
        return AddressDecision(current_url=state.current_url)
    chain = " ".join([*(hop.url for hop in hops[1:]), final_url])
    is_known = state.redirect_target == chain and state.redirect_since is not None and state.redirect_since <= now
    since = state.redirect_since if is_known and state.redirect_since else now
    polls = state.redirect_polls + 1 if is_known else 1
    if now - since >= REDIRECT_PROVEN_AFTER and polls >= REDIRECT_POLLS:
        return AddressDecision(current_url=final_url)
    return AddressDecision(
        current_url=state.current_url, redirect_target=chain, redirect_since=since, redirect_polls=polls
    )
