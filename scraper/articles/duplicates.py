"""Whether two articles are one, when a weak key says so: what they tell decides. Pure (POLICY: Identity).

A page that says where it lives may be wrong: every page of a gallery names the first, every article of a section the
section, a template its own example. So a weak key unites nothing; it says which articles to compare.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from scraper.model import ArticleCommit, Rival, Twin
from scraper.text.folding import folded
from scraper.text.overlap import shared

#: Letters and digits of a text that tell it; fewer are a teaser, or a wall's words.
MIN_LETTERS = 200
#: Of the shorter text, so much is in the longer one: under one title, and under two.
SHARE_WITH_TITLE = 0.5
SHARE_WITHOUT_TITLE = 0.8
#: Shorter titles ("Weather") are many articles'.
MIN_TITLE_LETTERS = 8
#: Of very long texts the beginnings are compared.
_MAX_LETTERS = 20_000


def settle_twins(commit: ArticleCommit, rivals: tuple[Rival, ...]) -> ArticleCommit:
    """Return the commit with the articles that are this one; those that only claim to be are named in its doubts."""
    if commit.extraction is None:
        return commit
    title, text = folded(commit.extraction.title), folded(commit.extraction.text)[:_MAX_LETTERS]
    declared = {claim.key for claim in commit.claims if claim.source == "canonical"}
    twins: dict[int, Twin] = {}
    doubts: dict[int, str] = {}
    grave: int | None = None
    for rival in rivals:
        verdict, why = compare(title, text, rival)
        if verdict == "unknown" and rival.is_unreadable and rival.key in declared:
            verdict, why = "same", "its own page cannot be read"  # no text of it could be lost
        if verdict == "same" and rival.is_buried:
            grave = rival.article_id
        elif verdict == "same":
            twins.setdefault(rival.article_id, Twin(article_id=rival.article_id, cause=f"{rival.key}, and {why}"))
        elif verdict == "different" and not rival.is_buried:
            doubts.setdefault(rival.article_id, f"{rival.key} is not article {rival.article_id}: {why}")
    return replace(commit, twins=tuple(twins.values()), doubts=tuple(doubts.values()), grave=grave)


def compare(title: str, text: str, rival: Rival) -> tuple[Literal["same", "different", "unknown"], str]:
    """Say whether a rival tells what an article with this title and text (folded) tells, and by what that is seen.

    Unknown: its page has not been read, and what its feed says is another wording or another article.
    """
    has_title = len(title) >= MIN_TITLE_LETTERS and title == folded(rival.title)
    other = folded(rival.text)[:_MAX_LETTERS]
    if min(len(text), len(other)) >= MIN_LETTERS:
        share = shared(text, other)
        least = SHARE_WITH_TITLE if has_title else SHARE_WITHOUT_TITLE
        if share >= least or rival.is_read:
            return "same" if share >= least else "different", f"{share:.0%} of the text is the same"
    if has_title:
        return "same", "the title is the same"
    if rival.is_buried or rival.is_read:
        return "different", "titles differ, and there is too little text to compare"
    return "unknown", "its page has not been read"
