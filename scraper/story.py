"""Whether two articles tell the same story, seen by their words. Pure (POLICY: Identity).

Articles that share a key of their sketches are worth a look, whatever the size of the archive. The look compares the
texts themselves: how much of the shorter one stands in the other, less what other articles of their sites have as
well, and whether that is news, or furniture, or a mould that is filled anew every day.

Precision comes first: a copy that is missed is seen twice, while a wrong one makes two pieces of news look like one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scraper.addresses import host_of, registrable_domain
from scraper.model import WALLS, ArticleCommit, ArticleJob, How, Kin, Kind, Kinship
from scraper.words import Run, Words, checksum, words_of

#: Shorter texts are teasers and captions.
MIN_WORDS = 48
#: So much of the shorter text must be in the other at the least; of a short one more, since a sentence is more of it.
_LEAST_SHARE, _LEAST_WORDS = 0.35, 10
#: ... under one headline.
_SHARE_WITH_TITLE = 0.25
#: So much of the longer one: a round-up of many reports is none of them. Less if its opening is among that.
_LEAST_OF_LONGER, _LEAST_OF_LONGER_WITH_OPENING = 0.15, 0.05
_OPENING = 12
#: A passage in common of fewer words may be furniture. A headline must speak for it: with two words and this share of
#: them, or, where it is longer than most furniture, with one.
_FURNITURE, _MOST_FURNITURE, _SPOKEN_FOR = 120, 250, 0.34
#: Nearly all of it: differences that small are no other news whatever the headlines say.
_COPY = 0.8
#: Headlines with less of their own words than this in the other text tell of something else.
_HEADLINE_SHARE = 0.34
#: Where a text has so many figures, so much of them is in a text that tells the same.
_FIGURES, _FIGURES_SHARE = 4, 0.5
#: Shorter headlines are those of columns.
_TITLE_WORDS, _TITLE_LETTERS, _TITLE_CHARACTERS = 5, 24, 12
#: Of the words that tell a subject so much is shared by two reports of one event under one headline.
_SUBJECT_SHARE = 0.2
#: A neighbour with so much of the text is no witness of furniture but kin.
_KIN_SHARE = 0.5
_KEYLESS: frozenset[Kind] = WALLS | {"list", "not_an_article"}
#: Kinds of key beside those of the sketch.
_TITLE_KEY = 1 << 40


# --------------------------------------------------------------------------- what an article tells


@dataclass(frozen=True, kw_only=True)
class Account:
    """What an article tells: its headline, its text and where; `scraper.model.Telling`."""

    title: Words
    text: Words
    site: int
    #: Only of one that is to be filed.
    keys: tuple[int, ...] = ()

    @cached_property
    def title_key(self) -> int | None:
        """The key of the headline; None for one that is too short to tell anything."""
        words = self.title
        letters = len("".join(words.tokens))
        if words.is_unspaced:
            is_telling = letters >= _TITLE_CHARACTERS
        else:
            is_telling = len(words.tokens) >= _TITLE_WORDS and letters >= _TITLE_LETTERS
        return _TITLE_KEY | checksum(" ".join(words.tokens)) if is_telling else None

    def judge(self, candidates: Sequence[Kin], neighbours: Callable[[int], Sequence[Kin]]) -> Kinship | None:
        """See `Telling`. The first of the candidates that holds is taken: the likeliest stands first."""
        for kin in candidates:
            other = account(kin.title, kin.text, kin.site)
            kinship = kinship_of(self, other, kin.article_id)
            if kinship is None:
                continue
            beside = [near for site in {self.site, other.site} for near in neighbours(site)]
            near = {near.article_id: near for near in (*candidates, *beside) if not _is_kin(near, kin)}
            if furniture := _furniture(self, other, near.values()):
                kinship = kinship_of(self, other, kin.article_id, furniture)
            if kinship is not None:
                return kinship
        return None


def telling_of(job: ArticleJob, commit: ArticleCommit) -> Account | None:
    """Return what a commit tells that is new; None: the feed is not to be compared, or there is too little text."""
    found = commit.extraction
    if found is None or not commit.is_revision or not job.tells_stories or found.kind in _KEYLESS:
        return None
    if job.current is not None and commit.changed and not {"title", "text"} & set(commit.changed):
        return None
    told = account(found.title, found.text, site_number(job.url))
    if told.text.count < MIN_WORDS:
        return None
    title = () if told.title_key is None else (told.title_key,)
    return replace(told, keys=(*told.text.sketch(), *title))


def account(title: str | None, text: str, site: int) -> Account:
    """Return what a title and a text tell."""
    return Account(title=words_of(title), text=words_of(text), site=site)


def site_number(url: str) -> int:
    """Return the number of an address's site: of the domain that one owner registered."""
    return checksum(registrable_domain(host_of(url)))


def _is_kin(near: Kin, kin: Kin) -> bool:
    return near.article_id == kin.article_id or (near.story_id is not None and near.story_id == kin.story_id)


def _furniture(one: Account, other: Account, neighbours: Iterable[Kin]) -> frozenset[Run]:
    """Return which of the runs that two texts share other articles of their sites have, too."""
    common = one.text.runs & other.text.runs
    found: set[Run] = set()
    for near in neighbours:
        runs = words_of(near.text).runs
        least = min(len(one.text.runs), len(runs))
        if len(one.text.runs & runs) < _KIN_SHARE * least:
            found |= common & runs
    return frozenset(found)


