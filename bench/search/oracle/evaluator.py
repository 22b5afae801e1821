"""The language of searches, evaluated article by article as docs/reference/search.md has it.

Written from that page, for clearness alone: it knows nothing of how Wireroom searches, and is very slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from bench.search.oracle.letters import (
    Word,
    asked_forms,
    fold,
    forms,
    goes_on,
    has_rules,
    lower,
    name_forms,
    primary,
    words_in,
)
from scraper.model import ArticleRecord, Extraction

_FIELDS = ("title", "by", "site", "feed", "tag", "lang", "section", "agency", "after", "before", "is", "has", "was")
_TEXTS = ("title", "text", "byline", "credit", "section", "site_name")
_NAMES = {"by": "byline", "site": "site_name", "section": "section", "agency": "agencies"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as searches name it."""

    id: int
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An article as it is exported, and what an export does not say."""

    record: ArticleRecord
    earlier: tuple[Extraction, ...] = ()
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One term."""

    field: str = ""
    text: str
    is_quoted: bool = False
    is_excluded: bool = False

    @property
    def is_prefix(self) -> bool:
        """Whether it asks for words that begin so."""
        before = self.text[:-1]
        if self.is_quoted or self.text[-1:] != "*" or sum(map(str.isalnum, before)) < 2:
            return False
        return goes_on(before[-1])


class Oracle:
    """Finds what a search must find."""

    def __init__(self, articles: Sequence[Exported], feeds: Sequence[Feed], today: date) -> None:
        self._articles = sorted(articles, key=lambda article: -article.record.id)
        self._feeds = feeds
        self._today = today
        self._languages = sorted({primary(a.record.language) for a in articles if has_rules(a.record.language)})
        self._words = {a.record.id: {name: _said(a.record, name) for name in (*_TEXTS, "agencies")} for a in articles}
        self._forms = {
            a.record.id: {name: _forms_of(self._words[a.record.id][name], a.record.language) for name in _TEXTS}
            for a in articles
        }

    def search(self, query: str) -> list[int]:
        """Return the numbers of the articles that a search finds, the newest filed first."""
        clauses = parsed(query)
        if all(term.is_excluded for clause in clauses for term in clause):
            return []
        tests = [[(self._test(term), term.is_excluded) for term in clause] for clause in clauses]
        return [
            article.record.id
            for article in self._articles
            if all(any(test(article) is not is_excluded for test, is_excluded in clause) for clause in tests)
        ]

    # ---- terms

    def _test(self, term: Said) -> Callable[[Exported], bool]:
        value = term.text.strip()
        if term.field in ("", "title"):
            return self._words_test(term)
        if term.field in _NAMES:
            return self._name_test(term)
        if term.field == "was":
            return self._earlier_test(term)
        if term.field in ("after", "before"):
            day = first_day(value, self._today)
            if term.field == "after":
                return lambda article: _day_of(article.record) >= day
            return lambda article: _day_of(article.record) < day
        tests: dict[str, Callable[[Exported], bool]] = {
            "feed": self._feed_test(value),
            "tag": lambda article: _tag(value) in map(_tag, article.record.tags),
            "lang": lambda article: _is_language(article.record.language, value),
            "has": lambda article: bool(article.record.image or article.record.images),
            "is": lambda article: {
                "starred": article.record.starred_at is not None,
                "read": article.record.read_at is not None,
                "unread": article.record.read_at is None,
                "removed": article.is_removed,
            }[value.lower()],
        }
        return tests[term.field]

    def _words_test(self, term: Said) -> Callable[[Exported], bool]:
        names = ("title",) if term.field else _TEXTS
        asked = _asked(term)
        if not asked:
            return lambda article: False
        if len(asked) == 1 and not asked[0].is_run and not term.is_quoted and not term.is_prefix:
            wanted = asked_forms(asked[0].lowered, self._languages)
            return lambda article: any(not wanted.isdisjoint(self._forms[article.record.id][name]) for name in names)
        is_prefix = term.is_prefix
        return lambda article: any(
            _stands_in(self._words[article.record.id][name], asked, is_prefix=is_prefix) for name in names
        )

    def _name_test(self, term: Said) -> Callable[[Exported], bool]:
        column = _NAMES[term.field]
        asked = _asked(term)
        host = _host_asked(term) if term.field == "site" else ""
        wanted = [name_forms(word.lowered, self._languages) for word in asked]

        is_prefix = term.is_prefix

        def is_named(article: Exported, place: int) -> bool:
            last = is_prefix and place == len(asked) - 1
            for word in self._words[article.record.id][column]:
                if asked[place].is_run:
                    if word.is_run and asked[place].folded in word.folded:
                        return True
                elif not word.is_run:
                    known = name_forms(word.lowered, (_rules_of(article.record.language),))
                    if last and any(form.startswith(asked[place].folded) for form in known):
                        return True
                    if not last and not known.isdisjoint(wanted[place]):
                        return True
            return False

        def test(article: Exported) -> bool:
            if host and _is_host(article.record.url, host):
                return True
            return bool(asked) and all(is_named(article, place) for place in range(len(asked)))

        return test

    def _earlier_test(self, term: Said) -> Callable[[Exported], bool]:
        asked = _asked(term)

        def is_said(article: Exported, place: int) -> bool:
            word = asked[place]
            is_begun = term.is_prefix and place == len(asked) - 1
            wanted = asked_forms(word.lowered, self._languages)
            if word.is_run:
                runs = [run.lowered for run, _ in _earlier_words(article) if run.is_run]
                pairs = [word.lowered[at : at + 2] for at in range(max(1, len(word.lowered) - 1))]
                return all(any(pair in run for run in runs) for pair in pairs)
            for said, language in _earlier_words(article):
                if said.is_run:
                    continue
                if is_begun and said.folded.startswith(word.folded):
                    return True
                if not is_begun and not wanted.isdisjoint(forms(said.lowered, language)):
                    return True
            return False

        return lambda article: bool(asked) and all(is_said(article, place) for place in range(len(asked)))

    def _feed_test(self, value: str) -> Callable[[Exported], bool]:
        wanted = value.casefold()
        numbered = [feed for feed in self._feeds if wanted == str(feed.id)]
        whole = [feed for feed in self._feeds if wanted == feed.name.casefold() or value == feed.url]
        named = [feed for feed in self._feeds if wanted in feed.name.casefold()]
        meant = numbered or whole or named or [feed for feed in self._feeds if wanted in feed.url.casefold()]
        urls = {feed.url for feed in meant} if len(meant) == 1 else set()  # several are as none
        return lambda article: any(feed.url in urls for feed in article.record.feeds)


