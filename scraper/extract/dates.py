# ruff: noqa: E501 - tables of words read better unbroken
"""Instants from what pages write: ISO 8601, RFC 2822 and the date words of many languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

#: Month names and abbreviations, January first, by language. Add a language here.
MONTHS: dict[str, str] = {
    "en": "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct november/nov december/dec",
    "de": "januar/jänner/jan februar/feber/feb märz/mär/mrz april/apr mai juni/jun juli/jul august/aug september/sept/sep oktober/okt november/nov dezember/dez",
    "fr": "janvier/janv février/févr/fév mars avril/avr mai juin juillet/juil août/aout septembre/sept octobre/oct novembre/nov décembre/déc",
    "es": "enero/ene febrero/feb marzo/mar abril/abr mayo junio/jun julio/jul agosto/ago septiembre/setiembre/sept/sep octubre/oct noviembre/nov diciembre/dic",
    "it": "gennaio/gen febbraio/feb marzo/mar aprile/apr maggio/mag giugno/giu luglio/lug agosto/ago settembre/set ottobre/ott novembre/nov dicembre/dic",
    "pt": "janeiro/jan fevereiro/fev março/mar abril/abr maio/mai junho/jun julho/jul agosto/ago setembro/set outubro/out novembro/nov dezembro/dez",
    "nl": "januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sep oktober/okt november/nov december/dec",
    "sv": "januari/jan februari/feb mars/mar april/apr maj juni/jun juli/jul augusti/aug september/sep oktober/okt november/nov december/dec",
    "da": "januar/jan februar/feb marts/mar april/apr maj juni/jun juli/jul august/aug september/sep oktober/okt november/nov december/dec",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "pl": "stycznia/sty lutego/lut marca/mar kwietnia/kwi maja/maj czerwca/cze lipca/lip sierpnia/sie września/wrz października/paź listopada/lis grudnia/gru",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "ru": "января/янв февраля/фев/февр марта/мар апреля/апр мая/май июня/июн июля/июл августа/авг сентября/сен/сент октября/окт ноября/ноя/нояб декабря/дек",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "tr": "ocak/oca şubat/şub mart/mar nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου/μαίου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ar": "يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس/اغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر",
    "hi": "जनवरी फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर",
}  # fmt: skip

#: Minutes east of Greenwich.
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 60, "ist": 330, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180,
    "msk": 180, "мск": 180, "est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "ct": -360, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "pt": -480, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "aest": 600, "aedt": 660, "wib": 420,
}  # fmt: skip

_ISO = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?(?=\W|$|[A-Za-z]{2,4})"
)
_NUMERIC = re.compile(
    r"(?<!\d)(\d{4})[./年년](?:\s*)(\d{1,2})[./月월](?:\s*)(\d{1,2})|(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)"
)
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})(?:[:.h時시]|\s?Uhr)\s?(\d\d)?(?:[:.分분]?(\d\d))?\s*([ap]\.?m\.?)?", re.I)
_ZONE_NAME = re.compile(r"(?:\(|\s|\d)([A-ZМСК]{1,4}|UTC[+-]\d{1,2}|GMT[+-]\d{1,2})\)?(?=\W|$)")
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "012345678901234567890123456789")
_FIRST_YEAR = 1990


def parse_instant(text: str | None) -> datetime | None:
    """The instant a machine-readable or written date names, in UTC; a bare day is its midnight."""
    if not text or len(text) > 400:
        return None
    text = text.strip().translate(_ARABIC_DIGITS)
    for parse in (_parse_iso, _parse_rfc2822, parse_written):
        found = parse(text)
        if found is not None:
            return found
    return None


def has_time(text: str) -> bool:
    """Whether a date string tells the minute."""
    return bool(re.search(r"\d[T\s].*?\d{1,2}[:.h]\d\d", text)) or "T" in text


def _parse_iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return _parse_epoch(text)
    year, month, day, hour, minute, second, zone = match.groups()
    return _instant(year, month, day, (hour, minute, second), _offset(zone) or _named_offset(text[match.end() - 1 :]))


def _parse_epoch(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{10}|\d{13}", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _parse_rfc2822(text: str) -> datetime | None:
    if not re.search(r"\d{1,2} \w{3} \d{4} \d\d:\d\d", text):
        return None
    try:
        found = parsedate_to_datetime(text)
        return _in_utc(found)
    except (ValueError, TypeError, OverflowError):
        return None


def parse_written(text: str) -> datetime | None:
    """The date that a line of text contains, by numbers or by a month's name; time and zone if they are there."""
    text = text.translate(_ARABIC_DIGITS)
    match = _written_pattern().search(text.lower())
    if match:
        day = match["day"] or match["day2"] or match["day3"]
        year = match["year"] or match["year2"] or match["year3"]
        month = _month_numbers()[match["month"] or match["month2"] or match["month3"]]
        return _instant(year, month, day, _clock(text, match.end(), match.start()), _named_offset(text))
    match = _NUMERIC.search(text)
    if match is None:
        return None
    if match[1]:
        return _instant(match[1], match[2], match[3], _clock(text, match.end(), match.start()), _named_offset(text))
    first, second = int(match[4]), int(match[5])
    is_american = second > 12 or ("/" in match[0] and re.search(r"\d\s?[ap]\.?m", text, re.I) is not None)
    day, month = (second, first) if is_american else (first, second)
    return _instant(match[6], month, day, _clock(text, match.end(), match.start()), _named_offset(text))


