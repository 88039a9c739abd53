"""One event in, its statements out: plain values, no database, no web.

Every statement's id is a UUIDv5 of its event's id and its own name, so telling an event twice tells it once. The
statements of one run (an attempt, a mentorship) share a registration, and their times strictly increase.
Actors are accounts, of the platform's issuer and its `sub`: no name and no e-mail leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lti_tool.events import CourseEntered, Event, Where, Who
from mentoring.events import MentorAssigned, MentorshipEnded
from quizzes.events import QuestionAsked, QuizSubmitted
from xapi import vocabulary as v

Statement = dict[str, Any]

REGISTRATIONS = uuid.uuid5(uuid.NAMESPACE_URL, f"{v.PROFILE}/registrations")
"""The namespace registrations are made in."""
RESPONSE_SEPARATOR = "[,]"
"""Between several choices in a response (xAPI 1.0.3, part 2, appendix C)."""
TICK = timedelta(milliseconds=1)


def translate(event: Event, base: str) -> list[Statement]:
    """The statements that retell this event, in order of time; none for an event that is not told.

    `base` is what activity ids start with: the installation's IRI_BASE.
    """
    for kind, tell in _TRANSLATIONS.items():
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
    """Two sides of one act: the instructor assigned the pairing, and the mentee was assigned to it."""
    shared: dict[str, Any] = {"thing": _pairing(event, base), "context": _pairing_context(event, base)}
    return [
        _statement(event, "assigned", actor=_account(event.by), verb=v.ASSIGNED, at=event.at - TICK, **shared),
        _statement(event, "was-assigned", actor=_account(event.mentee), verb=v.WAS_ASSIGNED, **shared),
    ]


def ended(event: MentorshipEnded, base: str) -> list[Statement]:
    return [
        _statement(
            event,
            "cancelled",
            actor=_account(event.by) if event.by else _ourselves(base),
            verb=v.CANCELLED,
            thing=_pairing(event, base),
            context=_pairing_context(event, base),
        )
    ]


def _pairing(event: MentorAssigned | MentorshipEnded, base: str) -> Statement:
    iri = f"{base}/xapi/activities/pairing/{event.mentorship}"
    return _activity(iri, v.MENTORING_PAIRING, event.kind, "en")


def _pairing_context(event: MentorAssigned | MentorshipEnded, base: str) -> Statement:
    iri = f"{base}/xapi/activities/program/{event.program}"
    program = _activity(iri, v.MENTORING_PROGRAMME, event.program_title, "en")
    return {
        "registration": registration("mentorship", event.mentorship),
        "instructor": _account(event.mentor),
        "contextActivities": {"parent": [program], "grouping": [_course(event.where, base)]},
    }


def submitted(event: QuizSubmitted, base: str) -> list[Statement]:
    """One statement for each answered question, then how the attempt ended: completed, and passed or failed."""
    answers = [asked for asked in event.questions if asked.was_answered]
    first = event.submitted - (len(answers) + 1) * TICK
    told = [_answered(event, asked, base, at=first + place * TICK) for place, asked in enumerate(answers)]
    return [*told, *_ended(event, base)]


def _answered(event: QuizSubmitted, asked: QuestionAsked, base: str, *, at: datetime) -> Statement:
    context = _attempt_context(event, base)
    context["contextActivities"] = {"parent": [_quiz(event, base)], **context["contextActivities"]}
    return _statement(
        event,
        f"answered:{asked.question}",
        actor=_account(event.who),
        verb=v.ANSWERED,
        thing=_question(event, asked, base),
        context=context,
        result={
            "success": asked.is_right,
            "response": RESPONSE_SEPARATOR.join(asked.chosen),
            "score": _score(asked.mark, asked.maximum),
        },
        at=at,
    )


def _question(event: QuizSubmitted, asked: QuestionAsked, base: str) -> Statement:
    language = event.language
    return {
        "objectType": "Activity",
        "id": f"{base}/xapi/activities/question/{asked.question}",
        "definition": {
            "type": v.INTERACTION.iri,
            "name": {language: asked.text},
            "interactionType": "choice",
            "correctResponsesPattern": [RESPONSE_SEPARATOR.join(asked.right)],
            "choices": [
                {"id": option.id, "description": {language: option.text}}
                for option in sorted(asked.options, key=lambda option: option.id)
            ],
        },
    }


def _ended(event: QuizSubmitted, base: str) -> list[Statement]:
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
        _statement(event, "completed", verb=v.COMPLETED, at=event.submitted - TICK, **shared),
        _statement(event, verdict.display["en"], verb=verdict, at=event.submitted, **shared),
    ]


def _attempt_context(event: QuizSubmitted, base: str) -> dict[str, Any]:
    return {
        "registration": registration("attempt", event.attempt),
        "contextActivities": {"grouping": [_course(event.where, base)]},
        "extensions": {v.ATTEMPT_ID.iri: event.attempt},
    }


def _quiz(event: QuizSubmitted, base: str) -> Statement:
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


_TRANSLATIONS: dict[type[Event], Callable[[Any, str], list[Statement]]] = {
    CourseEntered: entered,
    MentorAssigned: assigned,
    MentorshipEnded: ended,
    QuizSubmitted: submitted,
}
