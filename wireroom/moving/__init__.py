"""Moving house: feeds, articles and marks from other programs' archives, and from our own exports."""

from wireroom.moving.source import PROGRAMS, NotMovable, Page, Source, missing, read_source

__all__ = ["PROGRAMS", "NotMovable", "Page", "Source", "missing", "read_source"]
