"""Numbers with their noun, in the English of messages; pages have catalogues for that."""

from __future__ import annotations


def counted(number: int, noun: str, nouns: str = "") -> str:
    """`1 entry`, `2 entries`; without `nouns` an s is added."""
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"
