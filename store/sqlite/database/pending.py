"""How long a new article waits for its page before it is shown."""

from __future__ import annotations

from datetime import timedelta

#: For so long an article that has not been fetched yet is left out of lists and exports.
PENDING_HIDDEN = timedelta(minutes=15)
