"""What every postcard about a meeting says: accounts, titles and times, and nothing that anybody wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mentoring.mentorships import postcards
from mentoring.participants.models import Participant
from mentoring.together.meetings.models import Meeting


def about(meeting: Meeting, at: datetime) -> dict[str, Any]:
    """Of all its people."""
    return {**postcards.among(meeting.mentorship, at), **_which(meeting)}


def of_one(meeting: Meeting, who: Participant, at: datetime) -> dict[str, Any]:
    return {**postcards.within(meeting.mentorship, who, at), **_which(meeting)}


def _which(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting.public_id, "starts": meeting.starts, "minutes": meeting.minutes}
