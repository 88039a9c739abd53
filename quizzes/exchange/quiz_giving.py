"""A quiz as a file says it: its questions in every format, and in QTI what it asks, in which order, and by which rules.

What a quiz draws from a bank is said as a list of all that fits now; it grows no more elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from quizzes.bank.queries import Listed
from quizzes.designing import describing
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import FixedPlan, Plan, SectionPlan, SlotPlan
from quizzes.designing.pooling import Known, Pooled, pooled
from quizzes.designing.settings import Grading, Navigation, Settings
from quizzes.drawing.outline import Seen
from quizzes.exchange import giving
from quizzes.exchange.identifying import identifiers, test_identifier
from quizzes.exchange.reviewed import WHOLE, reviewed_of
from quizzes.formats import registry
from quizzes.formats.base import Written
from quizzes.formats.model import Bank as Told
from quizzes.formats.model import Draw, Fixed, Place, Quiz, Section
from quizzes.formats.model import Question as ToldQuestion
from quizzes.formats.reports import Odd, Part, Report, Reporter
from quizzes.formats.texts import as_html
from quizzes.formats.usage import Statistic
from quizzes.questions import Question, QuestionVersion
from quizzes.rich import TextFormat


def give(session: Session, revision: QuizRevision, format: str, statistics: Sequence[Statistic] = ()) -> Written:
    """A file of this format with what the quiz asks, and what of it that format cannot say; most say questions only."""
    found = pooled(session, revision.outlined, revision.quiz.course.deployment.platform_id)
    told, title = _told_of(session, revision, found), registry.FORMATS[format].title
    if format not in registry.SAYING_MORE:
        written = giving.written(told, format)
        return replace(written, report=_left_out(session, revision, found).and_then(written.report))
    written = giving.written(replace(told, statistics=tuple(statistics)), format)
    unsaid = _unsaid(revision, found, title)
    return replace(written, report=_left_out(session, revision, found).and_then(unsaid).and_then(written.report))


def is_empty(session: Session, revision: QuizRevision) -> bool:
    """Whether there is nothing that it asks as things stand."""
    return not any(pooled(session, revision.outlined, revision.quiz.course.deployment.platform_id).slots)


def listed(session: Session, revision: QuizRevision) -> list[Listed]:
    """The questions that it asks, or can draw, as things stand."""
    return _listed(session, pooled(session, revision.outlined, revision.quiz.course.deployment.platform_id))


def _told_of(session: Session, revision: QuizRevision, found: Pooled) -> Told:
    there = _listed(session, found)
    names = identifiers([each.question for each in there])
    return Told(
        title=revision.title,
        language=revision.bank.language,
        license=revision.bank.license,
        questions=tuple(_questions(session, there, names)),
        quizzes=(_quiz(revision, found, names),),
    )


def _listed(session: Session, found: Pooled) -> list[Listed]:
    """Each question once, in the order in which the quiz names them; what is pinned to a version is said in that."""
    known: dict[int, Known] = {}
    for each in (each for slot in found.slots for each in slot):
        known.setdefault(each.question, each)
    rows = session.execute(
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.id.in_([each.version for each in known.values()]))
        .options(joinedload(Question.bank, innerjoin=True), selectinload(Question.tags))
    )
    there = {question.id: Listed(question=question, version=version) for question, version in rows}
    return [there[each] for each in known if each in there]


def _questions(session: Session, there: Sequence[Listed], names: Mapping[int, str]) -> Iterator[ToldQuestion]:
    """Bank by bank: pictures and topics are a bank's own."""
    by_bank: dict[int, list[Listed]] = {}
    for each in there:
        by_bank.setdefault(each.question.bank_id, []).append(each)
    for some in by_bank.values():
        told = giving.questions_told(session, some[0].question.bank, some)
        for each, question in zip(some, told, strict=True):
            yield replace(question, identifier=names[each.question.id])


