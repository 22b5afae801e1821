"""Which importers there are, and which of them knows a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scraper.errors import PluginUnusable, StoreUnusable
from scraper.plugins import Registry
from wireroom.importing.base import Importer, ImportOptions, NotMovable, Source
from wireroom.importing.file import ImportFile
from wireroom.importing.unpack import Unreadable

#: Asked in this order: Wireroom's own files are told by their first lines, however large they are; databases by the
#: names of their tables; only then JSON is read whole.
IMPORTERS = Registry(
    what="importer",
    type=Importer,
    built_in={
        "wireroom": "wireroom.importing.wireroom_jsonl:IMPORTER",
        "newsboat": "wireroom.importing.newsboat:IMPORTER",
        "freshrss": "wireroom.importing.freshrss:IMPORTER",
        "miniflux": "wireroom.importing.miniflux:IMPORTER",
    },
    group="wireroom.importers",
)


def read_source(path: Path, options: ImportOptions | None = None) -> Source:
    """Return what is in a file; the program is told by the file itself. Plug-ins are asked last.

    Raises:
        NotMovable: it is of none of the programs, or damaged from its beginning.
    """
    file = ImportFile(path)
    unusable: list[str] = []
    try:
        for importer in _asked(unusable):
            if importer.recognises(file):
                return importer.read(file, options or ImportOptions())
        raise Unreadable(file.description())
    except (Unreadable, StoreUnusable) as exc:
        what = str(exc).removeprefix(f"{path} ").removesuffix(".")
        told = f"{path} is not an export that Wireroom knows: {what}. Articles can be taken over from {_programs()}."
        raise NotMovable("\n".join((told, *unusable)), path=path) from exc


def _asked(unusable: list[str]) -> Iterator[Importer]:
    """Yield the importers in their order; plug-ins that cannot be used are named in `unusable`."""
    yield from IMPORTERS.built_ins()
    for found in IMPORTERS.plugged():
        if isinstance(found, PluginUnusable):
            unusable.append(str(found))
        else:
            yield found


def _programs() -> str:
    plugged = (found for found in IMPORTERS.plugged() if isinstance(found, Importer))
    return ", ".join(importer.takes for importer in (*IMPORTERS.built_ins(), *plugged))
