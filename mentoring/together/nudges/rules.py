"""The rules by which people are reminded: small plain objects in a registry, ours and those of other wings.

A rule looks at the facts of a mentorship and finds an occasion, or none. A nudge is stale as soon as its rule does not
find the same occasion any more. Asks have a clock of their own (`mentorships.clocks`), and so has the first week of a
new pair: nothing here says the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lti_tool.pages import local_day
from mentoring.mentorships.timeline.models import Step
from mentoring.mentorships.timeline.words import STEPS
from mentoring.mentorships.winding import TO_BEGIN
from mentoring.together.nudges.facts import Facts, Open, Someone
from mentoring.together.nudges.models import LONGEST_RULE

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
TO_LOG = timedelta(hours=20)
"""How long after a meeting nobody is asked how it was."""
KINDLY = timedelta(days=2)
"""How long something on a timeline may be late without a word."""
BY_OTHERS = (Step.KICK_OFF,)
"""Steps of which another rule reminds."""


@dataclass(frozen=True)
class Occasion:
    """Something to remind of."""

    about: str
    since: datetime
    """From when on it is due; perhaps only in the days to come."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Of what people are reminded, and how often."""

    key: str
    """Stays the same for good: what people have stopped is kept under it."""
    order: int
    label: LazyString
    """What it is called where people stop it."""
    when: LazyString
    """In a sentence, when it reminds."""
    looks_at: Callable[[Facts], Occasion | None]
    """What of the facts calls for a nudge; what was found earlier and is not any more is stale."""
    whom: Callable[[Facts], Collection[Someone]]
    sentence: Callable[[Facts, str], str]
    """What they are told, in their language; the others are called by these names."""
    again: timedelta
    """The soonest that the same is said again."""
    most: int
    """How often it is said at most about one occasion."""
    covers: Collection[str] = ()
    """Rules that need not be heard about a mentorship that this one speaks of."""
    reads: Callable[[Session, Collection[int]], Mapping[int, datetime]] | None = None
    """A moment of each of these mentorships that it wants to know as well; it stands in `known` under its key."""


class _Rules:
    def __init__(self) -> None:
        self.found: list[Rule] = []


def init_app(app: Flask) -> None:
    app.extensions["nudge_rules"] = _Rules()
    for rule in OWN:
        register(app, rule)


def register(app: Flask, rule: Rule) -> None:
    """Remind of this as well. Raises ValueError if its key is taken, or too long to be kept."""
    rules: _Rules = app.extensions["nudge_rules"]
    if rule.key in {each.key for each in rules.found} or not 0 < len(rule.key) <= LONGEST_RULE:
        raise ValueError(f"There is a rule {rule.key!r} already, or its key is too long")
    rules.found.append(rule)
    rules.found.sort(key=lambda each: (each.order, each.key))


def all_rules() -> Sequence[Rule]:
    rules: _Rules = current_app.extensions["nudge_rules"]
    return rules.found


def rule_of(key: str) -> Rule | None:
    return next((rule for rule in all_rules() if rule.key == key), None)


def everybody(facts: Facts) -> Collection[Someone]:
    return facts.people


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


# No reply: an agreement that waits for somebody's signature.


def _waits_for_a_signature(facts: Facts) -> Occasion | None:
    unsigned = facts.unsigned
    return Occasion(unsigned.agreement, unsigned.since + facts.reply_time) if unsigned else None


def _who_has_to_sign(facts: Facts) -> Collection[Someone]:
    missing = facts.unsigned.missing if facts.unsigned else ()
    return [person for person in facts.people if person.participant in missing]


def _say_unsigned(_facts: Facts, names: str) -> str:
    return str(_("%(names)s: your agreement waits for your signature.", names=names))


NO_REPLY = Rule(
    key="no_reply",
    order=10,
    label=_l("Somebody waits for you"),
    when=_l("When an agreement has waited for your signature longer than your program gives for answers."),
    looks_at=_waits_for_a_signature,
    whom=_who_has_to_sign,
    sentence=_say_unsigned,
    again=3 * A_DAY,
    most=2,
)


# No meeting: nothing is planned, and the last one, or the beginning, is longer ago than it should be.


def _has_nothing_planned(facts: Facts) -> Occasion | None:
    if facts.is_booked:
        return None
    if not facts.has_begun and facts.last_met is None:
        return Occasion("kick-off", _to_kick_off(facts))
    if facts.is_once:
        return None
    last = facts.last_met or facts.started
    return Occasion(_day(last), last + facts.rhythm)


