# ruff: noqa: E501 - tables of words read better unbroken
"""Names of writers out of what pages put into bylines."""

from __future__ import annotations

import re

from scraper.extract.page.text import fold
from scraper.extract.words.agencies import agencies_of
from scraper.extract.words.datelines import is_date_line, label_of
from scraper.extract.words.phrases import CREDIT_OPENINGS

WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
MONTH_WORDS = (
    r"jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|jun[ei]?|jul[yi]?|aug\w*|sep\w*|oct\w*|okt\w*|nov\w*|dec\w*|dez\w*|mär\w*|mai"
)

#: Words that open a byline, by language; add yours.
OPENINGS = (
    r"by|words by|vom|beitrag von|eingestellt von|publiziert von|publicado por|pubblicato da|inviato da|publié par|opublikował|written by|veröffentlicht von|geschrieben von|publié par|interview|fotos? und text|auteur|autore|scritto da|escrito por|quelle|source|verfasst von|written and edited by|reviewed by|text by|story by|reported by|posted by|reporting by|authored by|author|authors|von|text|autor|autorin|autoren|par|propos recueillis par|"
    r"por|redacción|textes?|texto|di|a cura di|da|door|av|af|tekst|text av|przez|autor|autoři|автор|авторы|текст|от|автори|yazan|yazar|szerző|oleh|penulis|bởi|"
    r"protokoll|kirjoittaja|teksti|szöveg|teksts|autors|autorius|скриба|пише|מאת|लेखक|द्वारा|เขียนโดย|โดย|نویسنده|نوشته|تحریر|إعداد|كتبه|تحرير|"
    r"文|取材・文|文・写真|取材|執筆|記者|作者|撰文|记者|기자|글|بقلم|كتب|كتبت|του|της"
)
_OPENING = re.compile(rf"^\W*(?:(?:{OPENINGS})(?:\s*[:：・／/]\s*|\s+)|by(?=[A-Z][a-z]))", re.I)
_ONLY_OPENING = re.compile(
    rf"^(?:{OPENINGS}|and|und|et|y|e|og|och|en|i|и|with|mit|avec|(?:veröffentlicht|publiziert|published|posted|published by|posted by)(?: am| on)?|about the author)$",
    re.I,
)
#: Where a name ends and something else of the same line begins.
_BREAK = re.compile(
    rf"(?<!\s)\s+(?:(?:on|at|am|le|el|il|em|op|den)\s*)?(?:(?:{WEEKDAYS})\b|(?:{MONTH_WORDS})\.?\s+\d|\d{{1,2}}[./:]\s?\d|\d{{1,2}}\.?\s+(?:{MONTH_WORDS})|(?:last )?(?:updated|published|posted)\b|"
    r"\d+ (?:min|hours?|days?)|vor \d).*$",
    re.I,
)
#: What opens a list of names inside a line, behind a date, a label or the word for a text: "Published 3 May by", "All posts by".
_TOWARDS = r"by|von|par|por|przez|door|oleh|av|af|от|від|од|από|tarafından"
_LED = re.compile(rf"(?<!\w)(?:{_TOWARDS})(?:\s?[:：])?\s{{1,3}}(?=\w)", re.I)
_WORKS = re.compile(
    r"\b(?:posts?|articles?|stor(?:y|ies)|written|texts?|artikel|beitr[aä]ge?|texte|geschrieben|verfasst|erstellt|art[ií]culos?|entradas?|escrito|articoli|articolo|scritto|artigos?|mat[ée]rias?|artikler|artiklar|inlägg|innlegg|skrevet|skriven|artykuły|wpisy|články|příspěvky|статьи|записи|материалы|статті)\b",
    re.I,
)
_MAX_LEAD, _LEAD_WORDS = 100, 5
#: Others than the writers: who made the pictures, who read, edited or translated the text.
_HELPERS = re.compile(
    rf"(?:^|[;,|·•/.–—-]|\b(?:and|und|et|y|e|og|och|en|i|и)\b)\s*(?:{CREDIT_OPENINGS}\s*(?:[:：]|\b(?:{_TOWARDS}|di|de)\b)|"
    r"(?:(?:additional|further|medically|fact[- ]?|data|video) ?)?(?:reviewed|edited|checked|updated|translated|illustrated|photographed|filmed|produced|reporting|editing|research) by\b|"
    r"(?:bearbeitet|geprüft|übersetzt|aktualisiert|redigiert|fotografiert) von\b|(?:traduit|relu|mis à jour|édité|illustré) par\b|(?:editado|traducid?o|revisado|actualizado|atualizado|traduzido|ilustrado) por\b|"
    r"(?:tradotto|revisionato|illustrato) da\b)[^;|·•—]{0,200}",
    re.I,
)
_CJK_OPENING = re.compile(
    r"^(?:取材・文|文・写真|文|執筆|投稿者|作者|撰文|本报记者|本報記者|记者|記者|翻訳者?|글)\s*[:：・／/＝=●]?\s*"
)
#: A title of respect or a trade that Korean, Japanese and Chinese put behind a name.
_CJK_ROLE = re.compile(
    r"(?:(?<!\s)\s+)?(?:(?:전문|선임|인턴|수습)?\s?기자|특파원|논설위원|記者|编辑|編集委員|通讯员)(?:\s*외\s*\d+명)?$"
)
#: The place behind a name: "Anna Berg in Paris".
_PLACE = re.compile(r"^(\S+(?:\s\S+){0,3}?)\s(?:in|In|aus|à|em|en)(?:\s[A-ZÀ-Þ].*)?$")
_DATE_WORDS = re.compile(rf"\d.*\b(?:{MONTH_WORDS})\b|\b(?:{MONTH_WORDS})\b.*\d", re.I)
#: Lower-case words that names contain.
_PARTICLE_WORDS = (
    "de del della dos das da do di du d la le el al bin ibn von van der den ter ten zu zur y e af av ben ' &"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_SPLIT = re.compile(
    r"(?:(?<!\s)\s+)?(?:[,;|&/•·⋅、，／]|\b(?:and|und|et|y|e|og|och|en|i|a|и|та|ve|with|mit|avec|con)\b(?=\s))\s*|(?<!\s)\s+[-–—]\s+|\n+",
    re.I,
)
_ADDRESS = re.compile(r"(?<![^\s@])[^\s@]+@\S+|https?://\S+|@\w+|\([^)]{0,600}\)|\[[^\]]{0,600}\]")
#: What stands after a name without being one.
_ROLE_WORDS = re.compile(
    r"^(?:.*\b)?(?:editors?|correspondents?|reporters?|writers?|journalists?|columnists?|contributors?|contributing|chief|bureau|"
    r"directors?|managers?|officers?|consultants?|analysts?|engineers?|scientists?|researchers?|specialists?|experts?|strategists?|coach|therapist|dietitian|nutritionist|professor|lecturer|attorney|economist|president|ceo|"
    r"cto|cfo|co-?founder|marketer|winemaker|developer|designer|reviewers?|leiter(?:in)?|direktor(?:in)?|geschäftsführer(?:in)?|sprecher(?:in)?|professor(?:in)?|referent(?:in)?|directeur|directrice|directora?|gerente|"
    r"responsable|profesora?|abogad[oa]|rédacteur|rédactrice|direttore|direttrice|caporedattore|diretora?|professora?|redaktør|redaktör|redaktor(?:ka)?|dziennikarz|dziennikarka|"
    r"senior|associate|deputy|political|photographer|producer|redakteur(?:in)?|redakteurin|korrespondent(?:in)?|journaliste|periodista|"
    r"redactor|redactora|gardener|founder|horticulture|experte|giornalista|jornalista|корреспондент|журналист|редактор|updated|published|guest|follow|"
    r"posted|sponsored|full bio|bio|about|post author|edit|share|more posts.*|view all.*|sign in|log in|last|min read|read|news|ressort|copyright|all rights|website|twitter|facebook|email)(?:\b.*)?$",
    re.I,
)
_DESK_WORDS = re.compile(
    r"\b(?:staff|editors|news|redaktion|rédaction|redacción|redazione|redação|desk|team|press|agency|online|tv|times|post|service|"
    r"pdf|version|grüße|grüsse|regards|wishes|greetings|saludos|salutations|saluti)\b",
    re.I,
)
_BAD = re.compile(
    r"https?:|www\.|[<>{}=_]|\d{3,}|^(?:admin|administrator|null|none|undefined|unknown|author|user|guest|nan|n/a|by|no author|anonymous|editor|webmaster|home|page\..*)$|\d:\d|[a-z]\.[a-z]+\.[a-z]",
    re.I,
)
_MAX_NAME = 60
_MAX_LINE = 90
_MAX_NAMES = 12


def split_names(text: str | None) -> tuple[str, ...]:
    """The names in a byline, in order: without opening words, roles and addresses."""
    if not text or len(text) > 600:
        return ()
    text = _WRAPPED.sub(r"\1", text.strip())
    text = _HELPERS.sub(";", _ADDRESS.sub(" ", text)).strip()
    text = _without_opening(_BREAK.sub("", text[_lead(text) :]))
    names: dict[str, str] = {}
    for part in _parts(text):
        name = _tidy(part)
        if name and not (names and _is_addition(name)):
            names.setdefault(fold(name), name)
    initials = {"".join(word[0] for word in name.split()) for name in names.values()}
    return tuple(name for name in names.values() if len(name) > 3 or name not in initials)[:_MAX_NAMES]


def _lead(text: str) -> int:
    """Where the names begin behind "Published 3 May by", "All posts by"; 0 = nothing stands before them."""
    for found in list(_LED.finditer(text[:_MAX_LEAD]))[:4]:
        before = text[: found.start()].strip(" \t-–—,.|:;/•·")
        is_short = len(before.split()) <= _LEAD_WORDS
        if is_date_line(before) or (is_short and (label_of(before) or _WORKS.search(before))):
            return found.end()
    return 0


def _is_addition(name: str) -> bool:
    """What stands behind a name without being one: a degree, a job in a sentence's letters."""
    words = name.split()
    if len(words) == 1:
        return (len(name) > 3 and name.islower()) or (bool(_DEGREE.fullmatch(name)) and not agencies_of((name,), ""))
    return not looks_like_person(name) and not _DESK_WORDS.search(name)


#: MD, PhD, FAND, E-RYT 200.
_DEGREE = re.compile(r"(?:[A-Z][a-z]{0,2}\.?-?){2,5}(?: \d{1,4})?")


def is_byline_line(text: str, names: frozenset[str]) -> bool:
    """Whether a short line only says who wrote it: an opening and names, or the known names alone."""
    folded = fold(text)
    if not folded:
        return False
    rest = folded
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, " ")
    if (
        rest != folded
        and len(_FILLERS.sub(" ", rest).split()) <= 4
        and len(text) < 100
        and not text.endswith((".", "!", "?", "”", '"'))
    ):
        return True
    if len(text) >= _MAX_LINE or text.endswith("."):
        return False
    return bool(_VISIBLE.match(text) or _CASELESS.match(text)) or (_lead(text) > 0 and _are_persons(split_names(text)))


