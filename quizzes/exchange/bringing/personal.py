"""What bringing questions holds about a person: which files they brought. What stood in them is the bank's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Person
from quizzes.exchange.bringing.models import QuestionImport


def given_out(session: Session, person: Person) -> list[dict[str, Any]]:
    found = session.scalars(
        select(QuestionImport).where(QuestionImport.by_id.in_(_places(person))).order_by(QuestionImport.id)
    )
    return [
        {"file": each.filename, "brought": each.asked.isoformat(), "state": each.state.value, "bank": each.bank.title}
        for each in found
    ]


def forget(session: Session, person: Person) -> None:
    """What the file was called goes with whose it was; its questions stay the bank's."""
    theirs = update(QuestionImport).where(QuestionImport.by_id.in_(_places(person)))
    session.execute(theirs.values(by_id=None, filename=""))


def _places(person: Person) -> Any:
    return select(Enrolment.id).where(Enrolment.person_id == person.id)