def is_date_line(text: str) -> bool:
    """Whether a short line says when, and nothing else."""
    if len(text) > 120 or not any(ch.isdigit() for ch in text):
        return False
    lowered = text.translate(_ARABIC_DIGITS).lower()
    rest = _written_pattern().sub(" ", lowered)
    rest = _ISO.sub(" ", _NUMERIC.sub(" ", rest))
    if rest == lowered:
        return False
    rest = _CLOCK.sub(" ", rest)
    if _META_LINE.search(rest) and len(text) < 100:
        return True
    return len(_DATE_FILLERS.sub(" ", rest).strip(" \t-–—,.|:;/•·()")) <= 2


#: A date with a comment count, a reading time or the like.
_META_LINE = re.compile(
    r"\d+ comments?\b|min(?:ute)?s? read|/\s*(?:in|by)\b|leave a comment|\bviews?\b|kommentare?\b|lesezeit", re.I
)
_DATE_FILLERS = re.compile(
    r"\b(?:published|updated|last|modified|posted|first|originally|on|at|the|by|of|am|pm|a\.m|p\.m|et|est|edt|gmt|bst|utc|pst|pdt|cet|cest|ist|jst|kst|uhr|um|am|den|"
    r"veröffentlicht|aktualisiert|stand|erstellt|zuletzt|publié|mis|à|jour|le|modifié|publicado|actualizado|el|las|a|pubblicato|aggiornato|il|alle|ore|publicado|"
    r"atualizado|em|às|gepubliceerd|om|опубликовано|обновлено|в|мск|г|года|рік|року|at|h|hrs|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|公開|更新|配信|掲載|日|月|年|"
    r"입력|수정|오전|오후|발행|date|time|local|eastern|central|pacific|created|edited|release|de|del|kl|kl\.|klo|o)\b\.?|[日時分秒前後火水木金土]",
    re.I,
)


def date_in_address(path: str) -> datetime | None:
    """The day an address carries: /2019/01/16/ or 2019-01-16."""
    match = re.search(r"(?<!\d)((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?([0-2]\d|3[01])(?!\d)", path)
    return _instant(match[1], match[2], match[3], None, None) if match else None


def _clock(text: str, after: int, before: int) -> tuple[str | None, str | None, str | None] | None:
    """A time of day near the date; hour, minute, second."""
    match = _CLOCK.search(text, after, after + 40) or _CLOCK.search(text[max(0, before - 25) : before])
    if match is None or not (match[2] or match[4]):
        return None
    hour = int(match[1])
    if match[4]:
        hour = hour % 12 + (12 if match[4].lower().startswith("p") else 0)
    return str(hour), match[2] or "0", None


def _instant(
    year: str,
    month: str | int,
    day: str | int,
    clock: tuple[str | None, str | None, str | None] | None,
    offset_min: int | None,
) -> datetime | None:
    hour, minute, second = (int(part or 0) for part in clock or (None, None, None))
    try:
        zone = timezone(timedelta(minutes=offset_min or 0)) if clock and clock[0] else UTC
        found = datetime(int(year), int(month), int(day), hour, minute, min(second, 59), tzinfo=zone)
        return _in_utc(found)
    except (ValueError, OverflowError):
        return None


def _in_utc(found: datetime) -> datetime | None:
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found if found.year >= _FIRST_YEAR else None


def _offset(zone: str | None) -> int | None:
    if not zone or zone in "Zz":
        return 0 if zone else None
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def _named_offset(text: str) -> int | None:
    for name in _ZONE_NAME.findall(text):
        if name[:3] in ("UTC", "GMT") and len(name) > 3:
            return int(name[3:]) * 60
        if name.lower() in _ZONES:
            return _ZONES[name.lower()]
    return None


@lru_cache(maxsize=1)
def _month_numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for names in MONTHS.values():
        for number, forms in enumerate(names.split(), start=1):
            for form in forms.split("/"):
                numbers.setdefault(form, number)
    return numbers


@lru_cache(maxsize=1)
def _written_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _month_numbers()), key=len, reverse=True))
    return re.compile(
        rf"(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s*(?:of |de |d[’']|-)?\s*(?P<month>{names})(?![^\W\d])\.?,?(?:\s+(?:de|del)\s+|[\s-]*)(?P<year>(?:19|20)\d\d)|"
        rf"(?<!\w)(?P<month2>{names})(?![^\W\d])\.?\s*(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year2>(?:19|20)\d\d)|"
        rf"(?P<year3>(?:19|20)\d\d)\.?\s+(?P<month3>{names})(?![^\W\d])\.?\s+(?P<day3>\d{{1,2}})",
    )
