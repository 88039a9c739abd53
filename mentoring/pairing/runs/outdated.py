"""What a draft says for itself once the cohort is not as it was when it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool.members import people_of
from mentoring.names import in_sentence
from mentoring.pairing.aging import Change, changes
from mentoring.pairing.matching.people import Design, Someone
from mentoring.pairing.models import MatchRun
from mentoring.pairing.runs.keeping import plain_design
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_seeking

Said = Callable[..., str]

NAMED = 4
"""How many are called by name before the rest is counted."""
OF_THOSE_WHO_SEEK: Mapping[Change, Said] = {
    Change.COME: lambda n, **who: ngettext(
        "%(who)s looks for somebody now.", "%(who)s look for somebody now.", n, **who
    ),
    Change.GONE: lambda n, **who: ngettext(
        "%(who)s looks for nobody any more.", "%(who)s look for nobody any more.", n, **who
    ),
}
OF_MENTORS: Mapping[Change, Said] = {
    Change.COME: lambda n, **who: ngettext("%(who)s mentors now.", "%(who)s mentor now.", n, **who),
    Change.GONE: lambda n, **who: ngettext("%(who)s mentors no longer.", "%(who)s mentor no longer.", n, **who),
    Change.PLACES: lambda n, **who: ngettext(
        "%(who)s has another number of free places.", "%(who)s have other numbers of free places.", n, **who
    ),
}
OF_BOTH: Mapping[Change, Said] = {
    Change.READY: lambda n, **who: ngettext("%(who)s can be matched now.", "%(who)s can be matched now.", n, **who),
    Change.UNREADY: lambda n, **who: ngettext(
        "%(who)s cannot be matched any more.", "%(who)s cannot be matched any more.", n, **who
    ),
    Change.SAID: lambda n, **who: ngettext(
        "%(who)s has changed what they say.", "%(who)s have changed what they say.", n, **who
    ),
}


@dataclass(frozen=True)
class Side:
    """Those who are matched with others: how a run kept them, and how they are."""

    key: str
    now: Sequence[Someone]
    words: Mapping[Change, Said]


def mentees_and_mentors(mentees: Sequence[Someone], mentors: Sequence[Someone]) -> list[Side]:
    return [Side("mentees", mentees, OF_THOSE_WHO_SEEK), Side("mentors", mentors, OF_MENTORS)]


def peers(people: Sequence[Someone]) -> list[Side]:
    return [Side("peers", people, OF_THOSE_WHO_SEEK)]


def since(
    session: Session, run: MatchRun, sides: Iterable[Side], design: Design, participants: Mapping[str, Participant]
) -> list[str]:
    """What has changed since this draft was made, in sentences; nothing while all is as it was, or it is no draft."""
    if not run.is_draft:
        return []
    if not run.inputs:
        return [_("Somebody who was part of it has been erased.")]
    told = [*_of_people(session, run, sides, participants)]
    if _has_changed(run.inputs["design"], design):
        told.append(_("The program says something else about matching."))
    return told


def _of_people(
    session: Session, run: MatchRun, sides: Iterable[Side], participants: Mapping[str, Participant]
) -> Iterable[str]:
    newcomers = _newcomers(session, run, participants)
    is_barred = False
    for side in sides:
        names: dict[Change, list[str]] = defaultdict(list)
        for key, change in changes(run.inputs[side.key], side.now).items():
            names[change].append(participants[key].name if key in participants else _("Somebody"))
        if side.words is OF_THOSE_WHO_SEEK:
            names[Change.COME].extend(newcomers)
        is_barred = is_barred or bool(names[Change.BARRED])
        words = {**OF_BOTH, **side.words}
        yield from (words[change](len(names[change]), who=_who(names[change])) for change in words if names[change])
    if is_barred:
        yield _("Some who could be matched with each other can be no longer, or the other way round.")


def _newcomers(session: Session, run: MatchRun, participants: Mapping[str, Participant]) -> list[str]:
    """Learners who came into the course since; the next run lets them join."""
    here = {each.enrolment_id for each in participants.values()}
    people = people_of(session, run.cohort.course)
    return [person.name for person in people if person.id not in here and is_seeking(person, None)]


def _who(names: Sequence[str]) -> str:
    shown = [in_sentence(name) for name in sorted(names)[:NAMED]]
    more = len(names) - len(shown)
    if more:
        shown.append(ngettext("one more", "%(num)d more", more))
    return str(format_list(shown, locale=get_locale()))


def _has_changed(was: Mapping[str, Any], now: Design) -> bool:
    """Weights are the draft's own."""
    rules = plain_design(now)
    return any(was[name] != rules[name] for name in rules if name != "weights" and name in was)
