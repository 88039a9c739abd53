"""Questions written and changed: each changed text is a version of its own, an unchanged one is none.

Every act is handed rows of a bank that the writer may change; the caller commits. What was used in an attempt stays for
ever; a question that never was can be deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import String, cast, delete, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.db import new_public_id
from lti_tool.models import Enrolment
from quizzes import rich
from quizzes.bank import checking, enemies
from quizzes.bank.checking import Problem
from quizzes.bank.models import Medium, Sound
from quizzes.designing import using
from quizzes.kinds import Kind
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from quizzes.rich import Named, TextFormat

LONGEST_NOTE = 300
_in_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


@dataclass(frozen=True, kw_only=True)
class Said:
    """All that a version says."""

    kind: Kind
    text_format: TextFormat
    body: dict[str, Any]
    difficulty: int
    maximum: float

    @property
    def sha256(self) -> str:
        """Of a list in JSON, keys sorted: kind, format, body, difficulty, maximum."""
        said, maximum = f'"{self.kind}", "{self.text_format}"', float(self.maximum)
        return hashlib.sha256(f"[{said}, {self.in_json}, {self.difficulty}, {maximum!r}]".encode()).hexdigest()

    @cached_property
    def in_json(self) -> str:
        """The body."""
        return _in_json(self.body)

    @classmethod
    def of(cls, version: QuestionVersion) -> Said:
        return cls(
            kind=version.kind,
            text_format=version.text_format,
            body=version.body,
            difficulty=version.difficulty,
            maximum=version.maximum,
        )


class NotComplete(Exception):
    """The text cannot be kept as it is, or not in this state: what stands against it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


class Overtaken(Exception):
    """Somebody else changed the question since it was read."""

    def __init__(self, newest: QuestionVersion) -> None:
        super().__init__(newest.n)
        self.newest = newest


class IsUsed(Exception):
    """The question was asked, or may be asked by a quiz: it can be retired, not deleted."""


def create(
    session: Session,
    said: Said,
    *,
    category: Category,
    state: QuestionState,
    by: Enrolment | None,
    at: datetime,
    name: str = "",
    title: str = "",
) -> Question:
    """A new question with its first version. Raises NotComplete."""
    said = checked(session, category.bank, said, state)
    known_as = {"name": name or new_public_id(), "title": title}
    question = Question(bank=category.bank, category=category, state=state, **known_as)
    session.add(version_of(question, said, n=1, by=by, at=at))
    session.flush()
    return question


def change(
    session: Session,
    question: Question,
    said: Said,
    *,
    state: QuestionState,
    by: Enrolment,
    at: datetime,
    note: str = "",
    seen: int | None = None,
) -> QuestionVersion | None:
    """The new version, or None if nothing of the text is new; `seen` is the version that the writer began from.

    Raises NotComplete and Overtaken, having changed nothing.
    """
    session.refresh(question, with_for_update=True)
    newest = newest_of(session, question)
    if seen is not None and seen != newest.n:
        raise Overtaken(newest)
    said = checked(session, question.bank, said, state)
    question.state = state
    if said.sha256 == Said.of(newest).sha256:
        return None
    made = version_of(question, said, n=newest.n + 1, by=by, at=at, note=note)
    session.add(made)
    session.flush()
    return made


def restore(
    session: Session, question: Question, older: QuestionVersion, *, by: Enrolment, at: datetime, note: str
) -> QuestionVersion | None:
    """What an older version says, as the newest one; in the state the question is in. Raises NotComplete."""
    return change(session, question, Said.of(older), state=question.state, by=by, at=at, note=note)


def set_state(session: Session, question: Question, state: QuestionState) -> None:
    """Raises NotComplete for a question that cannot be asked yet."""
    session.refresh(question, with_for_update=True)
    if state is QuestionState.READY:
        checked(session, question.bank, Said.of(newest_of(session, question)), state)
    question.state = state


