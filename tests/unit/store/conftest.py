from tests.support.stores import (
    database_kind,
    database_url,
    empty_url,
    postgres_template,
    postgres_url,
    sqlite_template,
    store,
)

__all__ = [
    "database_kind",
    "database_url",
    "empty_url",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "store",
]
