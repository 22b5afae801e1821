"""Rows of the database as the types of scraper/model.py, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from scraper.model import (
    ASKED_FOR,
    ArticleRecord,
    ArticleSummary,
    Enclosure,
    Extraction,
    FeedHints,
    FeedName,
    FeedRow,
    FeedSpec,
    FeedState,
    Hints,
    Image,
    Intake,
    Link,
    ParsedEntry,
    RawPage,
    Response,
    Validators,
)
from scraper.text.words import word_count
from store.sqlite.database.columns import objects, some_instant, strings, to_instant, to_json
from store.sqlite.database.exchanges import exchange_record

Row = Any  # sqlite3.Row, or a dict of the same columns


def feed_spec(row: Row) -> FeedSpec:
    """Return what the user configured."""
    return FeedSpec(
        url=row["url"],
        name=row["given_name"],
        tags=strings(row["tags"]),
        interval=_duration(row["interval_s"]),
        schedule=row["schedule"],
        time_zone=row["time_zone"],
        full_text=bool(row["full_text"]),
        paused=bool(row["paused"]),
        recheck=bool(row["recheck"]),
        stories=bool(row["stories"]),
        keep=strings(row["keep_words"]),
        drop=strings(row["drop_words"]),
    )


def feed_state(row: Row, entry_times: Iterable[str], answer: Response | None = None) -> FeedState:
    """Return a feed as a poll needs it."""
    return FeedState(
        id=row["id"],
        spec=feed_spec(row),
        current_url=row["current_url"],
        validators=validators(row),
        body_hash=row["body_hash"],
        hints=_feed_hints(row["hints"]),
        title=row["title"],
        last_polled_at=to_instant(row["last_polled_at"]),
        last_body_at=to_instant(row["last_body_at"]),
        failures=row["failures"],
        is_asked_for=str(row["next_poll_reason"]).startswith(ASKED_FOR),
        gone=bool(row["gone"]),
        redirect_target=row["redirect_target"],
        redirect_since=to_instant(row["redirect_since"]),
        redirect_polls=row["redirect_polls"],
        suggestion=row["suggestion"],
        suggested_at=to_instant(row["suggested_at"]),
        entry_times=tuple(some_instant(time) for time in entry_times),
        intake=_intake(row["intake"]),
        answer=answer,
    )


def feed_state_columns(state: FeedState) -> dict[str, object]:
    """Return the columns of a feed that a poll replaces."""
    return {
        "current_url": state.current_url,
        "title": state.title,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.body_hash,
        "hints": to_json(state.hints),
        "last_polled_at": state.last_polled_at,
        "last_body_at": state.last_body_at,
        "failures": state.failures,
        "gone": state.gone,
        "redirect_target": state.redirect_target,
        "redirect_since": state.redirect_since,
        "redirect_polls": state.redirect_polls,
        "suggestion": state.suggestion,
        "suggested_at": state.suggested_at,
        "intake": to_json(state.intake),
    }


def _intake(text: str) -> Intake:
    stored = json.loads(text)
    by_class = {
        field: {name: (weight, entries) for name, (weight, entries) in stored.get(field, {}).items()}
        for field in ("classes", "sizes")
    }
    return Intake(**{**stored, **by_class})


def _feed_hints(text: str) -> FeedHints:
    stored = json.loads(text)
    return FeedHints(
        ttl=_duration(stored.get("ttl")),
        update_period=_duration(stored.get("update_period")),
        skip_hours=tuple(stored.get("skip_hours", ())),
        skip_days=tuple(stored.get("skip_days", ())),
    )


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def feed_row(row: Row, counts: Row | None) -> FeedRow:
    """Return a feed as lists show it: without a password in its address."""
    return FeedRow(
        id=row["id"],
        url=bare_address(row["url"]),
        current_url=bare_address(row["current_url"]),
        name=bare_address(row["name"]),
        tags=strings(row["tags"]),
        site_url=row["site_url"],
        state=feed_condition(row),
        last_polled_at=to_instant(row["last_polled_at"]),
        last_status=row["last_status"],
        last_error=row["last_error"],
        next_poll_at=None if row["removed_at"] else to_instant(row["next_poll_at"]),
        next_poll_reason=row["next_poll_reason"],
        risk=_intake(row["intake"]).risk or None,
        failures=row["failures"],
        articles=counts["articles"] if counts else 0,
        unread=counts["unread"] if counts else 0,
    )


def feed_condition(row: Row) -> str:
    """Return removed, gone, paused or active."""
    if row["removed_at"] is not None:
        return "removed"
    if row["gone"]:
        return "gone"
    return "paused" if row["paused"] else "active"


def feed_name(name: str, url: str) -> FeedName:
    """Return a feed as articles name it, in exports too: without a password in its address."""
    return FeedName(name=bare_address(name), url=bare_address(url))


def bare_address(text: str) -> str:
    """Return an address without `user:password@`; other text as it is."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else text


