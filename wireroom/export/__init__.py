"""Articles leave the archive: JSON Lines, JSON, CSV, Markdown, text, and the feed list as OPML."""

from wireroom.export.formats import FORMATS, ExportCount, Format, export_archive, export_feeds, export_records
from wireroom.export.record import RECORD_FIELDS, as_json, record_to_json, tombstone_to_json

__all__ = [
    "FORMATS",
    "RECORD_FIELDS",
    "ExportCount",
    "Format",
    "as_json",
    "export_archive",
    "export_feeds",
    "export_records",
    "record_to_json",
    "tombstone_to_json",
]