def _to_kick_off(facts: Facts) -> datetime:
    """The program's day for it, and not within a week of the clock that asks new pairs whether they have met."""
    asked = facts.reminded_to_begin or facts.started + TO_BEGIN
    planned = [each.due for each in facts.open if each.step == Step.KICK_OFF]
    return max(*planned, asked + A_WEEK) if planned else asked + A_WEEK


def _say_nothing_planned(facts: Facts, names: str) -> str:
    if not facts.has_begun and facts.last_met is None:
        return str(_("%(names)s: you have not met yet, and nothing is booked. Propose a time.", names=names))
    if facts.last_met is None:
        return str(_("%(names)s: no meeting is booked. Propose a time.", names=names))
    day = local_day(facts.last_met)
    return str(_("%(names)s: no meeting is booked, and your last one was on %(day)s.", names=names, day=day))


NO_MEETING = Rule(
    key="no_meeting",
    order=20,
    label=_l("No meeting is booked"),
    when=_l("When nothing is planned, and your last meeting is longer ago than your rhythm."),
    looks_at=_has_nothing_planned,
    whom=everybody,
    sentence=_say_nothing_planned,
    again=A_WEEK,
    most=3,
)


# Log missing: a meeting is over, and nobody said how it was.


def _is_unlogged(facts: Facts) -> Occasion | None:
    newest = next(iter(facts.unlogged), None)
    return Occasion(newest.meeting, newest.ends + TO_LOG) if newest else None


def _who_could_be_there(facts: Facts) -> Collection[Someone]:
    newest = next(iter(facts.unlogged), None)
    return [person for person in facts.people if newest is not None and person.since <= newest.starts]


def _say_unlogged(facts: Facts, names: str) -> str:
    day = local_day(facts.unlogged[0].starts)
    return str(_("%(names)s: did you meet on %(day)s? It takes twenty seconds to say.", names=names, day=day))


LOG_MISSING = Rule(
    key="log_missing",
    order=30,
    label=_l("How a meeting was"),
    when=_l("A day after a meeting, while nobody has said whether you met."),
    looks_at=_is_unlogged,
    whom=_who_could_be_there,
    sentence=_say_unlogged,
    again=3 * A_DAY,
    most=2,
)


# Overdue: something on the timeline.


def _late(facts: Facts) -> list[Open]:
    return [each for each in facts.open if each.step not in BY_OTHERS]


def _is_overdue(facts: Facts) -> Occasion | None:
    first = next(iter(_late(facts)), None)
    return Occasion(first.entry, first.due + KINDLY) if first else None


def _say_overdue(facts: Facts, names: str) -> str:
    """What people called an entry of theirs stays on their timeline."""
    first, *rest = _late(facts)
    said = {"names": names, "day": local_day(first.due)}
    if first.step or first.title:
        said["what"] = first.title or str(STEPS[Step(first.step)])
        line = _("%(names)s: “%(what)s” was planned for %(day)s. It is not too late.", **said)
    else:
        line = _("%(names)s: something you planned yourselves for %(day)s is still open.", **said)
    more = len([each for each in rest if each.due < facts.at])
    return f"{line} {ngettext('And one more.', 'And %(num)d more.', more)}" if more else str(line)


OVERDUE = Rule(
    key="overdue",
    order=40,
    label=_l("Something on your timeline is late"),
    when=_l("Two days after a step was planned, while it is not done."),
    looks_at=_is_overdue,
    whom=everybody,
    sentence=_say_overdue,
    again=A_WEEK,
    most=3,
)


# Quiet: nothing at all for twice the rhythm.


def _is_quiet(facts: Facts) -> Occasion | None:
    if not facts.has_begun or facts.is_booked or facts.is_once:
        return None
    return Occasion(_day(facts.last_sign), facts.last_sign + 2 * facts.rhythm)


def _say_quiet(facts: Facts, names: str) -> str:
    said = {"names": names, "day": local_day(facts.last_sign)}
    return str(_("%(names)s: it has been quiet between you since %(day)s. One line or one time is enough.", **said))


QUIET = Rule(
    key="quiet",
    order=50,
    label=_l("It has become quiet"),
    when=_l("When you have met, written, ticked and signed nothing for twice your rhythm."),
    looks_at=_is_quiet,
    whom=everybody,
    sentence=_say_quiet,
    again=2 * A_WEEK,
    most=3,
    covers=("no_meeting", "overdue"),
)

OWN = (NO_REPLY, NO_MEETING, LOG_MISSING, OVERDUE, QUIET)
