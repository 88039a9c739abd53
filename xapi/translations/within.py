"""What stands around whatever happens in a mentorship: its pairing, its program, its course."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mentoring.events import (
    CheckInAnswered,
    OfMeeting,
    OfMember,
    OfProgram,
    ProgramJoined,
)
from xapi import vocabulary as v
from xapi.translations.writing import (
    Statement,
    account,
    activity,
    course,
    registration,
    statement,
)


def within(
    event: OfMember, name: str, verb: v.Verb, thing: Statement, base: str, result: Mapping[str, Any] | None = None
) -> Statement:
    """What one of the people of a mentorship did with something that belongs to it."""
    context = within_context(event, base)
    return statement(event, name, actor=account(event.who), verb=verb, thing=thing, context=context, result=result)


def within_context(event: OfMember | OfMeeting | CheckInAnswered, base: str) -> dict[str, Any]:
    """Of what belongs to a mentorship: that is its parent, and the program stands around both."""
    return {
        "registration": registration("mentorship", event.mentorship),
        "contextActivities": {
            "parent": [pairing(event, event.mentorship, base)],
            "grouping": [program(event, base), *cohort(event, base), course(event.where, base)],
        },
    }


def context_of(event: OfProgram, public_id: str, base: str) -> Statement:
    """Of a mentorship itself: the program is its parent."""
    return {
        "registration": registration("mentorship", public_id),
        "contextActivities": {
            "parent": [program(event, base)],
            "grouping": [*cohort(event, base), course(event.where, base)],
        },
    }


def pairing(event: OfProgram, public_id: str, base: str) -> Statement:
    return activity(f"{base}/xapi/activities/pairing/{public_id}", v.MENTORING_PAIRING, event.kind, "en")


def cohort(event: OfProgram | ProgramJoined | CheckInAnswered, base: str) -> list[Statement]:
    """The run of the program that it belongs to; none for what was announced before events named it."""
    iri = f"{base}/xapi/activities/cohort/{event.cohort}"
    return [activity(iri, v.MENTORING_COHORT, event.cohort_title, "und")] if event.cohort else []


def program(event: OfProgram | ProgramJoined, base: str) -> Statement:
    iri = f"{base}/xapi/activities/program/{event.program}"
    return activity(iri, v.MENTORING_PROGRAMME, event.program_title, "en")
