"""Texts from outside on one line, without what cannot be stored or shown."""

from __future__ import annotations

_SHOWN_CHARS = 100
#: Control characters but for tab and line ends, and halves of characters: no file can hold them, no reader wants them.
_UNFIT = {code: None for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r"}


def fit(text: str) -> str:
    """Return a text without what cannot be stored or shown."""
    text = text.translate(_UNFIT)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def one_line(text: str) -> str:
    """Return a text as a title or a name: fit, and on one line."""
    return " ".join(fit(text).split())


def shown(value: str) -> str:
    """Return a value for a message."""
    return value if len(value) <= _SHOWN_CHARS else f"{value[:_SHOWN_CHARS]}..."
