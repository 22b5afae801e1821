"""Whether two articles tell the same story, seen by their words. Pure (POLICY: Identity).

Articles that share a key of their sketches are worth a look, whatever the size of the archive. The look compares the
texts themselves: how much of the shorter one stands in the other, and whether that is news, or furniture, or a form
that is filled anew every day. What a third text has as well, though it is no copy of either, does not count.

Two articles are kin, or not, whichever of them came first. Precision comes first: a copy that is missed is seen twice,
while a wrong one makes two pieces of news look like one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scraper.articles.templates import figures_beside, is_one_form
from scraper.model import WALLS, ArticleCommit, ArticleJob, How, Kin, Kind, Kinship
from scraper.text.words import Run, Words, checksum, own_passages, words_of
from scraper.urls import host_of, registrable_domain

#: Shorter texts are teasers and captions.
MIN_WORDS = 48
#: So much of the shorter text must be in the other at the least; of a short one more, since a sentence is more of it.
_LEAST_SHARE, _LEAST_WORDS = 0.35, 10
#: ... under one headline.
_SHARE_WITH_TITLE = 0.25
#: So much of the longer one: a round-up of many reports is none of them. Less if its opening is among that.
_LEAST_OF_LONGER, _LEAST_OF_LONGER_WITH_OPENING = 0.15, 0.05
_OPENING = 12
#: Nearly all of it, and all but a word or two: such a text is a copy whatever the headlines say.
_COPY, _WHOLE = 0.8, 0.95
#: A text that stands whole in another one is its copy though all of it were furniture.
_ALL = 0.985
#: So many of the words that are a headline's own, and that its text tells, are in a passage that it speaks of. One word
#: that is no name may stand there by chance.
_SPOKEN_FOR, _TELLING_WORDS = 0.5, 2
#: Passages of so many words, so many of them between what two texts share, make them patchworks.
_PATCH, _PATCHES = 10, 2
#: Headlines with less of their own words than this in the other text tell of something else.
_HEADLINE_SHARE = 0.34
#: Where a text has so many figures, so much of them is in a text that tells the same.
_FIGURES, _FIGURES_SHARE = 4, 0.5
#: Shorter headlines are those of columns.
_TITLE_WORDS, _TITLE_LETTERS, _TITLE_CHARACTERS = 5, 24, 12
#: Of the words that tell a subject so much is shared by two reports of one event under one headline.
_SUBJECT_SHARE = 0.2
#: What is left of a text once furniture is taken out has so many words; fewer where all of it agrees.
_LEFT, _LEFT_WHOLE = 24, 4
#: A list has so many lines that break off, and they are so much of it.
_BROKEN_LINES, _BROKEN_SHARE = 4, 0.5
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

    @cached_property
    def headline(self) -> frozenset[Run]:
        """What its headline tells that its text speaks of: names, numbers and words that are not short."""
        told = self.title.told_in(self.text)
        if self.title.is_unspaced or not self.text.has_capitals:
            return told
        return told & self.text.telling  # every word of a headline may have a capital

    @cached_property
    def is_list(self) -> bool:
        """Whether most of it is lines that break off: teasers of other articles."""
        lines = [line.rstrip() for line in self.text.raw.splitlines() if line.strip()]
        broken = sum(line.endswith(("\u2026", "...")) for line in lines)
        return broken >= _BROKEN_LINES and broken >= _BROKEN_SHARE * len(lines)

    def judge(self, candidates: Sequence[Kin]) -> tuple[Kinship, ...]:
        """See `Telling`."""
        others = [_account_of(kin) for kin in candidates]
        found = [kinship_of(self, other, kin.article_id) for kin, other in zip(candidates, others, strict=True)]
        kinships: dict[int, Kinship] = {}  # story (article, of one that has none) -> how
        for kin, other, kinship in zip(candidates, others, found, strict=True):
            story = -kin.article_id if kin.story_id is None else kin.story_id
            if kinship is None or story in kinships:
                continue
            third = [
                others[at]
                for at, near in enumerate(candidates)
                if found[at] is None and (near.story_id is None or near.story_id != kin.story_id)
            ]
            if checked := _checked(self, other, kinship, third):
                kinships[story] = checked
        return tuple(kinships.values())

    def parts(self, one: Kin, other: Kin) -> bool:
        """See `Telling`."""
        accounts = _account_of(one), _account_of(other)
        kinship = kinship_of(*accounts, other.article_id)
        return kinship is not None and _checked(*accounts, kinship, [self]) is None


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


def _account_of(kin: Kin) -> Account:
    return account(kin.title, kin.text, kin.site)


def _checked(one: Account, other: Account, kinship: Kinship, third: Iterable[Account]) -> Kinship | None:
    """Return what is left of a kinship without the runs that third texts have, which are kin of neither."""
    if max(kinship.share, kinship.share_of_other) >= _ALL:
        return kinship
    common = one.text.runs & other.text.runs
    furniture = frozenset[Run]().union(*(common & near.text.runs for near in third))
    return kinship_of(one, other, kinship.article_id, furniture) if furniture else kinship


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

    @cached_property
    def passages(self) -> frozenset[str]:
        """The tokens of what is in both."""
        return frozenset(token for run in self.common for token in run)

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
        """Whether they have one headline that tells something; on one site it may be that of a column."""
        is_one_column = self.one.site == self.other.site
        return not is_one_column and self.one.title_key is not None and self.one.title_key == self.other.title_key


def kinship_of(one: Account, other: Account, other_id: int, furniture: frozenset[Run] = frozenset()) -> Kinship | None:
    """Return how two accounts tell the same; None = they do not."""
    pair = _Pair(one=one, other=other, furniture=furniture)
    share, share_of_other = pair.shares
    left = pair.accounts[0].text.as_words(min(map(len, pair.runs)))
    if left < (_LEFT_WHOLE if min(share, share_of_other) >= _COPY else _LEFT):
        return None  # nothing but furniture
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
    least = _SHARE_WITH_TITLE if pair.is_one_title else _LEAST_SHARE + _LEAST_WORDS / words
    is_headline = pair.is_one_title and _is_one_subject(pair)
    is_part = most >= least and (pair.is_one_title or _is_much(pair)) and _is_news(pair, most)
    if not (is_part or is_headline) or _tells_other_news(pair, is_part=is_part):
        return None
    if not is_part:
        return "headline"
    return "copy" if most >= _COPY else "retold"


# --------------------------------------------------------------------------- ... for


def _is_much(pair: _Pair) -> bool:
    """Say whether what is shared is a part of the longer text worth speaking of."""
    least = _LEAST_OF_LONGER_WITH_OPENING if _has_opening(pair, pair.accounts[1]) else _LEAST_OF_LONGER
    return pair.shares[1 - pair.shorter] >= least


def _is_news(pair: _Pair, most: float) -> bool:
    """Say whether what is shared is what one of the two is about, and not what stands below it, or a list's items."""
    if most >= _WHOLE:
        return True
    if pair.one.is_list or pair.other.is_list or (most < _COPY and _is_patchwork(pair)):
        return False
    if pair.is_one_title:
        return True
    spoken = [_spoken(pair, pair.one, pair.other), _spoken(pair, pair.other, pair.one)]
    openings = [_has_opening(pair, pair.one), _has_opening(pair, pair.other)]
    if most >= _COPY:
        return any(openings) or ("none" not in spoken and any(spoken))
    return ("all" in spoken and "none" not in spoken) or all(openings)