def entry_columns(entry: ParsedEntry) -> dict[str, object]:
    """Return the columns of `entries` that the feed wrote."""
    return {
        "title": entry.title,
        "guid": entry.guid,
        "link": entry.link,
        "published_at": entry.published_at,
        "updated_at": entry.updated_at,
        "language": entry.language,
        "authors": entry.authors,
        "categories": entry.categories,
        "enclosures": entry.enclosures,
        "comments_url": entry.comments_url,
        "image_url": entry.image_url,
        "summary_html": entry.summary_html,
        "content_html": entry.content_html,
        "item": entry.item,
    }


def known_entry(row: Row) -> ParsedEntry:
    """Return what is needed of an entry that the feed has not changed."""
    return ParsedEntry(
        guid=row["guid"],
        link=row["link"],
        title=row["title"],
        published_at=to_instant(row["published_at"]),
        updated_at=to_instant(row["updated_at"]),
        item=row["item"],
        on_file=row["content_hash"],
    )


def hints(entry: Row | None, site_name: str | None) -> Hints:
    """Return what the feed said of an article, by its first entry."""
    if entry is None:
        return Hints(site_name=site_name)
    return Hints(
        title=entry["title"],
        authors=strings(entry["authors"]),
        published_at=to_instant(entry["published_at"]),
        updated_at=to_instant(entry["updated_at"]),
        summary_html=entry["summary_html"],
        content_html=entry["content_html"],
        image_url=entry["image_url"],
        language=entry["language"],
        site_name=site_name,
    )


def extraction_columns(found: Extraction) -> dict[str, object]:
    """Return the columns of `articles` that hold a version."""
    image = found.image
    return {
        "title": found.title,
        "byline": found.byline,
        "published_at": found.published_at,
        "updated_at": found.updated_at,
        "section": found.section,
        "site_name": found.site_name,
        "language": found.language,
        "summary": found.summary,
        "image_url": image.url if image else None,
        "image_alt": image.alt if image else None,
        "image_caption": image.caption if image else None,
        "credit": image.credit if image else None,
        "images": found.images,
        "canonical_url": found.canonical_url,
        "html": found.html,
        "markdown": found.markdown,
        "text": found.text,
        "related": found.related,
        "agencies": found.agencies,
        "kind": found.kind,
        "kind_reason": found.reason,
        "confidence": found.confidence,
        "word_count": word_count(found.text),
    }


def extraction(row: Row) -> Extraction:
    """Return the version on file."""
    return Extraction(
        title=row["title"],
        byline=strings(row["byline"]),
        published_at=to_instant(row["published_at"]),
        updated_at=to_instant(row["updated_at"]),
        section=row["section"],
        site_name=row["site_name"],
        language=row["language"],
        summary=row["summary"],
        image=_image(row),
        images=tuple(Image(**image) for image in objects(row["images"])),
        canonical_url=row["canonical_url"],
        html=row["html"],
        markdown=row["markdown"],
        text=row["text"],
        related=_links(row),
        agencies=strings(row["agencies"]),
        kind=row["kind"],
        reason=row["kind_reason"],
        confidence=row["confidence"] if "confidence" in row.keys() else None,  # noqa: SIM118  # a row's values else
    )


