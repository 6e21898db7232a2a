"""The command `aggregator`: the options that every command has, and the list of commands."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from aggregator import __version__
from aggregator.cli.call import Call
from aggregator.cli.commands import (
    configuring,
    correcting,
    looking,
    previewing,
    running,
    subscribing,
    trying,
)
from aggregator.cli.console import Voice
from aggregator.cli.logs import set_up_logs

app = typer.Typer(
    name="aggregator",
    help="Read many sources, keep one clean copy of every article, publish a feed per category.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes break where lines are narrow, and in what reads aloud
)


def _print_version(wanted: bool) -> None:
    """Before a command is asked for: there need be none."""
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    config: Annotated[
        Path, typer.Option("--config", metavar="DIR", help="The configuration folder.")
    ] = Path("config"),
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print data for programs, where a command has any.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Take the options that every command has."""
    set_up_logs(_log_level(context.invoked_subcommand, verbose=verbose, quiet=quiet))
    context.obj = Call(config, Voice(quiet))
    if json:
        context.default_map = _json_by_default(context.command)


def _json_by_default(group: object) -> dict[str, Any]:
    """Defaults for every command of a group, and of the groups in it, that print data."""
    commands: Mapping[str, object] = getattr(group, "commands", {})
    below = {name: _json_by_default(command) for name, command in commands.items()}
    return {"json": True, **below}


def _log_level(command: str | None, *, verbose: bool, quiet: bool) -> int:
    """A service logs what it does; a command that ends with a summary need not say it twice."""
    if verbose:
        return logging.DEBUG
    if command in ("run", "serve"):
        return logging.WARNING if quiet else logging.INFO
    return logging.ERROR


for _command in (
    configuring.init,
    configuring.check,
    running.run,
    running.ingest,
    running.publish,
    running.serve,
    previewing.preview,
    subscribing.add,
    looking.sources,
    looking.articles,
    correcting.why,
    correcting.split,
    correcting.merge,
    correcting.withdraw,
    correcting.dropped,
):
    app.command()(_command)


class _OpmlUnlessNamed(TyperGroup):
    """`import FILE.opml` is `import opml FILE.opml`: a file that is given is a list of feeds."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See the base class."""
        is_named = (
            not args or args[0] in self.commands or args[0] in self.get_help_option_names(ctx)
        )
        return super().parse_args(ctx, args if is_named else ["opml", *args])


import_ = typer.Typer(help="Take in what other programs, or `export`, wrote.", cls=_OpmlUnlessNamed)
import_.command("opml")(subscribing.import_)
import_.command("ledger")(subscribing.ledger_in)
import_.callback()(lambda: None)
app.add_typer(import_, name="import", no_args_is_help=True)

export = typer.Typer(help="Write feeds, articles or the ledger for other programs.")
export.command()(subscribing.opml)
export.command()(subscribing.posts)
export.command("ledger")(subscribing.ledger_out)
export.callback()(lambda: None)
app.add_typer(export, name="export", no_args_is_help=True)

rules = typer.Typer(help="Rules, and what they would do to what is stored.")
rules.command("try")(trying.try_)
rules.callback()(lambda: None)
app.add_typer(rules, name="rules", no_args_is_help=True)
