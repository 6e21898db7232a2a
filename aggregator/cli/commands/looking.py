"""Commands that show what is stored."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.call import Call, Json, OfSource, wrong_ends


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
    elif found:
        call.voice.out.print(health_table(found, utc_now()))
    else:
        call.voice.say("no sources; `aggregator add URL` adds one")


def articles(
    context: typer.Context,
    category: Annotated[
        str, typer.Option("--category", metavar="PATH", help="Path of a category.")
    ] = "all",
    source: OfSource = "",
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")
    ] = 50,
    json: Json = False,
) -> None:
    """List the newest articles."""
    from aggregator.cli import naming
    from aggregator.cli.once import opened
    from aggregator.cli.report import article_data, article_table, as_json

    call: Call = context.obj
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with opened(configuration) as store:
            found = store.articles(path=category, source_id=source or None, limit=limit)
        if not found:
            naming.check_category(configuration, category)
            if source:
                naming.check_source(configuration, source)
            call.voice.say("no articles")
    if json:
        typer.echo(as_json([article_data(each) for each in found]))
    elif found:
        call.voice.out.print(article_table(found))
