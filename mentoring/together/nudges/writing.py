"""An instructor writes to people whose mentorship fades: a notice for each of them, and a line of its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from lti_tool.models import Enrolment
from lti_tool.notifying.telling import LONGEST_PARAGRAPH
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.together.nudges.signs_of_life import WRITTEN_TO


def write_to(
    session: Session,
    mentorship: Mentorship,
    to: Sequence[Participant],
    message: str,
    *,
    by: Enrolment,
    once: str,
    at: datetime,
) -> None:
    """Tell these people of a mentorship that is held; what comes under the same `once` again is told nobody twice.

    The caller commits.
    """

    def say() -> Words:
        return Words(
            _("%(name)s writes to you about your mentorship", name=in_sentence(by.name)),
            tuple(_paragraphs(message)),
            _("Open"),
            url_for(
                "mentorships.mentorship", course=mentorship.cohort.course.public_id, mentorship_id=mentorship.public_id
            ),
        )

    for person in to:
        mail.tell(session, person.enrolment, MENTORSHIPS, say, key=f"written:{once}", at=at)
    mentorship.remark(by=by, at=at, reason=WRITTEN_TO)


def _paragraphs(message: str) -> Iterator[str]:
    """Line by line, and none so long that a notice would cut it."""
    for line in message.splitlines():
        for start in range(0, len(line), LONGEST_PARAGRAPH):
            if part := line[start : start + LONGEST_PARAGRAPH].strip():
                yield part
