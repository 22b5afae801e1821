"""Articles leave the archive: JSON Lines, JSON, CSV, Markdown, text, and the feed list as OPML."""

from wireroom.export.base import FORMATS, ExportCount, Format, export_archive, export_records, find_format
from wireroom.export.record import RECORD_FIELDS, as_json, record_to_json, tombstone_to_json

__all__ = [
    "FORMATS",
    "RECORD_FIELDS",
    "ExportCount",
    "Format",
    "as_json",
    "export_archive",
    "export_records",
    "find_format",
    "record_to_json",
    "tombstone_to_json",
]
