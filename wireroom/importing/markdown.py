"""Markdown that comes without the HTML it was made of: nothing in it may be markup, or lead anywhere but to the web.

The text is not read as Markdown: whatever a renderer could take for a tag, a link target or the definition of one is
taken out or escaped unless it is on a short list.
"""

from __future__ import annotations

import re

#: What opens a tag, an autolink to the web apart.
_SIGN = r"<(?!https?://[^\s<>]*>)"
_TAG = re.compile(rf"{_SIGN}/?[a-zA-Z][^<>]*>")
_OTHER_SIGN = re.compile(_SIGN)
#: Where a link or picture may lead, as it stands behind `(` or `:`.
_LEADS = r"[ \t\n]{0,9}<?(?:https?://|mailto:)"
_BAD_TARGET = re.compile(
    rf"\]\((?!{_LEADS})[^()\n]{{0,999}}(?:\([^()\n]{{0,99}}\)[^()\n]{{0,99}}){{0,3}}\)", re.IGNORECASE
)
_BAD_OPENING = re.compile(rf"\](?=\((?!{_LEADS}))", re.IGNORECASE)
_BAD_DEFINITION = re.compile(rf"\](?=:(?!{_LEADS}))", re.IGNORECASE)


def safe_markdown(text: str) -> str:
    """Return Markdown without tags, and with links and pictures that lead to http, https and mailto addresses alone."""
    text = _TAG.sub("", text)
    text = _OTHER_SIGN.sub("&lt;", text)
    text = _BAD_TARGET.sub("]", text)
    text = _BAD_OPENING.sub(r"]\\", text)
    return _BAD_DEFINITION.sub(r"]\\", text)
