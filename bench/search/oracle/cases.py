"""Articles in many scripts, and searches made of what they say: all drawn from one seed."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bench.search.oracle.evaluator import Exported, Feed, Oracle
from scraper.model import (
    ArticleCommit,
    ArticleFilter,
    ArticleRecord,
    EntryKeys,
    Extraction,
    FeedName,
    FeedSpec,
    Image,
    KeyedEntry,
    MovedArticle,
    ParsedEntry,
)
from store import Store
from store.sqlite.database.columns import to_text
from store.sqlite.search.execute import Search

#: Words by language; the same word with and without its accents or points, and in other forms, are there on purpose.
_VOCABULARIES = {
    "en": "harbour strikes striking strike election elections mayor's ferry co-operate café naïve running"
    " img y2026 t202 m202605 d_2026",
    "de": "Straße Strasse Straßenbahn Häuser Haeuser Müller Mueller größer Behörden Übergang Fähre Gebühren",
    "da": "smørrebrød smoerrebroed Århus Aarhus København færge bølger strejke",
    "sv": "Västerås färja strejken hamnen sjön Göteborg",
    "fi": "hyvää satama lautta työ Jyväskylä",
    "pl": "Łódź Łodzi lodz żółw strajki górą święta zażółć gęślą",
    "fr": "œuvre oeuvre élection élections l’été d'hiver grève garçons naïveté",
    "pt-BR": "eleições greve não avião coração São",
    "tr": "İstanbul ıstakoz ışık şehir grev çağ",
    "vi": "Đà Nẵng Huế đường phố Việt",
    "cs": "Příliš žluťoučký kůň stávka řeka",
    "el": "Αθήνα αθηνα ΑΘΉΝΑ εκλογές εκλογή λιμάνι Πειραιάς ΐ",
    "ru": "ещё еще ёлка выборы выборов город города йод иод",
    "uk": "комп'ютер комп\u02bcютер вибори їжак ґанок",
    "bg": "избори град пристанище",
    "hy": "ընտրություն քաղաք և նավահանգիստ",
    "ka": "არჩევნები ქალაქი ნავსადგური",
    "ar": "مُحَمَّد محمد كِتَاب كتاب يكتـــب الانتخابات مدينة",
    "fa": "می\u200cخواهم میخواهم انتخابات شهر",
    "he": "שָׁלוֹם שלום בחירות עיר",
    "hi": "हिन्दी हिंदी समाचार चुनाव हिन",
    "bn": "বাংলাদেশ বাংলা নির্বাচন",
    "ta": "தமிழ் செய்திகள் தேர்தல்",
    "te": "తెలుగు వార్తలు ఎన్నికలు",
    "dv": "ދިވެހި ބަސް އިންތިޚާބު",
    "am": "አማርኛ ዜና ምርጫ",
    "bo": "བོད་སྐད གསར་འགྱུར",
    "th": "กรุงเทพ เชียงใหม่ น้ำท่วม การเลือกตั้ง รัฐบาล",
    "lo": "ວຽງຈັນ ການເລືອກຕັ້ງ ນ້ຳ",
    "km": "ភ្នំពេញ ការបោះឆ្នោត",
    "my": "ရန်ကုန် ရွေးကောက်ပွဲ",
    "ko": "서울에서 선거 기자회견을 부산",
    "ja": "東京都 京都 選挙 ガス ｶﾞｽ ソニー 会談 東京 都の",
    "zh-Hant-TW": "台北 選舉 東京 港口 罷工",
    "zh-CN": "北京 选举 会见 东京",
}  # fmt: skip
_NO_SPACES = ("th", "lo", "km", "my", "ja", "zh-Hant-TW", "zh-CN")
_SIGNS = (" ", " ", " ", " ", " ", " ", ", ", ". ", "-", "/", " — ", "’s ", "\n\n", "_", "…", " 2026 ", " № ")
_FEEDS = (
    FeedSpec(url="https://harbour.example/feed", name="Harbour Post", tags=("World News", "Économie")),
    FeedSpec(url="https://lodz.example/rss", name="Gazeta Łódzka", tags=("świat",)),
    FeedSpec(url="https://tokyo.example/atom", name="東京新聞", tags=("world",)),
    FeedSpec(url="https://news.example/feed", name="The Post", tags=()),
)
_OWN_TAGS = ("later", "Later!", "img", "Łódź", "東京")
_SITES = (
    "https://www.harbour.example",
    "https://sport.harbour.example",
    "https://lodz.example",
    "https://news.co.example",
)
_HOSTS = ("harbour.example", "www.lodz.example", "co.example", "https://news.co.example/1", "example", "post")
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Clock:
    def now(self) -> datetime:
        return NOW


CLOCK = _Clock()


class Checked(NamedTuple):
    """What came of a comparison."""

    hits: int
    #: In words; None = none.
    difference: str | None


class Cases:
    """An archive and searches in it."""

    def __init__(self, store: Store, seed: int, count: int) -> None:
        self._rng = random.Random(seed)
        self._store = store
        self._fill(count)
        self.oracle = Oracle(self._exported(), self._feeds(), NOW.date())
        self._records = list(store.records(ArticleFilter()))

    # ---- articles

    def _fill(self, count: int) -> None:
        store, rng = self._store, self._rng
        store.sync_feeds(_FEEDS, now=NOW)
        for start in range(0, count, 200):
            batch = [self._moved(number) for number in range(start + 1, min(start + 200, count) + 1)]
            store.file_moved(batch, fetch=False, now=NOW)
        ids = [line.id for line in store.find_articles(ArticleFilter())]
        store.set_read(rng.sample(ids, count // 2), True, now=NOW)
        store.set_starred(rng.sample(ids, count // 8), True, now=NOW)
        removed = [(number, to_text(NOW)) for number in rng.sample(ids, count // 20)]
        store._write(lambda db: db.conn.executemany(_REMOVE, removed))
        for _ in range(min(60, count // 10)):
            self._edit(rng.choice(ids))

    def _edit(self, article_id: int) -> None:
        """Fetch an article again that its site has edited."""
        store = self._store
        store.request_fetches([article_id], now=NOW)
        for claim in store.claim_hosts(NOW, 100, timedelta(minutes=5)):
            while claim.slot == "articles" and (job := store.next_article(claim, NOW)) is not None:
                language = self._rng.choice(list(_VOCABULARIES))
                found = Extraction(title=self._text(language, 4), text=self._text(language, 12), language=language)
                commit = ArticleCommit(
                    article_id=job.id, status="full", reason=None, extraction=found, is_revision=True, page=None,
                    http_status=200, checked_at=NOW, rule="page-edited",
                )  # fmt: skip
                store.commit_article(claim, commit)
            store.release(claim)

    def _moved(self, number: int) -> MovedArticle:
        rng = self._rng
        language = rng.choice(list(_VOCABULARIES))
        spoken = rng.choice((language, language, language, language, None, "xx"))
        address = f"{rng.choice(_SITES)}/{number}"
        feeds = tuple(FeedName(name=feed.name or "", url=feed.url) for feed in rng.sample(_FEEDS, self._few()))
        seen = NOW - timedelta(hours=rng.randrange(24 * 700))
        picture = Image(url="https://p.example/i.jpg", credit=rng.choice((None, self._text(language, 2))))
        text = self._text(language, rng.randrange(3, 50))
        record = ArticleRecord(
            id=number, url=address, canonical_url=None, title=rng.choice((None, *[self._text(language, 5)] * 6)),
            byline=tuple(self._text(language, 2) for _ in range(rng.choice((0, 1, 1, 2)))),
            agencies=rng.choice(((), (), ("Reuters",), ("PAP Żółw", "共同通信社"))), updated_at=None,
            published_at=rng.choice((None, seen - timedelta(days=rng.randrange(900)))), first_seen_at=seen,
            fetched_at=seen,
            site_name=rng.choice((None, "The Harbour Post", "Gazeta Łódzka", "東京新聞")),
            section=rng.choice((None, "Sport", "Świat", "国際経済", "Straßen & Wege")), language=spoken, summary=None,
            image=rng.choice((None, picture)), images=rng.choice(((), (), (picture,))), text=text, html="",
            markdown=text, related=(), enclosures=(), comments_url=None, categories=(), feeds=feeds,
            tags=tuple(rng.sample(_OWN_TAGS, self._few())), read_at=None, starred_at=None, story_id=None, revision=1,
            word_count=9, kind="article", status="full", reason=None, change_seq=number,
        )  # fmt: skip
        entry = ParsedEntry(guid=f"g{number}", link=address, title=record.title)
        keys = EntryKeys(guid=f"g{number}", link=address, content_hash=f"h{number}")
        return MovedArticle(record=record, entry=KeyedEntry(entry=entry, keys=keys, article_key=f"//{number}"))

    def _few(self) -> int:
        return self._rng.choice((0, 1, 1, 2))

    def _text(self, language: str, count: int) -> str:
        """Return so many words of a language, and now and then of another, as people write them."""
        rng = self._rng
        text = ""
        for _ in range(count):
            spoken = language if rng.random() < 0.85 else rng.choice(list(_VOCABULARIES))
            word = self._varied(rng.choice(_VOCABULARIES[spoken].split()))
            text += word + ("" if spoken in _NO_SPACES and rng.random() < 0.8 else rng.choice(_SIGNS))
        return text.strip() or "x"

    def _varied(self, word: str) -> str:
        """Return a word as it may be written, too."""
        way = self._rng.randrange(14)
        if way == 0:
            return word.upper()
        if way == 1:
            return unicodedata.normalize("NFD", word)
        if way == 2:
            return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in word)
        if way == 3:
            return word.capitalize()
        if way == 4:
            return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
        return word

    # ---- as the oracle sees it

    def _exported(self) -> list[Exported]:
        store = self._store
        removed = {edit.article_id for edit in store.edits(ArticleFilter(removed=True))}
        found = []
        for record in store.records(ArticleFilter()):
            numbers = [told.number for told in store.revisions(record.id) if told.number < record.revision]
            kept = [number for number in numbers if _is_kept(store, record.id, number)]
            earlier = tuple(store.version(record.id, number) for number in kept)
            found.append(Exported(record=record, earlier=earlier, is_removed=record.id in removed))
        return found

    def _feeds(self) -> list[Feed]:
        with self._store._read() as db:
            rows = db.execute("SELECT id, name, url FROM feeds").fetchall()
        return [Feed(id=row["id"], name=row["name"], url=row["url"]) for row in rows]

    # ---- searches

    def query(self) -> str:
        """Return a search; it finds something more often than not."""
        rng = self._rng
        record = rng.choice(self._records)
        clauses = []
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            said = record if rng.random() < 0.8 else rng.choice(self._records)
            terms = [self._term(said)]
            while rng.random() < 0.25:
                terms.append(self._term(rng.choice((said, rng.choice(self._records)))))
            clauses.append(" OR ".join(("-" if rng.random() < 0.18 else "") + term for term in terms))
        return " ".join(clauses)

    def _term(self, record: ArticleRecord) -> str:
        rng = self._rng
        if rng.random() < 0.3:
            return self._fact(record)
        field, text = rng.choice(
            (
                ("", record.text),
                ("", record.text),
                ("", record.text),
                ("", record.title or record.text),
                ("title:", record.title or record.text),
                ("by:", " ".join(record.byline) or "ann"),
                ("site:", record.site_name or "post"),
                ("section:", record.section or "sport"),
                ("agency:", " ".join(record.agencies) or "reuters"),
                ("was:", record.text),
            )
        )
        return field + self._typed(text)

    def _typed(self, text: str) -> str:
        """Return a word, a phrase, a prefix or a part of what is said."""
        rng = self._rng
        words = [word for word in text.split() if any(map(str.isalnum, word))] or ["x"]
        at = rng.randrange(len(words))
        word = self._varied(words[at].strip(".,")).replace('"', "")
        way = rng.randrange(8)
        if way == 0:
            return f'"{" ".join(map(self._varied, words[at : at + rng.randrange(1, 4)]))}"'
        if way in (1, 2):
            return f"{word[: rng.randrange(2, max(3, len(word)))]}*" if len(word) > 2 else f"{word}*"
        if way == 3:
            start = rng.randrange(len(word))
            return word[start : start + rng.randrange(1, 12)].strip("-:") or "x"
        if way == 4:
            return self._varied(rng.choice(rng.choice(list(_VOCABULARIES.values())).split()))
        return word.lstrip("-–−") or "x"

    def _fact(self, record: ArticleRecord) -> str:
        rng = self._rng
        day = (record.published_at or record.first_seen_at) + timedelta(days=rng.randrange(-1, 2))
        language = record.language or "en"
        feed = rng.choice(_FEEDS)
        return rng.choice(
            (
                rng.choice(("is:read", "is:unread", "is:starred", "is:removed", "has:image")),
                rng.choice(("after:", "before:"))
                + rng.choice((f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}", "90d", "30w")),
                f"lang:{rng.choice((language, language.upper(), language[:7], language[:2]))}",
                f'feed:"{rng.choice((feed.name, (feed.name or "x")[:4], feed.url))}"',
                f'tag:"{rng.choice((*record.tags, *feed.tags, "world_news", "economie", "lodz", "LATER"))}"',
                "site:" + rng.choice(_HOSTS),
            )
        )

    def check(self, query: str) -> Checked:
        """Compare a search with what it must find."""
        expected = self.oracle.search(query)
        store = self._store
        if faults := store.query_faults(query):
            is_right = not expected or _is_unknown(faults)
            return Checked(0, None if is_right else f"{query!r}: refused: {faults}")
        bound = expected[min(19, len(expected) - 1)] if expected else 1
        pages = (
            _page(store, query, None),
            _page(store, query, bound),
            store.count_articles(ArticleFilter(query=query)),
        )
        wanted = (expected[:20], expected[20:40], len(expected))
        if pages != wanted:
            return Checked(len(expected), f"{query!r}: found {pages}, should be {wanted}")
        found = _every(store, query)
        return Checked(len(expected), None if found == expected else f"{query!r}: found {found}, should be {expected}")


_REMOVE = """INSERT INTO removals (article_id, cause, missing_at, removed_at, reason)
    VALUES (?1, '404', ?2, ?2, 'gone')"""


def _is_unknown(faults: tuple[str, ...]) -> bool:
    """Say whether nothing is wrong but that a value means nothing: then all of its kind is left out."""
    beginnings = ("nothing has", "no article", "there is no feed")
    return all(fault.startswith(beginnings) or '" could be "' in fault for fault in faults)


def _is_kept(store: Store, article_id: int, number: int) -> bool:
    with store._read() as db:
        sql = "SELECT snapshot IS NOT NULL FROM revisions WHERE article_id = ? AND number = ?"
        return bool(db.execute(sql, (article_id, number)).fetchone()[0])


def _page(store: Store, query: str, before: int | None) -> list[int]:
    lines = store.find_articles(ArticleFilter(query=query, limit=20, before_id=before))
    return [line.id for line in lines]


def _every(store: Store, query: str) -> list[int]:
    with store._read() as db:
        return list(Search(db, query, NOW.date(), values={}).ids())
