"""The figures of a course, a program or a cohort: of what was folded, plain values in and out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from xapi.progress.facts import Account
from xapi.progress.folding import Attempt, Folded, Mentorship, Outcome, Person, State

WEEKS = 12
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    """What part of a course is wanted, by the IRIs of its program and its cohort; empty for all of it."""

    program: str = ""
    cohort: str = ""

    def holds(self, mentorship: Mentorship) -> bool:
        is_of_program = self.program in ("", mentorship.program)
        return is_of_program and self.cohort in ("", mentorship.cohort)

    def is_joined_by(self, person: Person) -> bool:
        wanted = {each for each in (self.program, self.cohort) if each}
        return bool(person.joined) and wanted <= person.joined

    @property
    def is_all(self) -> bool:
        return not self.program and not self.cohort


@dataclass(frozen=True, kw_only=True)
class QuizResult:
    """How somebody stands in a quiz: their best attempt counts."""

    quiz: str
    attempts: int
    scaled: float
    has_passed: bool


@dataclass(frozen=True, kw_only=True)
class Together:
    """What some mentorships come to when they are counted together."""

    mentorships: Sequence[Mentorship]

    @property
    def held(self) -> int:
        return sum(len(each.held) for each in self.mentorships)

    @property
    def missed(self) -> int:
        return sum(each.missed for each in self.mentorships)

    @property
    def goals(self) -> int:
        return sum(len(each.goals) for each in self.mentorships)

    @property
    def goals_reached(self) -> int:
        return sum(each.goals_reached for each in self.mentorships)


@dataclass(frozen=True, kw_only=True)
class Learner(Together):
    """Somebody who is to be mentored, and how far they have come."""

    account: Account
    state: State | None
    """Of their mentorships the one that is farthest from silence; None for who belongs to none and joined none."""
    quizzes: Sequence[QuizResult]
    outcomes: Sequence[Outcome]
    """What others said, as it was released to them: theirs to read."""
    last: datetime | None
    weeks: Sequence[int]
    """What they did in each of the last weeks, the newest last."""

    @property
    def passed(self) -> int:
        return sum(each.has_passed for each in self.quizzes)


@dataclass(frozen=True, kw_only=True)
class QuizFigures:
    quiz: str
    learners: int
    passed: int
    mean: float
    """Of each learner's best, from 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class ReviewFigures:
    review: str
    raters: int
    answered: float
    """How far raters have come on average, from 0 to 100."""
    released: int
    """To so many people."""


@dataclass(frozen=True, kw_only=True)
class Report(Together):
    """What a part of a course has come to."""

    at: datetime
    part: Part
    learners: Sequence[Learner]
    quizzes: Sequence[QuizFigures]
    reviews: Sequence[ReviewFigures]
    names: Mapping[str, str]
    programs: Sequence[str]
    """All that the course has, whatever part is wanted."""
    cohorts: Sequence[tuple[str, str]]
    """The same, each with its program."""
    weeks: Sequence[int]
    """How many learners did anything in each of the last weeks, the newest last."""

    @property
    def states(self) -> Counter[State]:
        return Counter(each.state for each in self.mentorships)

    @property
    def median_days_to_first_meeting(self) -> float | None:
        return round(median(self._waits), 2) if self._waits else None

    @property
    def _waits(self) -> list[float]:
        found = (each.days_to_first_meeting for each in self.mentorships)
        return [days for days in found if days is not None]


def report(folded: Folded, part: Part, at: datetime) -> Report:
    mentorships = [each for each in folded.mentorships.values() if part.holds(each)]
    by_person: dict[Account, list[Mentorship]] = defaultdict(list)
    for each in mentorships:
        for account in each.people:
            by_person[account].append(each)
    people = [each for each in folded.people.values() if _is_learner(each, folded, by_person, part)]
    learners = [_learner(each, by_person[each.account], at) for each in people]
    concerned = people if not part.is_all else list(folded.people.values())
    return Report(
        at=at,
        part=part,
        mentorships=mentorships,
        learners=learners,
        quizzes=_quizzes(learners),
        reviews=_reviews(concerned),
        names=folded.names,
        programs=_in_order(each.program for each in folded.mentorships.values()),
        cohorts=_in_order(
            (each.program, each.cohort) for each in folded.mentorships.values() if each.program and each.cohort
        ),
        weeks=[sum(each.weeks[week] > 0 for each in learners) for week in range(WEEKS)],
    )


