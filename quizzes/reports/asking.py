"""What the versions that were asked say: for statistics as plain values, for pages in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from quizzes import showing
from quizzes.guesses import CHOICES, guess_at
from quizzes.guessing import mean
from quizzes.kinds import Body, Kind
from quizzes.questions import Question, QuestionVersion
from quizzes.reports.figures import Asked
from quizzes.reports.packing import OPTIONS

LONGEST = 120
MOST_KNOWN = 20_000


def versions_of(session: Session, ids: Collection[int]) -> dict[int, QuestionVersion]:
    """These versions with their questions and topics, by row."""
    found = session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.id.in_(ids))
        .options(joinedload(QuestionVersion.question, innerjoin=True).joinedload(Question.bank, innerjoin=True))
    )
    return {version.id: version for version in found}


def asked_of(session: Session, ids: Collection[int]) -> Mapping[int, Asked]:
    """What statistics have to know of these versions. Versions never change, so each is read once in a process."""
    known: dict[int, Asked] = current_app.extensions.setdefault("asked_versions", {})
    if len(known) > MOST_KNOWN:
        known.clear()
    if new := set(ids) - known.keys():
        wanted = select(QuestionVersion.id, QuestionVersion.kind, QuestionVersion.body)
        for version, kind, body in session.execute(wanted.where(QuestionVersion.id.in_(new))):
            known[version] = Asked(guess=float(mean(guess_at(kind, body))), key=_key(kind, body))
    return {version: known[version] for version in ids if version in known}


def _key(kind: Kind, body: Body) -> tuple[bool, ...]:
    if kind not in CHOICES:
        return ()
    weights = CHOICES[kind].key(body).weights
    return tuple(weights[each] > 0 for each in CHOICES[kind].ids(body)[:OPTIONS])


def in_short(version: QuestionVersion) -> str:
    """The question's text in one line."""
    text = showing.in_a_line(version)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
