"""A pair is taken apart: by an instructor, by one of the two, or by the clock when one has left the course."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import find_or_create
from lti_tool.models import Enrolment
from mentoring.mentorships import postcards, telling_people
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import part_of
from mentoring.participants.models import Exclusion, ExclusionSource

UNPAIRED, MENTEE_LEFT, MENTOR_LEFT, NEVER_BEGAN = "unpaired", "mentee_left", "mentor_left", "never_began"
TOO_FEW_LEFT = "too_few_left"
"""Of a circle."""


def end(
    session: Session,
    mentorship: Mentorship,
    *,
    by: Enrolment | None,
    at: datetime,
    reason: str = UNPAIRED,
    note: str = "",
    never_again: bool = False,
) -> bool:
    """End it, free its places and announce it; the caller commits. False if it had ended before.

    `by` is nobody when the clock did. Either of the two may, alone: who it was and why stands in the history, which
    instructors read, and nowhere else. With `never_again` the two of a pair are not matched any more.
    """
    if mentorship.has_ended:
        return False
    is_theirs = by is not None and part_of(mentorship, by) is not None
    mentorship.end(by=by, at=at, reason=reason, note=note)
    if never_again and by is not None:
        _keep_apart(session, mentorship, by, at)
    session.flush()
    told = (None, "") if is_theirs else (by, reason)
    outbox.announce(session, postcards.ended(mentorship, at, *told))
    telling_people.ended(session, mentorship, by=by, at=at)
    return True


def _keep_apart(session: Session, mentorship: Mentorship, by: Enrolment, at: datetime) -> None:
    one, other = sorted((mentorship.mentor.enrolment_id, mentorship.mentee.enrolment_id))
    key = {"one_id": one, "other_id": other, "said_by_id": by.id}
    said, _is_new = find_or_create(session, Exclusion, key, source=ExclusionSource.PAST_END, created=at)
    # Perhaps they had said so before, for a while only: from now on it holds for good.
    said.source, said.until = ExclusionSource.PAST_END, None
