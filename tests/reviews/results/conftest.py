from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.models import Enrolment
from reviews.campaigns.models import Campaign, Target
from reviews.instruments.content import Profile, Required
from reviews.results import freezing
from reviews.results.models import ReportSnapshot
from tests.cast import Cast
from tests.mentoring.conftest import counting
from tests.reviews.conftest import CONTENT, LATER, Reviews, all_of

__all__ = ["counting"]

PEERS = ("Ana", "Ben", "Cem", "Dana", "Eli")
LEAD = Profile(
    key="lead", position="Team lead", levels={"listening": Required(level=4.5), "trust": Required(level=2.0)}
)


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Callable[[Enrolment], FlaskClient]:
    return lambda person: cast.visit(app.test_client(), person)


@dataclass
class Results:
    """Results to be looked at."""

    reviews: Reviews

    def round_of(
        self, scores: Any = (3, 3, 4, 4, 3), *, mine: int | None = 5, **others: Any
    ) -> tuple[Campaign, Target]:
        """Leo is reviewed by himself and by five peers, held against what a team lead needs; it is closed."""
        reviews = self.reviews
        reviews.content = replace(CONTENT, profiles=(LEAD,))
        campaign, [target] = reviews.review_of(reviews.school.leo, **others)
        target.profile = LEAD.key
        peers = reviews.peers or reviews.join(*PEERS)
        reviews.name(target, peers)
        reviews.collect(campaign)
        if mine is not None:
            reviews.answer(reviews.assignment(target, reviews.school.leo), mine)
        for peer, score in zip(peers, scores, strict=False):
            said = all_of(reviews.content, score, keep=f"Thanks, says {peer.name}")
            reviews.answer(reviews.assignment(target, peer), said)
        reviews.close(campaign)
        return campaign, target

    def frozen(self, target: Target) -> ReportSnapshot:
        snapshot = freezing.freeze(self.reviews.session, target, by=self.reviews.school.ines, at=LATER)
        self.reviews.session.commit()
        return snapshot

    def released(self, target: Target) -> ReportSnapshot:
        [snapshot] = freezing.release(self.reviews.session, target, by=self.reviews.school.ines, at=LATER)
        self.reviews.session.commit()
        return snapshot

    def address(self, snapshot: ReportSnapshot, then: str = "") -> str:
        return f"/courses/{self.reviews.school.course.public_id}/reviews/results/{snapshot.public_id}{then}"


@pytest.fixture
def results(reviews: Reviews) -> Results:
    return Results(reviews)
