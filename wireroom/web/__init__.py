"""The reading room: articles in a browser, read-only, on this machine."""

from wireroom.web.app import create_app
from wireroom.web.room import DEFAULT_HOST, DEFAULT_PORT, ReadingRoom

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "ReadingRoom", "create_app"]
