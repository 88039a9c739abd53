"""Goals that were set, for tests that go on from there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.together.goals import acts
from mentoring.together.goals.acts import Progress, Wording
from mentoring.together.goals.models import Goal, GoalStep, HowFar
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.conftest import School

A_DAY = timedelta(days=1)


def put(statement: str = "I can explain our parser", days: int = 30, **said: Any) -> Wording:
    return Wording(statement=statement, due=THEN + days * A_DAY, **said)


def a_goal(
    school: School, mentorship: Mentorship, by: Participant, statement: str = "I can explain our parser", **said: Any
) -> Goal:
    at: datetime = said.pop("at", THEN)
    goal = acts.set_goal(school.session, held(school, mentorship), put(statement, **said), by=by, at=at)
    school.session.commit()
    return goal


def moved(
    school: School, goal: Goal, by: Participant, far: HowFar = HowFar.BEGUN, *, at: datetime = THEN, **said: str
) -> GoalStep:
    held(school, goal.mentorship)
    words = {"words": "Read the first chapter with Tom", **said}
    step = acts.tell_progress(school.session, goal, Progress(far=far, **words), by=by, at=at)
    school.session.commit()
    return step
