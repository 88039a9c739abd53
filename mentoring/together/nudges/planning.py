"""Which nudges are to be sent in the hours to come: what rules find, less what was stopped, said, or said too often."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentoring.together.nudges.facts import Facts, Someone
from mentoring.together.nudges.hours import next_morning
from mentoring.together.nudges.models import Nudge, NudgeStop
from mentoring.together.nudges.reading import AHEAD, facts_of
from mentoring.together.nudges.rules import Occasion, Rule

Key = tuple[int, int, str, str]
"""A mentorship, a participant, a rule and what it is about."""


@dataclass(frozen=True, slots=True)
class Said:
    """How often something was planned and told so far."""

    planned: int = 0
    told: int = 0
    last: datetime | None = None
    """When it was last told."""
    waits: bool = False
    """Whether one is on its way."""


def occasions(facts: Facts, rules: Sequence[Rule], at: datetime) -> list[tuple[Rule, Occasion]]:
    """What there is to remind of by this moment; a rule that says the same better goes before another."""
    found = [(rule, rule.looks_at(facts)) for rule in rules]
    due = [(rule, occasion) for rule, occasion in found if occasion is not None and occasion.since <= at]
    covered = {key for rule, _occasion in due for key in rule.covers}
    return [(rule, occasion) for rule, occasion in due if rule.key not in covered]


def plan(session: Session, ids: Collection[int], rules: Sequence[Rule], at: datetime) -> list[dict[str, Any]]:
    """Rows of the nudges of these mentorships that are due until the next sweep and not planned yet."""
    facts = facts_of(session, ids, rules, at)
    wanted = [
        (each, rule, occasion, person)
        for each in facts
        for rule, occasion in occasions(each, rules, at + AHEAD)
        for person in rule.whom(each)
        if person.is_reachable
    ]
    stopped = stops_of(session, {person.person for *_rest, person in wanted})
    said = _said(session, {each.mentorship for each, *_rest in wanted})
    return list(_rows([each for each in wanted if (each[3].person, each[1].key) not in stopped], said, at))


def _rows(
    wanted: Sequence[tuple[Facts, Rule, Occasion, Someone]], said: dict[Key, Said], at: datetime
) -> Iterator[dict[str, Any]]:
    for facts, rule, occasion, person in wanted:
        before = said.get((facts.mentorship, person.participant, rule.key, occasion.about), Said())
        if before.waits or before.told >= rule.most:
            continue
        soonest = max(occasion.since, at, before.last + rule.again if before.last else at)
        due = next_morning(soonest, person.zone)
        if due <= at + AHEAD:
            yield {
                "mentorship_id": facts.mentorship,
                "participant_id": person.participant,
                "person_id": person.person,
                "rule": rule.key,
                "about": occasion.about,
                "nth": before.planned + 1,
                "due": due,
                "created": at,
            }


def stops_of(session: Session, people: Collection[int]) -> set[tuple[int, str]]:
    """What these people have stopped, each with the rule's key."""
    if not people:
        return set()
    found = session.execute(select(NudgeStop.person_id, NudgeStop.rule).where(NudgeStop.person_id.in_(people)))
    return {(person, rule) for person, rule in found}


def _said(session: Session, mentorships: Collection[int]) -> dict[Key, Said]:
    if not mentorships:
        return {}
    key = (Nudge.mentorship_id, Nudge.participant_id, Nudge.rule, Nudge.about)
    rows = session.execute(
        select(
            *key,
            func.max(Nudge.nth),
            func.count(Nudge.sent),
            func.max(Nudge.sent),
            func.count().filter(Nudge.sent.is_(None), Nudge.dropped.is_(None)),
        )
        .where(Nudge.mentorship_id.in_(mentorships))
        .group_by(*key)
    )
    return {
        (mentorship, participant, rule, about): Said(planned, told, last, bool(waiting))
        for mentorship, participant, rule, about, planned, told, last, waiting in rows
    }
