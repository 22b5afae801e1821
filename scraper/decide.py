"""What becomes of the entries of a document, and of the address they came from. Pure: each answer names its rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.model import EntryDecision, FeedSpec, FeedState, Hop, KeyedEntry, KnownEntry, ParsedEntry

#: A permanent redirect is believed after it was seen on so many polls in a row, the first and last this far apart.
REDIRECT_PROVEN_AFTER = timedelta(days=6)
REDIRECT_POLLS = 3
#: Shorter texts repeat by chance.
MIN_TELLING_CHARS = 200
PERMANENT = frozenset({301, 308})
#: Letters of scripts written without spaces, or with endings joined to the word: Thai, Lao, Khmer, kana, Han, Hangul.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")


def decide_entries(
    keyed: Sequence[KeyedEntry], known: Sequence[KnownEntry], spec: FeedSpec
) -> tuple[EntryDecision, ...]:
    """Decide about every entry of a document, in its order."""
    index = _Known(known)
    return tuple(_decide(entry, index, spec) for entry in keyed)


def _decide(keyed: KeyedEntry, known: _Known, spec: FeedSpec) -> EntryDecision:
    match, by = known.find(keyed)
    if match is None:
        return _decide_new(keyed, spec)
    has_moved = bool(keyed.keys.link) and by == "guid" and match.keys.link not in (None, keyed.keys.link)
    if match.keys.content_hash == keyed.keys.content_hash and not has_moved:
        return EntryDecision(keyed=keyed, action="seen", entry_id=match.entry_id, rule=f"known-{by}")
    detail = "the entry has a new link" if has_moved else f"the entry changed; known by its {by}"
    return EntryDecision(keyed=keyed, action="update", entry_id=match.entry_id, rule="entry-changed", detail=detail)


def _decide_new(keyed: KeyedEntry, spec: FeedSpec) -> EntryDecision:
    if found := _find_word(spec.drop, keyed.entry):
        return EntryDecision(keyed=keyed, action="drop", rule="drop-word", detail=f"drop: {found}")
    if spec.keep and not (found := _find_word(spec.keep, keyed.entry)):
        words = ", ".join(spec.keep)
        return EntryDecision(keyed=keyed, action="drop", rule="keep-words", detail=f"none of keep: {words}")
    detail = f"keep: {found}" if spec.keep else "first seen in the feed"
    return EntryDecision(keyed=keyed, action="file", rule="new-entry", detail=detail)


def _find_word(words: Sequence[str], entry: ParsedEntry) -> str | None:
    """Return "'word' in title" for the first listed word found: a whole word, or any part in unspaced scripts."""
    places = {"title": entry.title, "categories": " ; ".join(entry.categories), "summary": entry.summary_html}
    for word in words:
        bounded = not _UNSPACED.search(word)
        pattern = rf"(?<!\w){re.escape(word)}(?!\w)" if bounded else re.escape(word)
        for place, text in places.items():
            if text and re.search(pattern, text, re.IGNORECASE):
                return f"{word!r} in {place}"
    return None


def _is_told_by_content(keyed: KeyedEntry) -> bool:
    """Say whether equal content means the same entry: a bare title ("Weather") comes again with other news."""
    entry = keyed.entry
    if not (keyed.keys.guid or keyed.keys.link):
        return True
    return entry.published_at is not None or len(entry.content_html or entry.summary_html or "") >= MIN_TELLING_CHARS


class _Known:
    """Known entries by each of their keys."""

    def __init__(self, known: Sequence[KnownEntry]) -> None:
        self._by_guid = {entry.keys.guid: entry for entry in known if entry.keys.guid}
        self._by_link = {entry.keys.link: entry for entry in known if entry.keys.link}
        self._by_content = {entry.keys.content_hash: entry for entry in known}

    def find(self, keyed: KeyedEntry) -> tuple[KnownEntry | None, str]:
        """Return the known entry and the key that matched: guid before link before content."""
        keys = keyed.keys
        if keys.guid and (match := self._by_guid.get(keys.guid)):
            return match, "guid"
        if keys.link and (match := self._by_link.get(keys.link)):
            return match, "link"
        match = self._by_content.get(keys.content_hash)
        if match and _is_told_by_content(keyed):
            return match, "content"
        return None, ""


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
