"""What is known of an article before its lines are read: the witnesses' word, in a form to compare lines with."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.extract.text import fold, is_same


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the line rules compare lines with; all texts folded."""

    titles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    site: str = ""
    section: str = ""
    summary: str = ""
    #: The body as structured data tells it.
    body: str = ""
    language: str | None = None
    #: The host of the page.
    host: str = ""

    def is_title(self, folded: str) -> bool:
        """Whether a line only repeats the title."""
        return any(is_same(folded, title) for title in self.titles)

    def is_summary(self, folded: str) -> bool:
        """Whether a line is the page's own description of itself."""
        if len(self.summary) < 25 or len(folded) < 20:
            return False
        return folded == self.summary or is_same(folded, self.summary)

    def is_in_body(self, folded: str) -> bool:
        """Whether structured data has the line in the article's text."""
        return bool(self.body) and len(folded) > 15 and folded in self.body


def folded_set(*texts: str | None) -> frozenset[str]:
    """The folded forms of the texts that are there."""
    return frozenset(folded for text in texts if text and (folded := fold(text)))