def _quiz(revision: QuizRevision, found: Pooled, names: Mapping[int, str]) -> Quiz:
    plan, rules = revision.outlined, revision.rules
    pools = iter(found.slots)
    return Quiz(
        title=revision.title,
        identifier=test_identifier(revision.quiz.public_id),
        text_format=TextFormat.HTML,
        sections=tuple(_section(each, pools, names) for each in plan.sections),
        seconds=int(rules.limit.total_seconds()) if rules.limit is not None else None,
        attempts=rules.attempts,
        is_shuffled=plan.is_shuffled,
        is_linear=rules.navigation is Navigation.SEQUENTIAL,
        pass_percent=rules.pass_percent,
        reviewed=reviewed_of(rules.review),
        place=Place(0, revision.title),
    )


def _section(section: SectionPlan, pools: Iterator[Sequence[Known]], names: Mapping[int, str]) -> Section:
    slots = [_slot(each, [names[known.question] for known in next(pools)]) for each in section.slots]
    return Section(
        slots=tuple(each for each in slots if each is not None),
        title=section.title,
        instructions=as_html(section.instructions, TextFormat.MARKDOWN if section.is_markdown else TextFormat.PLAIN),
        is_shuffled=section.is_shuffled,
    )


def _slot(slot: SlotPlan, pool: Sequence[str]) -> Fixed | Draw | None:
    if isinstance(slot, FixedPlan):
        return Fixed(question=pool[0], maximum=slot.mark) if pool else None
    return Draw(count=slot.count, questions=tuple(pool), maximum=slot.mark)


# What is told.


@dataclass(frozen=True)
class _Unsaid:
    """Something of a quiz, and whether this one has it."""

    part: Part
    is_there: bool


def _unsaid(revision: QuizRevision, found: Pooled, format: str) -> Report:
    """What a test of QTI has no word for."""
    report, place = Reporter(), Place(0, revision.title)
    for each in _parts(revision.outlined, revision.rules, found):
        if each.is_there:
            report.loss(Odd.NOT_SAID, place, format=format, part=each.part)
    if revision.outlined.rules:
        report.note(Odd.SAID_AS, place, format=format, part=Part.DRAWS)
    return report.done()


def _parts(plan: Plan, rules: Settings, found: Pooled) -> Iterator[_Unsaid]:
    yield _Unsaid(Part.SHARES, any(each.shares for each in plan.rules))
    yield _Unsaid(Part.SEEN, any(each.seen is not Seen.RANDOM for each in plan.rules))
    yield _Unsaid(Part.ENEMIES, bool(found.enemies))
    yield _Unsaid(Part.DATES, rules.opens is not None or rules.closes is not None)
    yield _Unsaid(Part.TRIES, rules.attempts is not None)
    yield _Unsaid(Part.PAUSES, bool(rules.wait_once or rules.wait_later))
    yield _Unsaid(Part.GRADING, rules.attempts != 1 and rules.grading is not Grading.HIGHEST)
    yield _Unsaid(Part.TOPIC_MARK, bool(rules.topic_percent))
    yield _Unsaid(Part.PAGES, bool(rules.per_page))
    yield _Unsaid(Part.ACCESS_CODE, bool(rules.access_code))
    yield _Unsaid(Part.PRACTICE, rules.is_practice)
    yield _Unsaid(Part.REVIEW, rules.review not in WHOLE)


def _left_out(session: Session, revision: QuizRevision, found: Pooled) -> Report:
    """Questions that everybody would get, were they ready."""
    report = Reporter()
    slots = zip(revision.outlined.slots, found.slots, strict=True)
    gone = [slot.question for slot, pool in slots if isinstance(slot, FixedPlan) and not pool]
    asked = describing.asked(session, gone) if gone else {}
    for each in gone:
        report.loss(Odd.NOT_ASKED, Place(0, asked.get(each, revision.title)))
    return report.done()