_FILLERS = re.compile(
    rf"\b(?:{OPENINGS}|and|und|et|y|e|for|the|of|staff|updated|published|mins?|read|ago|hours?)\b|\d+", re.I
)
_NAME = r"[A-ZÀ-ÞŠŽČĆĐŁŚŻŹŐŰĞŞİА-ЯЁІЇЄҐΑ-Ω][\w'’.-]*+"
_VISIBLE = re.compile(
    rf"^\W*(?:By|BY|Von|VON|Par|PAR|Por|POR|Di|Door|Av|Af|Автор:?|Автори?:|Text:|Autor:|Author:|Written by|Posted by|Reporting by)(?:\s*:)?\s+"
    rf"{_NAME}(?:[ ,&]+(?:(?:and|und|et|y|e|и|og|och|en|i|de|del|van|von|der|da|du|la|le)\s*)?{_NAME}){{0,9}}\W*$"
)


def looks_like_person(name: str) -> bool:
    """Whether a name is written as persons' are: two to five words, all but particles with a capital."""
    words = name.split()
    if not name.isascii() and not any(ch.isupper() or ch.islower() for ch in name):
        return 2 <= len(name) <= 20
    return 2 <= len(words) <= 5 and all(word[0].isupper() or word.lower() in _PARTICLES for word in words)


