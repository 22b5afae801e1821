# ruff: noqa: E501 - tables of words read better unbroken
"""Lines that show dates, and what they call them: "Updated ... | Published ..."."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from scraper.text.clocks import CLOCK
from scraper.text.dates import Written, read_date, read_written, without_dates
from scraper.text.months import DIGITS

#: What stands before (or behind) the date of publication, by language or script; expressions, the first letters of a word are enough.
_PUBLISHED = (
    r"publi(?:sh|cation|zi|é|ca[dt]|cer|sert|ko)|post(?:ed|ado|at)\b|issued|released|created|veröffentlicht|erstellt|erschienen|eingestellt|gepostet|"
    r"mise? en ligne|paru|créée?\b|postée?\b|creado|criado|pubbl|creato|gepubliceerd|geplaatst|offentliggjort|udgivet|oprettet|birt|julkaist|avaldat|paskelbta|"
    r"opubliko|dodano|utworzono|zveřejn|vydáno|zverejn|uverejn|objavlj|објављ|опубл|размещ|апублік|публик|δημοσ|közzé|megjelent|yayın|oluşturulma|eklenme|dərc|"
    r"diterbit|dipublik|terbit|tayang|imechapishwa|xuất bản|đăng\b|نشر|نُشر|انتشار|منتشر|شائع|اشاعت|פורסם|प्रकाशित|প্রকাশ|เผยแพร่|公開|掲載|配信|投稿|発行|发布|發布|发表|發表|刊登|"
    r"입력|등록|게재|발행|작성"
)
#: The same for the last change.
_UPDATED = (
    r"up-?dat|modif|edited|revised|reviewed|a[ck]?tuali[sz]|geändert|bearbeitet|überarbeitet|stand:|mise? à jour|màj|editado|aggiorn|bijgewerkt|gewijzigd|aangepast|"
    r"uppdater|ändrad|op+dater|ændret|endret|uppfært|päivit|muokat|uuenda|muudet|atjaun|atnaujin|zaktual|zmienion|upraven|posodob|ažurir|ажурир|izmen|izmij|обновл|обновен|"
    r"измен|дополнен|актуализ|оновл|змінен|абноўл|ενημέρ|ενημερώ|frissít|módosít|güncelle|yenilən|diperba|dikemas|cập nhật|تحديث|روزرسانی|اپ ڈیٹ|עודכן|עדכון|अपडेट|अद्यतन|আপডেট|"
    r"อัปเดต|แก้ไข|更新|改訂|修改|수정|업데이트"
)

#: In scripts that part their words by spaces a label begins a word.
_LABEL = re.compile(
    rf"(?:(?<![^\W\d_])|(?<=[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]))(?:({_PUBLISHED})|{_UPDATED})", re.I
)
_MACHINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:?\d\d")
#: Characters between a label and its date, and of a line.
_REACH, _MAX_CHARS = 60, 400
_MAX_LABELS = 12

#: A date with a comment count, a reading time or the like.
_META_LINE = re.compile(
    r"\d comments?\b|min(?:ute)?s? read|/\s*(?:in|by)\b|leave a comment|\bviews?\b|kommentare?\b|lesezeit", re.I
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


class Dates(NamedTuple):
    """The dates that a text shows, by what it calls them."""

    published: Written | None = None
    updated: Written | None = None
    #: One that has no label.
    plain: Written | None = None

    def joined(self, other: Dates) -> Dates:
        """What this lacks taken from the other."""
        return Dates(*(mine or its for mine, its in zip(self, other, strict=True)))


def read_dates(text: str, *, is_month_first: bool = False) -> Dates:
    """The dates of a line with their labels, which stand before the dates or behind them."""
    text = text[:_MAX_CHARS].translate(DIGITS)
    labels = list(_LABEL.finditer(text))[:_MAX_LABELS]
    edges = [0, *(label.start() for label in labels), len(text)]
    found = [_read_part(text[start:end], is_month_first) for start, end in pairwise(edges)]
    if labels and found[0] and not any(char.isdigit() for char in text[edges[-2] :]):
        found = [None, *found[:-1]]  # the labels stand behind
    told: dict[str, Written] = {}
    for label, read in zip((None, *labels), found, strict=True):
        if read is not None:
            told.setdefault("plain" if label is None else "published" if label[1] else "updated", read)
    return Dates(**told)


def _read_part(text: str, is_month_first: bool) -> Written | None:
    machine = _MACHINE.search(text[:_REACH])
    return read_date(text[machine.start() :]) if machine else read_written(text, is_month_first=is_month_first)


def label_of(text: str) -> str | None:
    """Which date a text without one announces: "published" or "updated"."""
    found = None if len(text) > _REACH or any(char.isdigit() for char in text) else _LABEL.search(text)
    return None if found is None else "published" if found[1] else "updated"


def is_date_line(text: str) -> bool:
    """Whether a short line says when, and nothing else."""
    if len(text) > 160 or not any(ch.isdigit() for ch in text):
        return False
    dates = read_dates(text)
    if len(text) > 120 or (dates.published and dates.updated):
        return bool(dates.published and dates.updated)
    lowered = text.translate(DIGITS).lower()
    rest = without_dates(lowered)
    if rest == lowered:
        return False
    rest = CLOCK.sub(" ", rest)
    if _META_LINE.search(rest) and len(text) < 100:
        return True
    return len(_DATE_FILLERS.sub(" ", rest).strip(" \t-–—,.|:;/•·()（）")) <= 2
