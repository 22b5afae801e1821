"""The pages of tests/pages with what a careful editor would keep of them, and how an extractor's answer is scored.

    python -m bench.fixtures            # the figures, and what is wrong on which page
    python -m bench.fixtures --raise    # write them to tests/pages/floor.json; refused when one has fallen

A page is NAME.html (or .txt) with NAME.json beside it: `url`, `layout` (what it shows), perhaps `content_type` (the
HTTP header) and `hints` (the feed's entry), the fields asked for, `text` (the lines of the body, list items and table
cells one each) and `optional` (lines that may be there or not: standfirst, key points).
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.extract import extract_article
from scraper.model import Extraction, Hints

PAGES = Path(__file__).parent.parent / "tests" / "pages"
FLOOR = PAGES / "floor.json"
#: A character of a script that is written without spaces, or a word.
_WORD = re.compile(r"[\u0e00-\u0e7f\u3005-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u3005-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fixture."""

    name: str
    url: str
    body: bytes
    content_type: str | None
    hints: Hints | None
    #: Lines of the body; empty = the page has no article to show.
    text: tuple[str, ...]
    optional: frozenset[str]
    #: Field name -> value, as `fields_of` writes it.
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one page was answered."""

    #: F1 of words, as a multiset.
    f1: float
    is_exact: bool
    #: Names of the fields that are wrong, with what was said.
    wrong: Mapping[str, Any]

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong: "body" and names of fields."""
        return (*(() if self.is_exact else ("body",)), *sorted(self.wrong))


_NOT_FIELDS = {"url", "layout", "content_type", "hints", "text", "optional"}


def load_pages(folder: Path = PAGES) -> list[Page]:
    """All fixtures, by name."""
    return [_load(path) for path in sorted(folder.glob("*.json")) if path.name != FLOOR.name]


def _load(path: Path) -> Page:
    given = json.loads(path.read_text(encoding="utf-8"))
    source = next(found for kind in (".html", ".txt") if (found := path.with_suffix(kind)).exists())
    return Page(
        name=path.stem,
        url=given["url"],
        body=source.read_bytes(),
        content_type=given.get("content_type"),
        hints=_hints(given["hints"]) if "hints" in given else None,
        text=tuple(given["text"]),
        optional=frozenset(map(_plain, given.get("optional", ()))),
        fields={name: value for name, value in given.items() if name not in _NOT_FIELDS},
    )


def _hints(given: dict[str, Any]) -> Hints:
    at = given.pop("published_at", None)
    authors = tuple(given.pop("authors", ()))
    return Hints(**given, authors=authors, published_at=datetime.fromisoformat(at) if at else None)


# --------------------------------------------------------------------------- scoring


def score_text(page: Page, text: str) -> tuple[float, bool]:
    """F1 of words and whether the lines are the expected ones, whatever stands between them."""
    lines = [line for part in re.split(r"[\n\t]+", text) if (line := _plain(part)) and line not in page.optional]
    wanted = [_plain(line) for line in page.text]
    return _f1(Counter(_WORD.findall(" ".join(wanted))), Counter(_WORD.findall(" ".join(lines)))), lines == wanted


def _plain(line: str) -> str:
    return " ".join(unicodedata.normalize("NFC", line).split())


def _f1(wanted: Counter[str], found: Counter[str]) -> float:
    if not wanted or not found:
        return float(not wanted and not found)
    return 2 * (wanted & found).total() / (wanted.total() + found.total())


def _in_utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def fields_of(found: Extraction) -> dict[str, Any]:
    """The fields that fixtures may ask for, as JSON has them."""
    image = found.image
    return {
        "title": found.title,
        "byline": list(found.byline),
        "published_at": _in_utc(found.published_at),
        "updated_at": _in_utc(found.updated_at),
        "section": found.section,
        "site_name": found.site_name,
        # "pt-BR" answers "pt"; a fixture that wants the region asks for it.
        "language": found.language,
        "summary": found.summary,
        "image": image.url if image else None,
        "caption": image.caption if image else None,
        "credit": image.credit if image else None,
        "canonical_url": found.canonical_url,
        "agencies": list(found.agencies),
        "kind": found.kind,
        "related": [link.url for link in found.related],
    }


def score_page(page: Page) -> Score:
    """How Wireroom does on a page."""
    found = extract_article(page.body, url=page.url, content_type=page.content_type, hints=page.hints)
    f1, is_exact = score_text(page, found.text)
    said = fields_of(found)
    wrong = {name: said[name] for name, value in page.fields.items() if not _is_right(name, value, said[name])}
    return Score(f1=f1, is_exact=is_exact, wrong=wrong)


def _is_right(name: str, wanted: Any, said: Any) -> bool:
    if name == "language" and isinstance(said, str) and "-" not in wanted:
        said = said.split("-")[0]
    return bool(wanted == said)


def measure(pages: Sequence[Page]) -> dict[str, Any]:
    """The figures of all pages and what is wrong on which, in the form of floor.json."""
    scores = {page.name: score_page(page) for page in pages}
    asked = sum(len(page.fields) for page in pages)
    kinds = [page.name for page in pages if "kind" in page.fields]
    return {
        "pages": len(pages),
        "body_f1": round(sum(score.f1 for score in scores.values()) / len(pages), 4),
        "exact_pages": sum(score.is_exact for score in scores.values()),
        "fields_asked": asked,
        "fields_right": asked - sum(len(score.wrong) for score in scores.values()),
        "kinds_asked": len(kinds),
        "kinds_right": sum("kind" not in scores[name].wrong for name in kinds),
        "wrong": {name: list(score.faults) for name, score in scores.items() if score.faults},
    }


_FIGURES = ("body_f1", "exact_pages", "fields_right", "kinds_right")
_SIZES = ("pages", "fields_asked", "kinds_asked")


def fallen(floor: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The figures that are lower than the floor, each in words; none when other pages are measured."""
    if any(floor[name] != now[name] for name in _SIZES):
        return []
    return [f"{name} fell from {floor[name]} to {now[name]}" for name in _FIGURES if now[name] < floor[name]]


# --------------------------------------------------------------------------- the command


def main(arguments: Sequence[str]) -> int:
    """Print the figures; with --raise, keep them."""
    pages = load_pages()
    now = measure(pages)
    for page in pages:
        if page.name in now["wrong"]:
            _print_faults(page, score_page(page))
    print({name: now[name] for name in (*_SIZES, *_FIGURES)})
    if "--raise" not in arguments:
        return 0
    faults = fallen(json.loads(FLOOR.read_text(encoding="utf-8")), now) if FLOOR.exists() else []
    if faults:
        print(f"The floor only rises: {'; '.join(faults)}", file=sys.stderr)
        return 1
    FLOOR.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _print_faults(page: Page, score: Score) -> None:
    print(f"{page.name}: {'' if score.is_exact else f'body {score.f1:.3f} '}")
    for name, said in score.wrong.items():
        print(f"    {name}: {said!r}, not {page.fields[name]!r}")
    if not score.is_exact:
        found = extract_article(page.body, url=page.url, content_type=page.content_type, hints=page.hints)
        lines = [_plain(line) for line in re.split(r"[\n\t]+", found.text) if line.strip()]
        wanted = [_plain(line) for line in page.text]
        print(
            *(f"    kept: {line[:150]}" for line in lines if line not in wanted and line not in page.optional), sep="\n"
        )
        print(*(f"    lost: {line[:150]}" for line in wanted if line not in lines), sep="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
