"""What becomes of the entries of a document, and of the address they came from. Pure: each answer names its rule."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from scraper.identity import UNSOUND_SHARE, own_key_of
from scraper.model import (
    MAX_HASH_CHANGES,
    Doubts,
    EntryDecision,
    EntryKeys,
    FeedSpec,
    KeyedEntry,
    KnownEntry,
    ParsedEntry,
    Past,
)
from scraper.polling.moving_dates import believed_once
from scraper.sameness import MIN_TELLING_CHARS, address_number, counted_guid, story_key, tells_the_same
from scraper.urls import is_front_page

#: So many links that come with another guid are looked into; the rest lead to the entries they led to before.
MAX_DOUBTS = 200
#: Letters of scripts written without spaces, or with endings joined to the word: Thai, Lao, Khmer, kana, Han, Hangul.
#: What counts in a headline counts no news: "Read 17 times".
_DIGITS = re.compile(r"\d+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")


def decide_entries(
    keyed: Sequence[KeyedEntry], known: Sequence[KnownEntry], spec: FeedSpec, past: Past | None = None
) -> tuple[EntryDecision, ...]:
    """Decide about every entry of a document, in its order. Without a `past` (see `doubts`) keys alone decide."""
    index = _Known(known, keyed, past or Past())
    decisions = [_decide(index.placed(entry), index, spec) for entry in keyed]
    return believed_once(decisions, {entry.entry_id: entry for entry in known})


def doubts(
    keyed: Sequence[KeyedEntry], known: Sequence[KnownEntry], decisions: Sequence[EntryDecision]
) -> Doubts | None:
    """Return what keys alone did not tell; None if they told all."""
    index = _Known(known, keyed, Past())
    again = {found.entry_id: one for one in keyed if (found := index.under_another_guid(one)) is not None}
    new = [decision.keyed for decision in decisions if decision.action in ("file", "drop")] + list(again.values())
    if not new:
        return None
    return Doubts(
        entry_ids=tuple(again)[:MAX_DOUBTS],
        dates=tuple({one.entry.dated: None for one in new if one.entry.dated and address_number(one.entry.link)}),
        article_keys=tuple(dict.fromkeys(one.article_key for one in new if one.article_key)),
    )


def _decide(keyed: KeyedEntry, known: _Known, spec: FeedSpec) -> EntryDecision:
    match, by = known.find(keyed)
    if match is None:
        return _decide_new(keyed, spec)
    if match.shares_address and match.keys.link is None:
        # Alone in the document today; it does not become the entry of that address by it.
        keyed = replace(keyed, keys=replace(keyed.keys, link=None))
    now, before = keyed.keys, match.keys
    has_moved = by == "number" or (by == "guid" and None not in (now.link, before.link) and now.link != before.link)
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
    if by == "number":
        detail += "; the date, the words and the number in the address are the same"
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
    if keyed.own_key and keyed.entry.link and not is_front_page(keyed.entry.link):
        detail += f"; others share its address, {keyed.entry.link}, so that it is no key, and the feed's text is kept"
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

    def __init__(self, known: Sequence[KnownEntry], document: Sequence[KeyedEntry], past: Past) -> None:
        self._by_guid = {entry.keys.guid: entry for entry in known if entry.keys.guid}
        self._by_link = {entry.keys.link: entry for entry in known if entry.keys.link}
        self._by_content = {entry.keys.content_hash: entry for entry in known}
        self._guids = {entry.keys.guid for entry in document if entry.keys.guid}
        self._links = {entry.keys.link for entry in document if entry.keys.link}
        contradicted = sum(map(self._is_contradicted, document))
        self._guids_hold = contradicted <= UNSOUND_SHARE * len(document)
        self._shared = past.shared
        self._past = {entry.known.entry_id: entry for entry in past.entries}
        self._by_story: defaultdict[tuple[object, ...], list[KnownEntry]] = defaultdict(list)
        for entry in past.entries:
            if (story := story_key(entry)) is not None:
                self._by_story[story].append(entry.known)
        linked = sum((one.keys.link or "") in self._by_link for one in document)
        others = [one for one in document if self._has_another_guid(one)]
        same = sum(not self._is_other_story(one) for one in others)
        #: Most links that are known come with another guid, most of these with the same story: guids are made anew.
        self._guids_are_new = len(others) > 1 and len(others) * 2 > linked and same * 2 > len(others)

    def placed(self, keyed: KeyedEntry) -> KeyedEntry:
        """Return the entry without the address as its article's, where that is another entry's, or was shared."""
        is_anothers = not self._guids_are_new and self._is_other_story(keyed)
        if not is_anothers and keyed.article_key not in self._shared:
            return keyed
        return replace(own_key_of(keyed), keys=replace(keyed.keys, link=None))

    def find(self, keyed: KeyedEntry) -> tuple[KnownEntry | None, str]:
        """Return the known entry and the key that matched: guid before link before content.

        A guid that leads elsewhere than the link is out, unless the words are its own too; with several such in a
        document, which numbers its items by place, all are that do not agree with their links. Content counts unless
        the known entry is another one of the document; with a date it outweighs a link that says otherwise.
        """
        keys = keyed.keys
        by_guid = self._by_guid.get(keys.guid) if keys.guid else None
        by_link = self._by_link.get(keys.link) if keys.link else None
        if by_guid is not None and (by_guid is by_link or self._is_sure(by_guid, keys)):
            return by_guid, "guid"
        by_content = self._told_by_content(keyed)
        if by_link is not None and by_content is None:
            return by_link, "link"
        if by_link is not None and by_link.keys.content_hash == keys.content_hash:
            return by_link, "link"
        if by_link is None:
            has_moved = by_guid is not None and None not in (keys.link, by_guid.keys.link)
            if by_guid is not None and not (has_moved and not self._guids_hold) and not self._is_contradicted(keyed):
                return by_guid, "guid"
        if by_content is not None:
            return by_content, "content"
        renamed = self._renamed(keyed)
        return (renamed, "number") if renamed else (None, "")

    def _is_sure(self, by_guid: KnownEntry, keys: EntryKeys) -> bool:
        """Say whether a guid is right whatever the link says: it agrees with the link, or with the words."""
        return by_guid.keys.link in (None, keys.link) or by_guid.keys.content_hash == keys.content_hash

    def _told_by_content(self, keyed: KeyedEntry) -> KnownEntry | None:
        match = self._by_content.get(keyed.keys.content_hash)
        if match is None or not _is_told_by_content(keyed) or self._is_listed_beside(match, keyed.keys):
            return None
        return match

    def _renamed(self, keyed: KeyedEntry) -> KnownEntry | None:
        """Return the known entry, gone from the document, that this is under another headline, guid and link."""
        if not self._by_story or keyed.keys.link is None or (story := story_key(keyed.entry)) is None:
            return None
        found = self._by_story.get(story, [])
        return found[0] if len(found) == 1 and not self._is_listed_beside(found[0], keyed.keys) else None

    # ---- links that come with another guid

    def under_another_guid(self, keyed: KeyedEntry) -> KnownEntry | None:
        """Return the known entry of the link where that had another guid and other words; they may be two stories."""
        keys = keyed.keys
        found = self._by_link.get(keys.link or "")
        if found is None or not self._has_another_guid(keyed):
            return None
        return None if found.keys.content_hash == keys.content_hash else found

    def _has_another_guid(self, keyed: KeyedEntry) -> bool:
        """Say whether the known entry of the link has a guid of its own, and this one another that is not on file."""
        keys = keyed.keys
        found = self._by_link.get(keys.link or "")
        if found is None or keys.guid is None or found.keys.guid is None or keys.guid in self._by_guid:
            return False
        before = found.keys.guid
        is_own = keys.guid == keyed.entry.guid and not before.startswith(f"{keys.link}|")
        return is_own and before.removesuffix(f"|{keys.link}") != keys.guid and not self._counts_on(keyed, before)

    def _counts_on(self, keyed: KeyedEntry, before: str) -> bool:
        """Say whether two guids are one but for the number of its version."""
        guid = counted_guid(keyed.entry)
        return guid is not None and guid == counted_guid(replace(keyed.entry, guid=before))

    def _is_other_story(self, keyed: KeyedEntry) -> bool:
        """Say whether the words show that the link leads to another story than before."""
        known = self.under_another_guid(keyed)
        before = self._past.get(known.entry_id) if known is not None else None
        return before is not None and not tells_the_same(keyed.entry, before)

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
