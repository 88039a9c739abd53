"""What a report needs of a statement: a hundredth of it, so that a whole course can be kept at hand. Plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Any

from xapi import vocabulary as v

Statement = Mapping[str, Any]
Account = tuple[str, str]
"""`homePage` and `name`: how a statement names somebody."""

_GOAL, _MEETING = v.GOAL.iri, v.MEETING.iri
_PAIRING, _QUIZ, _TASK = v.MENTORING_PAIRING.iri, v.ASSESSMENT.iri, v.MENTORING_TASK.iri
TAKEN = frozenset(
    {
        (v.INITIALIZED.iri, v.COURSE.iri),
        (v.REGISTERED.iri, v.MENTORING_PROGRAMME.iri),
        (v.WAS_ASSIGNED.iri, _PAIRING),
        (v.ASSIGNED.iri, _PAIRING),
        (v.ACCEPTED.iri, _PAIRING),
        (v.STARTED.iri, _PAIRING),
        (v.SUSPENDED.iri, _PAIRING),
        (v.RESUMED.iri, _PAIRING),
        (v.STALLED.iri, _PAIRING),
        (v.RECOVERED.iri, _PAIRING),
        (v.COMPLETED.iri, _PAIRING),
        (v.CANCELLED.iri, _PAIRING),
        (v.TERMINATED.iri, _PAIRING),
        (v.REPLACED.iri, _PAIRING),
        (v.SCHEDULED.iri, _MEETING),
        (v.ATTENDED.iri, _MEETING),
        (v.MISSED.iri, _MEETING),
        (v.DEFINED.iri, _GOAL),
        (v.PROGRESSED.iri, _GOAL),
        (v.COMPLETED.iri, _GOAL),
        (v.COMPLETED.iri, _TASK),
        (v.ACCEPTED.iri, v.MENTORING_AGREEMENT.iri),
        (v.SHARED.iri, v.LINK.iri),
        (v.SHARED.iri, v.FILE.iri),
        (v.PASSED.iri, _QUIZ),
        (v.FAILED.iri, _QUIZ),
        (v.PROGRESSED.iri, v.REVIEW_360.iri),
        (v.EVALUATED.iri, ""),
    }
)
"""By verb and kind of object which statements say something; the object of what was evaluated is a person."""
VERBS = tuple(sorted({verb for verb, _kind_of in TAKEN}))
"""All that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    scaled: float
    raw: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A statement of our profile, as far as a report needs it."""

    id: str
    at: datetime
    verb: str
    kind: str
    """The type of its object; empty where that is a person."""
    thing: str
    """The object's IRI; empty where that is a person."""
    whom: Account | None
    """The object, where that is a person."""
    actor: Account | None
    is_by_tool: bool
    """Whether this installation says it, as which it also vouches for statements: nobody did anything."""
    registration: str
    pairing: str
    program: str
    cohort: str
    parent: str
    """The first thing that stands around it."""
    review: str
    mentor: Account | None
    """Who the statement says mentors, if it is about the pairing itself."""
    starts: datetime | None
    """For when a meeting was planned."""
    score: Score | None
    far: int | None
    """From 0 to 100."""
    names: Sequence[tuple[str, str]]
    """What activities are called that it mentions, by their IRI."""


def fact_of(said: Statement) -> Fact | None:
    """What a statement says that a report needs; None if it is not of our profile, or of something else."""
    thing, context = said["object"], said.get("context", {})
    verb, kind = said["verb"]["id"], _kind(thing)
    if (verb, kind) not in TAKEN:
        return None
    around: Mapping[str, list[Statement]] = context.get("contextActivities", {})
    parents, grouping = around.get("parent", []), around.get("grouping", [])
    near = [thing, *parents, *grouping]
    actor = _account(said["actor"])
    return Fact(
        id=said["id"],
        at=datetime.fromisoformat(said["timestamp"]),
        verb=intern(verb),
        kind=intern(kind),
        thing=intern(thing.get("id", "")) if kind else "",
        whom=None if kind else _account(thing),
        actor=actor,
        is_by_tool=actor is not None and actor == _account(said.get("authority", {})),
        registration=intern(context.get("registration") or ""),
        pairing=_first(near, v.MENTORING_PAIRING),
        program=_first(near, v.MENTORING_PROGRAMME),
        cohort=_first(near, v.MENTORING_COHORT),
        parent=intern(parents[0]["id"]) if parents else "",
        review=_first(grouping, v.REVIEW_360),
        mentor=_account(context.get("instructor", {})) if kind == _PAIRING else None,
        starts=_starts(context),
        score=_score(said.get("result", {})),
        far=said.get("result", {}).get("extensions", {}).get(v.PROGRESS.iri),
        names=tuple(_names(near)),
    )


def _kind(thing: Statement) -> str:
    return str(thing.get("definition", {}).get("type", ""))


def _account(agent: Statement) -> Account | None:
    account = agent.get("account")
    return (intern(account["homePage"]), intern(account["name"])) if account else None


def _first(near: Sequence[Statement], kind: v.ActivityType) -> str:
    return next((intern(each["id"]) for each in near if _kind(each) == kind.iri), "")


def _starts(context: Statement) -> datetime | None:
    planned = context.get("extensions", {}).get(v.PLANNED_START.iri)
    return datetime.fromisoformat(planned) if planned else None


def _score(result: Statement) -> Score | None:
    score = result.get("score", {})
    if "scaled" not in score:
        return None
    return Score(scaled=score["scaled"], raw=score.get("raw", 0.0), highest=score.get("max", 1.0))


def _names(near: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    for each in near:
        if name := next(iter(each.get("definition", {}).get("name", {}).values()), ""):
            yield intern(each["id"]), intern(name)
