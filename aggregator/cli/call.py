"""What every command is called with, and how it leaves: exit status and the words on the way out.

Exit status: 0 good; 1 some source or feed failed, what was asked for is not known, or no worker
process starts; 2 the configuration or the command is wrong, or something cannot be written. See
also `ending`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.console import Voice
from aggregator.errors import AggregatorError, ConfigurationError, WorkersError
from aggregator.text.redaction import without_secrets

if TYPE_CHECKING:
    from aggregator.model.settings import Configuration

SOME_FAILED = 1
WRONG = 2

Json = Annotated[bool, typer.Option("--json", help="Print data for programs.")]
OfSource = Annotated[str, typer.Option("--source", metavar="ID", help="Id of a source.")]


@dataclass
class Call:
    """What the global options say."""

    folder: Path = Path("config")
    voice: Voice = field(default_factory=Voice)

    @property
    def command(self) -> str:
        """How this program is called with this folder, as a shell wants it."""
        return f"aggregator --config {quote(str(self.folder))}"

    def configuration(self) -> Configuration:
        """Read the configuration.

        Raises:
            ConfigurationError: something in it is wrong.
        """
        from aggregator.config.load import load

        return load(self.folder, os.environ)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file that was asked for by name, and say so.

        Raises:
            AggregatorError: it cannot be written.
        """
        try:
            path.write_bytes(data)
        except OSError as error:
            raise AggregatorError(f"{path} cannot be written: {error.strerror}") from None
        self.voice.say(f"wrote {path}")


@contextmanager
def wrong_ends(voice: Voice) -> Iterator[None]:
    """Tell an error that a person can mend in its own words, and leave with its status."""
    try:
        yield
    except ConfigurationError as error:
        for fault in error.faults:
            voice.complain(without_secrets(str(fault)))
        raise typer.Exit(WRONG) from None
    except AggregatorError as error:
        voice.complain(without_secrets(str(error)))
        raise typer.Exit(SOME_FAILED if isinstance(error, WorkersError) else WRONG) from None
    except OSError as error:
        if error.filename is None or error.strerror is None:
            raise  # of no file: see `ending`
        voice.complain(f"{error.filename}: {error.strerror}")
        raise typer.Exit(WRONG) from None
    except UnicodeEncodeError as error:
        voice.complain(f"{error.object!r} is no text in {error.encoding}")
        raise typer.Exit(WRONG) from None
