"""The request to a hub that a source announced."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from aggregator.model.pages import Request
from aggregator.text.urls import host

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def hub_request(hub: str, fields: Mapping[str, str], source_url: str) -> Request:
    """What is sent to a hub. One on a private network is asked only by a source of its own host."""
    is_named_by_another = host(hub) != host(source_url)
    return Request(hub, "POST", _FORM, urlencode(fields).encode(), from_outside=is_named_by_another)
