"""What is said about sources and their health, in the language of whoever reads it.

Keys that end in a reason, a state or a kind of event are asked for by its word; a test sees that
none is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType

from aggregator.formats.words import N_, spoken, translations

_TEN = 10

_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "title": N_("Status of the sources"),
        "lead": N_("How every source is doing; those in trouble come first."),
        "faults": N_("The configuration has faults; the one before it is in force"),
        "problems": N_("The service has a problem"),
        "summary": N_("{ok} well, {trouble} in trouble, {waiting} not read yet."),
        "more": N_("{count} more sources are not shown; `aggregator sources` lists them all."),
        "empty": N_("There are no sources."),
        "feed": N_("What happens to sources, as a feed"),
        "feed_title": N_("How the sources are doing"),
        "feed_description": N_(
            "When a source breaks, changes, moves, goes silent or recovers, or a feed is held back."
        ),
        "last_good": N_("Last good"),
        "never": N_("never"),
        "next": N_("Next"),
        "every": N_("Every"),
        "new_per_day": N_("New a day"),
        "articles": N_("Articles"),
        "streak": N_("Failures in a row"),
        "moved_to": N_("Read from"),
        "charts": N_("The last {days} days"),
        "chart_new": N_("New articles a day"),
        "chart_seconds": N_("Response time"),
        "chart_failures": N_("Failures"),
        "chart_none": N_("no record yet"),
        "chart_new_text": N_("{total} in all, at most {most} on one day"),
        "chart_seconds_text": N_("{most} s on average on the slowest day"),
        "chart_failures_text": N_("{total} of {fetches} fetches"),
        "state_ok": N_("well"),
        "state_failing": N_("failing"),
        "state_gone": N_("gone"),
        "state_silent": N_("silent"),
        "state_waiting": N_("not read yet"),
        "reason_timeout": N_("It did not answer in time."),
        "reason_dns": N_("Its name cannot be found."),
        "reason_connect": N_("No connection can be made to it."),
        "reason_tls": N_("Its certificate cannot be trusted."),
        "reason_blocked_address": N_("It leads to an address that is not allowed."),
        "reason_bad_url": N_("Its address cannot be used."),
        "reason_too_many_redirects": N_("It redirects without end."),
        "reason_too_large": N_("Its answer is too large."),
        "reason_bad_response": N_("Its answer is not proper HTTP."),
        "reason_incomplete": N_("Its answer broke off."),
        "reason_http_error": N_("It answers with an error."),
        "reason_rate_limited": N_("It wants to be asked less often."),
        "reason_gone": N_("It says that it is gone for good."),
        "reason_robots": N_("It does not want programs to read it (robots.txt)."),
        "reason_offline": N_("It was out of reach, and so was everybody else."),
        "reason_unreadable": N_("Its files cannot be read."),
        "reason_empty": N_("Its answer is empty."),
        "reason_not_a_feed": N_(
            "Its answer is not what was promised: a page, it may be, instead of a feed."
        ),
        "reason_malformed": N_("Its answer is damaged."),
        "reason_no_items": N_("Nothing on its page is recognised as an article."),
        "reason_layout_changed": N_("Its page is laid out in another way than before."),
        "reason_too_expensive": N_("Reading its answer takes too much time or memory."),
        "reason_failed": N_("Reading its answer failed."),
        "event_broken": N_("{title} cannot be read any more"),
        "event_layout_changed": N_("{title} has changed its layout"),
        "event_gone": N_("{title} is gone"),
        "event_moved": N_("{title} has moved"),
        "event_silent": N_("{title} has gone silent"),
        "event_recovered": N_("{title} can be read again"),
        "event_resumed": N_("{title} posts again"),
        "event_refused": N_("{title} was not published anew"),
        "event_accepted": N_("{title} is published again"),
        "about_broken": N_(
            "It failed several times in a row. It is tried again, less and less often."
        ),
        "about_layout_changed": N_(
            "What the configuration says about its page no longer fits: "
            "look at the page, and mend the source."
        ),
        "about_gone": N_(
            "It rests, and is asked once a day. "
            "Take it out of the configuration, or give it a new address."
        ),
        "about_moved": N_(
            "It is read from its new address from now on; write that into the configuration."
        ),
        "about_silent": N_("It answers, but has posted nothing for much longer than usual."),
        "about_recovered": N_("Whatever it was, it is over."),
        "about_resumed": N_("The silence is over."),
        "about_refused": N_(
            "What was published before stays as it is, because the new files look wrong. "
            "Where they are right, `aggregator publish --force` publishes them all the same."
        ),
        "about_accepted": N_("Its files are up to date."),
        "ago": N_("{span} ago"),
        "ahead": N_("in {span}"),
        "now": N_("now"),
        "unit_d": N_("{number} d"),
        "unit_h": N_("{number} h"),
        "unit_min": N_("{number} min"),
        "unit_s": N_("{number} s"),
        "why_configured": N_("as configured"),
        "why_guess": N_("first guess"),
        "why_posts": N_("posts about every {length}"),
        "why_silent": N_("nothing new for {length}"),
        "why_asked": N_("{who} asks for {length}"),
        "why_shortened": N_("shortened to fetch.every_at_most"),
        "why_lengthened": N_("lengthened to fetch.every_at_least"),
        "why_quiet": N_("waits for the end of quiet times"),
        "why_domain": N_("waits for its domain"),
        "why_offline": N_("this machine was offline"),
        "why_gone": N_("gone: asked once a day, in case it comes back"),
        "why_told": N_("the origin asked us to wait {length}"),
        "why_failed_once": N_("failed once"),
        "why_failed": N_("failed {number} times in a row"),
        "why_joint": N_("; "),
        "cache": N_("the HTTP cache"),
        "said": N_("In its own words"),
        "source": N_("Source"),
        "of_feed": N_("Feed"),
    }
)


@cache
def health_words(language: str) -> Mapping[str, str]:
    """The words about sources for pages of a language (BCP 47), by key."""
    say = translations(spoken(language)).gettext
    return MappingProxyType({key: say(text) for key, text in _TEXTS.items()})


ENGLISH = health_words("en")
"""For the command line, which speaks English."""


def span(length: timedelta, words: Mapping[str, str]) -> str:
    """A length of time in its largest unit, below ten of it with a half: `1.5 h`."""
    seconds = max(0.0, length.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            number = seconds / size
            rounded = round(number * 2) / 2 if number < _TEN else round(number)
            return words[f"unit_{unit}"].format(number=f"{rounded:g}")
    return words["unit_s"].format(number=int(seconds))


def ago(moment: datetime | None, now: datetime, words: Mapping[str, str]) -> str:
    """How long ago something happened; `never` for None."""
    return words["ago"].format(span=span(now - moment, words)) if moment else words["never"]


def ahead(moment: datetime, now: datetime, words: Mapping[str, str]) -> str:
    """In how much time something will happen."""
    if moment <= now:
        return words["now"]
    return words["ahead"].format(span=span(moment - now, words))


def error_in_words(error: str, words: Mapping[str, str]) -> str:
    """What `reason: detail` means, for people; "" for no error, itself for an unknown reason."""
    return words.get(f"reason_{error.partition(':')[0]}", error)
