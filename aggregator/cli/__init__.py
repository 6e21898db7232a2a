"""The command line: words in, exit status out. What is done stands in the floors below.

Only the name of the entry point lives here, so that the package can be imported without cost.
"""


def main() -> None:
    """Run the `aggregator` command and leave with its exit status."""
    from aggregator.cli.app import app

    app()
