"""What belongs to a mentorship: its tasks, goals, agreement, resources and check-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mentoring.events import (
    AgreementProposed,
    AgreementSigned,
    CheckInAnswered,
    GoalChanged,
    GoalDropped,
    GoalProgressed,
    GoalReached,
    GoalReopened,
    GoalSet,
    MessageWritten,
    MilestoneReached,
    OfGoal,
    ResourceShared,
    StepDone,
    TaskDone,
    TaskGiven,
    ThanksGiven,
)
from xapi import vocabulary as v
from xapi.translations.within import within, within_context
from xapi.translations.writing import (
    TICK,
    NotTold,
    Statement,
    Told,
    account,
    activity,
    ourselves,
    statement,
)


def task_done(event: TaskDone, base: str) -> list[Statement]:
    return [within(event, "task-done", v.COMPLETED, _task(event.task, base), base)]


def task_given(event: TaskGiven, base: str) -> list[Statement]:
    """Somebody assigned it, and each of the others was assigned it."""
    task, context = _task(event.task, base), within_context(event, base)
    first = event.at - len(event.to) * TICK
    given = statement(
        event, "task-given", actor=account(event.who), verb=v.ASSIGNED, thing=task, context=context, at=first
    )
    got = [
        statement(
            event,
            f"task-got:{who.subject}",
            actor=account(who),
            verb=v.WAS_ASSIGNED,
            thing=task,
            context=context,
            at=first + number * TICK,
        )
        for number, who in enumerate(event.to, 1)
    ]
    return [given, *got]


def _task(public_id: str, base: str) -> Statement:
    return activity(f"{base}/xapi/activities/task/{public_id}", v.MENTORING_TASK, "", "und")


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
    goal = activity(f"{base}/xapi/activities/goal/{event.goal}", v.GOAL, "", "und")
    context = within_context(event, base)
    if event.by != event.who:
        context["instructor"] = account(event.by)
    return statement(event, name, actor=account(event.who), verb=verb, thing=goal, context=context, result=result)


def step_done(event: StepDone, base: str) -> list[Statement]:
    step = activity(f"{base}/xapi/activities/step/{event.step}", v.MENTORING_TASK, "", "und")
    return [within(event, "step-done", v.COMPLETED, step, base)]


def agreement_signed(event: AgreementSigned, base: str) -> list[Statement]:
    agreement = activity(f"{base}/xapi/activities/agreement/{event.agreement}", v.MENTORING_AGREEMENT, "", "und")
    return [within(event, "agreement-signed", v.ACCEPTED, agreement, base)]


def resource_shared(event: ResourceShared, base: str) -> list[Statement]:
    """That something was shared; neither its title nor where it leads."""
    kind = v.FILE if event.is_file else v.LINK
    resource = activity(f"{base}/xapi/activities/resource/{event.resource}", kind, "", "und")
    return [within(event, "resource-shared", v.SHARED, resource, base)]


def check_in_answered(event: CheckInAnswered, base: str) -> list[Statement]:
    """Whoever answered has no account and is to be known to nobody else, so this installation says so; of whom they
    spoke stands in the pairing, and what they said is for the two of it and their instructors."""
    check_in = activity(f"{base}/xapi/activities/check-in/{event.check_in}", v.MENTORING_CHECK_IN, "", "und")
    context = within_context(event, base)
    return [
        statement(event, "check-in-answered", actor=ourselves(base), verb=v.ANSWERED, thing=check_in, context=context)
    ]


TOLD: Told = {
    CheckInAnswered: check_in_answered,
    AgreementSigned: agreement_signed,
    ResourceShared: resource_shared,
    StepDone: step_done,
    TaskDone: task_done,
    TaskGiven: task_given,
    GoalProgressed: goal_progressed,
    GoalReached: goal_reached,
    GoalSet: goal_set,
}
NOT_TOLD: NotTold = {
    AgreementProposed: "Nobody is bound by a proposal, and whoever wrote it signs it at once: the signatures are told.",
    GoalChanged: "It stays the same goal, and none of its words are told.",
    GoalDropped: "A statement lasts for good, and to let a goal go is nobody's business.",
    GoalReopened: "The goal was told when it was set, and what is done for it is told again.",
    MilestoneReached: "What reached it is told itself: the first meeting, the agreement, the evaluation.",
    MessageWritten: "What people of a mentorship write to one another is theirs: not even that they do leaves.",
    ThanksGiven: "No verb of a published profile says it, and thanks are private to whoever received them.",
}
