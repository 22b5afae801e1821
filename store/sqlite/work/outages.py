"""Whether anything can be reached, as the process that polls last found it: for all that shows how feeds are doing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from scraper.model import Outage
from store.sqlite.database.columns import to_instant
from store.sqlite.database.connections import Base

#: Rows of the table `sequence`: seconds since 1970; and 0 or 1.
_SINCE, _UNRESOLVED, _RETRIED = "outage_since", "outage_of_names", "outage_is_retried"
_PUT = "INSERT OR REPLACE INTO sequence (name, value) VALUES (?, ?)"
#: A poll that failed in an outage may have begun so long before that was noticed.
_SLOWEST_POLL = timedelta(minutes=2)


class Outages(Base):
    """The outage, while there is one."""

    def outage(self) -> Outage | None:
        with self._read() as db:
            return present_outage(db)

    def set_outage(self, outage: Outage | None) -> None:
        if outage != self.outage():
            self._write(lambda db: _set(db, outage))


def present_outage(db: Database) -> Outage | None:
    """Return the outage that was noticed and is not over."""
    values = dict(db.execute("SELECT name, value FROM sequence WHERE name LIKE 'outage%'").fetchall())
    if _SINCE not in values:
        return None
    since = datetime.fromtimestamp(values[_SINCE], UTC)
    return Outage(since=since, is_unresolved=bool(values[_UNRESOLVED]), is_retried=bool(values[_RETRIED]))


def error_of(row: Mapping[str, Any], outage: Outage | None) -> str | None:
    """Return why the last poll of a feed failed, given its row; of one that failed in an outage, that there is one."""
    polled_at = to_instant(row["last_polled_at"])
    if row["last_error"] and outage and polled_at and polled_at >= outage.since - _SLOWEST_POLL:
        return str(outage)
    error: str | None = row["last_error"]
    return error


def _set(db: Database, outage: Outage | None) -> None:
    db.execute("DELETE FROM sequence WHERE name LIKE 'outage%'")
    if outage is not None:
        values = {_SINCE: int(outage.since.timestamp()), _UNRESOLVED: outage.is_unresolved, _RETRIED: outage.is_retried}
        for name, value in values.items():
            db.execute(_PUT, (name, int(value)))
