"""From a page to an article: `extract_article` and, where there is no page, `extract_from_feed`.

Both are pure functions of their arguments and may run in worker processes.
"""

from scraper.extract.article import extract_article, extract_from_feed

__all__ = ["extract_article", "extract_from_feed"]