def article_record(row: Row, sightings: Iterable[Row], own_tags: Iterable[str]) -> ArticleRecord:
    """Return an article in full; `sightings` are its entries, each with its feed, the origin's first."""
    entries = list(sightings)
    feed_tags = [tag for entry in entries for tag in strings(entry["tags"])]
    return ArticleRecord(
        id=row["id"],
        url=row["url"],
        canonical_url=row["canonical_url"] or (row["url"] if row["has_page"] else None),
        title=row["title"],
        byline=strings(row["byline"]),
        agencies=strings(row["agencies"]),
        published_at=to_instant(row["published_at"]),
        updated_at=to_instant(row["updated_at"]),
        first_seen_at=some_instant(row["first_seen_at"]),
        fetched_at=to_instant(row["fetched_at"]),
        site_name=row["site_name"],
        section=row["section"],
        language=row["language"],
        summary=row["summary"],
        image=_image(row),
        images=tuple(Image(**image) for image in objects(row["images"])),
        text=row["text"],
        html=row["html"],
        markdown=row["markdown"],
        related=_links(row),
        enclosures=_enclosures(entries),
        comments_url=next((entry["comments_url"] for entry in entries if entry["comments_url"]), None),
        categories=_once(name for entry in entries for name in strings(entry["categories"])),
        feeds=tuple(dict.fromkeys(feed_name(entry["name"], entry["url"]) for entry in entries)),
        tags=tuple(sorted({*feed_tags, *own_tags})),
        read_at=to_instant(row["read_at"]),
        starred_at=to_instant(row["starred_at"]),
        story_id=row["story_id"],
        revision=row["revision"],
        word_count=row["word_count"],
        kind=row["kind"],
        confidence=row["confidence"],
        status=row["status"],
        reason=row["reason"],
        change_seq=row["change_seq"],
    )


def article_summary(row: Row, snippet: str | None) -> ArticleSummary:
    """Return an article as one line of a list."""
    return ArticleSummary(
        id=row["id"],
        title=row["title"],
        url=row["url"],
        site_name=row["site_name"],
        feed_name=bare_address(row["feed_name"]) if row["feed_name"] else None,
        published_at=to_instant(row["published_at"]),
        first_seen_at=some_instant(row["first_seen_at"]),
        language=row["language"],
        status=row["status"],
        is_read=row["read_at"] is not None,
        is_starred=row["starred_at"] is not None,
        summary=row["summary"],
        snippet=snippet,
    )


def raw_page(row: Row, body: bytes) -> RawPage:
    """Return a page as it was received; `body` is what its row has packed."""
    return RawPage(
        url=row["url"],
        content_type=row["content_type"],
        body=body,
        fetched_at=some_instant(row["fetched_at"]),
        number=row["number"],
        is_whole=bool(row["is_whole"]),
        exchange=exchange_record(row),
    )


def validators(row: Row) -> Validators:
    """Return the validators of a feed or an article."""
    return Validators(etag=row["etag"], last_modified=row["last_modified"])


def _image(row: Row) -> Image | None:
    if row["image_url"] is None:
        return None
    return Image(url=row["image_url"], alt=row["image_alt"], caption=row["image_caption"], credit=row["credit"])


def _links(row: Row) -> tuple[Link, ...]:
    return tuple(Link(**link) for link in objects(row["related"]))


def _enclosures(entries: Iterable[Row]) -> tuple[Enclosure, ...]:
    return tuple(dict.fromkeys(Enclosure(**found) for entry in entries for found in objects(entry["enclosures"])))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
