"""Nudges on their way: what waits for somebody becomes one notice a day, made of what still holds when it goes.

A letter means a person, not a nudge. Whatever waits for them by then is looked at anew: what has settled itself is
dropped, the rest is told at once. So a worker that was off for days tells everybody once, and no more than holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from logging import getLogger
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, mail, outbox
from lti_tool.db import transaction
from lti_tool.errors import log_unexpected
from lti_tool.models import Course, Enrolment
from lti_tool.notifying.kinds import kind_of
from lti_tool.notifying.wishes import wish_of
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.events import NudgesSent
from mentoring.participants.models import Participant
from mentoring.together.nudges import hours, saying
from mentoring.together.nudges.facts import Facts, Someone
from mentoring.together.nudges.models import Nudge
from mentoring.together.nudges.planning import occasions, stops_of
from mentoring.together.nudges.reading import facts_of
from mentoring.together.nudges.rules import Rule, all_rules
from mentoring.together.nudges.saying import NUDGES, Line
from mentoring.together.nudges.sweeping import LANE

NOT_NOW = "waits until it is day there, and nothing was told that day"

log = getLogger(__name__)


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, LANE, NudgeCarrier())


class NudgeCarrier:
    """Tells people what waits for them, some at once; if one of them cannot be told, the others are all the same."""

    batch = 20

    def carry(self, errands: Sequence[Errand]) -> Iterable[Outcome]:
        try:
            return _bring(errands)
        except Exception as problem:
            log_unexpected(log, problem)
            return map(_alone, errands)


def _alone(errand: Errand) -> Outcome:
    try:
        return _bring([errand])[0]
    except Exception as problem:
        log_unexpected(log, problem)
        return Later(f"{type(problem).__name__} inside the tool; see the log")


def _bring(errands: Sequence[Errand]) -> list[Outcome]:
    at, rules = clock.now(), {rule.key: rule for rule in all_rules()}
    with transaction() as session:
        waiting = _waiting(session, [errand.body["person"] for errand in errands])
        known = _Known.of(session, [each for mine in waiting.values() for each in mine], rules, at)
        return [_tell(session, waiting[errand.body["person"]], known, at) for errand in errands]


def _waiting(session: Session, people: Sequence[int]) -> dict[int, list[Nudge]]:
    """What waits for each of these people, held until the caller commits: nobody else tells it meanwhile."""
    found = session.scalars(
        select(Nudge)
        .where(Nudge.person_id.in_(people), Nudge.sent.is_(None), Nudge.dropped.is_(None))
        .order_by(Nudge.id)
        .with_for_update(of=Nudge)
        .execution_options(populate_existing=True)
    )
    waiting: dict[int, list[Nudge]] = defaultdict(list)
    for nudge in found:
        waiting[nudge.person_id].append(nudge)
    return waiting


@dataclass(frozen=True)
class _Known:
    """What is needed to tell several people, read at once."""

    rules: Mapping[str, Rule]
    facts: Mapping[int, Facts]
    stopped: set[tuple[int, str]]
    told: Mapping[int, datetime]
    """When each person was last told anything."""
    people: Mapping[int, Participant]

    @classmethod
    def of(cls, session: Session, nudges: Sequence[Nudge], rules: Mapping[str, Rule], at: datetime) -> _Known:
        persons = {nudge.person_id for nudge in nudges}
        ids = sorted({nudge.mentorship_id for nudge in nudges})
        facts = {each.mentorship: each for each in facts_of(session, ids, list(rules.values()), at)}
        return cls(rules, facts, stops_of(session, persons), _told(session, persons), _people(session, facts))

    def still(self, nudge: Nudge, at: datetime) -> tuple[Rule, Facts] | None:
        """The rule and the facts of a nudge that is to be told; None if it makes no sense any more."""
        facts = self.facts.get(nudge.mentorship_id)
        if facts is None or (nudge.person_id, nudge.rule) in self.stopped:
            return None
        for rule, occasion in occasions(facts, list(self.rules.values()), at):
            if (rule.key, occasion.about) == (nudge.rule, nudge.about) and self._concerns(nudge, rule.whom(facts)):
                return rule, facts
        return None

    @staticmethod
    def _concerns(nudge: Nudge, people: Iterable[Someone]) -> bool:
        return any(each.participant == nudge.participant_id and each.is_reachable for each in people)


def _told(session: Session, persons: Iterable[int]) -> dict[int, datetime]:
    rows = session.execute(
        select(Nudge.person_id, func.max(Nudge.sent)).where(Nudge.person_id.in_(persons)).group_by(Nudge.person_id)
    )
    return {person: last for person, last in rows if last is not None}


def _people(session: Session, facts: Mapping[int, Facts]) -> dict[int, Participant]:
    ids = {person.participant for each in facts.values() for person in each.people}
    enrolment = joinedload(Participant.enrolment, innerjoin=True)
    found = session.scalars(
        select(Participant)
        .where(Participant.id.in_(ids))
        .options(enrolment.joinedload(Enrolment.course, innerjoin=True).joinedload(Course.deployment, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in found}


def _tell(session: Session, waiting: Sequence[Nudge], known: _Known, at: datetime) -> Outcome:
    """Tell one person what waits for them and still holds, unless it is night there, or they were told today."""
    due = [nudge for nudge in waiting if nudge.due <= at]
    lines = [line for nudge in due if (line := _line(nudge, known, at)) is not None]
    if lines:
        to = lines[0].to.enrolment
        soonest = _soonest(session, to, lines[0].zone, known.told.get(to.person_id), at)
        if soonest > at:
            return Later(NOT_NOW, (soonest - at).total_seconds() + 0.001)
        _send(session, to, lines, at)
    later = [nudge.due for nudge in waiting if nudge.due > at]
    return Later(NOT_NOW, (min(later) - at).total_seconds() + 0.001) if later else Done()


def _line(nudge: Nudge, known: _Known, at: datetime) -> Line | None:
    found = known.still(nudge, at)
    if found is None:
        nudge.dropped = at
        return None
    rule, facts = found
    mine = known.people[nudge.participant_id]
    others = [known.people[each.participant] for each in facts.people if each.participant != mine.id]
    zone = next(each.zone for each in facts.people if each.participant == mine.id)
    return Line(nudge=nudge, rule=rule, facts=facts, to=mine, others=others, zone=zone)


def _soonest(session: Session, to: Enrolment, zone: ZoneInfo, told: datetime | None, at: datetime) -> datetime:
    """From when on they may be told: by day, once a day, and outside their quiet hours.

    Whose quiet hours last all day, as those of who works at night, finds it in the tool; the mail waits by itself.
    """
    if told is not None and hours.is_same_day(told, at, zone):
        return hours.tomorrow_morning(at, zone)
    if (day := hours.awake(at, zone)) > at:
        return day
    quiet = wish_of(session, to, kind_of(NUDGES)).quiet_until(at)
    return quiet if quiet is not None and hours.awake(quiet, zone) == quiet else at


def _send(session: Session, to: Enrolment, lines: Sequence[Line], at: datetime) -> None:
    """Everything in one notice, in the course where something waits longest."""
    day = f"{at.astimezone(lines[0].zone):%Y%m%d}"
    for line in lines:
        line.nudge.sent = at
    event = NudgesSent(
        at=at,
        # The same if the letter is carried once more after a crash.
        event_id=str(uuid5(NAMESPACE_OID, f"nudges:{to.public_id}:{day}")),
        who=to.who,
        where=to.course.where,
        rules=tuple(line.rule.key for line in lines),
    )
    outbox.announce(session, event)
    mail.tell(session, to, NUDGES, lambda: saying.words(to, lines), key=f"nudges:{day}", at=at)
