"""Commands about what dedupe and rules decided: asking why, and putting it right."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.cli.call import SOME_FAILED, Call, Json, OfSource, wrong_ends
from aggregator.errors import AggregatorError

Named = Annotated[
    str, typer.Argument(metavar="ARTICLE|URL", help="A token, a public id, or a link of a copy.")
]


def why(context: typer.Context, named: Named, json: Json = False) -> None:
    """Show an article's copies and what decided, or what dropped it."""
    from aggregator.cli import histories
    from aggregator.cli.once import opened
    from aggregator.cli.report import as_json

    call: Call = context.obj
    with wrong_ends(call.voice), opened(call.configuration()) as store:
        found = [store.history(token) for token in histories.tokens_of(store, named)]
        articles = [each for each in found if each]
        dropped = histories.drops_at(store, named)
    if json:
        data = {
            "articles": [histories.history_data(each) for each in articles],
            "dropped": [histories.drop_data(each) for each in dropped],
        }
        typer.echo(as_json(data))
    else:
        for each in articles:
            call.voice.out.print(histories.history_view(each))
        if dropped:
            call.voice.out.print(histories.drop_table(dropped))
    if not articles and not dropped:
        call.voice.complain(f"{named}: neither an article nor a dropped entry is known by that")
        raise typer.Exit(SOME_FAILED)


def split(
    context: typer.Context,
    copy: Annotated[
        str, typer.Argument(metavar="COPY|URL", help="SOURCE/KEY as `why` shows it, or its link.")
    ],
    json: Json = False,
) -> None:
    """Make a copy an article of its own, for good, and publish it."""
    from aggregator.cli.once import opened, published_after
    from aggregator.cli.report import as_json
    from aggregator.service.assembly import utc_now

    call: Call = context.obj
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with opened(configuration) as store:
            old, own = store.split(copy, utc_now())
            published_after(configuration, store, call.voice)
    if json:
        typer.echo(as_json({"left": old, "article": own}))
    call.voice.say(f"{copy} is the article {own} now; it was a copy of {old}")


def merge(
    context: typer.Context,
    one: Named,
    other: Named,
    json: Json = False,
) -> None:
    """Make two articles one, for good.

    The one that was there first keeps its public id.
    """
    from aggregator.cli.histories import the_token
    from aggregator.cli.once import opened, published_after
    from aggregator.cli.report import as_json
    from aggregator.service.assembly import utc_now

    call: Call = context.obj
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with opened(configuration) as store:
            tokens = the_token(store, one), the_token(store, other)
            stays, gone = store.merge(*tokens, utc_now())
            published_after(configuration, store, call.voice)
    if json:
        typer.echo(as_json({"article": stays, "merged": gone}))
    call.voice.say(f"{gone} is part of the article {stays} now")


def dropped(
    context: typer.Context,
    *,
    source: OfSource = "",
    rule: Annotated[
        str, typer.Option("--rule", metavar="TEXT", help="A part of the rule, or of the reason.")
    ] = "",
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="List at most so many.")
    ] = 50,
    json: Json = False,
) -> None:
    """Count and list the entries that became no article, and why."""
    from aggregator.cli import histories
    from aggregator.cli.naming import check_source
    from aggregator.cli.once import opened
    from aggregator.cli.report import as_json
    from aggregator.model.ledger import WhichDrops

    call: Call = context.obj
    which = WhichDrops(source, rule)
    with wrong_ends(call.voice):
        configuration = call.configuration()
        with opened(configuration) as store:
            counts, found = store.count_dropped(which), store.dropped(which, limit)
        if source and not counts:
            check_source(configuration, source)
    if json:
        data = {
            "counts": [histories.count_data(each) for each in counts],
            "entries": [histories.drop_data(each) for each in found],
        }
        typer.echo(as_json(data))
    elif found:
        call.voice.out.print(histories.drops_view(found, counts))
    else:
        call.voice.say("nothing was dropped")


def withdraw(
    context: typer.Context,
    named: Named,
    reason: Annotated[
        str,
        typer.Option(
            "--why", metavar="TEXT", help="What readers are told; it is shown on its page."
        ),
    ],
    json: Json = False,
) -> None:
    """Take an article back, for good, out of every feed and page.

    It does not come again, whoever sends it.
    """
    from aggregator.cli.histories import the_token
    from aggregator.cli.once import opened, published_after
    from aggregator.cli.report import as_json
    from aggregator.service.assembly import utc_now

    call: Call = context.obj
    with wrong_ends(call.voice):
        if not reason.strip():
            raise AggregatorError("--why is empty: say what readers are told")
        configuration = call.configuration()
        with opened(configuration) as store:
            done = store.withdraw(the_token(store, named), reason, utc_now())
            published_after(configuration, store, call.voice)
    if json:
        typer.echo(as_json({"article": done.token, "public_id": done.public_id}))
    call.voice.say(f"{done.token} is withdrawn: {done.why}")
