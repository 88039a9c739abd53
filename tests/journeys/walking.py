"""What a learner does, step by step, through the pages alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes.models import Attempt
from tests.mentoring.reading import sent


def start_quiz(client: FlaskClient, page: str) -> str:
    """Press start on the quiz's page; the address of the attempt."""
    answer = client.post(f"{page}/attempts")
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def sure(answers: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same handed in although other questions are still open, which is asked about once."""
    return {**answers, "sure": ["1"]}


def right_answers(session: Session, attempt: str, *, how_many: int = 20) -> Mapping[str, list[str]]:
    """A form that answers the first so many questions rightly and leaves the others open."""
    session.rollback()
    row = session.scalars(select(Attempt).where(Attempt.public_id == public_id_in(attempt))).one()
    return {f"q{answer.place}": answer.version.right for answer in row.answers if answer.place <= how_many}


def public_id_in(address: str) -> str:
    found = re.search(r"/attempts/([a-z2-7]{16})", address)
    assert found is not None, address
    return found[1]


def pair(session: Session, ines: FlaskClient, *, mentor: str, mentee: str) -> None:
    """As Ines: one person mentors, with two places, and is given a mentee; both by what the LMS calls them."""
    home = ines.page.rstrip("/")  # type: ignore[attr-defined]
    guide, learner = (_enrolled(session, subject) for subject in (mentor, mentee))
    fields = {f"mentors-{guide}": "y", f"places-{guide}": "2"}
    saved = ines.post(f"{home}/mentoring/mentors", data={**_sent(ines, f"{home}/mentoring/mentors"), **fields})
    assert saved.status_code == 302, saved.text
    assigned = ines.post(f"{home}/mentoring/pairing", data={f"{learner}-mentor": guide})
    assert assigned.status_code == 302, assigned.text


def _sent(client: FlaskClient, address: str) -> dict[str, str]:
    return sent(client.get(address))


def _enrolled(session: Session, subject: str) -> str:
    session.rollback()
    return session.scalars(select(Enrolment.public_id).where(Enrolment.person.has(subject=subject))).one()
