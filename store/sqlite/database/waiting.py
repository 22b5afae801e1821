"""Waiting for a lock that another program holds on the database: said once, and then waited on."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from sqlite_utils import Database

logger = logging.getLogger("wireroom.archive")

T = TypeVar("T")

#: So long nothing is said: another process of ours holds the lock for less.
SAID_AFTER_MS = 2000
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def say_and_wait(db: Database, work: Callable[[], T]) -> T:
    """Run what may meet a lock, and may be run twice; say so after two seconds and wait for as long as `db` waits.

    Raises:
        sqlite3.OperationalError: it was locked for all of that time.
    """
    patience_ms: int = db.execute("PRAGMA busy_timeout").fetchone()[0]
    if patience_ms <= SAID_AFTER_MS:
        return work()
    db.execute(f"PRAGMA busy_timeout = {SAID_AFTER_MS}")
    try:
        return work()
    except sqlite3.OperationalError as exc:
        if exc.sqlite_errorcode & 0xFF not in _BUSY:
            raise
        logger.warning("the database is locked by another program; waiting")
        db.execute(f"PRAGMA busy_timeout = {patience_ms - SAID_AFTER_MS}")
        return work()
    finally:
        db.execute(f"PRAGMA busy_timeout = {patience_ms}")
