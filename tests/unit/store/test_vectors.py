"""Words go to PostgreSQL as it would have read them itself."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from aggregator.store.database import Database
from aggregator.store.vectors import LAST_PLACE, MOST_PLACES, accept_vectors, vector


def _as_text(words: str) -> str:
    """The same words as PostgreSQL reads them."""
    return " ".join(
        f"'{word}':{min(place, LAST_PLACE)}" for place, word in enumerate(words.split(), 1)
    )


@pytest.mark.parametrize(
    "words",
    [
        "one",
        "国家 家知 知识 ¶ abc abcd ab 国家",
        " ".join(["again"] * (MOST_PLACES - 1)),
        " ".join(["again"] * MOST_PLACES),
        " ".join(["again"] * (MOST_PLACES + 1)),
        " ".join(f"w{n}" for n in range(LAST_PLACE - 1)) + " end end end w5",
        " ".join(f"w{n}" for n in range(LAST_PLACE + 9)) + " w5 w5 w6",
    ],
    ids=[
        "one word",
        "scripts",
        "places below",
        "places at",
        "places above",
        "at the end",
        "beyond",
    ],
)
def test_a_vector_is_what_the_server_reads(postgres_url: str, words: str) -> None:
    """Sent in binary or read as text, it is the same, also at the limits of places."""
    database = Database(postgres_url)
    with database.engine.connect() as connection:
        accept_vectors(connection.connection.driver_connection)
        same = text("SELECT :sent = CAST(:written AS tsvector)")
        values = {"sent": vector(words), "written": _as_text(words)}
        assert connection.execute(same, values).scalar_one()
    database.close()
