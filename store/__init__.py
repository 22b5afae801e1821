"""The archive: schema, migrations, queries by noun, search, revisions, backup."""

from store.archive import Store, open_store
from store.lock import ProcessLock, lock_owner

__all__ = ["ProcessLock", "Store", "lock_owner", "open_store"]
