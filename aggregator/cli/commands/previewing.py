"""The command with which people write selectors: what would come out, with nothing stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.call import SOME_FAILED, Call, Json, wrong_ends


def preview(
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="URL|SOURCE", help="An address, or the id of a source.")
    ],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="At most so many entries.")
    ] = 50,
    json: Json = False,
) -> None:
    """Show step by step what would come out of a source.

    Nothing is stored. Names every selector and expression that found nothing. A web page is looked
    through for its feeds. Whether another source has the same article is decided by `ingest`.
    """
    from aggregator.cli.preview.data import look_data
    from aggregator.cli.preview.looking import look
    from aggregator.cli.preview.page import render as render_page
    from aggregator.cli.preview.terminal import render, total
    from aggregator.cli.report import as_json

    call: Call = context.obj
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with call.voice.working(f"reading {target}"):
            seen = look(configuration, target, limit)
        if html:
            call.write(html, render_page(seen, configuration.settings.clean.embeds))
    if json:
        typer.echo(as_json(look_data(seen)))
    elif html:
        call.voice.say(seen.preview.error or total(seen))
    else:
        call.voice.out.print(render(seen))
    if seen.preview.error:
        raise typer.Exit(SOME_FAILED)
