"""Puts parts of a page where its first script would: streamed parts and shadow roots that a page sends as markup."""

from __future__ import annotations

from lxml import etree

_Element = etree._Element

#: React sends a part that was late as `<div hidden id="S:1">`, for the place of `<template id="B:1">`.
_LATE, _PLACES = "S:", ("B:", "P:")


def place_parts(root: _Element) -> None:
    """Show what a page sent late, and what it sent as the inside of an element of its own making."""
    templates = list(root.iter("template"))
    if not templates:
        return
    places: dict[str, _Element] = {}
    for template in templates:
        identity = template.get("id") or ""
        if identity.startswith(_PLACES):
            places.setdefault(identity[len(_LATE) :], template)
        elif template.get("shadowrootmode") or template.get("shadowroot"):
            template.tag = "div"
    for part in root.findall(".//div[@hidden]"):
        identity = part.get("id") or ""
        if identity.startswith(_LATE):
            _show(part, places.get(identity[len(_LATE) :]))


def _show(part: _Element, place: _Element | None) -> None:
    del part.attrib["hidden"]
    outer = place.getparent() if place is not None else None
    if place is None or outer is None or any(inner is place for inner in part.iter("template")):
        return
    tail, part.tail = part.tail, None
    before = part.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (tail or "")
    place.addprevious(part)
