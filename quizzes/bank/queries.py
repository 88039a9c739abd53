"""Reads that the pages of banks want: banks that a course may see, topics as a tree, questions found again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from lti_tool.models import Course, Enrolment
from quizzes.bank.finding import Where, folded, place_of
from quizzes.difficulty.levels import BOUNDS
from quizzes.difficulty.models import Measured
from quizzes.kinds import Kind
from quizzes.questions import QUESTION_TAG, Bank, Category, Question, QuestionState, QuestionVersion, Tag

AT_ONCE = 50


@dataclass(frozen=True)
class Counted:
    """A bank, and how many questions of it are not retired."""

    bank: Bank
    questions: int

    @property
    def is_shared(self) -> bool:
        return self.bank.course_id is None


def seen_by(course: Course) -> Select[Bank]:
    """The course's own banks, and those that all courses share."""
    return select(Bank).where((Bank.course_id == course.id) | Bank.course_id.is_(None))


def banks_of(session: Session, course: Course) -> list[Counted]:
    """Its own ones first, each by its title."""
    standing = and_(Question.bank_id == Bank.id, Question.state != QuestionState.RETIRED)
    counted = select(func.count(Question.id)).where(standing).correlate(Bank).scalar_subquery()
    wanted = seen_by(course).add_columns(counted).order_by(Bank.course_id.is_(None), Bank.title, Bank.id)
    return [Counted(bank, number) for bank, number in session.execute(wanted)]


def own_banks(session: Session, course: Course) -> Sequence[Bank]:
    return session.scalars(select(Bank).where(Bank.course_id == course.id).order_by(Bank.title, Bank.id)).all()


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A topic at its place in the tree."""

    category: Category
    depth: int
    """From 0."""
    questions: int
    """In it, without those in topics of its own."""
    has_topics: bool

    @property
    def indented(self) -> str:
        """Its title, set in so that a list of them shows the tree."""
        return "\u2003" * self.depth + self.category.title


def tree(session: Session, bank: Bank) -> list[Branch]:
    """The topics of the bank, each before those in it."""
    counted = select(func.count(Question.id)).where(Question.category_id == Category.id).correlate(Category)
    found = session.execute(
        select(Category, counted.scalar_subquery())
        .where(Category.bank_id == bank.id)
        .order_by(Category.position, Category.id)
    ).all()
    within: dict[int | None, list[tuple[Category, int]]] = {}
    for category, number in found:
        within.setdefault(category.parent_id, []).append((category, number))
    return list(_branches(within, None, 0))


def _branches(
    within: Mapping[int | None, list[tuple[Category, int]]], parent: int | None, depth: int
) -> Iterator[Branch]:
    for category, number in within.get(parent, ()):
        yield Branch(category=category, depth=depth, questions=number, has_topics=category.id in within)
        yield from _branches(within, category.id, depth + 1)


def with_topics_in_it(branches: Sequence[Branch], public_id: str) -> list[int]:
    """The ids of this topic and of all that stand in it; nothing for one that is not there."""
    found: list[int] = []
    depth = 0
    for branch in branches:
        if found and branch.depth <= depth:
            break
        if found or branch.category.public_id == public_id:
            depth = depth if found else branch.depth
            found.append(branch.category.id)
    return found


def words_of(session: Session, bank: Bank) -> Sequence[str]:
    """The tags that questions of the bank have."""
    return session.scalars(
        select(Tag.word).where(Tag.bank_id == bank.id, Tag.id.in_(select(QUESTION_TAG.c.tag_id))).order_by(Tag.word)
    ).all()


class Order(StrEnum):
    """What stands first in a list."""

    NEWEST = ""
    HARDEST = "hardest"
    """By what was measured, as the next; what was not measured stands last."""
    EASIEST = "easiest"


@dataclass(frozen=True, kw_only=True)
class Search:
    """What somebody looks for; what is not said narrows nothing."""

    text: str = ""
    tag: str = ""
    categories: Sequence[int] = ()
    kind: Kind | None = None
    difficulty: int | None = None
    state: QuestionState | None = None
    platform: int = 0
    """The row of the LMS at which it was measured how hard questions are."""
    measured: int | None = None
    """As which difficulty; 0 for those that were not measured."""
    order: Order = Order.NEWEST


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A question with what it says now."""

    question: Question
    version: QuestionVersion
    where: Where = Where.TEXT
    """In what part the words stand that were looked for."""
    answers: int = 0
    """What was measured rests on; 0 where nothing was."""
    facility: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of what was looked for."""

    rows: Sequence[Listed] = field(default_factory=list)
    number: int = 0
    """Of all pages together."""
    page: int = 1
    """From 1."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.number // AT_ONCE))


def find(session: Session, bank: Bank, search: Search, page: int = 1) -> Found:
    """In the order that is wanted; last written first where nothing else is."""
    wanted = _matching(bank, search).order_by(*_ORDERS[search.order])
    if search.text:
        return _page_of_hits(session, wanted, _hits(session, bank, wanted, search.text), page)
    number = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = _held(page, number)
    return Found(rows=_rows(session, wanted.limit(AT_ONCE).offset(AT_ONCE * (page - 1)), {}), number=number, page=page)


