"""Texts changed as newsrooms change each other's copy, and texts that only look alike."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.stories.moulds import Mould
from bench.stories.newsroom import Item

Text = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Some articles, and which of them tell the same: those with one group."""

    kind: str
    items: tuple[Item, ...]
    groups: tuple[str, ...]


def case(kind: str, items: Sequence[Item], *, is_same: bool) -> Case:
    """Return a case of articles that all tell the same, or each something of its own."""
    return Case(kind=kind, items=tuple(items), groups=tuple("" if is_same else item.url for item in items))


class Desk:
    """Makes the articles of cases: numbers them, and cuts up what it is given."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._count = 0

    def item(self, title: str, text: str, site: str | None = None) -> Item:
        """Return an article of a site; of one of its own without."""
        self._count += 1
        site = site or f"paper{self._count}.example"
        return Item(url=f"https://{site}/{self._count}", title=title, text=text)

    def site(self, name: str) -> str:
        """Return a site for several articles."""
        self._count += 1
        return f"{name}{self._count}.example"


def paragraphs(text: str) -> list[str]:
    """Return the parts of a text: its paragraphs, or its sentences where it has few of them."""
    found = [part for part in text.split("\n\n") if part.strip()]
    if len(found) > 3:
        return found
    return [f"{part.strip()}." for part in text.replace("\n", " ").split(". ") if part.strip()]


def _words(text: str, start: int, end: int) -> str:
    return " ".join(text.split()[start:end])


# --------------------------------------------------------------------------- what tells the same

Change = Callable[[Desk, Text, Text], Sequence[Item]]


def _cut(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    kept: list[str] = []
    least = max(80, len(source[1].split()) * desk.rng.uniform(0.4, 0.7))
    for part in paragraphs(source[1]):
        kept.append(part)
        if len(" ".join(kept).split()) >= least:
            break
    return desk.item(*source), desk.item(source[0], "\n\n".join(kept))


def _reordered(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    parts = paragraphs(source[1])
    desk.rng.shuffle(parts)
    return desk.item(*source), desk.item(source[0], "\n\n".join(parts))


def _reheadlined(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    return desk.item(*source), desk.item(_words(source[1], 20, 28), source[1])


def _new_lead(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    parts = paragraphs(source[1])
    text = "\n\n".join([_words(spare[1], 0, 60), *parts[max(1, len(parts) // 5) :]])
    return desk.item(*source), desk.item(_words(source[1], 5, 13), text)


def _translated_title(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    return desk.item(*source), desk.item("島の人々に船が戻ってきた、と町は言う", source[1])


def _live(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    news = [part[:300] for part in paragraphs(spare[1])[:6]]
    steps = ("\n\n".join([*news[:count], source[1]]) for count in (0, 2, 5))
    titles = (source[0], f"Live: {source[0]}", f"Live: {source[0]}")
    return [desk.item(title, text) for title, text in zip(titles, steps, strict=True)]


def _second_half(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    parts = paragraphs(source[1])
    return desk.item(*source), desk.item(spare[0], "\n\n".join(parts[len(parts) // 2 :]))


def _halves(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    parts = paragraphs(source[1])
    half = len(parts) // 2
    first, second = "\n\n".join(parts[:half]), "\n\n".join(parts[half:])
    return (
        desk.item(_words(first, 0, 7), first),
        desk.item(_words(second, 3, 11), second),
        desk.item(*source),
    )


def _added(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    parts = paragraphs(source[1])
    parts.insert(desk.rng.randint(1, len(parts)), paragraphs(spare[1])[0][:600])
    return desk.item(*source), desk.item(source[0], "\n\n".join(parts))


def _corrected(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """A figure and a name set right, and a note below that says so."""
    text = re.sub(r"\d+", lambda found: str(int(found[0]) + 3), source[1], count=1)
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", text)
    text = text.replace(names[0], "Mandelson") if names else text
    return desk.item(*source), desk.item(source[0], f"{text}\n\nThis report has been corrected.")


def _short(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    text = _words(source[1], 0, desk.rng.randint(75, 95))
    return desk.item(source[0], text), desk.item(spare[0], _words(text, 0, 60))


def _with_own_ending(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    parts = paragraphs(source[1])
    kept = parts[: max(2, len(parts) * 3 // 5)]
    text = "\n\n".join([*kept, _words(spare[1], 0, len(" ".join(kept).split()) // 2)])
    return desk.item(*source), desk.item(_words(source[1], 2, 10), text)


def _reworded(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """Here and there another word, as an editor chooses it, and some sentences made one."""
    others = [word for word in spare[1].split() if word.isalpha() and word.islower() and len(word) > 3] or ["also"]
    nouns = [word for word in spare[1].split() if word.isalpha() and word.istitle() and len(word) > 3] or others
    is_german = " der " in source[1] and " die " in source[1]
    words = source[1].split(" ")
    for at, word in enumerate(words):
        if word.isalpha() and len(word) > 3 and desk.rng.random() < _REWORDED:
            if word.islower():
                words[at] = desk.rng.choice(others)
            elif is_german and word.istitle():
                words[at] = desk.rng.choice(nouns)
    text = re.sub(r"\. (?=\w)", lambda found: ", and " if desk.rng.random() < 0.15 else found[0], " ".join(words))
    return desk.item(*source), desk.item(_words(source[1], 3, 10), text)


def _much_edited(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """A place and an agency before it, a figure set right, the end cut off and a local paragraph in its place."""
    parts = paragraphs(source[1])
    kept = "\n\n".join(parts[: max(2, len(parts) * 3 // 4)])
    text = re.sub(r"\d+", lambda found: str(int(found[0]) + 1), kept, count=1)
    local = _words(spare[1], 0, min(50, len(text.split()) // 3))
    title = _words(source[1], 1, 8) if desk.rng.random() < 0.5 else source[0]
    return desk.item(*source), desk.item(title, f"HARWICK (wire) - {text}\n\n{local}")


def _in_other_furniture(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """A short report between two papers' boxes."""
    text = _words(source[1], 0, 130)
    boxes = (" ".join(desk.rng.choices(_BOX.split(), k=45)) for _ in range(2))
    return [
        desk.item(title, f"{text}\n\n{box}") for title, box in zip((source[0], _words(text, 4, 11)), boxes, strict=True)
    ]