def learner_of(folded: Folded, account: Account, at: datetime) -> Learner | None:
    """One learner of the whole course, without the others; None if they are none."""
    person = folded.people.get(account)
    mine = [each for each in folded.mentorships.values() if account in each.people]
    if person is None or not _is_learner(person, folded, {account: mine} if mine else {}, Part()):
        return None
    return _learner(person, mine, at)


def _is_learner(person: Person, folded: Folded, by_person: Mapping[Account, list[Mentorship]], part: Part) -> bool:
    """Who is paired, or said that they take part and mentors nobody; of a whole course also who took a quiz."""
    if person.account in by_person:
        return True
    if any(person.account == each.mentor for each in folded.mentorships.values()):
        return False
    return part.is_joined_by(person) or (part.is_all and bool(person.attempts or person.outcomes))


def _learner(person: Person, mentorships: Sequence[Mentorship], at: datetime) -> Learner:
    return Learner(
        account=person.account,
        state=_state(person, mentorships),
        mentorships=mentorships,
        quizzes=_results(person.attempts.values()),
        outcomes=sorted(person.outcomes.values(), key=lambda each: each.competency),
        last=person.last,
        weeks=weeks_of(person.acts, at),
    )


_FARTHEST = (State.ACTIVE, State.WAITING, State.PAUSED, State.STALLED, State.DONE, State.ENDED)


def _state(person: Person, mentorships: Sequence[Mentorship]) -> State | None:
    if mentorships:
        return min((each.state for each in mentorships), key=_FARTHEST.index)
    return State.JOINED if person.joined else None


def _results(attempts: Iterable[Attempt]) -> list[QuizResult]:
    by_quiz: dict[str, list[Attempt]] = defaultdict(list)
    for each in attempts:
        by_quiz[each.quiz].append(each)
    return [
        QuizResult(
            quiz=quiz,
            attempts=len(tried),
            scaled=max(each.scaled for each in tried),
            has_passed=any(each.has_passed for each in tried),
        )
        for quiz, tried in sorted(by_quiz.items())
    ]


def _quizzes(learners: Sequence[Learner]) -> list[QuizFigures]:
    by_quiz: dict[str, list[QuizResult]] = defaultdict(list)
    for learner in learners:
        for result in learner.quizzes:
            by_quiz[result.quiz].append(result)
    return [
        QuizFigures(
            quiz=quiz,
            learners=len(found),
            passed=sum(each.has_passed for each in found),
            mean=round(sum(each.scaled for each in found) / len(found), 4),
        )
        for quiz, found in sorted(by_quiz.items())
    ]


def _reviews(people: Sequence[Person]) -> list[ReviewFigures]:
    answered: dict[str, list[int]] = defaultdict(list)
    released: dict[str, set[Account]] = defaultdict(set)
    for person in people:
        for review, far in person.answered.items():
            answered[review].append(far)
        for outcome in person.outcomes.values():
            released[outcome.review].add(person.account)
    return [
        ReviewFigures(
            review=review,
            raters=len(answered[review]),
            answered=round(sum(answered[review]) / len(answered[review]), 2) if answered[review] else 0.0,
            released=len(released[review]),
        )
        for review in sorted({*answered, *released})
    ]


def weeks_of(acts: Iterable[datetime], at: datetime) -> list[int]:
    """How many of these fall into each of the last weeks before this moment, the newest last."""
    counted = [0] * WEEKS
    for act in acts:
        back = (at - act) // _WEEK
        if 0 <= back < WEEKS:
            counted[WEEKS - 1 - back] += 1
    return counted


def _in_order(found: Iterable[Any]) -> list[Any]:
    """Once each, in the order of their first appearance; nothing that is empty."""
    return [each for each in dict.fromkeys(found) if each]
