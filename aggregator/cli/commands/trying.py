"""Commands about rules: trying them on what is stored before, or by, applying them."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.call import Call, Json, wrong_ends


def try_(
    context: typer.Context,
    *,
    source: Annotated[
        str, typer.Option("--source", metavar="ID", help="Only articles of this source.")
    ] = "",
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it: stored articles come, go, move and change.")
    ] = False,
    limit: Annotated[
        int,
        typer.Option("--limit", metavar="N", min=0, help="Show at most so many articles a feed."),
    ] = 10,
    json: Json = False,
) -> None:
    """Show what today's rules would do to what is stored, feed by feed.

    What would come into, leave, move between or change in the feeds. Judges every stored article,
    and what rules dropped before. Without --apply nothing changes.
    """
    from aggregator.cli import trying
    from aggregator.cli.once import opened, published_after
    from aggregator.cli.report import as_json
    from aggregator.service.assembly import utc_now

    call: Call = context.obj
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with opened(configuration) as store:
            wish = trying.Wish(source, apply, limit)
            with call.voice.working("judging what is stored"):
                trial = trying.try_rules(configuration, store, wish, utc_now())
            if apply:
                published_after(configuration, store, call.voice)
    if json:
        typer.echo(as_json(trial.data()))
        return
    for line in trial.lines():
        call.voice.out.print(line, markup=False, soft_wrap=True)
