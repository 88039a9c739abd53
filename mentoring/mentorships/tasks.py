"""What is to be done in a mentorship: ticked by its people while it lasts."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.panels import Card
from mentoring.events import TaskDone
from mentoring.mentorships.models import Mentorship, Task
from mentoring.mentorships.postcards import within
from mentoring.mentorships.sections import Look, Section
from mentoring.mentorships.timeline import steps
from mentoring.participants.models import Participant


def tick(session: Session, mentorship: Mentorship, task: Task, is_done: bool, *, by: Participant, at: datetime) -> None:
    """It is done, which is announced, or it was not after all; a second tick changes nothing. The caller commits."""
    was_done = task.done is not None
    task.tick(is_done, by=by, at=at)
    steps.follow(session, mentorship, task, by=by)
    if is_done and not was_done:
        session.flush()
        outbox.announce(session, TaskDone(**within(mentorship, by, at), task=task.public_id))


def section(look: Look) -> Card | None:
    if not look.mentorship.tasks:
        return None
    return Card(title=_("Tasks"), template="mentorships/_tasks.html", context={"look": look})


SECTION = Section(key="tasks", order=40, fill=section)
