from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from reviews.answering import writing
from reviews.answering.said import Said
from reviews.campaigns import arranging, making, nominating, running
from reviews.campaigns.making import Design
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.rules import GROUPS, PEER, CampaignKind, GroupRule
from reviews.instruments import versions
from reviews.instruments.content import Competency, Content, InstrumentKind, Level, OpenQuestion, Scale, Statement
from reviews.instruments.models import Instrument
from tests.cast import THEN
from tests.mentoring.conftest import School, school

__all__ = ["school"]

SCALE = Scale(levels=tuple(Level(score=score, label=f"Level {score}") for score in range(1, 6)))
CONTENT = Content(
    scale=SCALE,
    competencies=(
        Competency(
            key="listening",
            name="Listening",
            statements=(Statement(key="asks", text="Asks first."), Statement(key="sums_up", text="Sums up.")),
        ),
        Competency(key="trust", name="Trust", statements=(Statement(key="keeps", text="Keeps promises."),)),
    ),
    questions=(OpenQuestion(key="keep", text="What should go on?"),),
)
LATER = THEN + timedelta(days=14)


def all_of(content: Content, score: int | None, **comments: str) -> Said:
    """The same answer to everything."""
    return Said(ratings=dict.fromkeys(content.statements, score), comments=comments)


@dataclass
class Reviews:
    """A course with an instrument, and the acts that tests begin with."""

    school: School
    session: Session
    content: Content = CONTENT
    peers: list[Enrolment] = field(default_factory=list)

    @property
    def instrument(self) -> Instrument:
        found = self.session.scalars(select(Instrument)).first()
        if found is None:
            kind, at = InstrumentKind.REVIEW, THEN
            found = versions.make(self.session, self.school.course, kind, "Ours", self.content, by=None, at=at)
        return found

    def join(self, *names: str) -> list[Enrolment]:
        joined = [self.school.join(name) for name in names]
        self.peers += joined
        return joined

    def design(self, kind: CampaignKind = CampaignKind.REVIEW, **others: object) -> Design:
        usual = {"title": "Spring round", "version": self.instrument.newest, "closes": LATER}
        return Design(kind=kind, **{**usual, **others})  # type: ignore[arg-type]

    def campaign(self, kind: CampaignKind = CampaignKind.REVIEW, **others: object) -> Campaign:
        made = making.make(self.session, self.school.course, self.design(kind, **others), by=self.school.ines, at=THEN)
        self.session.commit()
        return made

    def review_of(self, *people: Enrolment, **others: Any) -> tuple[Campaign, list[Target]]:
        campaign = self.campaign(**others)
        targets = arranging.add_people(self.session, campaign, people, at=THEN)
        self.session.commit()
        return campaign, targets

    def name(self, target: Target, raters: Sequence[Enrolment], group: str = PEER) -> list[Assignment]:
        """As the instructor, who needs nobody's approval."""
        there = target.campaign.group(group)
        by = self.school.ines
        named = [nominating.propose(self.session, target, there, each, by=by, at=THEN) for each in raters]
        self.session.commit()
        return named

    def collect(self, campaign: Campaign, *, at: datetime = THEN) -> None:
        running.collect(self.session, campaign, by=self.school.ines, at=at)
        self.session.commit()

    def close(self, campaign: Campaign, *, at: datetime = LATER) -> None:
        running.close(self.session, campaign, by=self.school.ines, at=at)
        self.session.commit()

    def answer(self, assignment: Assignment, said: Said | int, *, at: datetime = THEN) -> None:
        wanted = said if isinstance(said, Said) else all_of(assignment.group.content, said)
        writing.hand_in(self.session, assignment, wanted, at=at)
        self.session.commit()

    def states(self, target: Target) -> dict[str, str]:
        """How far each rater has come, by name."""
        return {each.rater_name: each.state.value for each in target.assignments}

    def assignment(self, target: Target, rater: Enrolment) -> Assignment:
        wanted = select(Assignment).where(Assignment.target_id == target.id, Assignment.rater_id == rater.id)
        return self.session.scalars(wanted).one()


def rules(**changed: Mapping[str, object]) -> list[GroupRule]:
    """The usual groups of a 360-degree review, some of them changed."""
    return [replace(each, **changed.get(each.key, {})) for each in GROUPS[CampaignKind.REVIEW]]  # type: ignore[arg-type]


@pytest.fixture
def reviews(school: School, session: Session) -> Reviews:
    return Reviews(school, session)
