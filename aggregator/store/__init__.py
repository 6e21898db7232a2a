"""The database of the service; SQLModel, SQLAlchemy and Alembic are known here and nowhere else.

Nothing is imported here: a worker process needs `ledger_reader` and none of the rest. `store` takes
most of a second: import it where it is used, not at the top of a command.
"""
