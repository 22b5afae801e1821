"""News agencies named as a source."""

from __future__ import annotations

import re

#: Name to give -> forms in bylines, datelines and closing credits (regular expressions, case counts).
AGENCIES: dict[str, tuple[str, ...]] = {
    "AFP": ("AFP", "Agence France-Presse", "АФП", "أ ?ف ?ب"),
    "AP": ("AP", "Associated Press", "The Associated Press", "AP通信"),
    "Reuters": ("Reuters", "REUTERS", "Thomson Reuters", "Рейтер", "ロイター", "路透社?", "로이터", "رويترز"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur"),
    "TASS": ("TASS", "ITAR-TASS", "ТАСС", "タス通信"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости", "Sputnik"),
    "Interfax": ("Interfax", "Интерфакс"),
    "Kyodo": ("Kyodo", "Kyodo News", "共同通信", "共同"),
    "Jiji": ("Jiji", "Jiji Press", "時事通信", "時事"),
    "Xinhua": ("Xinhua", "新华社", "新華社"),
    "Yonhap": ("Yonhap", "연합뉴스"),
    "EFE": ("EFE", "Agencia EFE"),
    "Europa Press": ("Europa Press", "EUROPA PRESS"),
    "ANSA": ("ANSA", "Ansa"),
    "APA": ("APA", "Austria Presse Agentur"),
    "sda": ("sda", "SDA", "Keystone-SDA"),
    "ATS": ("ATS", "Keystone-ATS"),
    "Lusa": ("Lusa", "Agência Lusa"),
    "ANP": ("ANP",),
    "Belga": ("Belga",),
    "TT": ("TT",),
    "NTB": ("NTB",),
    "Ritzau": ("Ritzau", "/ritzau/"),
    "STT": ("STT",),
    "PAP": ("PAP",),
    "ČTK": ("ČTK", "CTK"),
    "MTI": ("MTI",),
    "Anadolu": ("Anadolu", "Anadolu Agency", "Anadolu Ajansı"),
    "Press Trust of India": ("PTI", "Press Trust of India"),
    "ANI": ("ANI",),
    "IANS": ("IANS",),
    "PA Media": ("PA Media", "Press Association"),
    "UPI": ("UPI",),
    "Bloomberg": ("Bloomberg", "Bloomberg News"),
    "CNS": ("CNA",),
    "Antara": ("Antara", "ANTARA"),
    "Bernama": ("Bernama", "BERNAMA"),
    "Canadian Press": ("Canadian Press", "The Canadian Press"),
    "AAP": ("AAP", "Australian Associated Press"),
    "Ukrinform": ("Ukrinform", "Укрінформ", "Укринформ"),
    "SID": ("SID", "sid"),
    "epd": ("epd",),
    "KNA": ("KNA",),
}  # fmt: skip

_FORMS = {form: name for name, forms in AGENCIES.items() for form in forms}
_ANY = "|".join(sorted(_FORMS, key=len, reverse=True))
_DATELINE = re.compile(
    rf"^.{{0,60}}?\((?:[^()]{{0,30}}\W)?({_ANY})\)\s*[-–—:]|^[^.]{{2,40}}?[-–—,]\s*({_ANY})\s*[-–—:]|^({_ANY})\s*[-–—:]|^\(({_ANY})\)|^【({_ANY})"
)
_CLOSING = re.compile(
    rf"[(\[（/]\s*(?:mit\s+)?((?:{_ANY})(?:\s*[/,;&]\s*(?:\w+\s*[/,;&]\s*)*(?:{_ANY}))*)[^()\[\]]{{0,12}}[)\]）/]\s*$"
)
_EXACT = re.compile(rf"(?<!\w)({_ANY})(?!\w)")


def agencies_of(byline: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Agencies named in the byline, in the dateline of the first paragraph, or credited at the very end."""
    found: list[str] = []
    for name in byline:
        found += [match for match in _EXACT.findall(name) if len(match) > len(name) * 0.6]
    first, _, _ = text.partition("\n")
    dateline = _DATELINE.match(first[:140])
    if dateline:
        found += [form for form in dateline.groups() if form]
    closing = _CLOSING.search(text[-120:])
    if closing:
        found += _EXACT.findall(closing[1])
    names = (_name_of(form) for form in found)
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _name_of(form: str) -> str | None:
    if form in _FORMS:
        return _FORMS[form]
    return next((name for pattern, name in _FORMS.items() if re.fullmatch(pattern, form)), None)
