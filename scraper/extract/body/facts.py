"""What is known of an article before its lines are read: the witnesses' word, in a form to compare lines with."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.extract.page.text import fold, is_same_as_any

#: Characters by which a paragraph is known, that a witness's opening is compared by, and that of a witness are read.
_TOLD_MIN = 40
_OPENING = 80
_TOLD_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the line rules compare lines with; all texts folded."""

    titles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    site: str = ""
    section: str = ""
    #: The body as structured data tells it.
    body: str = ""
    #: The article, or how it opens, in the words of structured data and of the feed: a witness, never the text.
    told: tuple[str, ...] = ()
    language: str | None = None
    #: The host of the page.
    host: str = ""

    def is_title(self, folded: str) -> bool:
        """Whether a line only repeats the title."""
        return is_same_as_any(folded, self.titles)

    def is_in_body(self, folded: str) -> bool:
        """Whether structured data has the line in the article's text."""
        return bool(self.body) and len(folded) > 15 and folded in self.body

    def is_told(self, folded: str) -> bool:
        """Whether a witness has the paragraph, or opens with words of it."""
        return len(folded) >= _TOLD_MIN and any(folded in text or text[:_OPENING] in folded for text in self.told)


def folded_witnesses(*texts: str | None) -> tuple[str, ...]:
    """What `Facts.told` is made of: the texts long enough to know a paragraph by, cut where they grow costly."""
    folded = (fold(text[:_TOLD_MAX]) for text in texts if text)
    return tuple(dict.fromkeys(text for text in folded if len(text) >= _TOLD_MIN))


def folded_set(*texts: str | None) -> frozenset[str]:
    """The folded forms of the texts that are there."""
    return frozenset(folded for text in texts if text and (folded := fold(text)))