# --------------------------------------------------------------------------- what is typed


def parsed(query: str) -> list[list[Said]]:
    """Return the clauses of a search that is without fault."""
    clauses: list[list[Said]] = []
    joins = False
    terms = list(_terms(query))
    for place, term in enumerate(terms):
        is_or = term == Said(text="OR") and clauses and not joins and place + 1 < len(terms)
        if is_or:
            joins = True
        elif joins:
            clauses[-1].append(term)
            joins = False
        else:
            clauses.append([term])
    return clauses


def _terms(query: str) -> Iterator[Said]:
    rest = re.sub("[“”„‟«»＂]", '"', query).strip()
    while rest:
        term = Said(text="")
        if rest[0] in "-−–" and rest[1:2].strip():
            term, rest = replace(term, is_excluded=True), rest[1:]
        name, colon, after = rest.partition(":")
        if colon and name.lower() in _FIELDS and after[:1].strip():
            term, rest = replace(term, field=name.lower()), after
        if rest[0] == '"':
            text, _, rest = rest[1:].partition('"')
            term = replace(term, text=text, is_quoted=True)
        else:
            text = re.split(r'[\s"]', rest, maxsplit=1)[0]
            term, rest = replace(term, text=text), rest[len(text) :]
        rest = rest.lstrip()
        if term.field and not any(map(str.isalnum, term.text)):
            term = replace(term, field="", text=f"{term.field}:{term.text}")
        if any(map(str.isalnum, term.text)):
            yield term


def first_day(value: str, today: date) -> date:
    """Return the first day of what a date names."""
    if value[-1] in "dw":
        return today - timedelta(days=int(value[:-1]) * (7 if value[-1] == "w" else 1))
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _asked(term: Said) -> list[Word]:
    text = lower(term.text)
    if not term.is_quoted and not term.is_prefix and re.search(r"\w's$", text):
        text = text[:-2]
    return [word for word in words_in(text) if word.folded]


# --------------------------------------------------------------------------- what articles say


def _said(record: ArticleRecord, name: str) -> list[Word]:
    if name == "credit":
        text = (record.image.credit if record.image else None) or ""
    elif name in ("byline", "agencies"):
        text = ", ".join(getattr(record, name))
    else:
        text = getattr(record, name) or ""
    return [word for word in words_in(text) if word.folded]


def _earlier_words(article: Exported) -> Iterator[tuple[Word, str | None]]:
    for version in article.earlier:
        credit = (version.image.credit if version.image else None) or ""
        names = ", ".join(version.byline)
        for text in (version.title, version.text, names, credit, version.section, version.site_name):
            for word in words_in(text or ""):
                yield word, _rules_of(version.language)


def _forms_of(said: Sequence[Word], language: str | None) -> frozenset[str]:
    """Return what the words of a text are known by."""
    return frozenset().union(*(forms(word.lowered, _rules_of(language)) for word in said if not word.is_run))


def _rules_of(language: str | None) -> str | None:
    return primary(language) if has_rules(language) else None


def _stands_in(said: Sequence[Word], asked: Sequence[Word], *, is_prefix: bool) -> bool:
    """Say whether words stand side by side; at the ends, parts of runs, and with a star the beginning of a word."""
    count = len(asked)
    for at in range(len(said) - count + 1):
        place = 0
        while place < count and _is_like(said[at + place], asked, place, is_prefix=is_prefix):
            place += 1
        if place == count:
            return True
    return False


def _is_like(word: Word, asked: Sequence[Word], place: int, *, is_prefix: bool) -> bool:
    one = asked[place]
    if word.is_run is not one.is_run:
        return False
    there, wanted = word.folded, one.folded
    is_first, is_last = place == 0, place == len(asked) - 1
    if not one.is_run:
        return there.startswith(wanted) if is_last and is_prefix else there == wanted
    if is_first and is_last:
        return wanted in there
    if is_first:
        return there.endswith(wanted)
    return there.startswith(wanted) if is_last else there == wanted


def _day_of(record: ArticleRecord) -> date:
    return (record.published_at or record.first_seen_at).date()


def _is_language(language: str | None, wanted: str) -> bool:
    has, asked = (text.lower().replace("_", "-").split("-") for text in (language or "", wanted))
    return has[: len(asked)] == asked


def _tag(text: str) -> str:
    return fold(re.sub(r"[^\w.-]+", "_", lower(text)))


def _host_asked(term: Said) -> str:
    text = term.text.strip()
    if "." not in text or term.is_prefix:
        return ""
    return text.split("://")[-1].split("/")[0].lower().removeprefix("www.")


def _is_host(url: str, wanted: str) -> bool:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return "." in wanted and (host == wanted or host.endswith(f".{wanted}"))
