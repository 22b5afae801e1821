"""Imports: feeds, articles and marks from other programs' archives, and from our own exports."""

from wireroom.importing.base import Importer, ImportOptions, NotMovable, Page, Source, missing
from wireroom.importing.detect import IMPORTERS, read_source
from wireroom.importing.file import ImportFile
from wireroom.importing.item import Item, moved
from wireroom.importing.unpack import Unreadable

__all__ = [
    "IMPORTERS",
    "ImportFile",
    "ImportOptions",
    "Importer",
    "Item",
    "NotMovable",
    "Page",
    "Source",
    "Unreadable",
    "missing",
    "moved",
    "read_source",
]