def checked(session: Session, bank: Bank, said: Said, state: QuestionState) -> Said:
    """As it is kept in this state. Raises NotComplete."""
    found = problems_of(session, bank, said)
    standing = checking.hard_problems(found) if state is QuestionState.DRAFT else found
    if standing:
        raise NotComplete(standing)
    text, body = str(said.body.get("text", "")), said.body
    if said.text_format is TextFormat.HTML:
        body = {**body, "text": rich.kept(text, said.text_format)}
        body |= {"why": rich.kept(str(body["why"]), said.text_format)} if body.get("why") else {}
    return Said(
        kind=said.kind,
        text_format=said.text_format,
        body=body,
        difficulty=said.difficulty,
        maximum=0.0 if said.kind is Kind.DESCRIPTION else said.maximum,
    )


def problems_of(session: Session, bank: Bank, said: Said) -> list[Problem]:
    """What keeps this text from being asked."""

    def media_in(text: str) -> Sequence[Named]:
        return rich.media_in(text, said.text_format)

    return checking.problems(said.kind, said.body, media_in=media_in, known=_known(session, bank, media_of(said)))


def media_of(said: Said) -> set[str]:
    """The pictures and recordings that a text names, by their public ids."""
    texts = (text for _place, text in checking.rich_texts(said.body))
    named = {each.public_id for text in texts for each in rich.media_in(text, said.text_format)}
    return named | ({str(said.body["image"])} if said.body.get("image") else set())


def _known(session: Session, bank: Bank, named: Iterable[str]) -> set[str]:
    """Those of them that the bank has, by the references that texts make to them."""
    wanted = set(named)
    if not wanted:
        return set()
    here = select(Medium).where(Medium.bank_id == bank.id, Medium.public_id.in_(wanted))
    return {Named(each.public_id, "", isinstance(each, Sound)).reference for each in session.scalars(here)}


def newest_of(session: Session, question: Question) -> QuestionVersion:
    return session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question.id)
        .order_by(QuestionVersion.n.desc())
        .limit(1)
    ).one()


def version_of(
    question: Question, said: Said, *, n: int, by: Enrolment | None, at: datetime, note: str = ""
) -> QuestionVersion:
    """A version that says this, not yet in the database."""
    return QuestionVersion(
        question=question,
        n=n,
        kind=said.kind,
        text_format=said.text_format,
        body=said.body,
        difficulty=said.difficulty,
        maximum=said.maximum,
        sha256=said.sha256,
        created=at,
        author_id=by.id if by else None,
        note=note[:LONGEST_NOTE],
    )


def is_used(session: Session, question: Question) -> bool:
    """Whether an attempt asked one of its versions or was drawn from a pool with one in it, or a quiz names it."""
    versions = session.scalars(select(QuestionVersion.id).where(QuestionVersion.question_id == question.id)).all()
    if session.scalar(select(exists().where(Answer.version_id.in_(versions)))):
        return True
    pool = cast(Attempt.pool, String)
    in_pool = or_(
        *(
            pool.like(pattern)
            for each in versions
            for pattern in (f"[{each}]", f"[{each},%", f"% {each},%", f"% {each}]")
        )
    )
    of_course = select(Quiz.id).where(Quiz.course_id == question.bank.course_id)
    if session.scalar(select(exists().where(Attempt.quiz_id.in_(of_course), in_pool))):
        return True
    return using.is_held(session, question)


def remove(session: Session, question: Question) -> None:
    """For good, with its versions. Raises IsUsed, having changed nothing."""
    session.refresh(question, with_for_update=True)
    if is_used(session, question):
        raise IsUsed
    try:
        with session.begin_nested():
            enemies.let_go(session, question)
            session.execute(delete(QuestionVersion).where(QuestionVersion.question_id == question.id))
            session.delete(question)
            session.flush()
    except IntegrityError:
        # A quiz names it: what that is, its own rows say.
        raise IsUsed from None
