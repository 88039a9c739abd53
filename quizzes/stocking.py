"""Fill a bank's rows from its file; what changed in the file becomes a new version, never another text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from lti_tool.db import find_or_create
from quizzes.banks import BankText, QuestionText
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion


def stock(session: Session, text: BankText, *, at: datetime) -> Bank:
    """The bank with every question as the file has it; questions the file no longer has are retired."""
    said = {
        "title": text.title,
        "language": text.language,
        "license": text.license,
    }
    bank, _ = find_or_create(session, Bank, {"name": text.name, "course_id": None}, fingerprint="", **said)
    if bank.fingerprint == text.fingerprint:
        return bank
    session.refresh(bank, with_for_update=True)
    if bank.fingerprint != text.fingerprint:
        bank.fingerprint = text.fingerprint
        for name, value in said.items():
            setattr(bank, name, value)
        _take_over(session, bank, text.questions, _categories(session, bank, text.topics), at)
    return bank


def _categories(session: Session, bank: Bank, topics: Mapping[str, str]) -> dict[str, Category]:
    """The bank's topics as the file has them; those it has no longer stay, behind the others."""
    known = {category.name: category for category in bank.categories}
    for position, (name, title) in enumerate(topics.items()):
        if name not in known:
            known[name] = Category(name=name)
            bank.categories.append(known[name])
        known[name].title, known[name].position = title, position
    for name in known.keys() - topics.keys():
        known[name].position = len(topics)
    session.flush()
    return known


def _take_over(
    session: Session,
    bank: Bank,
    questions: Sequence[QuestionText],
    categories: Mapping[str, Category],
    at: datetime,
) -> None:
    newest = {version.question.name: version for version in newest_versions(session, bank)}
    wanted = {each.id for each in questions}
    for version in newest.values():
        version.question.state = QuestionState.READY if version.question.name in wanted else QuestionState.RETIRED
    for each in questions:
        last = newest.get(each.id)
        if last is None:
            question = Question(bank_id=bank.id, name=each.id, category=categories[each.topic])
            session.add(_version(question, each, n=1, at=at))
        elif last.sha256 != _sha256(each):
            last.question.category = categories[each.topic]
            session.add(_version(last.question, each, n=last.n + 1, at=at))
        # One by one, so that the ids follow the order of the file.
        session.flush()


def _version(question: Question, said: QuestionText, *, n: int, at: datetime) -> QuestionVersion:
    return QuestionVersion(
        question=question,
        n=n,
        difficulty=said.difficulty,
        kind=said.kind,
        body=_body(said),
        sha256=_sha256(said),
        created=at,
    )


def _body(said: QuestionText) -> dict[str, Any]:
    return {
        "text": said.text,
        "options": [{"id": each.id, "text": each.text, "fixed": each.is_fixed} for each in said.options],
        "right": said.right,
        "why": said.why,
    }


def _sha256(said: QuestionText) -> str:
    whole = {**_body(said), "topic": said.topic, "difficulty": said.difficulty, "kind": said.kind.value}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def newest_versions(session: Session, bank: Bank) -> list[QuestionVersion]:
    """The newest version of every question of the bank, retired ones too, in the order of questions."""
    newest = (
        select(QuestionVersion.question_id, func.max(QuestionVersion.n).label("n"))
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    is_newest = (QuestionVersion.question_id == newest.c.question_id) & (QuestionVersion.n == newest.c.n)
    return list(
        session.scalars(
            select(QuestionVersion)
            .join(newest, is_newest)
            .join(QuestionVersion.question)
            .options(contains_eager(QuestionVersion.question))
            .where(Question.bank_id == bank.id)
            .order_by(Question.id)
        )
    )
