"""Feeds that give all their entries a new date at each poll: the first date is believed. Pure (POLICY: Identity)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scraper.identity import content_hash
from scraper.model import EntryDecision, KnownEntry

#: Where this share of a document's known entries has another date and nothing else, and as many of them ...
MOVING_SHARE = 0.9
#: ... the publisher's clock has moved them: one entry with a new date may have been published anew.
MIN_MOVING = 2


def believed_once(decisions: Sequence[EntryDecision], known: Mapping[int, KnownEntry]) -> tuple[EntryDecision, ...]:
    """Return the decisions, with entries as they were where nothing but the date has moved, as with the others."""
    on_file = [decision for decision in decisions if decision.entry_id in known]
    moved = {
        decision.entry_id
        for decision in on_file
        if decision.rule == "entry-changed" and _has_only_moved(decision, known[decision.entry_id or 0])
    }
    if len(moved) < max(MIN_MOVING, MOVING_SHARE * len(on_file)):
        return tuple(decisions)
    return tuple(_as_it_was(each) if each.entry_id in moved else each for each in decisions)


def _has_only_moved(decision: EntryDecision, before: KnownEntry) -> bool:
    entry = decision.keyed.entry
    if before.published_at is None or entry.published_at in (None, before.published_at) or entry.on_file is not None:
        return False
    return content_hash(replace(entry, published_at=before.published_at)) == before.keys.content_hash


def _as_it_was(decision: EntryDecision) -> EntryDecision:
    return replace(decision, action="seen", rule="dates-move", detail="", changes=0)
