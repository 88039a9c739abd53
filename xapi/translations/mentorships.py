"""A mentorship of two, from the assignment to its end."""

from __future__ import annotations

from typing import Any

from lti_tool.events import (
    Who,
)
from mentoring.events import (
    AnswerAwaited,
    ClosureAnswered,
    MentorAssigned,
    MentorshipBegan,
    MentorshipCompleted,
    MentorshipDeclined,
    MentorshipEnded,
    MentorshipExpired,
    MentorshipPaused,
    MentorshipProposed,
    MentorshipRecovered,
    MentorshipResumed,
    MentorshipStalled,
    MentorshipSuperseded,
    MentorshipWithdrawn,
    MentorSubstituted,
    MoreAnswered,
    MoreAsked,
    NudgesSent,
    OfMentorship,
    OfMentorshipOrCircle,
    PersonLetIn,
    ProgramJoined,
    ReadyForMatching,
)
from xapi import vocabulary as v
from xapi.translations.within import cohort, context_of, pairing, program
from xapi.translations.writing import (
    TICK,
    NotTold,
    Statement,
    Told,
    account,
    course,
    ourselves,
    statement,
)


def program_joined(event: ProgramJoined, base: str) -> list[Statement]:
    context = {"contextActivities": {"grouping": [*cohort(event, base), course(event.where, base)]}}
    thing = program(event, base)
    return [statement(event, "registered", actor=account(event.who), verb=v.REGISTERED, thing=thing, context=context)]


def assigned(event: MentorAssigned, base: str) -> list[Statement]:
    """Two sides of one act: somebody assigned the pairing or accepted it, and the mentee was assigned to it."""
    shared: dict[str, Any] = {
        "thing": pairing(event, event.mentorship, base),
        "context": _pairing_context(event, base),
    }
    name, verb = ("accepted", v.ACCEPTED) if event.is_agreed else ("assigned", v.ASSIGNED)
    return [
        statement(event, name, actor=account(event.by), verb=verb, at=event.at - TICK, **shared),
        statement(event, "was-assigned", actor=account(event.mentee), verb=v.WAS_ASSIGNED, **shared),
    ]


def ended(event: MentorshipEnded, base: str) -> list[Statement]:
    """Cancelled before it began, terminated after; or replaced, because its mentee has another mentor."""
    if event.reason == "rematched":
        return [_of_pairing(event, "replaced", v.REPLACED, event.by, base)]
    name, verb = ("cancelled", v.CANCELLED) if event.outcome == "cancelled" else ("terminated", v.TERMINATED)
    return [_of_pairing(event, name, verb, event.by, base)]


def began(event: MentorshipBegan, base: str) -> list[Statement]:
    """Told of the mentee, as what follows is: it is one experience of the two."""
    return [_of_pairing(event, "started", v.STARTED, event.mentee, base)]


def paused(event: MentorshipPaused, base: str) -> list[Statement]:
    return [_of_pairing(event, "suspended", v.SUSPENDED, event.mentee, base)]


def resumed(event: MentorshipResumed, base: str) -> list[Statement]:
    return [_of_pairing(event, "resumed", v.RESUMED, event.mentee, base)]


def declined(event: MentorshipDeclined, base: str) -> list[Statement]:
    return [_of_pairing(event, "rejected", v.REJECTED, event.by, base)]


def withdrawn(event: MentorshipWithdrawn, base: str) -> list[Statement]:
    return [_of_pairing(event, "cancelled", v.CANCELLED, event.by, base)]


def expired(event: MentorshipExpired, base: str) -> list[Statement]:
    return [_of_pairing(event, "expired", v.EXPIRED, None, base)]


def completed(event: MentorshipCompleted, base: str) -> list[Statement]:
    """It is the mentee who completed it, whoever said so."""
    return [_of_pairing(event, "completed", v.COMPLETED, event.mentee, base)]


def stalled(event: MentorshipStalled, base: str) -> list[Statement]:
    """Nobody did it, so this installation says so."""
    return [_noticed(event, "stalled", v.STALLED, base)]


def recovered(event: MentorshipRecovered, base: str) -> list[Statement]:
    return [_noticed(event, "recovered", v.RECOVERED, base)]


def _noticed(event: OfMentorshipOrCircle, name: str, verb: v.Verb, base: str) -> Statement:
    thing, context = pairing(event, event.mentorship, base), context_of(event, event.mentorship, base)
    return statement(event, name, actor=ourselves(base), verb=verb, thing=thing, context=context)


def _of_pairing(event: OfMentorship, name: str, verb: v.Verb, by: Who | None, base: str) -> Statement:
    return statement(
        event,
        name,
        actor=account(by) if by else ourselves(base),
        verb=verb,
        thing=pairing(event, event.mentorship, base),
        context=_pairing_context(event, base),
    )


def _pairing_context(event: OfMentorship, base: str) -> Statement:
    return {**context_of(event, event.mentorship, base), "instructor": account(event.mentor)}


TOLD: Told = {
    MentorshipBegan: began,
    MentorshipPaused: paused,
    MentorshipResumed: resumed,
    MentorshipStalled: stalled,
    MentorshipRecovered: recovered,
    MentorAssigned: assigned,
    MentorshipCompleted: completed,
    MentorshipDeclined: declined,
    MentorshipEnded: ended,
    MentorshipExpired: expired,
    MentorshipWithdrawn: withdrawn,
    ProgramJoined: program_joined,
}
NOT_TOLD: NotTold = {
    AnswerAwaited: "Nobody has done anything yet.",
    ClosureAnswered: "What somebody means to do next is theirs alone; the completed mentorship is told.",
    MentorSubstituted: "The pairing stays the same; who mentors in it stands in the statements to come.",
    MentorshipProposed: "Nobody has said yes or no yet; the answer is told.",
    MentorshipSuperseded: "It came to nothing by itself, and nobody did anything.",
    MoreAnswered: "The two still make up their minds; the answer to the proposal is told.",
    MoreAsked: "The two still make up their minds; the answer to the proposal is told.",
    NudgesSent: "The tool's act: nobody has experienced anything, and who had to be reminded is theirs alone.",
    PersonLetIn: "An instructor has said so; that they join themselves is told.",
    ReadyForMatching: "Nobody has experienced anything yet.",
}
