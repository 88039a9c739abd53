"""What stands in the way of publishing a revision, and what its author should think about first; as plain values.

Each finding is said in a sentence by `findings.py`. The chance to pass by guessing is computed exactly, from every
question that may be drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizzes import guessing, rich, showing
from quizzes.designing import freezing, revising
from quizzes.designing.freezing import LaidOut
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import FixedPlan, Plan
from quizzes.designing.pooling import Pooled, pooled
from quizzes.designing.settings import Grading, Settings
from quizzes.drawing.outline import Fixed, Part
from quizzes.drawing.shortages import Shortage
from quizzes.feasibility import examine
from quizzes.guesses import guess_at
from quizzes.guessing import Distribution
from quizzes.questions import Bank, Question, QuestionState, QuestionVersion

Asked = tuple[int, Fraction, tuple[tuple[Fraction, Fraction], ...]]
"""So many questions, what each is worth, and what guessing earns at one of them."""
WORRYING = Fraction(1, 100)
"""More than this chance to pass by guessing is warned about."""
MOST_EXAMINED = 10
"""Attempts without repeats beyond these are not looked for."""


class Trouble(StrEnum):
    """What can be found."""

    NOTHING_ASKED = "nothing_asked"
    NOTHING_COUNTS = "nothing_counts"
    STRANGE_BANK = "strange_bank"
    GONE = "gone"
    DRAFT = "draft"
    RETIRED = "retired"
    TWICE = "twice"
    TOO_FEW = "too_few"
    TOO_FEW_TOGETHER = "too_few_together"
    ENEMIES = "enemies"
    NO_ALT = "no_alt"
    CLOSES_FIRST = "closes_first"
    CLOSED_ALREADY = "closed_already"
    WAS_PRACTICE = "was_practice"
    REPEATS = "repeats"
    GUESSED = "guessed"
    CLOSES_BEFORE_LIMIT = "closes_before_limit"
    SECOND_TOO_LATE = "second_too_late"
    ONE_ATTEMPT = "one_attempt"
    MARKED_BY_HAND = "marked_by_hand"

    @property
    def is_in_the_way(self) -> bool:
        """Whether nothing is published as long as it is there."""
        return self not in _TO_THINK_ABOUT


_TO_THINK_ABOUT = frozenset(
    {
        *(Trouble.REPEATS, Trouble.GUESSED, Trouble.CLOSES_BEFORE_LIMIT, Trouble.SECOND_TOO_LATE),
        *(Trouble.ONE_ATTEMPT, Trouble.MARKED_BY_HAND),
    }
)


@dataclass(frozen=True)
class Finding:
    trouble: Trouble
    slot: int = 0
    """Which slot of the plan it is about, from 1; 0 where it is about none."""
    questions: tuple[str, ...] = ()
    """By what they ask."""
    shortage: Shortage | None = None
    what: str = ""
    """What the slot asks, in words; put in by whoever says the finding."""


@dataclass(frozen=True)
class Guess:
    """How likely somebody passes who knows nothing and answers everything."""

    once: Fraction
    in_all: Fraction
    """In as many attempts as they have, if they stop once they have passed."""


@dataclass(frozen=True)
class Checked:
    findings: Sequence[Finding] = field(default_factory=list)
    guess: Guess | None = None
    """None where nothing can be passed: nothing counts, or it is practice."""

    @property
    def in_the_way(self) -> list[Finding]:
        return [each for each in self.findings if each.trouble.is_in_the_way]

    @property
    def to_think_about(self) -> list[Finding]:
        return [each for each in self.findings if not each.trouble.is_in_the_way]

    @property
    def can_be_published(self) -> bool:
        return not self.in_the_way


def check(session: Session, revision: QuizRevision, *, at: datetime) -> Checked:
    """Everything there is to say about it before it is published."""
    plan, rules = revision.outlined, revision.rules
    found = list(_times(rules, at))
    if not rules.is_practice and revising.has_been_practice(session, revision.quiz):
        found.append(Finding(Trouble.WAS_PRACTICE))
    if not plan.asks:
        return Checked([Finding(Trouble.NOTHING_ASKED), *found])
    strange = list(_strange_banks(session, revision, plan))
    if strange:
        return Checked([*strange, *found])
    fitting = pooled(session, plan, revision.quiz.course.deployment.platform_id)
    versions = _versions(session, fitting)
    whole = freezing.laid_out(session, plan, fitting)
    found += chain(
        _fixed(session, plan, fitting),
        _shortages(session, whole, rules),
        _pictures(fitting, versions),
        _by_hand(rules, versions.values()),
    )
    guess = None if rules.is_practice else _guess(whole, versions, rules)
    if not _can_count(whole):
        # Where questions are missing that is said already.
        is_said = any(each.trouble.is_in_the_way for each in found)
        return Checked(found if is_said else [*found, Finding(Trouble.NOTHING_COUNTS)])
    if guess and guess.in_all > WORRYING:
        found.append(Finding(Trouble.GUESSED))
    return Checked(found, guess)


def _times(rules: Settings, at: datetime) -> Iterator[Finding]:
    if rules.opens and rules.closes and rules.closes <= rules.opens:
        yield Finding(Trouble.CLOSES_FIRST)
        return
    if rules.closes and rules.closes <= at:
        yield Finding(Trouble.CLOSED_ALREADY)
    if rules.attempts == 1 and rules.until_passed:
        yield Finding(Trouble.ONE_ATTEMPT)
    if rules.opens and rules.closes:
        length = rules.closes - rules.opens
        if rules.limit and rules.limit > length:
            yield Finding(Trouble.CLOSES_BEFORE_LIMIT)
        if rules.attempts != 1 and rules.wait_once >= length:
            yield Finding(Trouble.SECOND_TOO_LATE)


def _strange_banks(session: Session, revision: QuizRevision, plan: Plan) -> Iterator[Finding]:
    """Rules that draw from a bank of another course."""
    open_to_it = (Bank.course_id == revision.quiz.course_id) | Bank.course_id.is_(None)
    own = set(session.scalars(select(Bank.id).where(open_to_it)))
    for number, slot in enumerate(plan.slots, start=1):
        if not isinstance(slot, FixedPlan) and slot.bank not in own:
            yield Finding(Trouble.STRANGE_BANK, number)


def _versions(session: Session, fitting: Pooled) -> dict[int, QuestionVersion]:
    wanted = {each.version for slot in fitting.slots for each in slot}
    found = session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(wanted)))
    return {version.id: version for version in found}


def _fixed(session: Session, plan: Plan, fitting: Pooled) -> Iterator[Finding]:
    seen: set[int] = set()
    for number, (slot, known) in enumerate(zip(plan.slots, fitting.slots, strict=True), start=1):
        if not isinstance(slot, FixedPlan):
            continue
        question = session.get(Question, slot.question)
        if question is None:
            yield Finding(Trouble.GONE, number)
        elif question.state is QuestionState.DRAFT:
            yield Finding(Trouble.DRAFT, number, called(session, [question.id]))
        elif question.state is QuestionState.RETIRED:
            yield Finding(Trouble.RETIRED, number, called(session, [question.id]))
        elif not known:
            yield Finding(Trouble.GONE, number)
        elif question.id in seen:
            yield Finding(Trouble.TWICE, number, called(session, [question.id]))
        seen.add(slot.question)


def _shortages(session: Session, whole: LaidOut, rules: Settings) -> Iterator[Finding]:
    """What the rules lack, in one attempt or in all of them without repeats."""
    fixed = [each.slot for each in whole.slots if isinstance(each.slot, Fixed)]
    if len({each.candidate.question for each in fixed}) < len(fixed):
        # A question that is fixed twice is said already, and everything else follows from it.
        return
    attempts = min(rules.attempts or MOST_EXAMINED, MOST_EXAMINED)
    found = examine(whole.outline, 1 if rules.is_practice else attempts)
    for short in found.short:
        yield _short(session, whole, short)
    for short in found.repeating:
        yield Finding(Trouble.REPEATS, whole.slots[short.slot - 1].number, shortage=short)


def _short(session: Session, whole: LaidOut, short: Shortage) -> Finding:
    number = whole.slots[short.slot - 1].number
    if short.available < short.wanted:
        return Finding(Trouble.TOO_FEW, number, shortage=short)
    slot = whole.slots[short.slot - 1].slot
    pool = {slot.candidate.question} if isinstance(slot, Fixed) else {each.question for each in slot.pool}
    enemies = {question for each in whole.enemies if pool & set(each) for question in each}
    if not enemies:
        return Finding(Trouble.TOO_FEW_TOGETHER, number, shortage=short)
    return Finding(Trouble.ENEMIES, number, called(session, enemies), short)


def called(session: Session, questions: Collection[int]) -> tuple[str, ...]:
    """What these questions ask, in their newest versions."""
    newest = select(func.max(QuestionVersion.id)).where(QuestionVersion.question_id.in_(questions))
    of_each = newest.group_by(QuestionVersion.question_id)
    wanted = select(QuestionVersion).where(QuestionVersion.id.in_(of_each)).order_by(QuestionVersion.question_id)
    return tuple(showing.in_a_line(version) for version in session.scalars(wanted))


def _pictures(fitting: Pooled, versions: dict[int, QuestionVersion]) -> Iterator[Finding]:
    """Questions with a picture or a recording that says nothing to those who do not see or hear it."""
    for number, known in enumerate(fitting.slots, start=1):
        asked = [versions[each.version] for each in known]
        silent = tuple(showing.in_a_line(version) for version in asked if _is_silent(version))
        if silent:
            yield Finding(Trouble.NO_ALT, number, silent)


def _is_silent(version: QuestionVersion) -> bool:
    texts = (str(text) for text in _texts(version.body))
    named = (each.words for text in texts for each in rich.media_in(text, version.text_format))
    return not all(named) or ("image" in version.body and not str(version.body.get("alt", "")).strip())


def _texts(body: object) -> Iterator[str]:
    """Every text in it, however deep."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for each in body.values():
            yield from _texts(each)
    elif isinstance(body, list):
        for each in body:
            yield from _texts(each)