# --------------------------------------------------------------------------- whether two tell the same


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """Two accounts and what they share, furniture apart."""

    one: Account
    other: Account
    furniture: frozenset[Run]

    @cached_property
    def runs(self) -> tuple[frozenset[Run], frozenset[Run]]:
        """The runs of each that are its own."""
        one, other = self.one.text.runs, self.other.text.runs
        return (one - self.furniture, other - self.furniture) if self.furniture else (one, other)

    @cached_property
    def common(self) -> frozenset[Run]:
        """The runs of both."""
        return self.runs[0] & self.runs[1]

    @property
    def shares(self) -> tuple[float, float]:
        """How much of each is in the other."""
        one, other = self.runs
        return len(self.common) / (len(one) or 1), len(self.common) / (len(other) or 1)

    @property
    def shorter(self) -> int:
        """Which of the two is the shorter one."""
        return int(len(self.runs[1]) < len(self.runs[0]))

    @property
    def accounts(self) -> tuple[Account, Account]:
        """Both, the shorter one first."""
        return (self.other, self.one) if self.shorter else (self.one, self.other)

    @property
    def is_one_title(self) -> bool:
        """Whether they have one headline that tells something."""
        return self.one.title_key is not None and self.one.title_key == self.other.title_key


def kinship_of(one: Account, other: Account, other_id: int, furniture: frozenset[Run] = frozenset()) -> Kinship | None:
    """Return how two accounts tell the same; None = they do not."""
    pair = _Pair(one=one, other=other, furniture=furniture)
    shorter = pair.accounts[0].text
    if shorter.as_words(min(map(len, pair.runs))) < MIN_WORDS / 2:
        return None  # nothing but furniture
    share, share_of_other = pair.shares
    how = _how(pair)
    if how is None:
        return None
    said = "has its headline" if pair.is_one_title else ""
    part = f"{share:.0%} of this text is in it, {share_of_other:.0%} of its text in this one"
    reason = ", and ".join(filter(None, [said, part]))
    return Kinship(article_id=other_id, how=how, share=share, share_of_other=share_of_other, reason=reason)


def _how(pair: _Pair) -> How | None:
    most = pair.shares[pair.shorter]
    words = pair.accounts[0].text.as_words(min(map(len, pair.runs)))
    least = _LEAST_SHARE + _LEAST_WORDS / words
    if pair.is_one_title and most >= _SHARE_WITH_TITLE and not _is_mould(pair):
        return "copy" if most >= _COPY else "retold"
    if most >= least and _is_much(pair) and not _is_furniture(pair) and not _is_mould(pair):
        return "copy" if most >= _COPY else "retold"
    if pair.is_one_title and pair.one.site != pair.other.site and not _is_mould(pair) and _is_one_subject(pair):
        return "headline"
    return None


def _is_much(pair: _Pair) -> bool:
    """Say whether what is shared is a part of the longer text worth speaking of."""
    longer = pair.accounts[1].text
    opening = set(zip(*(longer.tokens[at : at + _OPENING] for at in range(3)), strict=False)) & longer.runs
    has_opening = len(opening & pair.common) >= len(opening) / 2 if opening else False
    least = _LEAST_OF_LONGER_WITH_OPENING if has_opening else _LEAST_OF_LONGER
    return pair.shares[1 - pair.shorter] >= least


def _is_furniture(pair: _Pair) -> bool:
    """Say whether a passage is short enough for furniture and no headline speaks for it; no two sites share a text."""
    if pair.one.site != pair.other.site and min(pair.shares) >= _COPY:
        return False
    length = pair.accounts[0].text.as_words(len(pair.common))
    if length >= _MOST_FURNITURE:
        return False
    passage = {token for run in pair.common for token in run}
    for title in (pair.one.title, pair.other.title):
        words = title.telling
        spoken = sum(1 for run in words if passage.issuperset(run))
        least = 1 if length >= _FURNITURE else max(min(2, len(words)), _SPOKEN_FOR * len(words))
        if words and spoken >= least:
            return False
    return True


def _is_mould(pair: _Pair) -> bool:
    """Say whether the two fill one form with different news: other figures, or each headline's own words missing."""
    shorter, longer = pair.accounts
    figures = shorter.text.figures
    if len(figures) >= _FIGURES and len(figures & longer.text.known) < _FIGURES_SHARE * len(figures):
        return True
    told = [_told(shorter, longer), _told(longer, shorter)]
    return None not in told and max(share for share in told if share is not None) < _HEADLINE_SHARE


def _told(one: Account, other: Account) -> float | None:
    """Return how much of one's headline, as far as it is its own and its text speaks of it, is in the other's text."""
    own = one.title.told_in(one.text) - other.title.telling
    return len(own & one.title.told_in(other.text)) / len(own) if own else None


def _is_one_subject(pair: _Pair) -> bool:
    """Say whether two texts under one headline speak of the same."""
    shorter, longer = pair.accounts
    telling = shorter.text.telling
    return len(shorter.text.told_in(longer.text)) >= _SUBJECT_SHARE * (len(telling) or 1)
