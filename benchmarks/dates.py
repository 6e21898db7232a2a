"""What reading a date costs: `python -m benchmarks.dates`.

Prints the CPU time of one date of each form: the two standard ones, others that people write, and
nonsense of the greatest length that is looked at. Every round has other digits, so that nothing can
be remembered; the time of dateparser's first use, which loads it, is told by itself.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aggregator.text.dates import LONGEST, LONGEST_UNUSUAL, parse_date

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
ROUNDS = 2_000
FEW = 50
WHOLE = " 2021 33.13.2021"

STANDARD = {
    "RFC 822": "Wed, {d:02} Jun 2021 09:{m:02}:28 +0800",
    "RFC 822, named zone": "Wed, {d:02} Jun 2021 09:{m:02}:28 GMT",
    "RFC 3339": "2021-06-{d:02}T09:{m:02}:28+08:00",
    "RFC 3339, in UTC": "2021-06-{d:02}T09:{m:02}:28Z",
}
OTHERS = {
    "Chinese": "2021年06月{d:02}日 17:{m:02}",
    "relative": "{m}分钟前",
    "seconds since 1970": "16250458{m:02}",
    "dateparser's": "{d}. Juni 2021 17:{m:02}",
}


NONSENSE = {
    "digits": (LONGEST, "0123456789"),
    "digits and signs": (LONGEST, "0123456789-/.: "),
    "the signs of dates": (LONGEST, "0123年月日时前+Z:"),
    "one letter too long": (LONGEST + 1, "0123456789"),
    "words for dateparser": (LONGEST_UNUSUAL - len(WHOLE), "abcdefgh "),
}


def nonsense(name: str, chance: random.Random) -> str:
    """A text of that kind; what asks dateparser ends in what looks like a whole date."""
    length, letters = NONSENSE[name]
    text = "".join(chance.choices(letters, k=length))
    return text + WHOLE if "dateparser" in name else text


def microseconds(texts: list[str]) -> tuple[float, float]:
    """CPU time of one date: the median and the longest."""
    spent = []
    for text in texts:
        began = time.process_time_ns()
        parse_date(text, NOW, ZONE)
        spent.append((time.process_time_ns() - began) / 1_000)
    return sorted(spent)[len(spent) // 2], max(spent)


def main() -> None:
    """Print the table."""
    chance = random.Random(1)
    began = time.process_time()
    for text in ("30. Juni 2021 17:37", f"once {WHOLE}"):
        parse_date(text, NOW, ZONE)
    print(f"dateparser's first use: {time.process_time() - began:.2f} s")
    print(f"{'form':<32}{'median µs':>12}{'longest µs':>12}")
    for name, form in {**STANDARD, **OTHERS}.items():
        numbers = [(chance.randint(1, 28), chance.randint(10, 59)) for _ in range(ROUNDS)]
        print_row(name, [form.format(d=day, m=minute) for day, minute in numbers])
    for name in NONSENSE:
        print_row(f"nonsense: {name}", [nonsense(name, chance) for _ in range(FEW)])


def print_row(name: str, texts: list[str]) -> None:
    """Measure and print one line."""
    median, longest = microseconds(texts)
    print(f"{name:<32}{median:>12,.1f}{longest:>12,.1f}")


if __name__ == "__main__":
    main()
