"""feeds.yaml: what the user asked for, read, checked and edited.

Importing this package is cheap; ruamel.yaml and pydantic are loaded when a file is read.
"""

from scraper.config.edit import add_feed, add_feeds, create_starter, remove_feed, starter_text
from scraper.config.read import load_settings, read_database_path
from scraper.config.settings import Settings

__all__ = [
    "Settings",
    "add_feed",
    "add_feeds",
    "create_starter",
    "load_settings",
    "read_database_path",
    "remove_feed",
    "starter_text",
]
