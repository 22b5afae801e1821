"""From a page to an article: `extract_article`, `extract_page` for one of several, `extract_from_feed` without one.

All are pure functions of their arguments and may run in worker processes.
"""

from scraper.extract.article import extract_article, extract_from_feed
from scraper.extract.multipage import extract_page

__all__ = ["extract_article", "extract_from_feed", "extract_page"]
