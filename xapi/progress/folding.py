"""What statements say of mentorships and people, taken together: plain values in and out, no database, no web.

They are taken in the order of their timestamps, which strictly increase within a registration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from xapi import vocabulary as v
from xapi.progress.facts import Account, Fact


class State(StrEnum):
    """How a mentorship stands, or somebody in theirs."""

    JOINED = "joined"
    """Takes part and belongs to no mentorship yet."""
    WAITING = "waiting"
    """Paired, and not met yet."""
    ACTIVE = "active"
    STALLED = "stalled"
    PAUSED = "paused"
    DONE = "done"
    ENDED = "ended"
    """Over, but not as planned."""


OVER = (State.DONE, State.ENDED)


@dataclass
class Meeting:
    starts: datetime
    """As planned; if nobody told the plan, when it was said to be held or missed."""
    is_held: bool = False
    is_missed: bool = False


@dataclass
class Mentorship:
    """A pair or a circle, from the assignment to the end."""

    registration: str
    pairing: str
    kind: str = ""
    program: str = ""
    cohort: str = ""
    assigned: datetime | None = None
    mentor: Account | None = None
    """Of a circle nobody."""
    people: list[Account] = field(default_factory=list)
    """The mentee, or the people of a circle."""
    state: State = State.WAITING
    since: datetime | None = None
    """Since when it stands so."""
    has_begun: bool = False
    meetings: dict[str, Meeting] = field(default_factory=dict)
    goals: dict[str, bool] = field(default_factory=dict)
    """Whether each is reached."""
    tasks_done: set[str] = field(default_factory=set)
    last: datetime | None = None
    """When one of its people last did anything in it."""

    @property
    def held(self) -> list[Meeting]:
        return [each for each in self.meetings.values() if each.is_held]

    @property
    def missed(self) -> int:
        return sum(each.is_missed and not each.is_held for each in self.meetings.values())

    @property
    def goals_reached(self) -> int:
        return sum(self.goals.values())

    @property
    def days_to_first_meeting(self) -> float | None:
        """From the assignment to when the first meeting that was held began; none before there is one."""
        if self.assigned is None or not self.held:
            return None
        seconds = (min(each.starts for each in self.held) - self.assigned).total_seconds()
        return round(max(seconds, 0) / 86_400, 2)

    def become(self, state: State, at: datetime) -> None:
        self.state, self.since = state, at


@dataclass
class Attempt:
    """How an attempt at a quiz stands, by what was said of it last."""

    quiz: str
    scaled: float
    has_passed: bool
    at: datetime


@dataclass
class Outcome:
    """What all others together said of a competency of somebody, as it was released."""

    competency: str
    review: str
    scaled: float
    mean: float
    highest: float
    at: datetime


@dataclass
class Person:
    account: Account
    joined: set[str] = field(default_factory=set)
    """The programs and cohorts that they said they take part in."""
    acts: list[datetime] = field(default_factory=list)
    """When they did anything, visits among it."""
    attempts: dict[str, Attempt] = field(default_factory=dict)
    """By registration."""
    answered: dict[str, int] = field(default_factory=dict)
    """By review how far they have come with what they were asked, from 0 to 100."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By competency of a review."""

    @property
    def last(self) -> datetime | None:
        return self.acts[-1] if self.acts else None


@dataclass
class Folded:
    """Everything that the statements of a course say."""

    people: dict[Account, Person] = field(default_factory=dict)
    mentorships: dict[str, Mentorship] = field(default_factory=dict)
    """By registration."""
    names: dict[str, str] = field(default_factory=dict)
    """What activities are called, by their IRI, as it was told last."""

    def person(self, account: Account) -> Person:
        if account not in self.people:
            self.people[account] = Person(account)
        return self.people[account]


def fold(facts: Iterable[Fact]) -> Folded:
    """Whatever order they come in."""
    folded = Folded()
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.id)):
        folded.names.update(fact.names)
        if fact.actor is not None and not fact.is_by_tool:
            folded.person(fact.actor).acts.append(fact.at)
        if (take := _TAKEN.get((fact.verb, fact.kind))) is not None:
            take(folded, fact)
    # A run of which nobody was told that anybody is in it is an ask that came to nothing.
    folded.mentorships = {key: each for key, each in folded.mentorships.items() if each.people}
    return folded


def _run(folded: Folded, fact: Fact) -> Mentorship | None:
    """The mentorship that it belongs to; it takes over what the statement says of it."""
    if not fact.registration or not fact.pairing:
        return None
    run = folded.mentorships.get(fact.registration)
    if run is None:
        run = folded.mentorships[fact.registration] = Mentorship(fact.registration, fact.pairing)
    run.program, run.cohort = fact.program or run.program, fact.cohort or run.cohort
    run.mentor = fact.mentor or run.mentor
    run.kind = folded.names.get(fact.pairing, run.kind)
    return run


def _becomes(state: State) -> Callable[[Folded, Fact], None]:
    def take(folded: Folded, fact: Fact) -> None:
        run = _run(folded, fact)
        if run is not None and (run.state not in OVER or state in OVER):
            run.become(state, fact.at)
            run.has_begun = run.has_begun or state is State.ACTIVE

    return take


def _was_assigned(folded: Folded, fact: Fact) -> None:
    run = _run(folded, fact)
    if run is None or fact.actor is None:
        return
    if run.assigned is None:
        run.assigned, run.since = fact.at, fact.at
    if fact.actor not in run.people:
        run.people.append(fact.actor)


