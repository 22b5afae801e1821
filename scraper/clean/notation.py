"""Writes out what a page shows by other means than words: readings over words, marks of quotations, formulas.

A reading (`<rt>`) says a word that is there already and is left out. `<q>` gets the marks that a browser would draw. A
formula becomes the TeX that the page itself carries for it, as code; without any, its signs as plain text.
"""

from __future__ import annotations

import re

from lxml import etree

_Element = etree._Element

_READINGS = ("rt", "rp", "rtc")
#: What stands around words that read the same without it.
_FRAMES = ("ruby", "rb", "rbc", "q")
_TOLD = ("data-tex", "data-latex", "data-formula", "data-math")
#: What there is to write out, by how it begins: alternatives of one beginning are looked for at once.
_MARKED_TAG = re.compile("<(?:ruby|rt|q|math|mjx-)")
_MARKED_ATTRIBUTE = re.compile("|".join(_TOLD))
_MARKED_WORDS = ("math/tex", "latex")
#: How a formula's frame is called, whoever draws it.
_FRAME = re.compile(r"katex|mathjax|mjx|math|latex|tex\b", re.I)
_PICTURE = re.compile(r"\b(?:latex|tex|math-fallback)\b|mwe-math", re.I)
_MAX_TEX = 5000
_MAX_CLIMB = 6
_STYLED = ("{\\displaystyle", "{\\textstyle")

_MARKS = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "bg", "et", "lt", "is"), "„“‚‘"),
    **dict.fromkeys(("pl", "hu", "ro", "nl", "hr"), "„”‚’"),
    **dict.fromkeys(("fr", "ru", "uk", "el", "es", "it", "pt", "ca", "no", "nb", "fa", "ar"), "«»“”"),
    **dict.fromkeys(("fi", "sv"), "””’’"),
    **dict.fromkeys(("ja", "zh"), "「」『』"),
}
_OTHER_MARKS = "“”‘’"
_QUOTING = tuple("\"'“”„«»‘’‚‹›「『")
#: Between the parts of a formula's element.
_BETWEEN = {"mfrac": "/", "msup": "^", "msub": "_", "msubsup": "_", "munder": "_", "mover": "^", "munderover": "_"}
_UNSAID = frozenset(("annotation", "annotation-xml"))


def written_out(fragment: str) -> str:
    """A fragment of HTML whose readings, quotations and formulas are written out."""
    if not is_marked(fragment):
        return fragment
    root = etree.HTML(f"<div>{fragment}</div>")
    write_out(root)
    return etree.tostring(root, encoding="unicode", method="html")


def is_marked(markup: str) -> bool:
    """Whether there is anything to write out; cheap."""
    if any(word in markup for word in _MARKED_WORDS):
        return True
    return _MARKED_TAG.search(markup) is not None or _MARKED_ATTRIBUTE.search(markup) is not None


def write_out(root: _Element) -> None:
    """Write out readings, quotations and formulas in a tree."""
    etree.strip_elements(root, *_READINGS, with_tail=False)
    _mark_quotations(root)
    etree.strip_tags(root, *_FRAMES)
    for script in [script for script in root.iter("script") if (script.get("type") or "").startswith("math/")]:
        _replace_script(script)
    for name in _TOLD:
        for told in root.findall(f".//*[@{name}]"):
            _replace(told, told.get(name) or "")
    framed: dict[_Element, bool] = {}
    for formula in list(root.iter("math")):
        _replace(_frame_of(formula, framed), _tex_of(formula), _plain(formula))
    for image in list(root.iter("img")):
        if _PICTURE.search(image.get("class") or "") and _is_inside(image, root):
            _replace(image, image.get("alt") or "")


# --------------------------------------------------------------------------- quotations


def _mark_quotations(root: _Element) -> None:
    language = (root.get("lang") or "")[:2].lower()
    for quotation in list(root.iter("q")):
        said = _said(quotation).strip()
        if not said or said.startswith(_QUOTING):
            continue
        marks = _MARKS.get((quotation.get("lang") or "")[:2].lower() or language, _OTHER_MARKS)
        at = 2 if _is_quoted(quotation) else 0
        first, last = marks[at], marks[at + 1]
        quotation.text = first + (quotation.text or "")
        if len(quotation):
            quotation[-1].tail = (quotation[-1].tail or "") + last
        else:
            quotation.text += last