def _is_patchwork(pair: _Pair) -> bool:
    """Say whether shared and own passages take turns in both, as in two lists that have some items in common."""
    for account in pair.accounts:
        words = account.text
        own = (end - start for start, end in own_passages(words, pair.common) if start and end < len(words.tokens))
        if sum(words.as_words(tokens) >= _PATCH for tokens in own) < _PATCHES:
            return False
    return True


def _spoken(pair: _Pair, one: Account, other: Account) -> str | None:
    """Return how much of one's headline, as far as it is its own, is in what they share; None = it says too little."""
    own = one.headline - other.title.telling
    spoken = {run for run in own if pair.passages.issuperset(run)}
    if not spoken:
        return "none" if own else None
    if len(own) < _TELLING_WORDS and not any(one.text.names.issuperset(run) for run in own):
        return None
    return "all" if len(spoken) >= _SPOKEN_FOR * len(own) else "some"


def _has_opening(pair: _Pair, account: Account) -> bool:
    """Say whether an article's opening is among what is shared."""
    words = account.text
    opening = set(zip(*(words.tokens[at : at + _OPENING] for at in range(words.run_length)), strict=False)) & words.runs
    return bool(opening) and len(opening & pair.common) >= len(opening) / 2


# --------------------------------------------------------------------------- ... and against it


def _tells_other_news(pair: _Pair, *, is_part: bool) -> bool:
    """Say whether the two differ in what makes news: they fill one form, or each headline's own words are missing."""
    shorter, longer = pair.accounts
    figures = figures_beside(shorter.text, longer.text) if is_part else shorter.text.figures
    if len(figures) >= _FIGURES and len(figures & longer.text.known) < _FIGURES_SHARE * len(figures):
        return True
    told = [_told(shorter, longer), _told(longer, shorter)]
    if None not in told and max(share for share in told if share is not None) < _HEADLINE_SHARE:
        return True
    titles, texts = (pair.one.title, pair.other.title), (pair.one.text, pair.other.text)
    return is_one_form(titles, texts, is_one_site=pair.one.site == pair.other.site)


def _told(one: Account, other: Account) -> float | None:
    """Return how much of one's headline, as far as it is its own and its text speaks of it, is in the other's text."""
    own = one.headline - other.title.telling
    return len(own & one.title.told_in(other.text)) / len(own) if own else None


def _is_one_subject(pair: _Pair) -> bool:
    """Say whether two texts under one headline speak of the same."""
    shorter, longer = pair.accounts
    telling = shorter.text.telling
    return len(shorter.text.told_in(longer.text)) >= _SUBJECT_SHARE * (len(telling) or 1)
