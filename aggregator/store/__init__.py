"""The database: tables, migrations, and the few statements that the service lives on."""
