"""What a database's refusals mean to a person; knows no driver and no SQLAlchemy."""

from __future__ import annotations

_ADVICE = {
    "database is locked": (
        "another program holds it; end that program, or wait until it is done, and try again"
    ),
    "file is not a database": (
        "the file is not an SQLite database, or it is damaged; it was left as it is: "
        "move it away, or put a backup in its place"
    ),
    "malformed": (
        "the database is damaged; it was left as it is: put a backup in its place, "
        "or save what can be read with the `.recover` command of sqlite3"
    ),
    "disk is full": "the disk is full; nothing was stored: make room",
    "unable to open database file": "the file cannot be opened; see that its folder may be written",
    "readonly database": "the file or its folder may not be written; give this user the right to",
    "no such table": "the tables are missing; start the service once, which makes them",
}


def in_words(cause: object) -> str:
    """What a driver's error says, in one line, and what to do about it."""
    lines = str(cause).strip().splitlines()
    said = lines[0] if lines else type(cause).__name__
    advice = next((advice for sign, advice in _ADVICE.items() if sign in said), "")
    return f"{said} ({advice})" if advice else said
