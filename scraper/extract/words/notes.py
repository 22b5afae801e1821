# ruff: noqa: E501 - tables of words read better unbroken
"""What a paper says about an article and its writer at the end: authors' notes, translation and agency notes."""

from __future__ import annotations

import re

from scraper.extract.words.phrasebook import Phrasebook

_ABOUT = re.compile(
    r"\b(?:is|was) (?:a|an|the|our)\b.{0,80}\b(?:reporter|writer|editor|correspondent|journalist|columnist|author|professor|contributor|"
    r"director|fellow|lecturer|blogger|producer|analyst)\b|\b(?:writes|covers|reports|covered) (?:about|on|for|the)\b|"
    r"\bcontributed to this (?:report|story|article)|\breporting by\b.{0,80}\bediting by\b|\breported from\b|"
    r"\b(?:has|have) (?:written|covered|worked|been)\b.{0,60}\b(?:for|since|at)\b",
    re.I,
)
#: What a line has in it that tells who helped, translated or edited, or where the text came from.
_NOTES = Phrasebook(
    (
        r"\bcontributed (?:to this \w|reporting\b).{0,60}$",
        r"^\W*(?:additional )?reporting by\b",
        r"\bediting by\b.{0,80}$",
        r"\(\w{1,30} reporting[^)]{0,80}\)$",
        r"^\W*(?:this (?:story|article|report|piece) (?:was|has been) (?:updated|corrected|originally|first|produced|reported|translated)\b)",
        r"^\W*(?:citation|zitiervorschlag|pour citer (?:cet article|ce document))\s*:",
        r"^\W*(?:translated|translation) (?:from|by)\b.{0,80}$",
        r"^\W*(?:aus dem \w+(?:en|er)\b.{0,20} (?:von|übersetzt)|übersetzt von|übersetzung:)",
        r"^\W*(?:dieser|der) (?:artikel|beitrag|text) (?:ist|erschien|wurde) (?:zuerst|zunächst|ursprünglich|erstmals|eine übersetzung|im original|maschinell|automati\w+)\b",
        r"^\W*dies ist eine (?:maschinelle )?übersetzung\b",
        r"^\W*les(?:t|en sie) den originalartikel\b",
        r"^\W*(?:mit|unter verwendung von) (?:agentur\w*|material)\b.{0,40}$",
        r"^\W*(?:dieses thema im programm|mitarbeit)\s*:",
        r"^\W*(?:hinweis|anmerkung) der redaktion\s*:.{0,200}$",
        r"^\W*(?:cet article (?:a été|est) (?:publié|traduit|paru|initialement|mis à jour)|traduit (?:de|du|par)\b.{0,80}$|avec (?:afp|reuters|agences)\W*$)",
        r"^\W*(?:este (?:artículo|texto|artigo|reportaje) (?:fue|se publicó|foi|ha sido) (?:originalmente |publicad|traducid|actualizad|traduzid)|traducción de\b.{0,80}$|traducido por\b.{0,80}$|con información de\b.{0,60}$|com informações d[aeo]\b.{0,60}$)",
        r"^\W*(?:questo articolo (?:è stato|è) (?:pubblicato|tradotto|aggiornato)|traduzione di\b.{0,60}$)",
        r"^\W*(?:dit artikel (?:is|verscheen) (?:eerder|vertaald|oorspronkelijk|bijgewerkt))",
        r"^\W{0,20}(?:tłum(?:aczenie|\.)\s{0,9}:?|oprac(?:ował[a]?|\.)\s{0,9}:?)\s{0,9}\S.{0,50}$",
        r"^\W*(?:перевод|перевела?|редактор|переклад|редакторка?)\s*[:—-].{0,80}$",
        r"^\W*(?:翻訳|編集|翻译|编译|責任編集|编辑)\s*[:：＝=/／].{0,40}$",
    )
)


def is_note(text: str) -> bool:
    """Whether a line tells who helped, translated or edited, or where the text came from."""
    return _NOTES.occurs(text)


def is_about_writer(text: str) -> bool:
    """Whether a line that names the writer is about the writer."""
    return bool(_ABOUT.search(text))
