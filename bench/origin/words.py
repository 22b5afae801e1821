"""News that says nothing, in five languages: titles and paragraphs from word lists, by a random source."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

_FREQUENT = {
    "en": "the of and to in a for on with that by from after which at as its their was were has had will would",
    "de": "der die das und in zu von mit für auf ist nicht ein eine dem den des wurde haben hat nach bei über sich",
    "fr": "le la les de des du et à en un une dans pour avec sur par est a été ont que qui au aux son cette plus",
    "ru": "в и на не что с по из от для это был была были как до при за его их также после уже более",
    "ja": "は が を に の で と から まで も",
}
_RARE = {
    "en": "council harbour ferry budget minister report railway winter bridge museum court engineers residents prices"
    " energy storm inquiry festival border study researchers committee hospital fishermen library growth officials"
    " figures strike river school weather journey market island coast archive printers lighthouse orchard timetable"
    " agreed announced confirmed rejected approved warned reopened closed measured promised delayed repaired counted"
    " early late northern southern public several local small unexpected careful",
    "de": "Stadtrat Hafen Fähre Haushalt Ministerin Bericht Bahnhof Winter Brücke Museum Gericht Ingenieure Anwohner"
    " Preise Energie Sturm Untersuchung Grenze Studie Forscher Ausschuss Krankenhaus Bibliothek Wachstum Behörden"
    " Zahlen Streik Fluss Schule Wetter Markt Insel Küste Archiv Leuchtturm Fahrplan erklärte bestätigte lehnte"
    " genehmigte warnte eröffnete schloss verschob zählte früh spät nördlich öffentlich mehrere kleine größere",
    "fr": "conseil port traversier budget ministre rapport gare hiver pont musée tribunal ingénieurs habitants prix"
    " énergie tempête enquête frontière étude chercheurs comité hôpital bibliothèque croissance responsables chiffres"
    " grève rivière école météo marché île côte archives phare horaire annoncé confirmé rejeté approuvé averti rouvert"
    " fermé mesuré promis retardé réparé compté tôt tard public plusieurs local petite prudent",
    "ru": "совет порт паром бюджет министр доклад вокзал зима мост музей суд инженеры жители цены энергия шторм"
    " расследование граница исследование учёные комитет больница библиотека рост чиновники цифры забастовка река"
    " школа погода рынок остров побережье архив маяк расписание заявил подтвердил отклонил одобрил предупредил"
    " открыл закрыл измерил обещал отложил починил рано поздно северный общественный несколько местные",
    "ja": "市議会 港 連絡船 予算 大臣 報告書 駅 冬 橋 博物館 裁判所 技術者 住民 価格"
    " 電力 台風 調査 国境 研究 研究者 委員会 病院 図書館 成長 当局 数字 交渉 川"
    " 学校 天気 市場 島 海岸 資料 灯台 時刻表 発表した 確認した 拒否した 承認した 警告した 再開した"
    " 閉鎖した 測定した 約束した 延期した 修理した 早朝 北部 公共 複数 地元 小さな",
}
LANGUAGES = tuple(_FREQUENT)
#: Two in five are English, as with the feeds people keep.
_WEIGHTS = (40, 20, 15, 15, 10)
_NAMES = ("Ada Brandt", "Noor Haddad", "Ivo Marek", "Jun Okabe", "Lena Sorokina", "Paul Girard", "Mia Keller")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One piece of news."""

    number: int
    language: str
    title: str
    author: str
    section: str
    paragraphs: tuple[str, ...]


def write_story(seed: int, number: int) -> Story:
    """Return story `number`; the same for the same arguments, everywhere."""
    rng = random.Random(f"{seed}/{number}")
    language = rng.choices(LANGUAGES, _WEIGHTS)[0]
    return Story(
        number=number,
        language=language,
        title=f"{words(rng, language, rng.randint(5, 10))} {number}",
        author=rng.choice(_NAMES),
        section=word(rng, language).capitalize(),
        paragraphs=tuple(paragraph(rng, language) for _ in range(rng.randint(7, 24))),
    )


def word(rng: random.Random, language: str) -> str:
    """Return a word that carries meaning."""
    return rng.choice(_RARE[language].split())


def words(rng: random.Random, language: str, count: int) -> str:
    """Return `count` words, one in three of them meaningful or more, with a capital letter in front."""
    frequent, rare = _FREQUENT[language].split(), _RARE[language].split()
    chosen = [rng.choice(frequent if at % 2 else rare) for at in range(count)]
    text = ("" if language == "ja" else " ").join(chosen)
    return text[:1].upper() + text[1:]


def paragraph(rng: random.Random, language: str) -> str:
    """Return two to five sentences."""
    return _joined([_sentence(rng, language) for _ in range(rng.randint(2, 5))], language)


def _sentence(rng: random.Random, language: str) -> str:
    parts = [words(rng, language, rng.randint(4, 9)) for _ in range(rng.randint(1, 3))]
    comma, stop = ("、", "。") if language == "ja" else (", ", ".")
    return comma.join(parts) + stop


def _joined(sentences: Sequence[str], language: str) -> str:
    return ("" if language == "ja" else " ").join(sentences)
