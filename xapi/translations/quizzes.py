"""Attempts at a quiz: each answer, and how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizzes.events import AttemptMarked, OfAttempt, QuestionAsked, QuizStarted, QuizSubmitted
from xapi import vocabulary as v
from xapi.translations.writing import (
    TICK,
    NotTold,
    Statement,
    Told,
    account,
    activity,
    course,
    duration,
    registration,
    score,
    statement,
)


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
    return statement(
        event,
        f"answered:{asked.question}",
        actor=account(event.who),
        verb=v.ANSWERED,
        thing=_question(event, asked, base),
        context=context,
        result=_result(asked),
        at=at,
    )


_TYPED = ("fill-in", "long-fill-in")
"""Answers in somebody's own words: these stay inside, only what they earned is told."""


def _result(asked: QuestionAsked) -> Statement:
    """What people have yet to mark is told as answered, neither right nor wrong."""
    answered = {} if asked.interaction.type in _TYPED else {"response": asked.interaction.response}
    if not asked.is_marked:
        return answered
    return {**answered, "success": asked.is_right, "score": score(asked.mark, asked.maximum)}


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
        "score": score(event.raw, event.maximum),
        "duration": duration(event.duration),
    }
    shared: dict[str, Any] = {
        "actor": account(event.who),
        "thing": _quiz(event, base),
        "context": _attempt_context(event, base),
        "result": result,
    }
    verdict = v.PASSED if event.has_passed else v.FAILED
    return [
        statement(event, "completed", verb=v.COMPLETED, at=at - TICK, **shared),
        statement(event, verdict.display["en"], verb=verdict, at=at, **shared),
    ]


def _attempt_context(event: OfAttempt, base: str) -> dict[str, Any]:
    return {
        "registration": registration("attempt", event.attempt),
        "contextActivities": {"grouping": [course(event.where, base)]},
        "extensions": {v.ATTEMPT_ID.iri: event.attempt},
    }


def _quiz(event: OfAttempt, base: str) -> Statement:
    return activity(f"{base}/xapi/activities/quiz/{event.quiz}", v.ASSESSMENT, event.title, "en")


TOLD: Told = {
    AttemptMarked: attempt_marked,
    QuizSubmitted: submitted,
}
NOT_TOLD: NotTold = {
    QuizStarted: "The attempt is told when it is handed in, with the time it took.",
}
