"""From when on somebody reads what the people of a mentorship wrote for one another."""

from __future__ import annotations

from datetime import datetime

from mentoring.mentorships.earlier.reading import may_read_earlier
from mentoring.mentorships.sections import Look


def reads_from(look: Look, kind: str) -> datetime | None:
    """Since they came: somebody who stepped in, or one more of a circle, does not read what was said before to others,
    unless the mentee lets a new mentor read this kind. Nothing for whoever does not belong to it.
    """
    me = look.mine
    if me is None:
        return None
    if may_read_earlier(look, kind):
        return look.mentorship.created
    return min(member.since for member in look.mentorship.members if member.participant_id == me.id)
