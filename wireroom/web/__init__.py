"""The reading room: articles in a browser, read-only, on this machine."""

from wireroom.web.app import create_app

__all__ = ["create_app"]
