"""The commands, one function each: read the words, call the floor below, print, leave.

Exit status: 0 good, 1 some source failed, 2 the configuration or the command is wrong. Libraries
that take long to load are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator import __version__
from aggregator.cli.console import Voice, set_up_logs
from aggregator.errors import AggregatorError, ConfigurationError

if TYPE_CHECKING:
    from aggregator.model.settings import Configuration

SOME_FAILED = 1
WRONG = 2

app = typer.Typer(
    name="aggregator",
    help="Read many sources, keep one clean copy of every article, publish a feed per category.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@dataclass
class Call:
    """What the global options say."""

    folder: Path = Path("config")
    voice: Voice = field(default_factory=Voice)

    def configuration(self) -> Configuration:
        """Read the configuration.

        Raises:
            ConfigurationError: something in it is wrong.
        """
        from aggregator.config.load import load

        return load(self.folder, os.environ)


Json = Annotated[bool, typer.Option("--json", help="Print data for programs.")]


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", metavar="DIR", help="The configuration folder.")
    ] = Path("config"),
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Take the options that every command has."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    set_up_logs(_log_level(context.invoked_subcommand, verbose=verbose, quiet=quiet))
    context.obj = Call(config, Voice(quiet))


def _log_level(command: str | None, *, verbose: bool, quiet: bool) -> int:
    """A service logs what it does; a command that ends with a summary need not say it twice."""
    if verbose:
        return logging.DEBUG
    if command in ("run", "serve"):
        return logging.WARNING if quiet else logging.INFO
    return logging.ERROR


@contextmanager
def wrong_ends(voice: Voice) -> Iterator[None]:
    """Tell an error that a person can mend in its own words, and leave with status 2."""
    try:
        yield
    except ConfigurationError as error:
        for fault in error.faults:
            voice.complain(str(fault))
        raise typer.Exit(WRONG) from None
    except AggregatorError as error:
        voice.complain(str(error))
        raise typer.Exit(WRONG) from None


@app.command()
def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where to write it; made if need be.")],
) -> None:
    """Write a commented starting configuration."""
    from aggregator.config.starter import write_starter

    call: Call = context.obj
    with wrong_ends(call.voice):
        for path in write_starter(folder):
            call.voice.say(f"wrote {path}")
    call.voice.say(f"next: aggregator --config {folder} run")


@app.command()
def check(
    context: typer.Context,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the files, for editors.")
    ] = False,
) -> None:
    """Check the configuration and the database's version; change nothing."""
    call: Call = context.obj
    if schema:
        from aggregator.cli.report import as_json
        from aggregator.config.schema import schema as schema_of_files

        typer.echo(as_json(schema_of_files()))
        return
    with wrong_ends(call.voice):
        configuration = call.configuration()
        _check_database(configuration, call.voice)
    sources = len(configuration.sources)
    call.voice.say(f"{call.folder}: {sources} sources, no faults")


def _check_database(configuration: Configuration, voice: Voice) -> None:
    """Tell how far the database is; refuse one that a newer program wrote."""
    from aggregator.config.paths import database_url
    from aggregator.errors import DatabaseNewerError
    from aggregator.store import SchemaState, schema_state

    state = schema_state(database_url(configuration))
    if state is SchemaState.NEWER:
        raise DatabaseNewerError(
            "the database was written by a newer version of this program: install that version"
        )
    words = {
        SchemaState.MISSING: "the database will be made at the first start",
        SchemaState.OLDER: "the database will be brought up to date at the next start",
    }
    if state in words:
        voice.say(words[state])


@app.command()
def run(context: typer.Context) -> None:
    """Run the service: read what is due, publish what changed, answer HTTP."""
    from aggregator.cli.running import run_service

    call: Call = context.obj
    with wrong_ends(call.voice):
        run_service(call.configuration(), call.folder, call.voice)


@app.command()
def serve(context: typer.Context) -> None:
    """Answer HTTP only: the published feeds and the articles' pages."""
    from aggregator.cli.running import serve_only

    call: Call = context.obj
    with wrong_ends(call.voice):
        serve_only(call.configuration(), call.voice)


@app.command()
def ingest(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these; else all.")
    ] = None,
    json: Json = False,
) -> None:
    """Read the sources once, now, and publish what changed."""
    from aggregator.cli.once import ingest_once
    from aggregator.cli.report import as_json, publish_lines

    call: Call = context.obj
    with wrong_ends(call.voice):
        summary, report = ingest_once(call.configuration(), sources or (), call.voice)
    if json:
        typer.echo(as_json(summary.data()))
    for line in (*summary.lines(), *publish_lines(report)):
        call.voice.say(line)
    if summary.failed or report.failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def publish(context: typer.Context) -> None:
    """Write every feed and page once, now."""
    from aggregator.cli.once import publish_once
    from aggregator.cli.report import publish_lines

    call: Call = context.obj
    with wrong_ends(call.voice):
        report = publish_once(call.configuration())
    for line in publish_lines(report):
        call.voice.say(line)
    if report.failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def sources(context: typer.Context, json: Json = False) -> None:
    """Show how every source is doing; those in trouble come first."""
    from aggregator.cli.once import opened
    from aggregator.cli.report import as_json, health_data, health_table
    from aggregator.service.assembly import utc_now

    call: Call = context.obj
    with wrong_ends(call.voice), opened(call.configuration()) as store:
        found = store.health(utc_now())
    if json:
        typer.echo(as_json([health_data(each) for each in found]))
    else:
        call.voice.out.print(health_table(found, utc_now()))


@app.command()
def articles(
    context: typer.Context,
    category: Annotated[str, typer.Option("--category", help="Path of a category.")] = "all",
    source: Annotated[str, typer.Option("--source", help="Id of a source.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    json: Json = False,
) -> None:
    """List the newest articles."""
    from aggregator.cli.once import opened
    from aggregator.cli.report import article_data, article_table, as_json

    call: Call = context.obj
    with wrong_ends(call.voice), opened(call.configuration()) as store:
        found = store.articles(path=category, source_id=source or None, limit=limit)
    if json:
        typer.echo(as_json([article_data(each) for each in found]))
    else:
        call.voice.out.print(article_table(found))
