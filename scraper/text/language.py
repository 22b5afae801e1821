# ruff: noqa: E501 - tables of words read better unbroken
"""Which language an article is in: what the markup says, checked against the script and, in doubt, the commonest words.

Markup may lie (a theme's `lang="en"` on a Russian page): a clearly different script, or clearly another language's
small words, outweighs it. Regions are left out, but where readers choose by them (Portuguese of Brazil, the two
Chinese scripts).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

#: The commonest small words of a language. Add a language here; words shared with a neighbour tell nothing.
SMALL_WORDS: dict[str, str] = {
    "en": "the and of to in is that for it was with as his on be at by had not are but from have they which you were this",
    "de": "der die und den das von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass",
    "fr": "le la les et des est dans que une pour qui pas au sur plus par avec ce il sont ne cette ont aux été mais du",
    "es": "el la los las y en que del se por con una para es no su al lo como más pero sus ha han este fue años",
    "it": "il la che di e per un non è una del in con si da le sono i gli alla della nel ha anche più ma dei",
    "pt": "o a os as e que de do da em um uma para com não por se na no mais dos como foi ao pela são das",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als maar bij dan nog naar heeft worden",
    "sv": "och att det som en på är av för med till den har inte ett om han men var jag från de så vi kan",
    "da": "og at det er en til på af som for med ikke den har de der et han var jeg men vi sig kan være blev",
    "no": "og i det er på til som en å for av med at har ikke den de han et om var jeg men vi seg fra ble",
    "fi": "ja on ei se että oli hän ovat mutta myös joka kun tai niin ole mukaan sen ovat voi sekä kuin",
    "pl": "i w na z do się że nie to jest o jak po za od przez dla są tym ale już był co tego jego który",
    "cs": "a se v na je že s z do o i to k ve pro za by ale si po jsou které jako podle také který už",
    "sk": "a sa v na je že s z do o to k vo pre za by ale si po sú ktoré ako podľa tiež ktorý už",
    "hu": "a az és hogy nem is egy ez volt meg csak már még de ki el mint aki ezt azt kell lesz után szerint",
    "ro": "și de în la a cu pe că din nu o este pentru sau mai un care au fost sunt lui după prin fi",
    "tr": "ve bir bu da de için ile olarak çok daha en olan gibi kadar sonra ama ne var değil olduğu dedi",
    "id": "dan yang di untuk dengan dari ini itu pada tidak akan dalam juga ke oleh adalah telah bisa ada mereka",
    "vi": "và của là có trong được cho không một với các người này đã khi những để từ đến về",
    "ca": "el la els les i de que per amb un una no és del al en ha més com són dels aquest també",
    "hr": "i u je na se da za su od s o kao koji ne što to nije bi će iz ali te biti do kako",
    "sl": "in je v na se da za so z ki pa ni tudi bi še kot po ne od s o do ali če bo",
    "lt": "ir kad į su tai iš yra bet už ar kaip nuo buvo jau dar apie po savo",
    "lv": "un ir ar no kas uz par ka bet arī tas lai kā pēc nav vai gan",
    "et": "ja on ei et see oli ka kui mis ta oma aga või siis kes selle pärast",
    "af": "die en van het in is dat nie te vir met wat op sy om hy was aan as by deur sal ook",
    "sw": "na ya wa kwa ni katika za la kuwa hiyo huo cha alisema hii yake",
    "zu": "ukuthi futhi noma kodwa uma ngoba ukuze kanye lapho",
    "st": "le ho ba ka ke e ea tsa ha ea hore oa",
    "ru": "и в не на что с по как это к но из у за от его для о так же было был они она бы только",
    "uk": "і в не на що з та до як це за у від його для про так він було але або які також є",
    "bg": "и в на да се за от че с не по е си като това ще са към във при или беше",
    "sr": "и у је на се да за су од с о као који не што то није би ће из али",
    "be": "і ў не на што з да як гэта за па ад яго для ён але або якія таксама",
    "el": "και το να του η της με που για την από στο τα οι είναι των θα στην ότι δεν",
    "ar": "في من على أن إلى التي الذي عن مع هذا هذه كان ما لا بعد بين قال",
    "fa": "و در به از که این را با است برای آن یک تا می بر شد ها",
    "ur": "کے میں کی ہے سے کا کو نے اور پر کہ ہیں یہ بھی تھا",
    "he": "של את על לא הוא כי עם זה גם היא אל או אבל כל יש",
    "hi": "के में की है से का को ने और पर कि हैं यह भी था",
    "mr": "आणि आहे या च्या हे ते तो ही होते केली",
}  # fmt: skip

#: Scripts that alone decide: language -> the characters of its own.
_SCRIPTS = {
    "ja": "\u3041-\u30ff", "ko": "\uac00-\ud7a3", "zh": "\u4e00-\u9fff", "th": "\u0e00-\u0e7f",
    "el": "\u0370-\u03ff\u1f00-\u1fff", "he": "\u0590-\u05ff", "ka": "\u10a0-\u10ff", "hy": "\u0530-\u058f",
    "am": "\u1200-\u137f", "bn": "\u0980-\u09ff", "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f", "gu": "\u0a80-\u0aff", "pa": "\u0a00-\u0a7f", "si": "\u0d80-\u0dff", "my": "\u1000-\u109f",
    "km": "\u1780-\u17ff",
}  # fmt: skip
#: Scripts shared by several languages: any of these languages may be meant.
_SHARED_SCRIPTS: tuple[tuple[frozenset[str], re.Pattern[str]], ...] = (
    (frozenset(["ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn", "tg", "tt"]), re.compile("[\u0400-\u04ff]")),
    (frozenset(["ar", "fa", "ur", "ps", "ckb", "ug", "sd"]), re.compile("[\u0600-\u06ff]")),
    (frozenset(["hi", "mr", "ne", "sa"]), re.compile("[\u0900-\u097f]")),
)
#: Letters of any script but Latin.
_NOT_LATIN = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2c80-\u2dff\u3005-\ua71f\ua800-\uab2f\uac00-\ufaff\ufb1d-\ufdff\ufe70-\ufefc\uff66-\uff9f]"
)
_SAMPLE = 3000
_WORD = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.].*)?$", re.I)
_KEPT_REGIONS = frozenset(("pt-BR", "zh-TW", "zh-HK", "zh-CN"))
_NOT_LANGUAGES = frozenset(("und", "mul", "zxx", "xx"))


def language_of(text: str, *claims: str | None) -> str | None:
    """The language of a text, given what the markup claims (strongest first)."""
    tags = [tag for claim in claims if (tag := language_tag(claim))]
    by_script = _by_script(text)
    if by_script is not None:
        agreeing = [tag for tag in tags if tag.split("-")[0] in by_script]
        if agreeing:
            return agreeing[0]
        return _by_words(text, by_script) or sorted(by_script)[0] if len(by_script) > 1 else next(iter(by_script))
    if not text.strip():
        return tags[0] if tags else None
    return _settle(text, tags)


def _settle(text: str, tags: list[str]) -> str | None:
    """A Latin text: the claim holds unless the small words clearly speak another language."""
    words = _words(text)
    scores = _word_scores(words)
    if not scores:
        return tags[0] if tags else None
    best, count = scores.most_common(1)[0]
    if tags and len(words.keys() & {*SMALL_WORDS[best].split()}) < _MIN_KINDS:
        return tags[0]
    for tag in tags:
        primary = {"nb": "no", "nn": "no"}.get(tag.split("-")[0], tag.split("-")[0])
        if primary not in SMALL_WORDS or scores[primary] * 2 >= count or count < 12:
            return tag
    return best if count >= 3 else (tags[0] if tags else None)


#: Different small words of a language below which it is not clearly spoken: "et" and "at" alone are in many.
_MIN_KINDS = 5


def language_tag(claim: str | None) -> str | None:
    """A language tag in its short form: "en-US" -> "en", "pt_BR" -> "pt-BR"."""
    match = _TAG.match((claim or "").split(",")[0].strip())
    if match is None or match[1].lower() in _NOT_LANGUAGES:
        return None
    primary = match[1].lower()
    if match[2] and primary in ("zh", "sr"):
        return f"{primary}-{match[2].title()}"
    tag = f"{primary}-{(match[3] or '').upper()}"
    return tag if tag in _KEPT_REGIONS else primary


def _by_script(text: str) -> frozenset[str] | None:
    """The languages a script other than Latin leaves open, None for Latin text."""
    sample = text[:_SAMPLE]
    if sample.isascii() or not _NOT_LATIN.search(sample):
        return None
    letters = sum(ch.isalpha() for ch in sample)
    for language, characters in _SCRIPTS.items():
        share = len(re.findall(f"[{characters}]", sample)) / max(1, letters)
        if share > (0.08 if language == "ja" else 0.4):
            return frozenset((language,))
    for languages, pattern in _SHARED_SCRIPTS:
        if len(pattern.findall(sample)) > 0.5 * letters:
            return languages
    return None


def _by_words(text: str, among: frozenset[str]) -> str | None:
    scores = _word_scores(_words(text))
    found = [(count, language) for language, count in scores.items() if language in among]
    return max(found)[1] if found else None


def _words(text: str) -> Counter[str]:
    """The words of the text's beginning, lower case, with how often they come."""
    return Counter(_WORD.findall(text[:_SAMPLE].lower()))


def _word_scores(words: Counter[str]) -> Counter[str]:
    """How many small words of each language there are; of equals the first in `SMALL_WORDS` leads."""
    table = _languages_of_word()
    scores: Counter[str] = Counter(dict.fromkeys(SMALL_WORDS, 0))
    for word in words.keys() & table.keys():
        for language in table[word]:
            scores[language] += words[word]
    return +scores


@lru_cache(maxsize=1)
def _languages_of_word() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for language, words in SMALL_WORDS.items():
        for word in dict.fromkeys(words.split()):
            table[word] = (*table.get(word, ()), language)
    return table
