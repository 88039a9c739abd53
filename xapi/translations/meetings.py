"""Meetings of the people of a mentorship."""

from __future__ import annotations

from datetime import timedelta

from lti_tool.events import (
    Who,
)
from mentoring.events import (
    MeetingAttended,
    MeetingCancelled,
    MeetingHeld,
    MeetingMissed,
    MeetingRescheduled,
    MeetingScheduled,
    OfMeeting,
    SlotMoved,
    SlotPublished,
    SlotWithdrawn,
)
from xapi import vocabulary as v
from xapi.translations.within import within_context
from xapi.translations.writing import (
    NotTold,
    Statement,
    Told,
    account,
    activity,
    duration,
    ourselves,
    statement,
    when,
)


def scheduled(event: MeetingScheduled, base: str) -> list[Statement]:
    return [_of_meeting(event, "scheduled", v.SCHEDULED, event.by, base)]


def missed(event: MeetingMissed, base: str) -> list[Statement]:
    """Nobody is blamed: this installation says so."""
    return [_of_meeting(event, "missed", v.MISSED, None, base)]


def attended(event: MeetingAttended, base: str) -> list[Statement]:
    """As long as it was planned; how long it really was, nobody measures."""
    thing, context = _meeting(event.meeting, base), within_context(event, base)
    context["extensions"] = {v.PLANNED_START.iri: when(event.starts)}
    result = {"duration": duration(timedelta(minutes=event.minutes))}
    actor = account(event.who)
    return [statement(event, "attended", actor=actor, verb=v.ATTENDED, thing=thing, context=context, result=result)]


def _of_meeting(event: OfMeeting, name: str, verb: v.Verb, by: Who | None, base: str) -> Statement:
    context = {
        **within_context(event, base),
        "extensions": {
            v.PLANNED_START.iri: when(event.starts),
            v.PLANNED_DURATION.iri: duration(timedelta(minutes=event.minutes)),
        },
    }
    actor = account(by) if by else ourselves(base)
    return statement(event, name, actor=actor, verb=verb, thing=_meeting(event.meeting, base), context=context)


def _meeting(public_id: str, base: str) -> Statement:
    return activity(f"{base}/xapi/activities/meeting/{public_id}", v.MEETING, "", "und")


TOLD: Told = {
    MeetingAttended: attended,
    MeetingMissed: missed,
    MeetingScheduled: scheduled,
}
NOT_TOLD: NotTold = {
    SlotPublished: "Nobody has experienced anything yet; the meeting that is booked is told.",
    SlotMoved: "Nobody has experienced anything; those who had booked are told in person.",
    SlotWithdrawn: "Nobody has experienced anything; those who had booked are told in person.",
    MeetingCancelled: "Who called it off is nobody's business, and nobody has experienced anything.",
    MeetingHeld: "Those who were there are told, each as they say so themselves.",
    MeetingRescheduled: "Nobody has experienced anything yet; it is told when they have met.",
}
