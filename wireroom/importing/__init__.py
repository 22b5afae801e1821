"""Imports: feeds, articles and marks from other programs' archives, and from our own exports."""

from wireroom.importing.base import NotMovable, Page, Source, missing
from wireroom.importing.detect import PROGRAMS, read_source

__all__ = ["PROGRAMS", "NotMovable", "Page", "Source", "missing", "read_source"]