def _by_hand(rules: Settings, versions: Iterable[QuestionVersion]) -> Iterator[Finding]:
    by_hand = tuple(showing.in_a_line(each) for each in versions if each.behavior.is_marked_by_hand)
    if rules.until_passed and by_hand:
        yield Finding(Trouble.MARKED_BY_HAND, questions=by_hand)


def _asked(whole: LaidOut) -> list[tuple[Part, float]]:
    """Each part that asks something, with what each of its questions is worth."""
    return [(part, whole.slots[part.slot - 1].mark) for part in whole.outline.parts() if part.count]


def _can_count(whole: LaidOut) -> bool:
    return any(
        mark > 0 and any(candidate.version not in whole.unmarked for candidate in part.candidates)
        for part, mark in _asked(whole)
    )


def _guess(whole: LaidOut, versions: dict[int, QuestionVersion], rules: Settings) -> Guess | None:
    """Of FIRST the chance in one attempt; otherwise in all, of an average no more than that."""
    asked: list[Asked] = []
    worth = Fraction(0)
    for part, mark in _asked(whole):
        pool = [
            guess_at(versions[each.version].kind, versions[each.version].body)
            for each in part.candidates
            if each.version not in whole.unmarked
        ]
        if pool and mark > 0:
            asked.append((part.count, Fraction(mark), tuple(guessing.any_of(pool).items())))
            worth += part.count * Fraction(mark)
    if not worth:
        return None
    once = _chance(tuple(asked), worth * rules.pass_percent / 100)
    if rules.grading is Grading.FIRST:
        return Guess(once, once)
    if rules.attempts is None:
        return Guess(once, Fraction(1 if once else 0))
    return Guess(once, guessing.in_attempts(once, rules.attempts))


@lru_cache(maxsize=256)
def _chance(
    asked: tuple[tuple[int, Fraction, tuple[tuple[Fraction, Fraction], ...]], ...], least: Fraction
) -> Fraction:
    """A page is opened again and again with the same rules."""
    slots: list[Distribution] = [
        guessing.scaled(dict(distribution), mark) for count, mark, distribution in asked for _each in range(count)
    ]
    return guessing.passing(guessing.total(slots), least)
