"""Errors of SQLite and the file system that a person can do something about, as ours; bugs stay what they are."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from scraper.errors import StoreBusy, StoreDamaged, StoreUnusable

_PERMISSIONS = "Check the permissions of the file and of its directory, and that the disk is not read-only."
_DAMAGED = "Restore a backup (`wireroom restore`), or name another database with --db."

#: Primary result code -> what to do.
_REMEDIES = {
    sqlite3.SQLITE_BUSY: "Another process is writing to it: wait for it to finish, or stop it.",
    sqlite3.SQLITE_LOCKED: "Another process is writing to it: wait for it to finish, or stop it.",
    sqlite3.SQLITE_PERM: _PERMISSIONS,
    sqlite3.SQLITE_READONLY: _PERMISSIONS,
    sqlite3.SQLITE_CANTOPEN: _PERMISSIONS,
    sqlite3.SQLITE_AUTH: _PERMISSIONS,
    sqlite3.SQLITE_FULL: "Free some space; what was not written will be repeated.",
    sqlite3.SQLITE_IOERR: "The disk reported an error: check it and its free space; what was lost will be repeated.",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
_KINDS = {
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
}
#: How FTS5 tells that the settings of an index are damaged; it has no code for that.
_INDEX_DAMAGED = "invalid fts5 file format"


def fault(exc: BaseException, path: Path) -> BaseException:
    """Return the project's error for an SQLite or file error on `path`; any other exception, and any bug, as it is."""
    code = getattr(exc, "sqlite_errorcode", None)
    if isinstance(exc, OSError):
        return StoreUnusable(f"Cannot use {path}: {exc.strerror}. {_PERMISSIONS}", path=path)
    if not isinstance(exc, sqlite3.Error) or code is None:
        return exc
    primary = sqlite3.SQLITE_CORRUPT if str(exc).startswith(_INDEX_DAMAGED) else code & 0xFF
    if primary not in _REMEDIES:
        return exc
    error = _KINDS.get(primary, StoreUnusable)(f"Cannot use {path}: {exc}. {_REMEDIES[primary]}", path=path)
    error.__cause__ = exc
    return error
