from datetime import UTC, datetime

import pytest

from aggregator.web.conditions import evaluate

ETAG = b'"abc-gzip"'
MODIFIED = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
AT = b"Sun, 01 Mar 2026 12:00:00 GMT"
BEFORE = b"Sun, 01 Mar 2026 11:59:59 GMT"
AFTER = b"Sun, 01 Mar 2099 12:00:00 GMT"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 200),
        ({"if-none-match": ETAG}, 304),
        ({"if-none-match": b"W/" + ETAG}, 304),
        ({"if-none-match": b"*"}, 304),
        ({"if-none-match": b" * "}, 304),
        ({"if-none-match": b'"x", ' + ETAG + b', W/"y"'}, 304),
        ({"if-none-match": b'"x,y",' + ETAG}, 304),
        ({"if-none-match": b'"abc"'}, 200),
        ({"if-none-match": b'"abc-br"'}, 200),
        ({"if-none-match": b"abc-gzip"}, 200),
        ({"if-none-match": b'"*"'}, 200),
        ({"if-none-match": b""}, 200),
        ({"if-none-match": b"\xff\x00garbage,,,"}, 200),
        ({"if-modified-since": AT}, 304),
        ({"if-modified-since": AFTER}, 304),
        ({"if-modified-since": BEFORE}, 200),
        ({"if-modified-since": b"Sunday, 01-Mar-26 12:00:00 GMT"}, 304),
        ({"if-modified-since": b"Sun Mar  1 12:00:00 2026"}, 304),
        ({"if-modified-since": b"yesterday"}, 200),
        ({"if-modified-since": b"Sun, 01 Mar 99999999999 12:00:00 GMT"}, 200),
        ({"if-modified-since": b"\xff"}, 200),
        ({"if-none-match": b'"other"', "if-modified-since": AT}, 200),
        ({"if-none-match": ETAG, "if-modified-since": BEFORE}, 304),
        ({"if-match": ETAG}, 200),
        ({"if-match": b"*"}, 200),
        ({"if-match": b"W/" + ETAG}, 412),
        ({"if-match": b'"other"'}, 412),
        ({"if-unmodified-since": BEFORE}, 412),
        ({"if-unmodified-since": AT}, 200),
        ({"if-match": ETAG, "if-unmodified-since": BEFORE}, 200),
        ({"if-match": ETAG, "if-none-match": ETAG}, 304),
    ],
)
def test_preconditions_follow_rfc_9110(fields: dict[str, bytes], status: int) -> None:
    """Tags win over dates, only If-None-Match compares weakly, garbage is no condition."""
    assert evaluate({k.encode(): v for k, v in fields.items()}, ETAG, MODIFIED) == status


@pytest.mark.parametrize("field", ["if-modified-since", "if-unmodified-since"])
def test_a_date_says_nothing_of_what_has_none(field: str) -> None:
    """Where no modification time is known, conditions on it are ignored."""
    assert evaluate({field.encode(): BEFORE}, ETAG, None) == 200