def _said(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def _is_quoted(quotation: _Element) -> bool:
    """Whether it stands in another one, a few levels up."""
    outer = quotation.getparent()
    for _ in range(_MAX_CLIMB):
        if outer is None or outer.tag == "q":
            break
        outer = outer.getparent()
    return outer is not None and outer.tag == "q"


# --------------------------------------------------------------------------- formulas


def _replace(element: _Element, tex: str, plain: str = "") -> None:
    """Put a formula's TeX in the place of an element, its plain text where there is none; leave it where neither is."""
    tex = _bare(tex)
    parent = element.getparent()
    if parent is None or not (tex or plain):
        return
    written = etree.Element("code" if tex else "span")
    written.text = tex or plain
    written.tail = element.tail
    parent.replace(element, written)


def _bare(tex: str) -> str:
    """TeX without what only says how it is shown."""
    tex = " ".join(tex[:_MAX_TEX].split())
    for first, last in (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$")):
        tex = tex.removeprefix(first).removesuffix(last).strip() if tex.startswith(first) else tex
    for style in _STYLED:
        tex = tex.removeprefix(style).removesuffix("}") if tex.startswith(style) else tex
    return tex.removeprefix("\\displaystyle").strip()


def _replace_script(script: _Element) -> None:
    """The TeX in a script, before which stands what was drawn of it."""
    while (before := script.getprevious()) is not None and (before.get("class") or "").startswith("MathJax"):
        parent = before.getparent()
        if parent is None or (before.tail or "").strip():
            break
        parent.remove(before)
    _replace(script, script.text or "")


def _frame_of(formula: _Element, seen: dict[_Element, bool]) -> _Element:
    """The outermost element that draws this formula and nothing else."""
    for _ in range(_MAX_CLIMB):
        outer = formula.getparent()
        if outer is None or not (outer.tag == "span" or str(outer.tag).startswith("mjx")):
            break
        is_frame = seen.get(outer)
        if is_frame is None:
            names = f"{outer.tag} {outer.get('class') or ''}"
            is_frame = seen[outer] = bool(_FRAME.search(names)) and not _has_two(outer)
        if not is_frame:
            break
        formula = outer
    return formula


def _has_two(frame: _Element) -> bool:
    found = frame.iter("math")
    return next(found, None) is not None and next(found, None) is not None


def _tex_of(formula: _Element) -> str:
    for note in formula.iter("annotation"):
        if "tex" in (note.get("encoding") or "").lower():
            return _said(note)
    return formula.get("alttext") or ""


def _plain(formula: _Element) -> str:
    """The signs of a formula in a row, with marks for powers, indices, fractions and roots."""
    parts: list[str] = []
    walk = etree.iterwalk(formula, events=("start", "end"))
    for event, node in walk:
        is_group = _is_group(node)
        if event == "end":
            parts.append(")" * is_group)
            continue
        if node.tag in _UNSAID:
            walk.skip_subtree()
            continue
        parts += (_sign_before(node), "√" * (node.tag in ("msqrt", "mroot")), "(" * is_group)
        parts.append(" ".join((node.text or "").split()))
    return "".join(parts)[:_MAX_TEX]


def _sign_before(node: _Element) -> str:
    outer, before = node.getparent(), node.getprevious()
    if outer is None or before is None:
        return ""
    sign = _BETWEEN.get(str(outer.tag), "")
    return "^" if sign == "_" and before.getprevious() is not None else sign


def _is_group(node: _Element) -> bool:
    outer = node.getparent()
    return node.tag == "msqrt" or (outer is not None and outer.tag in _BETWEEN and node.tag == "mrow" and len(node) > 1)


def _is_inside(element: _Element, root: _Element) -> bool:
    """Whether an element is still in the tree: its formula may have been replaced already."""
    return element.getparent() is not None and element.getroottree().getroot() is root.getroottree().getroot()