#: Of the words so many are chosen anew by an editor.
_REWORDED = 0.05

SAME: dict[str, Change] = {
    "cut": _cut,
    "reordered": _reordered,
    "re-headlined": _reheadlined,
    "agency text with a new lead": _new_lead,
    "translated title": _translated_title,
    "live updates": _live,
    "the second half": _second_half,
    "two halves and the whole": _halves,
    "a paragraph added": _added,
    "corrected": _corrected,
    "a brief": _short,
    "an ending of its own": _with_own_ending,
    "words chosen anew": _reworded,
    "much edited": _much_edited,
    "between other furniture": _in_other_furniture,
}

# --------------------------------------------------------------------------- what does not


def _boilerplate(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """The same 60 words at the end of two reports of two papers."""
    box = " ".join(desk.rng.choices(_BOX.split(), k=60))
    return [desk.item(title, f"{text}\n\n{box}") for title, text in (source, spare)]


def _furniture(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """Two short reports of one site with its long box below."""
    site, box = desk.site("box"), " ".join(desk.rng.choices(_BOX.split(), k=90))
    return [desk.item(title, f"{_words(text, 0, 90)}\n\n{box}", site) for title, text in (source, spare)]


def _apart(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """The words of one report in another order under another headline: what two who were there have in common."""
    words, title = source[1].split(), source[0].split()
    desk.rng.shuffle(words)
    desk.rng.shuffle(title)
    return desk.item(*source), desk.item(" ".join(title[:4]), " ".join(words))


def _quotation(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """One report quotes thirty words of another in passing."""
    return desk.item(*source), desk.item(spare[0], f"{spare[1]}\n\n“{_words(source[1], 40, 70)}”")


def _column(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """One short headline over different texts of one site."""
    site = desk.site("column")
    return [desk.item("Morning briefing", text, site) for _, text in (source, spare)]


def _releases(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """Two releases of one company with a long passage on it below."""
    about, length = _words(_ABOUT, 0, 200), desk.rng.randint(70, 130)
    return [
        desk.item(f"Lindqvist Instruments: {_words(title, 0, 5)}", f"{_words(text, 0, length)}\n\n{about}")
        for title, text in (source, spare)
    ]


def _background(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """Two reports with one paragraph on what went before."""
    before = _words(source[1], 90, 165)
    return (
        desk.item(source[0], f"{_words(source[1], 0, 90)}\n\n{before}"),
        desk.item(spare[0], f"{_words(spare[1], 0, 110)}\n\n{before}"),
    )


def _paragraph_quoted(desk: Desk, source: Text, spare: Text) -> Sequence[Item]:
    """One report has a paragraph of another in its middle."""
    parts = paragraphs(spare[1])
    parts.insert(len(parts) // 2, _words(source[1], 30, 90))
    return desk.item(source[0], _words(source[1], 0, 200)), desk.item(spare[0], "\n\n".join(parts))


APART: dict[str, Change] = {
    "only boilerplate in common": _boilerplate,
    "only a site's furniture in common": _furniture,
    "written apart": _apart,
    "a quotation": _quotation,
    "one column's headline": _column,
    "releases of one company": _releases,
    "one background": _background,
    "a paragraph quoted": _paragraph_quoted,
}

_BOX = """
this newspaper belongs to its readers and has been printed since the year of great fire subscribe to our letter which
comes every morning with what matters in town write the editors at old dairy or call between nine and five we correct
mistakes on page two all rights reserved no part may be copied without leave of publisher whose members elect board each
spring in hall
"""
_ABOUT = """
About Lindqvist Instruments: Lindqvist Instruments makes scales, pumps and sensors for laboratories and is at home in
Uppsala, Sweden. The company was founded by the sisters Maj and Greta Lindqvist in 1947 and is led by the third
generation. It has 2,300 employees in 22 countries; four in ten of them work in research. In the last financial year its
sales came to 410 million euros. Its products carry the marks of the Nordic council and are used by the universities of
Oslo, Tartu and Ghent. The Maj Lindqvist Prize for young women in engineering is given every spring. What this release
says of the future rests on what is known today and may turn out otherwise; Lindqvist Instruments takes on no duty to
bring it up to date. Names of products are marks of their owners.
"""


def lists_of(texts: Sequence[Text], desk: Desk) -> Sequence[Item]:
    """Return two list pages of twelve teasers each that share half of them."""
    end = desk.rng.choice(("…", ".", " Read more"))
    teasers = [f"{title}. {_words(text, 0, 18)}{end}" for title, text in texts[:18]]
    found = []
    for own in (teasers[:6], teasers[6:12]):
        page = [*own, *teasers[12:]]
        desk.rng.shuffle(page)
        found.append(
            desk.item(desk.rng.choice(("What we read this week", "The morning in ten links")), "\n\n".join(page))
        )
    return found


def of_moulds(moulds: Sequence[Mould], desk: Desk, reports: int) -> Iterator[Case]:
    """Yield for each form so many reports made with it, by two papers, and a few copies of one more report."""
    for mould in moulds:
        sites = desk.site("local"), desk.site("local")
        filled = [mould.fill(desk.rng) for _ in range(reports + 3)]
        items = [desk.item(*filled[at], sites[at % 2]) for at in range(reports)]
        yield case(f"form: {mould.kind} ({mould.language})", items, is_same=False)
        (title, text), (other, _), last = filled[-3:]
        yield case("copy of a form", (desk.item(title, text, sites[0]), desk.item(other, text)), is_same=True)
        title, text = last
        more = f"{text}\n\n{_words(_BOX, 3, 24)}."
        yield case("copy of a form, longer", (desk.item(*last, sites[0]), desk.item(title, more)), is_same=True)


def of_texts(texts: Sequence[Text], desk: Desk, cases: int) -> Iterator[Case]:
    """Yield cases of every kind made of texts, each of which is used once."""
    pool = list(texts)
    desk.rng.shuffle(pool)
    count = min(cases, len(pool) // (2 * (len(SAME) + len(APART)) + 18))
    for is_same, changes in ((True, SAME), (False, APART)):
        for kind, change in changes.items():
            for _ in range(count):
                items = change(desk, pool.pop(), pool.pop())
                yield case(kind, items, is_same=is_same)
    for _ in range(count):
        found = [pool.pop() for _ in range(18)]
        yield case("lists with half of their teasers in common", lists_of(found, desk), is_same=False)