def is_visible_byline(text: str) -> bool:
    """Whether a line opens with "By" or the like, a date or label aside, and goes on with a name."""
    if _SEEN.match(text) or _CASELESS.match(text) or (_CJK_OPENING.match(text) and len(text) < 40):
        return True
    start = _lead(text)
    return start > 0 and (text[start].isupper() or any(char.isdigit() for char in text))


def is_opening(text: str) -> bool:
    """Whether a line ends before the names it announces: "By", "Written by:"."""
    return text.lower() != text.upper() and bool(_OPENING_ALONE.fullmatch(text))


_OPENING_ALONE = re.compile(rf"\W*(?!(?:quelle|source|text|texto|e|i|y|di|da)\W*$)(?:{OPENINGS})\W*", re.I)


def is_name(text: str) -> bool:
    """Whether a line is the names of persons, and nothing else."""
    if len(text) > _MAX_NAME * 2 or text.endswith((".", "!", "?", ":", ",")):
        return False
    names = split_names(text)
    unsaid = len(fold(text).split()) - sum(len(fold(name).split()) for name in names)
    return text.lower() != text.upper() and 0 <= unsaid < len(names) and _are_persons(names)


def _are_persons(names: tuple[str, ...]) -> bool:
    return bool(names) and all(looks_like_person(name) and not _DESK_WORDS.search(name) for name in names)


