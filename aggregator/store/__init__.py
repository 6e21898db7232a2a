"""The database of the service; SQLModel, SQLAlchemy and Alembic are known here and nowhere else.

Importing this takes a second: import it where it is used, not at the top of a command.
"""

from aggregator.store.locking import in_use
from aggregator.store.opening import SchemaState, schema_state
from aggregator.store.store import Store, open_store

__all__ = ["SchemaState", "Store", "in_use", "open_store", "schema_state"]
