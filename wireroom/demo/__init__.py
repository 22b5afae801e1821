"""A small newspaper in six languages that is served on loopback: everything to see without a network."""

from wireroom.demo.expected import ExpectedArticle, expected_articles
from wireroom.demo.newspaper import DemoNewspaper, Hit
from wireroom.demo.site import EDITION_AT

__all__ = ["EDITION_AT", "DemoNewspaper", "ExpectedArticle", "Hit", "expected_articles", "serve"]


def serve() -> DemoNewspaper:
    """Return the newspaper as it is on its first day, for use in a `with` block."""
    return DemoNewspaper()
