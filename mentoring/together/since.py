"""From when on somebody reads what the people of a mentorship wrote for one another."""

from __future__ import annotations

from datetime import datetime

from mentoring.mentorships.sections import Look


def reads_from(look: Look) -> datetime | None:
    """Since they came: somebody who stepped in, or one more of a circle, does not read what was said before to others.

    This is the one place that decides so. Nothing for whoever does not belong to it.
    """
    me = look.mine
    if me is None:
        return None
    return min(member.since for member in look.mentorship.members if member.participant_id == me.id)
