"""Traditional and Simplified Chinese made equal, to compare; opencc is known here alone."""

from __future__ import annotations

from collections.abc import Callable

from aggregator.errors import AggregatorError


def simplifier() -> Callable[[str], str]:
    """A function that writes Chinese text in Simplified characters.

    Raises:
        AggregatorError: opencc is not installed.
    """
    try:
        from opencc import OpenCC
    except ImportError as error:
        raise AggregatorError(
            "dedupe.chinese_variants needs opencc; install feed-aggregator[chinese]"
        ) from error
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
