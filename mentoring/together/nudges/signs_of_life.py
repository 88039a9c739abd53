"""What shows that the people of a mentorship are about: something was planned, written, ticked, signed or decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from mentoring.mentorships.agreement.models import Agreement, Signature
from mentoring.mentorships.models import Task, Transition
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.together.conversation.models import Message
from mentoring.together.goals.models import Goal, GoalStep
from mentoring.together.meetings.models import Meeting, MeetingEntry
from mentoring.together.notes.models import Note

WRITTEN_TO = "written_to"
"""An instructor wrote to them, as their history says: no sign of life of theirs."""


@dataclass(frozen=True)
class Sign:
    """One kind of sign: the column with the mentorship, that with the moment, and how the one leads to the other."""

    of: Any
    when: Any
    through: Any = None
    narrowed: Any = None

    def asked(self, *columns: Any) -> Select[Any]:
        found = select(*columns).select_from(self.when.class_)
        found = found.join(self.through) if self.through is not None else found
        return found.where(self.narrowed) if self.narrowed is not None else found


SIGNS: Sequence[Sign] = (
    Sign(Meeting.mentorship_id, Meeting.changed),
    Sign(Meeting.mentorship_id, MeetingEntry.changed, MeetingEntry.meeting),
    Sign(TimelineEntry.mentorship_id, TimelineEntry.done),
    Sign(Task.mentorship_id, Task.done),
    Sign(Goal.mentorship_id, GoalStep.at, GoalStep.goal),
    Sign(Goal.mentorship_id, Goal.created),
    Sign(Message.mentorship_id, Message.written),
    Sign(Note.mentorship_id, Note.opened),
    Sign(Agreement.mentorship_id, Agreement.created),
    Sign(Agreement.mentorship_id, Signature.at, Signature.agreement),
    Sign(Transition.mentorship_id, Transition.at, narrowed=Transition.reason != WRITTEN_TO),
)


def newest(session: Session, ids: Collection[int]) -> dict[int, datetime]:
    """The last sign of life of each."""
    every = union_all(
        *(
            sign.asked(sign.of.label("mentorship"), func.max(sign.when).label("at"))
            .where(sign.of.in_(ids))
            .group_by(sign.of)
            for sign in SIGNS
        )
    ).subquery()
    rows = session.execute(select(every.c.mentorship, func.max(every.c.at)).group_by(every.c.mentorship))
    return {mentorship: at for mentorship, at in rows if at is not None}


def came_after(mentorship: Any, moment: Any) -> ColumnElement[bool]:
    """Whether there was any in this mentorship after that moment; both are columns of the statement around it."""
    return or_(
        *(
            sign.asked(sign.of).where(sign.of == mentorship, sign.when > moment).correlate(mentorship.table).exists()
            for sign in SIGNS
        )
    )
