"""`export ledger` and `import ledger`: files that carry what the database knows to another one."""

from __future__ import annotations

import contextlib
import gzip
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from aggregator.cli.console import Voice
from aggregator.cli.once import opened, progress_bar
from aggregator.config.paths import database_url
from aggregator.errors import AggregatorError
from aggregator.model.ledger import TakenIn
from aggregator.model.settings import Configuration
from aggregator.service.assembly import utc_now
from aggregator.store.opening import SchemaState, schema_state


def export_ledger(configuration: Configuration, file: Path | None, voice: Voice) -> None:
    """Write the ledger; packed where the name ends in `.gz`, to standard output without a name.

    Raises:
        AggregatorError: the database cannot be read, or the file not be written.
    """
    if schema_state(database_url(configuration)) is SchemaState.MISSING:
        raise AggregatorError(
            "there is no database yet, so that nothing was written; see `database` in"
            " aggregator.yaml, or take a ledger in with `aggregator import ledger FILE`"
        )
    with opened(configuration) as store, _written(file) as target, _told(voice, "writing") as told:
        counts = store.export_ledger(lambda line: target.write(f"{line}\n".encode()), told)
    if file:
        voice.say(f"wrote {file}: {_in_words(counts)}")


def import_ledger(configuration: Configuration, file: Path, voice: Voice) -> TakenIn:
    """Take in what `export_ledger` wrote: all of it, or nothing; no service may run meanwhile.

    Raises:
        AggregatorError: the file is not what it should be, or the database is in use or refuses.
    """
    with (
        opened(configuration) as store,
        store.lock_instance(),
        _told(voice, "reading") as told,
    ):
        return store.import_ledger(partial(_lines, file), str(file), utc_now(), told)


def summary(taken: TakenIn) -> Iterator[str]:
    """What came of an import, for people."""
    added = {kind: count for kind, (count, _) in taken.lines.items() if count}
    known = {kind: count for kind, (_, count) in taken.lines.items() if count}
    yield f"added: {_in_words(added) or 'nothing'}"
    if known:
        yield f"there already, and left as they are: {_in_words(known)}"


def _in_words(counts: Mapping[str, int]) -> str:
    said = ((count, kind if count == 1 else _MANY[kind]) for kind, count in counts.items() if count)
    return ", ".join(f"{count} {kind}" for count, kind in said)


_MANY: Mapping[str, str] = {
    "category": "categories",
    "source": "sources",
    "document": "documents",
    "article": "articles",
    "copy": "copies",
    "alias": "aliases",
    "content": "contents",
    "page": "pages",
    "dropped": "dropped",
    "edition": "editions",
    "withdrawal": "withdrawals",
    "event": "events",
}


@contextlib.contextmanager
def _written(file: Path | None) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is whole."""
    if file is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = file.with_name(f".{file.name}.new")
    try:
        with beside.open("wb") as plain, _packed(file, plain) as target:
            yield target
        beside.replace(file)
    except OSError as error:
        raise AggregatorError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def _packed(file: Path, plain: BinaryIO) -> contextlib.AbstractContextManager[BinaryIO]:
    """No name and no time go into the file, so that the same ledger gives the same bytes."""
    if file.suffix == ".gz":
        packed = gzip.GzipFile("", "wb", fileobj=plain, mtime=0)
        return contextlib.closing(packed)  # type: ignore[arg-type] # a BinaryIO in all but its name
    return contextlib.nullcontext(plain)


def _lines(file: Path) -> Iterator[bytes]:
    """The lines of a file; what is wrong with it as a file is told in our own words.

    Raises:
        AggregatorError: it cannot be read to its end.
    """
    try:
        with file.open("rb") as plain:
            yield from gzip.GzipFile(fileobj=plain) if file.suffix == ".gz" else plain
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise AggregatorError(f"{file} is cut short or damaged: {error}") from error
    except OSError as error:
        raise AggregatorError(f"{file} cannot be read: {error.strerror}") from error


@contextlib.contextmanager
def _told(voice: Voice, what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal that follows what is done."""
    with progress_bar(voice) as progress:
        bar = progress.add_task(f"{what} the ledger", total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)
