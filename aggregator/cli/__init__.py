"""The command line: words in, exit status out. What is done stands in the floors below.

Only the entry point lives here, so that the package can be imported without cost.
"""

import gc
import os

_SELDOM = (50_000, 50, 50)
"""How often Python looks for garbage: what comes of imports and of a configuration stays, and is so
much that looking through it again and again took a sixth of the imports, and a third of the start
with thousands of sources."""


def main() -> None:
    """Run the `aggregator` command and leave with its exit status."""
    gc.set_threshold(*_SELDOM)
    # Else pydantic reads what every installed package says of itself, in search of plug-ins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from aggregator.cli.ending import ending_plainly

    with ending_plainly():
        from aggregator.cli.app import app

        app()
