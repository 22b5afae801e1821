"""Forms of a text that are alike where readers see no difference."""

from __future__ import annotations

import re
import unicodedata

_ASCII_PUNCTUATION = re.compile(r"[^0-9a-z$]+")
_PUNCTUATION = re.compile(r"[\W_]+")
#: What makes another figure of a number, each with the letter that stands for it while punctuation goes: the point of
#: 1.5 (whichever sign it is), the signs of -5, +2 and 3 %, ranges and scores (10-15, 2 : 1), fractions (10/12).
FIGURES = (
    (re.compile(r"(?<=\d)(?:[.,:]| : )(?=\d)"), "\u02d1"),
    (re.compile(r"(?<=\d)(?:[-\u2010-\u2014\u2212]| [-\u2010-\u2014\u2212] )(?=\d)"), "\u02e0"),
    (re.compile(r"(?<=\d)(?:[/\u2044]| / )(?=\d)"), "\u02e1"),
    (re.compile(r"(?<!\w)[-\u2010-\u2013\u2212](?=\d)"), "\u02c0"),
    (re.compile(r"(?<!\w)\+(?=\d)"), "\u02c1"),
    (re.compile(r"(?<!\w)[<\u2264](?= ?\d)"), "\u02b0"),
    (re.compile(r"(?<!\w)[>\u2265](?= ?\d)"), "\u02b1"),
    (re.compile(r"(?<=\d)%|(?<=\d )%"), "\u02e2"),
    (re.compile(r"(?<=\d)\u2030|(?<=\d )\u2030"), "\u02e3"),
    (re.compile(r"(?<=\d)\xb0|(?<=\d )\xb0"), "\u02e4"),
)


def folded(text: str | None) -> str:
    """Return what an edit is judged by: letters with their marks, figures, signs of money; one case, one form.

    Signs that make another figure of a number stay (`FIGURES`): 1.5 is not 15, and -5 is not 5.
    """
    plain = unicodedata.normalize("NFKC", text or "").casefold()
    for sign, letter in FIGURES:
        plain = sign.sub(letter, plain)
    return (_ASCII_PUNCTUATION if plain.isascii() else _PUNCTUATION).sub(_kept, plain)


def _kept(match: re.Match[str]) -> str:
    r"""Return what is to stay of a run that `\w` does not know: vowel signs of Thai or Hindi stay."""
    run = match[0]
    if run.isascii():
        return "$" if "$" in run else ""
    return "".join(c for c in run if unicodedata.category(c) in _STAYS and not "\ufe00" <= c <= "\ufe0f")


_STAYS = frozenset({"Mn", "Mc", "Sc"})