#: A name in a script without capitals behind its opening, or before the Korean word for reporter.
_CASELESS = re.compile(
    r"^\W*(?:بقلم|كتبه?|كتبت|إعداد|تحرير|تحریر|نویسنده|מאת|लेखक|เขียนโดย|โดย)(?:\s*[:：])?\s+\S[^.!?؟।\d]{2,38}$|^\W*[가-힣]{2,4}(?:[ ,·]+[가-힣]{2,4})*\s?(?:기자|특파원)\W*(?:[|ㅣ/].{0,40})?$"
)
_SEEN = re.compile(rf"^\W*(?:(?:{OPENINGS})(?:\s*:)?\s+|by(?=[A-Z]))(?-i:{_NAME})", re.I)


def _without_opening(text: str) -> str:
    before = None
    while before != text:
        before = text
        text = _CJK_OPENING.sub("", _OPENING.sub("", text, count=1), count=1)
    return text


#: [홍길동 기자]
_WRAPPED = re.compile(r"^[\[(（【]([^\[\]()（）【】]+)[\])）】]$")


def _parts(text: str) -> list[str]:
    # "Kim, M.D." and "Weiß, Jörg" aside, a comma parts names.
    if "기자" in text:
        text = re.sub(r"\b([가-힣]{2,4}) (?=[가-힣]{2,4}\s?기자)", r"\1, ", text)
    return [part for part in _SPLIT.split(text) if part]


def _tidy(part: str) -> str | None:
    name = " ".join(_CJK_ROLE.sub("", _without_opening(part)).split()).strip(' .,:;|-–—*"“”»«●')
    name = _PLACE.sub(r"\1", name)
    if not 2 <= len(name) <= _MAX_NAME or _BAD.search(name) or _ONLY_OPENING.match(name) or _UNENDED.search(name):
        return None
    if not any(ch.isalpha() for ch in name) or _DATE_WORDS.search(name):
        return None
    if label_of(name) and not looks_like_person(name):
        return None
    if _ROLE_WORDS.match(name) and len(name.split()) <= 5 and not _DESK_WORDS.search(name):
        return None
    if len(name.split()) > 6:
        return None
    return _recased(name)


#: A label, not a name: "Article by", "Publié le".
_UNENDED = re.compile(rf"\s(?:{_TOWARDS}|de|di|da|du|le|la|el|on|am|of|for|from|to|the)$|:", re.I)


def _recased(name: str) -> str:
    """ANNA MÜLLER -> Anna Müller; initials and short forms stay."""
    words = name.split()
    if len(words) < 2 or not name.isupper() or not all(len(word) > 1 for word in words):
        return name
    return " ".join("-".join(part.capitalize() for part in word.split("-")) for word in words)
