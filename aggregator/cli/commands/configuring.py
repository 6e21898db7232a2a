"""Commands about the configuration as a whole: a first one, and whether it is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.call import Call, wrong_ends
from aggregator.cli.console import Voice
from aggregator.text.counts import counted

if TYPE_CHECKING:
    from aggregator.model.settings import Configuration


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="Where to write it, if not into that of --config.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a commented starting configuration."""
    from aggregator.config.starter import write_starter

    call: Call = context.obj
    folder = folder or call.folder
    with wrong_ends(call.voice):
        for path in write_starter(folder):
            call.voice.say(f"wrote {path}")
    call.voice.say(f"next: {Call(folder).command} run")


def check(
    context: typer.Context,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the files, for editors.")
    ] = False,
) -> None:
    """Check the configuration and the database's version."""
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
    call.voice.say(f"{call.folder}: {counted(sources, 'source')}, no faults")


def _check_database(configuration: Configuration, voice: Voice) -> None:
    """Tell how far the database is; refuse one that a newer program wrote."""
    from aggregator.config.paths import database_url
    from aggregator.errors import DatabaseNewerError
    from aggregator.store.opening import SchemaState, schema_state

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
