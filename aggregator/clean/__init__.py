"""From what a source said to what we stand behind: one pure step per worry."""

from aggregator.clean.cleaning import Cleaning
from aggregator.clean.entry import clean_entry
from aggregator.clean.fields import clean_origin

__all__ = ["Cleaning", "clean_entry", "clean_origin"]
