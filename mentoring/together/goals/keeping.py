"""What goals hold about a person: given out, and erased; what others wrote about the same goals stays theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Person
from mentoring.together.goals.models import Goal, GoalStep


def export(session: Session, _person: Person, participants: Sequence[int]) -> dict[str, Any]:
    """Their goals, and what they wrote about these and those of others."""
    goals = session.scalars(select(Goal).where(Goal.participant_id.in_(participants)).order_by(Goal.id))
    steps = session.scalars(
        select(GoalStep)
        .where(GoalStep.by_id.in_(participants))
        .options(joinedload(GoalStep.goal, innerjoin=True))
        .order_by(GoalStep.id)
    )
    return {
        "set": [
            {
                "goal": goal.public_id,
                "kind": goal.kind.value if goal.kind else None,
                **goal.wording(),
                "state": goal.state.value,
                "since": goal.created.isoformat(),
                "closed": goal.closed.isoformat() if goal.closed else None,
            }
            for goal in goals
        ],
        "written": [
            {
                "goal": step.goal.public_id,
                "what": step.kind.value,
                "words": step.words,
                "in_the_way": step.hinders,
                "how_far": step.far.value if step.far else None,
                "before": step.before,
                "at": step.at.isoformat(),
            }
            for step in steps
        ],
    }


def forget(session: Session, _person: Person, participants: Sequence[int]) -> None:
    """Their words go; that there was a goal and how it ended stays, for whoever worked on it with them."""
    session.execute(
        update(Goal).where(Goal.participant_id.in_(participants)).values(statement="", prompts={}, kind=None)
    )
    session.execute(update(GoalStep).where(GoalStep.by_id.in_(participants)).values(words="", hinders="", before={}))