def _page_of_hits(
    session: Session, wanted: Select[Question, QuestionVersion], hits: Mapping[int, Where], page: int
) -> Found:
    page = _held(page, len(hits))
    shown = list(hits)[AT_ONCE * (page - 1) : AT_ONCE * page]
    rows = _rows(session, wanted.where(Question.id.in_(shown)), hits)
    return Found(rows=rows, number=len(hits), page=page)


def _held(page: int, number: int) -> int:
    """A page that there is."""
    return min(max(page, 1), max(1, -(-number // AT_ONCE)))


def _rows(session: Session, wanted: Select[Question, QuestionVersion], hits: Mapping[int, Where]) -> Sequence[Listed]:
    found = session.execute(
        wanted.add_columns(Measured.answers, Measured.facility).options(selectinload(Question.tags))
    )
    return [
        Listed(
            question=question,
            version=version,
            where=hits.get(question.id, Where.TEXT),
            answers=answers or 0,
            facility=facility or 0.0,
        )
        for question, version, answers, facility in found
    ]


def _hits(session: Session, bank: Bank, wanted: Select[Question, QuestionVersion], text: str) -> dict[int, Where]:
    """The ids of those with these words, in the order that is wanted, each with where they stand.

    The texts are read here and not by the database: so letters of all alphabets are the same big and small on either of
    them, and what stands in a body besides texts, such as ids, is no hit.
    """
    tags: dict[int, list[str]] = {}
    of_bank = select(QUESTION_TAG.c.question_id, Tag.word).join(Tag, Tag.id == QUESTION_TAG.c.tag_id)
    for question_id, word in session.execute(of_bank.where(Tag.bank_id == bank.id)):
        tags.setdefault(question_id, []).append(word)
    words = folded(text)
    said = wanted.with_only_columns(Question.id, QuestionVersion.body, Question.title)
    found = (
        (number, place_of(words, body, tags.get(number, ()), title)) for number, body, title in session.execute(said)
    )
    return {number: where for number, where in found if where is not None}


def with_newest() -> Select[Question, QuestionVersion]:
    """Questions, each with its newest version."""
    newest = (
        select(QuestionVersion.question_id, func.max(QuestionVersion.n).label("n"))
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    is_newest = (QuestionVersion.question_id == newest.c.question_id) & (QuestionVersion.n == newest.c.n)
    return (
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(newest, is_newest)
    )


_ORDERS: Mapping[Order, Sequence[Any]] = {
    Order.NEWEST: (Question.id.desc(),),
    Order.HARDEST: (Measured.facility.is_(None), Measured.facility, Question.id.desc()),
    Order.EASIEST: (Measured.facility.is_(None), Measured.facility.desc(), Question.id.desc()),
}


def measured_of(session: Session, version: QuestionVersion, platform: int) -> Measured | None:
    """How hard it turned out to be at this LMS, if that was measured."""
    return session.get(Measured, (platform, version.id))


def _matching(bank: Bank, search: Search) -> Select[Question, QuestionVersion]:
    """What is said besides the words."""
    is_measured = (Measured.version_id == QuestionVersion.id) & (Measured.platform_id == search.platform)
    wanted = with_newest().outerjoin(Measured, is_measured).where(Question.bank_id == bank.id)
    if search.measured:
        lowest, highest = BOUNDS[search.measured]
        wanted = wanted.where(Measured.facility >= lowest, Measured.facility < highest)
    elif search.measured is not None:
        wanted = wanted.where(Measured.facility.is_(None))
    if search.tag:
        wanted = wanted.where(Question.tags.any(Tag.word == search.tag))
    if search.categories:
        wanted = wanted.where(Question.category_id.in_(search.categories))
    if search.kind:
        wanted = wanted.where(QuestionVersion.kind == search.kind)
    if search.difficulty:
        wanted = wanted.where(QuestionVersion.difficulty == search.difficulty)
    if search.state:
        wanted = wanted.where(Question.state == search.state)
    return wanted


def listed(session: Session, bank: Bank, public_ids: Sequence[str]) -> list[Listed]:
    """Those of the bank that these name, in the order of the bank."""
    wanted = with_newest().where(Question.bank_id == bank.id, Question.public_id.in_(public_ids))
    found = session.execute(wanted.options(selectinload(Question.tags)).order_by(Question.id))
    return [Listed(question=question, version=version) for question, version in found]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A version, and who wrote it as far as the course knows them."""

    version: QuestionVersion
    author: Enrolment | None

    @property
    def at(self) -> datetime:
        return self.version.created


def versions_of(session: Session, question: Question) -> list[Written]:
    """The newest first."""
    found = session.scalars(
        select(QuestionVersion).where(QuestionVersion.question_id == question.id).order_by(QuestionVersion.n.desc())
    ).all()
    wanted = {version.author_id for version in found}
    authors = {each.id: each for each in session.scalars(select(Enrolment).where(Enrolment.id.in_(wanted)))}
    return [Written(version=version, author=authors.get(version.author_id or 0)) for version in found]
