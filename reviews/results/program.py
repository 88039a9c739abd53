"""What those of a program say of it: evaluations and surveys, run by run. Nothing but what the gate let through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lti_tool.models import Course
from mentoring.programs import outcomes
from mentoring.programs.outcomes import Figure, Outcome
from reviews.campaigns.models import Campaign, Target
from reviews.campaigns.rules import CampaignKind
from reviews.disclosure import Cell
from reviews.results import wording
from reviews.results.models import ReportSnapshot
from reviews.results.report import Result

OF_NOBODY = (CampaignKind.PROGRAM, CampaignKind.SURVEY)
MOST = 50
"""Evaluations of a course that its pages tell of."""


@dataclass(frozen=True)
class Line:
    """One evaluation, and what it says in one figure a competency."""

    result: Result

    @property
    def means(self) -> Sequence[tuple[str, Cell]]:
        found = ((each.name, self.result.others(each.key)) for each in self.result.competencies)
        return [(name, cell) for name, cell in found if cell is not None]

    def mean(self, cell: Cell) -> str:
        return wording.mean(cell)


def init_app(app: Flask) -> None:
    outcomes.register(app, told)


def newest(session: Session, course: Course, *, most: int = MOST) -> list[Line]:
    """The newest results of program evaluations and surveys; each run of a program has its own."""
    rows = session.scalars(
        select(ReportSnapshot)
        .join(ReportSnapshot.target)
        .join(Target.campaign)
        .where(
            Campaign.course_id == course.id,
            Campaign.kind.in_(OF_NOBODY),
            ReportSnapshot.revoked.is_(None),
            Target.enrolment_id.is_(None),
        )
        .order_by(ReportSnapshot.created.desc(), ReportSnapshot.id.desc())
        .options(contains_eager(ReportSnapshot.target).contains_eager(Target.campaign))
        .limit(most)
    ).unique()
    return [Line(Result(each)) for each in rows]


def told(session: Session, course: Course) -> Mapping[int | None, Sequence[Outcome]]:
    found: dict[int | None, list[Outcome]] = defaultdict(list)
    for line in newest(session, course):
        found[line.result.campaign.cohort_id].append(_outcome(course, line))
    return found


def _outcome(course: Course, line: Line) -> Outcome:
    result = line.result
    return Outcome(
        title=result.campaign.title,
        url=url_for("review_results.report", course=course.public_id, snapshot_id=result.snapshot.public_id),
        figures=[Figure(name=name, words=line.mean(cell), behind=cell.n) for name, cell in line.means],
        quotes=[(heading, [each.text for each in words]) for heading, words in result.quotes],
        note=result.answered,
    )
