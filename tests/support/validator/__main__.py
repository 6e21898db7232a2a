"""`python -m tests.support.validator FOLDER`: judge every published file, and count."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.support.validator import judge


def main(folder: Path) -> int:
    """Print every finding and the counts; 1 where there is any finding."""
    counts, events = Counter[str](), Counter[str]()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".xml", ".json", ".opml") or path.name.startswith("."):
            continue
        counts[path.name] += 1
        for finding in judge(path.name, path.read_bytes()):
            events[finding.event] += 1
            sys.stdout.write(f"{path}: {finding.event}: {finding.where}\n")
    sys.stdout.write(f"files: {dict(counts)}; findings: {dict(events)}\n")
    return 1 if events else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
