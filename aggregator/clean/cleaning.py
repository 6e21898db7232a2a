"""Everything of the configuration that shapes one source's articles."""

from __future__ import annotations

from dataclasses import dataclass, field

from aggregator.model.settings import Clean
from aggregator.text.hashing import fingerprint
from aggregator.text.policy import POLICY_VERSION


@dataclass(frozen=True)
class Cleaning:
    """How the entries of one source are cleaned; plain data that can be pickled.

    `remove` are CSS selectors, `timezone` an IANA name for dates that carry no zone, `language`
    the source's language where the configuration knows better than the source.
    """

    source_id: str
    clean: Clean = field(default_factory=Clean)
    remove: tuple[str, ...] = ()
    timezone: str = "UTC"
    language: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same entry would come out differently."""
        return fingerprint(
            POLICY_VERSION,
            self.clean.model_dump_json(),
            "\n".join(self.remove),
            self.timezone,
            self.language,
        )
