"""Questions copied from one bank to another, and whole banks to a copied course: what they say now, not who wrote it.

The caller commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lti_tool.db import find_or_create, new_public_id
from lti_tool.models import Course, Enrolment
from lti_tool.placing.copies import Copier
from quizzes import rich
from quizzes.bank import enemies, queries, sorting, writing
from quizzes.bank.models import Medium
from quizzes.bank.queries import Listed
from quizzes.bank.writing import Said
from quizzes.questions import Bank, Category, Question, QuestionState


def copy_questions(
    session: Session, chosen: Sequence[Listed], target: Bank, *, by: Enrolment | None, at: datetime
) -> int:
    """How many were copied: what the bank says already is left out."""
    there = {Said.of(each.version).sha256 for each in _all_of(session, target)}
    topics = {each.title: each for each in session.scalars(select(Category).where(Category.bank_id == target.id))}
    made: dict[int, Question] = {}
    for listed in chosen:
        said = _moved(session, listed, target, at)
        if said.sha256 in there:
            continue
        title = listed.question.category.title
        if title not in topics:
            topics[title] = sorting.add_category(session, target, title)
        made[listed.question.id] = _copy(session, listed, said, topics[title], by=by, at=at, name=new_public_id())
    _keep_apart(session, [each.question for each in chosen], made)
    return len(made)


def duplicate(session: Session, question: Question, *, by: Enrolment, at: datetime) -> Question:
    """The same once more in the same bank, as a draft, so that it is not asked before it is changed.

    Raises NotComplete.
    """
    said = Said.of(writing.newest_of(session, question))
    draft = QuestionState.DRAFT
    made = writing.create(session, said, category=question.category, state=draft, by=by, at=at, title=question.title)
    sorting.tag(session, made, [each.word for each in question.tags])
    return made


def copy_bank(session: Session, theirs: Bank, course: Course, at: datetime) -> Bank:
    """The course's own copy of another course's bank: topics, words, pictures, and each question's newest text.

    Found again where it was made before.
    """
    key = {"course_id": course.id, "name": theirs.name}
    values = {"title": theirs.title, "language": theirs.language, "license": theirs.license, "fingerprint": ""}
    bank, is_new = find_or_create(session, Bank, key, **values)
    if is_new:
        topics = _copy_topics(session, theirs, bank)
        made = {
            listed.question.id: _copy(
                session,
                listed,
                _moved(session, listed, bank, at),
                topics[listed.question.category_id],
                by=None,
                at=at,
                name=listed.question.name,
            )
            for listed in _all_of(session, theirs)
        }
        _keep_apart(session, [each.question for each in _all_of(session, theirs)], made)
    return bank


def own_copy(session: Session, theirs: Bank, course: Course, at: datetime) -> Bank:
    """The bank that stands in this course for another course's; one that all courses share stands for itself."""
    return theirs if theirs.course_id is None else copy_bank(session, theirs, course, at)


def _plan(session: Session, origin: Course, course: Course) -> list[str]:
    return [_in_words(session, bank) for bank in _missing(session, origin, course)]


def _missing(session: Session, origin: Course, course: Course) -> list[Bank]:
    own = {bank.name for bank in queries.own_banks(session, course)}
    return [bank for bank in queries.own_banks(session, origin) if bank.name not in own]


def _in_words(session: Session, bank: Bank) -> str:
    questions = len(_all_of(session, bank))
    said: str = ngettext(
        "The question bank %(bank)s with %(num)d question.",
        "The question bank %(bank)s with %(num)d questions.",
        questions,
        bank=bank.title,
    )
    return said


def _copy_all(session: Session, origin: Course, course: Course, at: datetime) -> None:
    for bank in _missing(session, origin, course):
        copy_bank(session, bank, course, at)


COPIER = Copier(key="question-banks", order=19, plan=_plan, copy=_copy_all)


def _all_of(session: Session, bank: Bank) -> list[Listed]:
    """Retired ones left out."""
    wanted = queries.with_newest().where(Question.bank_id == bank.id, Question.state != QuestionState.RETIRED)
    found = session.execute(wanted.options(selectinload(Question.tags)).order_by(Question.id))
    return [Listed(question=question, version=version) for question, version in found]


def _copy_topics(session: Session, theirs: Bank, bank: Bank) -> dict[int, Category]:
    """By the ids of those they were copied from."""
    made: dict[int, Category] = {}
    for branch in queries.tree(session, theirs):
        old = branch.category
        parent = made[old.parent_id].id if old.parent_id is not None else None
        made[old.id] = Category(
            bank_id=bank.id, parent_id=parent, name=old.name, title=old.title, position=old.position
        )
        session.add(made[old.id])
        session.flush()
    return made


def _copy(
    session: Session, listed: Listed, said: Said, category: Category, *, by: Enrolment | None, at: datetime, name: str
) -> Question:
    known_as = {"name": name, "title": listed.question.title}
    question = Question(bank_id=category.bank_id, category=category, state=listed.question.state, **known_as)
    session.add(writing.version_of(question, said, n=1, by=by, at=at))
    session.flush()
    sorting.tag(session, question, [each.word for each in listed.question.tags])
    return question


def _keep_apart(session: Session, originals: Sequence[Question], made: Mapping[int, Question]) -> None:
    """Those that were enemies are so as copies."""
    sets: dict[int, list[Question]] = {}
    for question in originals:
        if question.enemy_set_id is not None and question.id in made:
            sets.setdefault(question.enemy_set_id, []).append(made[question.id])
    for first, *others in sets.values():
        for other in others:
            enemies.keep_apart(session, first, other)


_COPIED = ("kind", "file", "name", "mimetype", "size", "width", "height")


def _moved(session: Session, listed: Listed, target: Bank, at: datetime) -> Said:
    """What it says, with media of the other bank for those of its own; any more that it names is nobody's."""
    said = Said.of(listed.version)
    named = writing.media_of(said)
    if not named:
        return said
    body: Any = said.body
    own = (Medium.bank_id == listed.question.bank_id) & Medium.public_id.in_(named)
    for medium in session.scalars(select(Medium).where(own)).all():
        values = {name: getattr(medium, name) for name in _COPIED}
        key = {"bank_id": target.id, "sha256": medium.sha256}
        copied, _is_new = find_or_create(session, type(medium), key, **values, created=at)
        body = _renamed(body, medium.public_id, copied.public_id)
    return Said(
        kind=said.kind,
        text_format=said.text_format,
        body=body,
        difficulty=said.difficulty,
        maximum=said.maximum,
    )


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        if value == old:
            return new
        return value.replace(rich.PICTURE + old, rich.PICTURE + new).replace(rich.SOUND + old, rich.SOUND + new)
    if isinstance(value, dict):
        return {key: _renamed(each, old, new) for key, each in value.items()}
    return [_renamed(each, old, new) for each in value] if isinstance(value, list) else value
