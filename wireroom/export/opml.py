"""The feed list as OPML, which other readers import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from scraper.model import FeedSpec
from wireroom.export.base import Format
from wireroom.opml import write_opml


def write_feeds(feeds: Sequence[FeedSpec], stream: TextIO) -> None:
    """Write the feeds as one document."""
    stream.write(write_opml(feeds))


FORMAT = Format(name="opml", summary="the feed list", extension="opml", write_feeds=write_feeds)
