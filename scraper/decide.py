"""What becomes of the entries of a document, and of the address they came from. Pure: each answer names its rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.identity import UNSOUND_SHARE
from scraper.model import (
    MAX_HASH_CHANGES,
    EntryDecision,
    EntryKeys,
    FeedSpec,
    FeedState,
    Hop,
    KeyedEntry,
    KnownEntry,
    ParsedEntry,
)
from scraper.moving_dates import believed_once

#: A permanent redirect is believed after it was seen on so many polls in a row, the first and last this far apart.
REDIRECT_PROVEN_AFTER = timedelta(days=6)
REDIRECT_POLLS = 3
#: Shorter texts repeat by chance.
MIN_TELLING_CHARS = 200
PERMANENT = frozenset({301, 308})
#: Letters of scripts written without spaces, or with endings joined to the word: Thai, Lao, Khmer, kana, Han, Hangul.
#: What counts in a headline counts no news: "Read 17 times".
_DIGITS = re.compile(r"\d+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")


def decide_entries(
    keyed: Sequence[KeyedEntry], known: Sequence[KnownEntry], spec: FeedSpec
) -> tuple[EntryDecision, ...]:
    """Decide about every entry of a document, in its order."""
    index = _Known(known, keyed)
    decisions = [_decide(entry, index, spec) for entry in keyed]
    return believed_once(decisions, {entry.entry_id: entry for entry in known})


def _decide(keyed: KeyedEntry, known: _Known, spec: FeedSpec) -> EntryDecision:
    match, by = known.find(keyed)
    if match is None:
        return _decide_new(keyed, spec)
    now, before = keyed.keys, match.keys
    has_moved = by == "guid" and None not in (now.link, before.link) and now.link != before.link
    if now.content_hash == before.content_hash and not has_moved:
        has_new_keys = _has_new_keys(now, before)
        return EntryDecision(
            keyed=keyed, action="seen", entry_id=match.entry_id, rule=f"known-{by}", has_new_keys=has_new_keys
        )
    changes = 1 if _is_announced(keyed.entry, match) else match.changes + 1
    if changes > MAX_HASH_CHANGES:
        return EntryDecision(
            keyed=keyed, action="seen", entry_id=match.entry_id, rule="changes-capped", changes=match.changes
        )
    rule = "entry-moved" if has_moved else "entry-changed"
    detail = f"its link was {before.link}, is {now.link}" if has_moved else f"the entry changed; known by its {by}"
    return EntryDecision(
        keyed=keyed, action="update", entry_id=match.entry_id, rule=rule, detail=detail, changes=changes
    )


def _is_announced(now: ParsedEntry, before: KnownEntry) -> bool:
    """Say whether a change shows in more than the hash: a new date of change, a headline with other words."""
    return now.updated_at != before.updated_at or _without_digits(now.title) != _without_digits(before.title)


def _without_digits(title: str | None) -> str:
    return " ".join(_DIGITS.sub("", title or "").split())


def _has_new_keys(now: EntryKeys, before: EntryKeys) -> bool:
    """Say whether a feed makes its keys another way now: they are stored, for the next change."""
    return (now.guid or before.guid, now.link or before.link) != (before.guid, before.link)


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
    """Known entries by each of their keys, beside the keys that the document states."""

    def __init__(self, known: Sequence[KnownEntry], document: Sequence[KeyedEntry]) -> None:
        self._by_guid = {entry.keys.guid: entry for entry in known if entry.keys.guid}
        self._by_link = {entry.keys.link: entry for entry in known if entry.keys.link}
        self._by_content = {entry.keys.content_hash: entry for entry in known}
        self._guids = {entry.keys.guid for entry in document if entry.keys.guid}
        self._links = {entry.keys.link for entry in document if entry.keys.link}
        contradicted = sum(map(self._is_contradicted, document))
        self._guids_hold = contradicted <= UNSOUND_SHARE * len(document)

    def find(self, keyed: KeyedEntry) -> tuple[KnownEntry | None, str]:
        """Return the known entry and the key that matched: guid before link before content.

        A guid that leads elsewhere than the link is out; with several such in a document, which numbers its items by
        place, all are that do not agree with their links. Content counts unless the known entry is another one of the
        document.
        """
        keys = keyed.keys
        by_guid = self._by_guid.get(keys.guid) if keys.guid else None
        by_link = self._by_link.get(keys.link) if keys.link else None
        if by_link is not None:
            return by_link, "guid" if by_link is by_guid else "link"
        has_moved = by_guid is not None and None not in (keys.link, by_guid.keys.link)
        if by_guid is not None and not (has_moved and not self._guids_hold) and not self._is_contradicted(keyed):
            return by_guid, "guid"
        match = self._by_content.get(keys.content_hash)
        if match is None or not _is_told_by_content(keyed) or self._is_listed_beside(match, keys):
            return None, ""
        return match, "content"

    def _is_contradicted(self, keyed: KeyedEntry) -> bool:
        """Say whether the guid is that of an entry which the document's links show to be another."""
        keys = keyed.keys
        by_guid = self._by_guid.get(keys.guid) if keys.guid else None
        if by_guid is None or keys.link is None or by_guid.keys.link in (None, keys.link):
            return False
        return keys.link in self._by_link or by_guid.keys.link in self._links

    def _is_listed_beside(self, known: KnownEntry, keys: EntryKeys) -> bool:
        """Say whether the known entry stands in the document under its own keys, beside the one with `keys`."""
        by_link = known.keys.link != keys.link and known.keys.link in self._links
        return by_link or (known.keys.guid != keys.guid and known.keys.guid in self._guids)


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
