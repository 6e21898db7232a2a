"""Commands that write sources into the configuration, and sources and articles out of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.call import SOME_FAILED, Call, Json, wrong_ends
from aggregator.text.counts import counted

if TYPE_CHECKING:
    from aggregator.cli.adding import Wish
    from aggregator.ingest.discover import Discovery


def add(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Address of a feed, or of a page that has one.")
    ],
    *,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", metavar="PATH", help="Where it stands; may be repeated."),
    ] = None,
    source_id: Annotated[
        str, typer.Option("--id", metavar="ID", help="Id of the source. Left out: the host's name.")
    ] = "",
    file: Annotated[
        str, typer.Option("--file", metavar="sources/NAME.yaml", help="Where to write it.")
    ] = "sources/feeds.yaml",
    yes: Annotated[bool, typer.Option("--yes", help="Take the first without asking.")] = False,
    json: Json = False,
) -> None:
    """Find the feed behind an address, and add it as a source.

    Comments and order of the file stay; a configuration that would be wrong is not written.
    """
    from aggregator.cli import adding
    from aggregator.cli.report import as_json

    call: Call = context.obj
    wish = adding.Wish(tuple(category or ()), source_id, file)
    with wrong_ends(call.voice):
        found = _found(call, url, wish)
        chosen = found.feeds[0] if yes else adding.choose(found.feeds, call.voice)
        path, spec = adding.write_source(call.folder, os.environ, chosen, wish)
    if json:
        typer.echo(as_json(adding.added_data(found, path, spec)))
    where = ", ".join(spec.category) or "no category"
    call.voice.say(f"added {spec.id} to {path}, in {where}; next: {call.command} ingest {spec.id}")


def _found(call: Call, url: str, wish: Wish) -> Discovery:
    """What there is at an address, told; leaves where that is no feed."""
    from aggregator.cli import adding

    configuration = call.configuration()
    address = adding.wanted_address(configuration, url)
    adding.check_wish(configuration, call.folder, wish)
    with call.voice.working(f"looking for feeds at {address}"):
        found = adding.find(configuration, address)
    for line in adding.feed_lines(found, configuration):
        call.voice.say(line)
    if not found.feeds:
        call.voice.complain(f"no feed was found at {address}; `aggregator preview` shows why")
        raise typer.Exit(SOME_FAILED)
    return found


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of subscriptions.")],
    json: Json = False,
) -> None:
    """Add the feeds of an OPML file to the configuration.

    With their categories. Feeds that are there already are named and skipped. All is written, or
    nothing.
    """
    from aggregator.cli.report import as_json
    from aggregator.cli.taking import take_over

    call: Call = context.obj
    with wrong_ends(call.voice):
        done = take_over(call.folder, os.environ, file)
    if json:
        typer.echo(as_json(done.data()))
    for line in done.lines():
        call.voice.say(line)
    if done.unusable:
        raise typer.Exit(SOME_FAILED)


def ledger_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Packed where it ends in .gz.")],
    json: Json = False,
) -> None:
    """Take in a ledger that `export ledger` wrote, all of it or nothing.

    No service may run meanwhile. What the database has already stays as it is. Then `ingest` and
    `publish` go on as before.
    """
    from aggregator.cli import carrying
    from aggregator.cli.report import as_json

    call: Call = context.obj
    with wrong_ends(call.voice):
        taken = carrying.import_ledger(call.configuration(), file, call.voice)
    if json:
        lines = taken.lines.items()
        typer.echo(as_json({kind: {"added": new, "known": old} for kind, (new, old) in lines}))
    for line in carrying.summary(taken):
        call.voice.say(line)


def ledger_out(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Packed if it ends in .gz. None: standard output."),
    ] = None,
) -> None:
    """Write all that must outlive the database, for `import ledger`.

    A JSON document a line: ids, decisions, corrections, withdrawals and articles. A service may
    run meanwhile.
    """
    from aggregator.cli.carrying import export_ledger

    call: Call = context.obj
    with wrong_ends(call.voice):
        export_ledger(call.configuration(), file, call.voice)


def opml(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Left out: standard output.")
    ] = None,
) -> None:
    """Write the feeds that are read as OPML 2.0, by category."""
    from aggregator.config.exporting import export_opml

    call: Call = context.obj
    with wrong_ends(call.voice):
        data, left_out = export_opml(call.configuration())
        if output:
            call.write(output, data)
        else:
            typer.echo(data, nl=False)
    if left_out:
        call.voice.say(f"left out, because they are no feeds: {', '.join(left_out)}")


def posts(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made where it is missing.")],
) -> None:
    """Write every stored article as a post, a folder for each category.

    A source of kind `posts` reads them back; an article in several categories stands in each.
    """
    from aggregator.cli.posting import export_posts

    call: Call = context.obj
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with call.voice.working("writing posts"):
            count = export_posts(configuration, folder)
    call.voice.say(f"wrote {counted(count, 'post')} to {folder}")
