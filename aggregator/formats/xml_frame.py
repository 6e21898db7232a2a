"""What is around an entry in an XML document, so that it is written once and fits into many.

An entry is serialized where it is going to stand, as deep and within the same namespaces, and cut
out. Knows lxml, and no format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree


class Frame:
    """The elements around each entry of a format; `start` and `end` are they without a head.

    `tags` are theirs, outermost first. `namespaces` are all that an entry may use, by prefix;
    `default` is the one without.
    """

    def __init__(
        self, tags: Sequence[str], namespaces: Mapping[str, str], default: str = ""
    ) -> None:
        self._tags = tags
        self._namespaces = dict(namespaces)
        self._default = {"xmlns": default} if default else {}
        around = self._written(etree.Element("entry"))
        self.start, _, self.end = around.partition(b"  " * len(tags) + b"<entry/>\n")

    def cut(self, entry: Any) -> bytes:
        """The bytes of an entry, with its indent and the end of its last line."""
        return self._written(entry)[len(self.start) : -len(self.end)]

    def _written(self, entry: Any) -> bytes:
        root = innermost = etree.Element(self._tags[0], self._default, nsmap=self._namespaces)
        for tag in self._tags[1:]:
            innermost = etree.SubElement(innermost, tag)
        innermost.append(entry)
        return etree.tostring(root, pretty_print=True, encoding="UTF-8")
