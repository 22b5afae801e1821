"""How an extraction came about, for a person who wants to help a site's pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from scraper.model import Image
from wireroom.cli.output import counted, print_facts, printable, say

if TYPE_CHECKING:
    from scraper.extract.explain import BlockLeftOut, Explanation, FieldOrigin
    from scraper.extract.suggest import Proposal

_VALUE_MAX = 100
#: Other witnesses that are shown of one field.
_MAX_OTHERS = 3


def print_explanation(explanation: Explanation) -> None:
    """Print who told each field, which block is the article, and what was left out and why."""
    found = explanation.extraction
    sure = "" if found.confidence is None else f"{found.confidence:.2f}"
    facts = (("kind", found.kind), ("reason", found.reason or ""), ("confidence", sure))
    print_facts((*facts, ("article", _article(explanation))))
    _head("Fields")
    for field in explanation.fields:
        _print_field(field)
    say(f"agencies: {', '.join(map(printable, found.agencies)) or 'none'}")
    _print_blocks("Left out of the article's block, in its order", explanation.dropped)
    _print_blocks("The longest texts outside the article's block", explanation.outside)
    say("")
    say("Not what you see on the page? --suggest proposes a rule for `sites:` in feeds.yaml.")


def _article(explanation: Explanation) -> str:
    if not explanation.chosen:
        return ""
    return f"{explanation.article or '(no short selector)'}  ({explanation.chosen})"


def _head(text: str) -> None:
    say("")
    say(text)


def _print_field(field: FieldOrigin) -> None:
    if field.value in (None, ()):
        say(f"{field.name}: nothing found")
    else:
        why = f" ({field.rule})" if field.rule else ""
        say(f"{field.name}: {_plain(field.value)}")
        say(f"    from {field.by or 'nowhere'}{why}")
    for claim in field.others[:_MAX_OTHERS]:
        say(f"    {claim.by} says: {_plain(claim.value)}")
    if len(field.others) > _MAX_OTHERS:
        say(f"    and {counted(len(field.others) - _MAX_OTHERS, 'other')}")


def _plain(value: object) -> str:
    if isinstance(value, Image):
        value = value.url
    elif isinstance(value, datetime):
        value = value.isoformat()
    elif isinstance(value, tuple):
        value = ", ".join(_plain(part) for part in value)
    text = printable(str(value))
    return text if len(text) <= _VALUE_MAX else f"{text[: _VALUE_MAX - 1]}…"


def _print_blocks(title: str, blocks: Sequence[BlockLeftOut]) -> None:
    if not blocks:
        return
    _head(title)
    for block in blocks:
        say(f'"{_plain(block.opening)}"')
        where = f"; {printable(block.selector)}" if block.selector else ""
        say(f"    {block.reason}; {counted(block.lines, 'line')}{where}")


def print_proposals(url: str, proposals: Iterable[Proposal]) -> None:
    """Print a rule in YAML: what is read now in force, other blocks as comments."""
    from scraper.urls import host_of

    site = host_of(url).removeprefix("www.") or "example.com"
    say("# For `sites:` in feeds.yaml. Each selector was tried on this page; try the rule on a second one.")
    say("# A line with two # is another block that holds much text.")
    say("sites:")
    say(f"  {_quoted(site)}:")
    for proposal in proposals:
        mark = "" if proposal.is_current else "## "
        typer.echo(f"    {mark}{proposal.key}: {_quoted(printable(proposal.selector))}  # {_plain(proposal.gives)}")


def _quoted(text: str) -> str:
    """A YAML scalar: plain where that is safe."""
    if text.replace(".", "").replace("-", "").isalnum() and not text[0].isdigit():
        return text
    return "'" + text.replace("'", "''") + "'"
