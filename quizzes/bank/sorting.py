"""Where questions stand and how they are found: banks of a course, topics as a tree, words.

Every act is handed rows of a bank that the writer may change; the caller commits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create, new_public_id
from lti_tool.models import Course
from quizzes.bank.tags import MOST_TAGS
from quizzes.questions import Bank, Category, Question, Tag

LONGEST_TITLE = 120
DEEPEST = 6
"""Topics within topics."""
MOST_CATEGORIES = 500


class CannotMove(Exception):
    """A topic cannot stand within itself, nor deeper than is useful."""


class NotEmpty(Exception):
    """A topic with questions or topics in it stays; so does the last one."""


class TooMany(Exception):
    """The bank has as many topics as anybody can look through."""


def new_bank(session: Session, course: Course, *, title: str, language: str, first_category: str) -> Bank:
    """A bank of the course, with one topic to begin with."""
    bank = Bank(course_id=course.id, name=new_public_id(), title=title, language=language, license="")
    session.add(bank)
    session.flush()
    add_category(session, bank, first_category)
    return bank


def rename_bank(bank: Bank, *, title: str, language: str) -> None:
    bank.title, bank.language = title, language


def add_category(
    session: Session, bank: Bank, title: str, parent: Category | None = None, *, name: str = ""
) -> Category:
    """Behind the others; files know it by `name`, unless they know another one by that.

    Raises CannotMove where it would stand too deep, and TooMany.
    """
    held = _held(session, bank)
    taken = {each.name for each in held.values()}
    if len(held) >= MOST_CATEGORIES:
        raise TooMany
    if parent is not None and len(_above(parent, held)) + 1 >= DEEPEST:
        raise CannotMove
    made = Category(
        bank_id=bank.id,
        parent_id=parent.id if parent else None,
        name=name if name and name not in taken else _name_for(title, taken),
        title=title,
        position=1 + max((each.position for each in held.values()), default=-1),
    )
    session.add(made)
    session.flush()
    return made


def _held(session: Session, bank: Bank) -> dict[int, Category]:
    """The topics of the bank by their ids, while nobody else moves them."""
    session.refresh(bank, with_for_update=True)
    wanted = select(Category).where(Category.bank_id == bank.id).execution_options(populate_existing=True)
    return {each.id: each for each in session.scalars(wanted)}


def _above(category: Category, held: dict[int, Category]) -> list[Category]:
    """The topics it stands in, the nearest first."""
    found: list[Category] = []
    while category.parent_id is not None and len(found) <= len(held):
        category = held[category.parent_id]
        found.append(category)
    return found


def _name_for(title: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return name if name and name not in taken else f"{name or 'topic'}-{new_public_id()}"


def move_category(session: Session, category: Category, parent: Category | None) -> None:
    """Into another one, or to the top. Raises CannotMove."""
    held = _held(session, category.bank)
    if parent is not None:
        above = [parent, *_above(parent, held)]
        if category in above or len(above) + _height(category, held.values()) > DEEPEST:
            raise CannotMove
    category.parent_id = parent.id if parent else None
    session.flush()


def _height(category: Category, all_of_them: Iterable[Category]) -> int:
    others = list(all_of_them)
    return 1 + max((_height(each, others) for each in others if each.parent_id == category.id), default=0)


def remove_category(session: Session, category: Category) -> None:
    """Raises NotEmpty."""
    held = _held(session, category.bank)
    questions = session.scalar(select(func.count()).where(Question.category_id == category.id))
    if questions or len(held) == 1 or any(each.parent_id == category.id for each in held.values()):
        raise NotEmpty
    session.delete(category)
    session.flush()


def tag(session: Session, question: Question, words: Sequence[str]) -> None:
    """It has these tags and no others."""
    question.tags = _tags(session, question.bank, words)
    session.flush()


def add_tags(session: Session, questions: Iterable[Question], words: Sequence[str]) -> None:
    """These as well."""
    for question in questions:
        tag(session, question, [*(each.word for each in question.tags), *words][:MOST_TAGS])


def _tags(session: Session, bank: Bank, words: Iterable[str]) -> list[Tag]:
    unique = dict.fromkeys(words)
    return [find_or_create(session, Tag, {"bank_id": bank.id, "word": word})[0] for word in unique]
