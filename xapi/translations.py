"""One event in, its statements out: plain values, no database, no web.

Every statement's id is a UUIDv5 of its event's id and its own name, so telling an event twice tells it once. The
statements of one run (an attempt, a mentorship) share a registration, and their times strictly increase.
Actors are accounts, of the platform's issuer and its `sub`: no name and no e-mail leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lti_tool.events import (
    ActedAs,
    ActivityCompleted,
    CourseEntered,
    CourseSettingsCopied,
    Event,
    GradeChanged,
    PersonJoinedCourse,
    PersonLeftCourse,
    PersonReturned,
    Where,
    Who,
)
from mentoring.events import (
    AgreementProposed,
    AgreementSigned,
    AnswerAwaited,
    CheckInAnswered,
    CircleBegan,
    CircleCompleted,
    CircleEnded,
    CircleFormed,
    CircleJoined,
    CircleLeft,
    CirclePaused,
    CircleResumed,
    ClosureAnswered,
    GoalChanged,
    GoalDropped,
    GoalProgressed,
    GoalReached,
    GoalReopened,
    GoalSet,
    MeetingAttended,
    MeetingCancelled,
    MeetingHeld,
    MeetingMissed,
    MeetingRescheduled,
    MeetingScheduled,
    MentorAssigned,
    MentorshipBegan,
    MentorshipCompleted,
    MentorshipDeclined,
    MentorshipEnded,
    MentorshipExpired,
    MentorshipPaused,
    MentorshipProposed,
    MentorshipResumed,
    MentorshipSuperseded,
    MentorshipWithdrawn,
    MentorSubstituted,
    MessageWritten,
    MoreAnswered,
    MoreAsked,
    NudgesSent,
    OfCircle,
    OfGoal,
    OfMeeting,
    OfMember,
    OfMentorship,
    OfProgram,
    ReadyForMatching,
    ResourceShared,
    SlotMoved,
    SlotPublished,
    SlotWithdrawn,
    StepDone,
    TaskDone,
    TaskGiven,
    ThanksGiven,
)
from quizzes.events import AttemptMarked, OfAttempt, QuestionAsked, QuizStarted, QuizSubmitted
from xapi import vocabulary as v

Statement = dict[str, Any]

REGISTRATIONS = uuid.uuid5(uuid.NAMESPACE_URL, f"{v.PROFILE}/registrations")
"""The namespace registrations are made in."""
TICK = timedelta(milliseconds=1)


def translate(event: Event, base: str) -> list[Statement]:
    """The statements that retell this event, in order of time; none for an event that is not told.

    `base` is what activity ids start with: the installation's IRI_BASE.
    """
    for kind, tell in TRANSLATIONS.items():
        if isinstance(event, kind):
            return tell(event, base)
    return []


def entered(event: CourseEntered, base: str) -> list[Statement]:
    return [
        _statement(
            event,
            "initialized",
            actor=_account(event.who),
            verb=v.INITIALIZED,
            thing=_course(event.where, base),
            context={},
        )
    ]


def assigned(event: MentorAssigned, base: str) -> list[Statement]:
    """Two sides of one act: somebody assigned the pairing or accepted it, and the mentee was assigned to it."""
    shared: dict[str, Any] = {
        "thing": _pairing(event, event.mentorship, base),
        "context": _pairing_context(event, base),
    }
    name, verb = ("accepted", v.ACCEPTED) if event.is_agreed else ("assigned", v.ASSIGNED)
    return [
        _statement(event, name, actor=_account(event.by), verb=verb, at=event.at - TICK, **shared),
        _statement(event, "was-assigned", actor=_account(event.mentee), verb=v.WAS_ASSIGNED, **shared),
    ]


def ended(event: MentorshipEnded, base: str) -> list[Statement]:
    return [_of_pairing(event, "cancelled", v.CANCELLED, event.by, base)]


def declined(event: MentorshipDeclined, base: str) -> list[Statement]:
    return [_of_pairing(event, "rejected", v.REJECTED, event.by, base)]


def withdrawn(event: MentorshipWithdrawn, base: str) -> list[Statement]:
    return [_of_pairing(event, "cancelled", v.CANCELLED, event.by, base)]


def expired(event: MentorshipExpired, base: str) -> list[Statement]:
    return [_of_pairing(event, "cancelled", v.CANCELLED, None, base)]


def completed(event: MentorshipCompleted, base: str) -> list[Statement]:
    """It is the mentee who completed it, whoever said so."""
    return [_of_pairing(event, "completed", v.COMPLETED, event.mentee, base)]


def formed(event: CircleFormed, base: str) -> list[Statement]:
    """An instructor formed the circle, and each of its people was assigned to it."""
    first = event.at - len(event.people) * TICK
    return [
        _of_circle(event, "assigned", v.ASSIGNED, event.by, base, at=first),
        *_of_each(event, "was-assigned", v.WAS_ASSIGNED, event.people, base),
    ]


def joined(event: CircleJoined, base: str) -> list[Statement]:
    return [
        _of_circle(event, "assigned", v.ASSIGNED, event.by, base, at=event.at - TICK),
        _of_circle(event, "was-assigned", v.WAS_ASSIGNED, event.who, base),
    ]


def circle_completed(event: CircleCompleted, base: str) -> list[Statement]:
    """It is its people who completed it, whoever said so."""
    return _of_each(event, "completed", v.COMPLETED, event.people, base)


def circle_ended(event: CircleEnded, base: str) -> list[Statement]:
    return [_of_circle(event, "cancelled", v.CANCELLED, event.by, base)]


def _of_each(event: OfCircle, name: str, verb: v.Verb, people: Sequence[Who], base: str) -> list[Statement]:
    """The same of each of these, in order of time."""
    first = event.at - (len(people) - 1) * TICK
    return [
        _of_circle(event, f"{name}:{who.subject}", verb, who, base, at=first + number * TICK)
        for number, who in enumerate(people)
    ]


def _of_circle(
    event: OfCircle, name: str, verb: v.Verb, by: Who | None, base: str, *, at: datetime | None = None
) -> Statement:
    return _statement(
        event,
        name,
        actor=_account(by) if by else _ourselves(base),
        verb=verb,
        thing=_pairing(event, event.circle, base),
        context=_context_of(event, event.circle, base),
        at=at,
    )


def task_done(event: TaskDone, base: str) -> list[Statement]:
    return [_within(event, "task-done", v.COMPLETED, _task(event.task, base), base)]


def task_given(event: TaskGiven, base: str) -> list[Statement]:
    """Somebody assigned it, and each of the others was assigned it."""
    task, context = _task(event.task, base), _within_context(event, base)
    first = event.at - len(event.to) * TICK
    given = _statement(
        event, "task-given", actor=_account(event.who), verb=v.ASSIGNED, thing=task, context=context, at=first
    )
    got = [
        _statement(
            event,
            f"task-got:{who.subject}",
            actor=_account(who),
            verb=v.WAS_ASSIGNED,
            thing=task,
            context=context,
            at=first + number * TICK,
        )
        for number, who in enumerate(event.to, 1)
    ]
    return [given, *got]


def _task(public_id: str, base: str) -> Statement:
    return _activity(f"{base}/xapi/activities/task/{public_id}", v.MENTORING_TASK, "", "und")


FAR = {"not_begun": 0, "begun": 25, "half_way": 50, "nearly": 75}
"""The steps in which people say how far a goal is, as the whole numbers that the profile asks for: a quarter each."""


def goal_set(event: GoalSet, base: str) -> list[Statement]:
    return [_of_goal(event, "goal-set", v.DEFINED, base)]


def goal_progressed(event: GoalProgressed, base: str) -> list[Statement]:
    return [
        _of_goal(event, "goal-progressed", v.PROGRESSED, base, {"extensions": {v.PROGRESS.iri: FAR[event.far]}}),
    ]


def goal_reached(event: GoalReached, base: str) -> list[Statement]:
    return [_of_goal(event, "goal-reached", v.COMPLETED, base, {"completion": True})]


def _of_goal(event: OfGoal, name: str, verb: v.Verb, base: str, result: Mapping[str, Any] | None = None) -> Statement:
    """It is theirs who has the goal; whoever else says so is the instructor in it."""
    goal = _activity(f"{base}/xapi/activities/goal/{event.goal}", v.GOAL, "", "und")
    context = _within_context(event, base)
    if event.by != event.who:
        context["instructor"] = _account(event.by)
    return _statement(event, name, actor=_account(event.who), verb=verb, thing=goal, context=context, result=result)


def step_done(event: StepDone, base: str) -> list[Statement]:
    step = _activity(f"{base}/xapi/activities/step/{event.step}", v.MENTORING_TASK, "", "und")
    return [_within(event, "step-done", v.COMPLETED, step, base)]


def agreement_signed(event: AgreementSigned, base: str) -> list[Statement]:
    agreement = _activity(f"{base}/xapi/activities/agreement/{event.agreement}", v.MENTORING_AGREEMENT, "", "und")
    return [_within(event, "agreement-signed", v.ACCEPTED, agreement, base)]


def resource_shared(event: ResourceShared, base: str) -> list[Statement]:
    """That something was shared; neither its title nor where it leads."""
    kind = v.FILE if event.is_file else v.LINK
    resource = _activity(f"{base}/xapi/activities/resource/{event.resource}", kind, "", "und")
    return [_within(event, "resource-shared", v.SHARED, resource, base)]


def scheduled(event: MeetingScheduled, base: str) -> list[Statement]:
    return [_of_meeting(event, "scheduled", v.SCHEDULED, event.by, base)]


def missed(event: MeetingMissed, base: str) -> list[Statement]:
    """Nobody is blamed: this installation says so."""
    return [_of_meeting(event, "missed", v.MISSED, None, base)]


def attended(event: MeetingAttended, base: str) -> list[Statement]:
    """As long as it was planned; how long it really was, nobody measures."""
    result = {"duration": _duration(timedelta(minutes=event.minutes))}
    return [_within(event, "attended", v.ATTENDED, _meeting(event.meeting, base), base, result)]


def check_in_answered(event: CheckInAnswered, base: str) -> list[Statement]:
    """Whoever answered has no account and is to be known to nobody else, so this installation says so; of whom they
    spoke stands in the pairing, and what they said is for the two of it and their instructors."""
    check_in = _activity(f"{base}/xapi/activities/check-in/{event.check_in}", v.MENTORING_CHECK_IN, "", "und")
    context = _within_context(event, base)
    return [
        _statement(event, "check-in-answered", actor=_ourselves(base), verb=v.ANSWERED, thing=check_in, context=context)
    ]


def _of_meeting(event: OfMeeting, name: str, verb: v.Verb, by: Who | None, base: str) -> Statement:
    context = {
        **_within_context(event, base),
        "extensions": {
            v.PLANNED_START.iri: _when(event.starts),
            v.PLANNED_DURATION.iri: _duration(timedelta(minutes=event.minutes)),
        },
    }
    actor = _account(by) if by else _ourselves(base)
    return _statement(event, name, actor=actor, verb=verb, thing=_meeting(event.meeting, base), context=context)


def _meeting(public_id: str, base: str) -> Statement:
    return _activity(f"{base}/xapi/activities/meeting/{public_id}", v.MEETING, "", "und")


def _within(
    event: OfMember, name: str, verb: v.Verb, thing: Statement, base: str, result: Mapping[str, Any] | None = None
) -> Statement:
    """What one of the people of a mentorship did with something that belongs to it."""
    context = _within_context(event, base)
    return _statement(event, name, actor=_account(event.who), verb=verb, thing=thing, context=context, result=result)


def _within_context(event: OfMember | OfMeeting | CheckInAnswered, base: str) -> dict[str, Any]:
    """Of what belongs to a mentorship: that is its parent, and the program stands around both."""
    pairing = _pairing(event, event.mentorship, base)
    return {
        "registration": registration("mentorship", event.mentorship),
        "contextActivities": {"parent": [pairing], "grouping": [_program(event, base), _course(event.where, base)]},
    }


def _of_pairing(event: OfMentorship, name: str, verb: v.Verb, by: Who | None, base: str) -> Statement:
    return _statement(
        event,
        name,
        actor=_account(by) if by else _ourselves(base),
        verb=verb,
        thing=_pairing(event, event.mentorship, base),
        context=_pairing_context(event, base),
    )


def _pairing_context(event: OfMentorship, base: str) -> Statement:
    return {**_context_of(event, event.mentorship, base), "instructor": _account(event.mentor)}


def _context_of(event: OfProgram, public_id: str, base: str) -> Statement:
    """Of a mentorship itself: the program is its parent."""
    return {
        "registration": registration("mentorship", public_id),
        "contextActivities": {"parent": [_program(event, base)], "grouping": [_course(event.where, base)]},
    }


def _pairing(event: OfProgram, public_id: str, base: str) -> Statement:
    return _activity(f"{base}/xapi/activities/pairing/{public_id}", v.MENTORING_PAIRING, event.kind, "en")


def _program(event: OfProgram, base: str) -> Statement:
    iri = f"{base}/xapi/activities/program/{event.program}"
    return _activity(iri, v.MENTORING_PROGRAMME, event.program_title, "en")


def submitted(event: QuizSubmitted, base: str) -> list[Statement]:
    """One statement for each answered question, then how the attempt ended: completed, and passed or failed.

    How it ended is told later where answers wait for people's marks.
    """
    told = _all_answered(event, base, until=event.submitted)
    return [*told, *_ended(event, base, at=event.submitted)] if event.is_marked else told


def attempt_marked(event: AttemptMarked, base: str) -> list[Statement]:
    """The same of what has new marks: what was told before stays, and the newest statement about an attempt holds.

    That it was completed is told once, with its last mark.
    """
    told = _all_answered(event, base, until=event.at)
    if not event.is_marked:
        return told
    ended = _ended(event, base, at=event.at)
    return [*told, *(ended if event.is_complete else ended[1:])]


def _all_answered(event: OfAttempt, base: str, *, until: datetime) -> list[Statement]:
    answers = [asked for asked in event.questions if asked.was_answered]
    first = until - (len(answers) + 1) * TICK
    return [_answered(event, asked, base, at=first + place * TICK) for place, asked in enumerate(answers)]


def _answered(event: OfAttempt, asked: QuestionAsked, base: str, *, at: datetime) -> Statement:
    context = _attempt_context(event, base)
    context["contextActivities"] = {"parent": [_quiz(event, base)], **context["contextActivities"]}
    return _statement(
        event,
        f"answered:{asked.question}",
        actor=_account(event.who),
        verb=v.ANSWERED,
        thing=_question(event, asked, base),
        context=context,
        result=_result(asked),
        at=at,
    )


def _result(asked: QuestionAsked) -> Statement:
    """What people have yet to mark is told as answered, neither right nor wrong."""
    answered = {"response": asked.interaction.response}
    if not asked.is_marked:
        return answered
    return {**answered, "success": asked.is_right, "score": _score(asked.mark, asked.maximum)}


def _question(event: OfAttempt, asked: QuestionAsked, base: str) -> Statement:
    language, interaction = event.language, asked.interaction
    definition: Statement = {
        "type": v.INTERACTION.iri,
        "name": {language: asked.text},
        "interactionType": interaction.type,
    }
    if interaction.pattern:
        definition["correctResponsesPattern"] = list(interaction.pattern)
    for component in interaction.components:
        definition[component.name] = [
            {"id": option.id, "description": {language: option.text}} for option in component.options
        ]
    return {
        "objectType": "Activity",
        "id": f"{base}/xapi/activities/question/{asked.question}",
        "definition": definition,
    }


def _ended(event: OfAttempt, base: str, *, at: datetime) -> list[Statement]:
    result = {
        "completion": True,
        "success": event.has_passed,
        "score": _score(event.raw, event.maximum),
        "duration": _duration(event.duration),
    }
    shared: dict[str, Any] = {
        "actor": _account(event.who),
        "thing": _quiz(event, base),
        "context": _attempt_context(event, base),
        "result": result,
    }
    verdict = v.PASSED if event.has_passed else v.FAILED
    return [
        _statement(event, "completed", verb=v.COMPLETED, at=at - TICK, **shared),
        _statement(event, verdict.display["en"], verb=verdict, at=at, **shared),
    ]


def _attempt_context(event: OfAttempt, base: str) -> dict[str, Any]:
    return {
        "registration": registration("attempt", event.attempt),
        "contextActivities": {"grouping": [_course(event.where, base)]},
        "extensions": {v.ATTEMPT_ID.iri: event.attempt},
    }


def _quiz(event: OfAttempt, base: str) -> Statement:
    return _activity(f"{base}/xapi/activities/quiz/{event.quiz}", v.ASSESSMENT, event.title, "en")


def registration(kind: str, public_id: str) -> str:
    """The registration of one run, the same every time it is asked for."""
    return str(uuid.uuid5(REGISTRATIONS, f"{kind}:{public_id}"))


def course_iri(base: str, course: str) -> str:
    """The activity id of the course with this public id; statements name it in their grouping."""
    return f"{base}/xapi/activities/course/{course}"


def _course(where: Where, base: str) -> Statement:
    return _activity(course_iri(base, where.course), v.COURSE, where.title, "und")


def _activity(iri: str, kind: v.ActivityType, name: str, language: str) -> Statement:
    definition: Statement = {"type": kind.iri}
    if name:
        definition["name"] = {language: name}
    return {"objectType": "Activity", "id": iri, "definition": definition}


def _account(who: Who) -> Statement:
    return {"objectType": "Agent", "account": {"homePage": who.issuer, "name": who.subject}}


def _ourselves(base: str) -> Statement:
    """This installation, as which it also vouches for statements: what the clock did, nobody did."""
    return {"objectType": "Agent", "account": {"homePage": base, "name": "mentoring"}}


def _score(raw: float, maximum: float) -> Statement:
    return {"scaled": round(raw / maximum, 5) if maximum else 0, "raw": raw, "min": 0, "max": maximum}


def _duration(length: timedelta) -> str:
    """ISO 8601, to a hundredth of a second, which is as far as an LRS compares."""
    return f"PT{max(length.total_seconds(), 0):.2f}S"


def _statement(
    event: Event,
    name: str,
    *,
    actor: Statement,
    verb: v.Verb,
    thing: Statement,
    context: Mapping[str, Any],
    result: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Statement:
    told: Statement = {
        "id": str(uuid.uuid5(uuid.UUID(event.event_id), name)),
        "actor": actor,
        "verb": verb.as_json(),
        "object": thing,
    }
    if result:
        told["result"] = dict(result)
    if context:
        told["context"] = dict(context)
    told["timestamp"] = _when(at or event.at)
    return told


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


TRANSLATIONS: dict[type[Event], Callable[[Any, str], list[Statement]]] = {
    AttemptMarked: attempt_marked,
    CheckInAnswered: check_in_answered,
    CircleCompleted: circle_completed,
    CircleEnded: circle_ended,
    CircleFormed: formed,
    CircleJoined: joined,
    CourseEntered: entered,
    MeetingAttended: attended,
    MeetingMissed: missed,
    MeetingScheduled: scheduled,
    MentorAssigned: assigned,
    MentorshipCompleted: completed,
    MentorshipDeclined: declined,
    MentorshipEnded: ended,
    MentorshipExpired: expired,
    MentorshipWithdrawn: withdrawn,
    QuizSubmitted: submitted,
    AgreementSigned: agreement_signed,
    ResourceShared: resource_shared,
    StepDone: step_done,
    TaskDone: task_done,
    TaskGiven: task_given,
    GoalProgressed: goal_progressed,
    GoalReached: goal_reached,
    GoalSet: goal_set,
}

NOT_TOLD: dict[type[Event], str] = {
    ActedAs: "An administrator looked at the tool in somebody's name: that is no experience of theirs.",
    AgreementProposed: "Nobody is bound by a proposal, and whoever wrote it signs it at once: the signatures are told.",
    ActivityCompleted: "The activity itself is told, by the feature it belongs to.",
    AnswerAwaited: "Nobody has done anything yet.",
    CircleBegan: "No verb of a published profile says that people have met; the formed circle is told.",
    CircleLeft: "A statement of its own would blame whoever left; if the circle does not go on, its end is told.",
    CirclePaused: "No verb of a published profile says that people rest for a while.",
    CircleResumed: "No verb of a published profile says that people go on.",
    ClosureAnswered: "What somebody means to do next is theirs alone; the completed mentorship is told.",
    CourseSettingsCopied: "Settings are no experience.",
    GoalChanged: "It stays the same goal, and none of its words are told.",
    GoalDropped: "A statement lasts for good, and to let a goal go is nobody's business.",
    GoalReopened: "The goal was told when it was set, and what is done for it is told again.",
    GradeChanged: "The attempt that earned the grade is told.",
    SlotPublished: "Nobody has experienced anything yet; the meeting that is booked is told.",
    SlotMoved: "Nobody has experienced anything; those who had booked are told in person.",
    SlotWithdrawn: "Nobody has experienced anything; those who had booked are told in person.",
    MeetingCancelled: "Who called it off is nobody's business, and nobody has experienced anything.",
    MeetingHeld: "Those who were there are told, each as they say so themselves.",
    MeetingRescheduled: "Nobody has experienced anything yet; it is told when they have met.",
    MentorSubstituted: "The pairing stays the same; who mentors in it stands in the statements to come.",
    MentorshipBegan: "No verb of a published profile says that people have met; the assigned pairing is told.",
    MentorshipPaused: "No verb of a published profile says that people rest for a while.",
    MentorshipProposed: "Nobody has said yes or no yet; the answer is told.",
    MentorshipResumed: "No verb of a published profile says that people go on.",
    MentorshipSuperseded: "It came to nothing by itself, and nobody did anything.",
    MessageWritten: "What people of a mentorship write to one another is theirs: not even that they do leaves.",
    MoreAnswered: "The two still make up their minds; the answer to the proposal is told.",
    MoreAsked: "The two still make up their minds; the answer to the proposal is told.",
    NudgesSent: "The tool's act: nobody has experienced anything, and who had to be reminded is theirs alone.",
    PersonJoinedCourse: "The LMS's act, which it tells itself if it likes.",
    PersonLeftCourse: "The LMS's act, which it tells itself if it likes.",
    PersonReturned: "The LMS's act, which it tells itself if it likes.",
    QuizStarted: "The attempt is told when it is handed in, with the time it took.",
    ReadyForMatching: "Nobody has experienced anything yet.",
    ThanksGiven: "No verb of a published profile says it, and thanks are private to whoever received them.",
}
"""Events that no statement retells, and why."""
