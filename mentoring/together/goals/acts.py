"""A goal is set, changed, moved on with, reached, given up and opened again.

Each act is handed a mentorship or a goal of one that is held; the caller commits. All raise Refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from mentoring.events import (
    GoalChanged,
    GoalDropped,
    GoalProgressed,
    GoalReached,
    GoalReopened,
    GoalSet,
    OfGoal,
)
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.postcards import within
from mentoring.mentorships.refusing import Refusal
from mentoring.participants.models import Participant
from mentoring.programs.choices import GoalType
from mentoring.together.goals import queries, telling
from mentoring.together.goals.models import Goal, GoalState, GoalStep, HowFar, StepKind

MOST_OPEN = 20
"""Goals that one person has open in one mentorship."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How a goal is put."""

    statement: str
    due: datetime
    kind: GoalType | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What somebody says was done for a goal."""

    words: str
    far: HowFar
    hinders: str = ""


def set_goal(session: Session, mentorship: Mentorship, wording: Wording, *, by: Participant, at: datetime) -> Goal:
    """A goal of theirs from now on; one that they have in the same words already is set no second time."""
    if (same := queries.same_open(session, mentorship, by, wording.statement)) is not None:
        return same
    _must_have_room(session, mentorship, by)
    goal = Goal(mentorship=mentorship, participant=by, state=GoalState.OPEN, created=at, moved=at)
    _put(goal, wording)
    session.add(goal)
    session.flush()
    outbox.announce(session, GoalSet(**_about(goal, by, at)))
    telling.was_set(session, goal, by=by, at=at)
    return goal


def change(session: Session, goal: Goal, wording: Wording, *, by: Participant, at: datetime) -> bool:
    """Put it otherwise and keep how it was put; whether anything is different."""
    _must_be_open(goal)
    before, kind = goal.wording(), goal.kind
    _put(goal, wording)
    if (before, kind) == (goal.wording(), goal.kind):
        return False
    if before != goal.wording():
        _remember(session, goal, StepKind.CHANGED, by, at, before=before)
        outbox.announce(session, GoalChanged(**_about(goal, by, at)))
    return True


def tell_progress(session: Session, goal: Goal, said: Progress, *, by: Participant, at: datetime) -> GoalStep:
    """Keep what was done for it, once; whose goal it is may say that it is reached, which closes it."""
    if (last := queries.last_progress(session, goal)) is not None and _is_same(last, said, by, goal):
        return last
    _must_be_open(goal)
    is_reached = said.far is HowFar.REACHED
    if is_reached and by.id != goal.participant_id:
        raise Refusal(_("Only whose goal it is says that it is reached. Choose how far it is, and leave that to them."))
    words = {"words": said.words, "hinders": said.hinders, "far": said.far}
    step = _remember(session, goal, StepKind.PROGRESS, by, at, **words)
    goal.moved = at
    if is_reached:
        goal.close(GoalState.REACHED, at=at)
    session.flush()
    event: OfGoal = (
        GoalReached(**_about(goal, by, at))
        if is_reached
        else GoalProgressed(**_about(goal, by, at), far=said.far.value)
    )
    outbox.announce(session, event)
    telling.moved_on(session, goal, step, by=by, at=at)
    return step


def drop(session: Session, goal: Goal, why: str, *, by: Participant, at: datetime) -> None:
    _must_be_open(goal)
    _remember(session, goal, StepKind.DROPPED, by, at, words=why)
    goal.close(GoalState.DROPPED, at=at)
    session.flush()
    outbox.announce(session, GoalDropped(**_about(goal, by, at)))


def reopen(session: Session, goal: Goal, *, by: Participant, at: datetime) -> None:
    if goal.is_open:
        return
    _must_have_room(session, goal.mentorship, by)
    _remember(session, goal, StepKind.REOPENED, by, at)
    goal.reopen(at=at)
    session.flush()
    outbox.announce(session, GoalReopened(**_about(goal, by, at)))


def _is_same(last: GoalStep, said: Progress, by: Participant, goal: Goal) -> bool:
    """Whether a form was sent twice: nothing has happened since, and it says what stands there."""
    as_it_stands = (last.by_id, last.words, last.far, last.hinders) == (by.id, said.words, said.far, said.hinders)
    return as_it_stands and last.at == goal.moved


def _put(goal: Goal, wording: Wording) -> None:
    goal.statement, goal.due, goal.kind = wording.statement, wording.due, wording.kind
    goal.prompts = dict(wording.prompts)


def _remember(session: Session, goal: Goal, kind: StepKind, by: Participant, at: datetime, **said: Any) -> GoalStep:
    step = GoalStep(goal_id=goal.id, by=by, by_id=by.id, kind=kind, at=at, **said)
    session.add(step)
    session.flush()
    return step


def _about(goal: Goal, by: Participant, at: datetime) -> dict[str, Any]:
    told = within(goal.mentorship, goal.participant, at)
    return {**told, "goal": goal.public_id, "by": by.enrolment.who}


def _must_be_open(goal: Goal) -> None:
    if not goal.is_open:
        raise Refusal(_("This goal is closed, so it stays as it is. Open it again first, or set another one."))


def _must_have_room(session: Session, mentorship: Mentorship, by: Participant) -> None:
    if queries.count_of_open(session, mentorship, by) >= MOST_OPEN:
        raise Refusal(
            _("%(most)d goals are open already. Reach one or let one go, then there is room.", most=MOST_OPEN)
        )
