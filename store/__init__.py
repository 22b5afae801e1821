"""The archive: schema, migrations, queries by noun, search, revisions, backup."""

from store.sqlite.lock import ProcessLock, lock_owner
from store.sqlite.store import Store, open_store

__all__ = ["ProcessLock", "Store", "lock_owner", "open_store"]
