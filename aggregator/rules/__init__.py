"""Which articles stay, go or change, as the configuration says; pure functions over articles.

A new action is one function in `actions`; what rules can look at is in `conditions`.
"""

from aggregator.rules.books import RuleBook, judge_by_book
from aggregator.rules.judging import judge

__all__ = ["RuleBook", "judge", "judge_by_book"]
