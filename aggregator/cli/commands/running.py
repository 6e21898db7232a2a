"""Commands that do the work: the service, and its parts once."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.call import SOME_FAILED, Call, Json, wrong_ends


def run(
    context: typer.Context,
    standby: Annotated[
        bool,
        typer.Option("--standby", help="Wait while another instance runs; take over when it ends."),
    ] = False,
) -> None:
    """Run the service: read what is due, publish, answer HTTP."""
    from aggregator.cli.running import run_service
    from aggregator.cli.standby import run_in_turn

    call: Call = context.obj
    with wrong_ends(call.voice):
        if standby:
            run_in_turn(call.configuration, call.folder, call.voice)
        else:
            run_service(call.configuration(), call.folder, call.voice)


def serve(context: typer.Context) -> None:
    """Answer HTTP only: the published feeds and the articles' pages."""
    from aggregator.cli.running import serve_only

    call: Call = context.obj
    with wrong_ends(call.voice):
        serve_only(call.configuration(), call.voice)


def ingest(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Only these; else all.")
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


def publish(
    context: typer.Context,
    force: Annotated[
        bool, typer.Option("--force", help="Also files that lost most of their articles.")
    ] = False,
) -> None:
    """Write every feed and page once, now."""
    from aggregator.cli.once import publish_once
    from aggregator.cli.report import publish_lines

    call: Call = context.obj
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with call.voice.working("publishing"):
            report = publish_once(configuration, force=force)
    for line in publish_lines(report):
        call.voice.say(line)
    if report.failed:
        raise typer.Exit(SOME_FAILED)