def _goes_on(folded: Folded, fact: Fact) -> None:
    """After a pause, or after it had stalled: as it was before, begun or not."""
    run = _run(folded, fact)
    if run is not None and run.state not in OVER:
        run.become(State.ACTIVE if run.has_begun else State.WAITING, fact.at)


def _only_named(folded: Folded, fact: Fact) -> None:
    _run(folded, fact)


def _registered(folded: Folded, fact: Fact) -> None:
    if fact.actor is not None:
        folded.person(fact.actor).joined |= {fact.thing, *([fact.cohort] if fact.cohort else [])}


def _attended(folded: Folded, fact: Fact) -> None:
    if (meeting := _meeting(folded, fact)) is not None:
        meeting.is_held = True


def _missed(folded: Folded, fact: Fact) -> None:
    if (meeting := _meeting(folded, fact)) is not None:
        meeting.is_missed = True


def _meeting(folded: Folded, fact: Fact) -> Meeting | None:
    run = _lived(folded, fact)
    if run is None:
        return None
    meeting = run.meetings.setdefault(fact.thing, Meeting(fact.at))
    meeting.starts = fact.starts or meeting.starts
    return meeting


def _goal(folded: Folded, fact: Fact) -> None:
    if (run := _lived(folded, fact)) is not None:
        run.goals[fact.thing] = fact.verb == v.COMPLETED.iri or run.goals.get(fact.thing, False)


def _task_done(folded: Folded, fact: Fact) -> None:
    if (run := _lived(folded, fact)) is not None:
        run.tasks_done.add(fact.thing)


def _lived(folded: Folded, fact: Fact) -> Mentorship | None:
    """One of its people did something in it; what the tool itself says is no sign of theirs."""
    run = _run(folded, fact)
    if run is not None and not fact.is_by_tool:
        run.last = fact.at
    return run


def _verdict(folded: Folded, fact: Fact) -> None:
    """The newest about an attempt holds: it may have been marked anew."""
    if fact.actor is not None and fact.registration and fact.score is not None:
        attempt = Attempt(fact.thing, fact.score.scaled, fact.verb == v.PASSED.iri, fact.at)
        folded.person(fact.actor).attempts[fact.registration] = attempt


def _answered(folded: Folded, fact: Fact) -> None:
    if fact.actor is not None and fact.far is not None:
        folded.person(fact.actor).answered[fact.thing] = fact.far


def _evaluated(folded: Folded, fact: Fact) -> None:
    if fact.whom is not None and fact.parent and fact.score is not None:
        score = fact.score
        outcome = Outcome(fact.parent, fact.review, score.scaled, score.raw, score.highest, fact.at)
        folded.person(fact.whom).outcomes[fact.parent] = outcome


def _lives(folded: Folded, fact: Fact) -> None:
    _lived(folded, fact)


def _scheduled(folded: Folded, fact: Fact) -> None:
    _meeting(folded, fact)


_PAIRING, _GOAL, _MEETING = v.MENTORING_PAIRING.iri, v.GOAL.iri, v.MEETING.iri
_TAKEN: Mapping[tuple[str, str], Callable[[Folded, Fact], None]] = {
    (v.REGISTERED.iri, v.MENTORING_PROGRAMME.iri): _registered,
    (v.WAS_ASSIGNED.iri, _PAIRING): _was_assigned,
    (v.ASSIGNED.iri, _PAIRING): _only_named,
    (v.ACCEPTED.iri, _PAIRING): _only_named,
    (v.STARTED.iri, _PAIRING): _becomes(State.ACTIVE),
    (v.SUSPENDED.iri, _PAIRING): _becomes(State.PAUSED),
    (v.RESUMED.iri, _PAIRING): _goes_on,
    (v.STALLED.iri, _PAIRING): _becomes(State.STALLED),
    (v.RECOVERED.iri, _PAIRING): _goes_on,
    (v.COMPLETED.iri, _PAIRING): _becomes(State.DONE),
    (v.CANCELLED.iri, _PAIRING): _becomes(State.ENDED),
    (v.TERMINATED.iri, _PAIRING): _becomes(State.ENDED),
    (v.REPLACED.iri, _PAIRING): _becomes(State.ENDED),
    (v.SCHEDULED.iri, _MEETING): _scheduled,
    (v.ATTENDED.iri, _MEETING): _attended,
    (v.MISSED.iri, _MEETING): _missed,
    (v.DEFINED.iri, _GOAL): _goal,
    (v.PROGRESSED.iri, _GOAL): _goal,
    (v.COMPLETED.iri, _GOAL): _goal,
    (v.COMPLETED.iri, v.MENTORING_TASK.iri): _task_done,
    (v.ACCEPTED.iri, v.MENTORING_AGREEMENT.iri): _lives,
    (v.SHARED.iri, v.LINK.iri): _lives,
    (v.SHARED.iri, v.FILE.iri): _lives,
    (v.PASSED.iri, v.ASSESSMENT.iri): _verdict,
    (v.FAILED.iri, v.ASSESSMENT.iri): _verdict,
    (v.PROGRESSED.iri, v.REVIEW_360.iri): _answered,
    (v.EVALUATED.iri, ""): _evaluated,
}
"""By verb and kind of object what a statement says. A visit counts as something that somebody did, and no more."""
