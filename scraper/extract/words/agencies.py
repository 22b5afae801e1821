# ruff: noqa: E501 - tables of words read better unbroken
"""News agencies named as a source: in the byline, in the dateline, or in a credit at the end.

The byline stays as the page gives it, so an agency that signs there is in both fields.
"""

from __future__ import annotations

import re

#: Agencies that are called as they sign.
_AS_WRITTEN = (
    "ANP", "Belga", "TT", "NTB", "STT", "PAP", "MTI", "ANI", "IANS", "UPI", "TASR", "AGI", "epd", "KNA", "Agência Brasil", "Prensa Latina",
)  # fmt: skip
#: Name to give -> forms in bylines, datelines and closing credits (regular expressions, case counts).
AGENCIES: dict[str, tuple[str, ...]] = {
    "AFP": ("AFP", "afp", "AFP-JIJI", "Agence France-Presse", "АФП", "أ ?ف ?ب", "فرانس برس"),
    "AP": ("AP", "Associated Press", "The Associated Press", "AP通信"),
    "Reuters": ("Reuters", "REUTERS", "Thomson Reuters", "Рейтер", "ロイター", "路透社?", "로이터", "رويترز"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur"),
    "TASS": ("TASS", "ITAR-TASS", "ИТАР-ТАСС", "ТАСС", "タス通信"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости", "Sputnik"),
    "Interfax": ("Interfax", "Interfax-Ukraine", "Интерфакс"),
    "Kyodo": ("Kyodo", "Kyodo News", "KYODO", "共同通信社?", "共同"),
    "Jiji": ("Jiji", "JIJI", "Jiji Press", "時事通信社?", "時事"),
    "Xinhua": ("Xinhua", "新华社", "新华网", "新華社"),
    "Yonhap": ("Yonhap", "연합뉴스"),
    "EFE": ("EFE", "Agencia EFE"),
    "Europa Press": ("Europa Press", "EUROPA PRESS"),
    "ANSA": ("ANSA", "Ansa"),
    "APA": ("APA", "Austria Presse Agentur"),
    "sda": ("sda", "SDA", "Keystone-SDA"),
    "ATS": ("ATS", "Keystone-ATS"),
    "Lusa": ("Lusa", "Agência Lusa"),
    "Ritzau": ("Ritzau", "/ritzau/"),
    "ČTK": ("ČTK", "CTK"),
    "Anadolu": ("Anadolu", "Anadolu Agency", "Anadolu Ajansı"),
    "Press Trust of India": ("PTI", "Press Trust of India"),
    "PA Media": ("PA Media", "Press Association"),
    "Bloomberg": ("Bloomberg", "Bloomberg News"),
    "CNA": ("CNA", "中央社"),
    "China News Service": ("China News Service", "中新社", "中新网"),
    "Newsis": ("Newsis", "뉴시스"),
    "News1": ("News1", "뉴스1"),
    "UNIAN": ("UNIAN", "УНІАН", "УНИАН"),
    "BELTA": ("BELTA", "БелТА", "БЕЛТА"),
    "BTA": ("BTA", "БТА"),
    "HINA": ("HINA", "Hina"),
    "Tanjug": ("Tanjug", "Танјуг"),
    "AGERPRES": ("AGERPRES", "Agerpres"),
    "Adnkronos": ("Adnkronos", "ADNKRONOS"),
    "Télam": ("Télam", "Telam"),
    "ΑΠΕ-ΜΠΕ": ("ΑΠΕ-ΜΠΕ", "ΑΠΕ", "AMNA"),
    "IRNA": ("IRNA", "ایرنا"),
    "WAM": ("WAM", "وام"),
    "VNA": ("VNA", "TTXVN"),
    "Antara": ("Antara", "ANTARA"),
    "Bernama": ("Bernama", "BERNAMA"),
    "Canadian Press": ("Canadian Press", "The Canadian Press"),
    "AAP": ("AAP", "Australian Associated Press"),
    "Ukrinform": ("Ukrinform", "Укрінформ", "Укринформ"),
    "SID": ("SID", "sid"),
    **{name: (name,) for name in _AS_WRITTEN},
}  # fmt: skip

_FORMS = {form: name for name, forms in AGENCIES.items() for form in forms}
_ANY = "|".join(sorted(_FORMS, key=len, reverse=True))
_WORD = r"[A-Za-zÀ-ɏͰ-Ͽа-яА-ЯёЁіїєґІЇЄҐ\d]"
#: A form not inside a word; Chinese, Japanese and Korean know no space between words.
_EXACT = re.compile(rf"(?<!{_WORD})({_ANY})(?!{_WORD})")

_BRACKET = re.compile(r"[(\[（【［]([^()\[\]（）【】［］]{2,40})[)\]）】］]|(?<!\w)/([^/()]{2,20})/(?!\w)")
#: What follows the bracket of a dateline.
_DATELINE_END = re.compile(r"\s*(?:[.,]\s*)?[-–—―:=]|\s*\.\s")
_DATELINE = re.compile(
    rf"^[^.]{{2,40}}?[-–—,]\s*(?:/|\()?({_ANY})\)?/?\s*(?:[-–—:]|\.\s)|^({_ANY})\s*[-–—:]|^({_ANY})[^。，\s]{{1,14}}电"
)
_CREDIT = re.compile(
    r"(?:^|[.!?…]\s)\W{0,40}(?:sources?|quellen?|fontes?|fuentes?|źródło|источник|джерело|kilde|källa|bron|lähde|zdroj|forrás|kaynak|sursa|izvor|πηγή|المصدر|منبع|来源|來源|出典|출처)\s*[:：]"
    r"|\b(?:with (?:inputs|files|material|reporting|information|additional reporting)|inputs|mit (?:agentur)?material|mit informationen|avec|con información|com informações|"
    r"con informazioni|по материалам|по данным|за матеріалами)\b|^\W*[©–—]",
    re.I,
)
_PICTURE = re.compile(r"photo|foto|bild|image|picture|写真|사진|фото", re.I)
_JOINED = re.compile(rf"(?:\b(?:mit|avec|et|with|con|y|and|und|e|og|och)|[/,])\s*({_ANY})$")
_MAX_CREDIT = 120


def agencies_of(byline: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Agencies named in the byline, in the dateline of the first paragraph, or credited at the very end."""
    last = text[-400:].rstrip().rpartition("\n")[2]
    found = [*_signed(byline), *_in_dateline(text[:140].partition("\n")[0]), *_credited(last)]
    names = (_name_of(form) for form in found)
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _signed(byline: tuple[str, ...]) -> list[str]:
    """Names that are an agency's, or end with one: "FR mit dpa"."""
    found: list[str] = []
    for name in byline:
        joined = _JOINED.search(name)
        found += [joined[1]] if joined else [form for form in _EXACT.findall(name) if len(form) >= len(name) * 0.5]
    return found


def _in_dateline(start: str) -> list[str]:
    """BERLIN (dpa) - ...; MOSCOW, March 5. /TASS/. ...; 【北京共同】...; (서울=연합뉴스) ..."""
    plain = _DATELINE.match(start)
    if plain:
        return [form for form in plain.groups() if form]
    bracket = _BRACKET.search(start[:100])
    if bracket and (bracket.start() == 0 or _DATELINE_END.match(start, bracket.end())):
        return [str(form) for form in _EXACT.findall(bracket[1] or bracket[2])]
    return []


def _credited(line: str) -> list[str]:
    """The agencies of a credit: in brackets that end the text, after "Source:", or alone on the last line."""
    if _PICTURE.search(line[-_MAX_CREDIT:]):
        return []
    brackets = list(_BRACKET.finditer(line[-_MAX_CREDIT:]))
    end = line[-_MAX_CREDIT:][brackets[-1].end() :].strip(" .") if brackets else "-"
    if not end:
        return [str(form) for form in _EXACT.findall(brackets[-1][0])]
    credit = _CREDIT.search(line, max(0, len(line) - _MAX_CREDIT))
    said = line[credit.end() :] if credit else line if len(line) <= _MAX_CREDIT else ""
    found = [str(form) for form in _EXACT.findall(said)]
    return found if credit or not _EXACT.sub("", line).strip(" /,;.–—-") else []


def _name_of(form: str) -> str | None:
    if form in _FORMS:
        return _FORMS[form]
    return next((name for pattern, name in _FORMS.items() if re.fullmatch(pattern, form)), None)
