"""RSS in JSON (https://github.com/scripting/Scripting-News, rss-in-json) in JSON Feed's terms."""

from __future__ import annotations

from typing import Any


def as_json_feed(data: Any) -> Any:
    """The same as a JSON Feed where it is RSS in JSON; anything else as it is."""
    channel = _inside(data, "rss", "channel")
    if not isinstance(channel, dict):
        return data
    return {
        "version": "RSS in JSON",
        "title": channel.get("title"),
        "home_page_url": channel.get("link"),
        "language": channel.get("language"),
        "items": [_item(item) for item in _several(channel.get("item")) if isinstance(item, dict)],
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    guid = item.get("guid")
    return {
        "id": _text(guid),
        "url": item.get("link") or (_text(guid) if _is_address(guid) else None),
        "title": item.get("title"),
        "content_html": _text(item.get("description")),
        "date_published": item.get("pubDate"),
        "author": {"name": item.get("author")},
        "tags": [_text(one) for one in _several(item.get("category"))],
        "attachments": [
            {
                "url": one.get("url"),
                "mime_type": one.get("type"),
                "size_in_bytes": one.get("length"),
            }
            for one in _several(item.get("enclosure"))
            if isinstance(one, dict)
        ],
    }


def _inside(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _several(value: Any) -> list[Any]:
    """An element that may stand once or several times."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> Any:
    """The text of an element, which is an object where it has attributes."""
    return value.get("#value") if isinstance(value, dict) else value


def _is_address(guid: Any) -> bool:
    """Whether a guid is the entry's address, too, as it is in RSS unless it says otherwise."""
    says = guid.get("isPermaLink") if isinstance(guid, dict) else None
    return str(says).lower() != "false" and str(_text(guid)).startswith(("https://", "http://"))
