"""Raised signs in a line of plain text or Markdown, which know none: footnote marks in brackets, powers as such.

"twice<sup>1</sup>" must not read as "twice1", nor "10<sup>2</sup>" as 102. Ordinals ("2<sup>nd</sup>") read the same
without being raised.
"""

from __future__ import annotations

import re

from scraper.clean.tokens import Token

_NOTE = re.compile(r"[0-9]{1,3}(?:[,–-] ?[0-9]{1,3}){0,5}|[a-z]|[ivx]{1,5}")
_NUMBER = re.compile(r"[-−+]?[0-9]{1,3}")
_NUMBERS = re.compile(r"[0-9]{1,3}(?:[,–-] ?[0-9]{1,3}){0,5}")
_TERM = re.compile(r"(?=.*[0-9+−*/=-])[\w+−*/=.,-]{1,20}")
_VARIABLES = frozenset("nkxij")
_UNITS = frozenset(("km", "cm", "mm", "dm", "hm", "nm", "µm", "μm", "ft", "mi", "yd", "mc", "kg"))
_LAST_LETTERS = re.compile(r"[^\W\d_]{1,3}\Z")
_POWERS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def written_raised(tokens: list[Token]) -> list[Token]:
    """Inline tokens without raised ones; links back from a note to its mark ("↩") are left out."""
    if not any(token[0] == "open" and (token[1] == "sup" or _is_mark_link(token)) for token in tokens):
        return tokens
    out: list[Token] = []
    said = ""
    links: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        is_sup = token[0] == "open" and token[1] == "sup"
        if is_sup or (token[0] == "open" and _is_mark_link(token)):
            end = _end_of(tokens, at)
            run = [inner for inner in tokens[at : end + 1] if inner[1:2] != ("sup",) or inner[0] == "text"]
            is_linked = any(map(_is_mark_link, (*links, *run)))
            run = _rewritten(run, said, is_linked=is_linked, is_raised=is_sup or len(run) < end + 1 - at)
            if not run and end + 1 == len(tokens) and out[-1][0] == "text":
                last = out.pop()[1].rstrip()
                out += [("text", last)] if last else []
            out += run
            said = (said + "".join(inner[1] for inner in run if inner[0] == "text"))[-4:]
            at = end + 1
            continue
        if token[0] == "open" and token[1] == "a":
            links = [token]
        elif token[0] == "close" and token[1] == "a":
            links = []
        said = (said + (token[1] if token[0] == "text" else " " if token[0] == "br" else ""))[-4:]
        out.append(token)
        at += 1
    return out


def _is_mark_link(token: Token) -> bool:
    """Whether a token opens a link to a place in a page."""
    return token[:2] == ("open", "a") and "#" in token[2]


def _end_of(tokens: list[Token], start: int) -> int:
    """Where the element that opens there is closed; elements of one name do not nest."""
    closing = ("close", tokens[start][1])
    return next((at for at in range(start, len(tokens)) if tokens[at] == closing), len(tokens) - 1)


def _rewritten(run: list[Token], before: str, *, is_linked: bool, is_raised: bool) -> list[Token]:
    """A raised run, or a link to a place, behind the words `before`."""
    texts = [token[1] for token in run if token[0] == "text"]
    words = "".join(texts).strip()
    if is_linked and not is_raised:
        if before and not any(map(str.isalnum, words)):
            return []
        is_attached = bool(before) and not before[-1].isspace()
        return _bracketed(run) if is_attached and _NOTE.fullmatch(words) else run
    if is_linked and _NOTE.fullmatch(words):
        return _bracketed(run)
    if not before or before[-1].isspace():
        return run
    if _NUMBERS.fullmatch(words) and not _is_base(before):
        return _bracketed(run)
    if _NUMBER.fullmatch(words):
        return [_with_powers(token) for token in run]
    if (words in _VARIABLES and _is_base(before)) or (_TERM.fullmatch(words) and not words.isalpha()):
        inner = words if len(words) == 1 else f"({words})"
        return [("text", f"^{inner}")] if len(run) == 1 else run
    return run


def _is_base(before: str) -> bool:
    """Whether a power may stand behind these words: a number, a bracket, a variable, a unit."""
    letters = _LAST_LETTERS.search(before)
    if letters is None:
        return before[-1].isdigit() or before[-1] in ")]⁰¹²³⁴⁵⁶⁷⁸⁹"
    return len(letters[0]) == 1 or letters[0] in _UNITS


def _with_powers(token: Token) -> Token:
    return ("text", token[1].translate(_POWERS)) if token[0] == "text" else token


def _bracketed(run: list[Token]) -> list[Token]:
    places = [at for at, token in enumerate(run) if token[0] == "text"]
    first, last = places[0], places[-1]
    out = list(run)
    out[first] = ("text", f"[{out[first][1]}")
    out[last] = ("text", f"{out[last][1]}]")
    return out
