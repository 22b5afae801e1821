"""News that fills one form anew every day, made from the templates in moulds/*.txt: what looks alike and is not."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).with_name("moulds")
#: `{word}` and `{word2}` are drawn from a list and stay the same within a report; `{3-17}` a number, `{a/b}` a choice.
_SLOT = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"-?\d+--?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """One form: its kind, its headline and its text with their slots, and the lists that names are drawn from."""

    language: str
    kind: str
    title: str
    text: str
    names: Mapping[str, Sequence[str]]

    def fill(self, rng: random.Random) -> tuple[str, str]:
        """Return the headline and the text of one report."""
        chosen: dict[str, str] = {}
        title, text = (self._filled(form, rng, chosen) for form in (self.title, self.text))
        return title, text.replace("¶", "\n\n")

    def _filled(self, form: str, rng: random.Random, chosen: dict[str, str]) -> str:
        while _SLOT.search(form):  # the innermost ones first
            form = _SLOT.sub(lambda found: self._drawn(found[1], rng, chosen), form)
        return form[:1].upper() + form[1:]

    def _drawn(self, slot: str, rng: random.Random, chosen: dict[str, str]) -> str:
        names = self.names.get(slot.rstrip("2"))
        if names is not None:
            others = [name for name in names if name not in chosen.values()]
            return chosen.setdefault(slot, rng.choice(others))
        if _NUMBER.fullmatch(slot):
            least, most = re.findall(r"^-?\d+|(?<=-)-?\d+$", slot)
            return str(rng.randint(int(least), int(most)))
        return rng.choice(slot.split("/"))


def read_moulds() -> list[Mould]:
    """Return all forms there are."""
    return [mould for path in sorted(_FOLDER.glob("*.txt")) for mould in _of_language(path)]


def _of_language(path: Path) -> Iterator[Mould]:
    head, *blocks = path.read_text(encoding="utf-8").split("\n## ")
    lists = (line[1:].split(" = ") for line in head.splitlines() if line.startswith("@"))
    names = {name: tuple(part.strip() for part in values.split("|")) for name, values in lists}
    for block in blocks:
        kind, title, *text = block.strip().split("\n")
        yield Mould(language=path.stem, kind=kind, title=title, text="\n".join(text), names=names)
