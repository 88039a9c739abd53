from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment
from reviews.answering import writing
from reviews.answering.said import Said
from reviews.campaigns.models import Assignment, Campaign, Target
from tests.cast import THEN
from tests.mentoring.conftest import counting, visit
from tests.reviews.conftest import Reviews

__all__ = ["counting", "visit"]

PEERS = ("Ana", "Ben", "Cem", "Dana", "Eli")
RATED = {"r.asks": "4", "r.sums_up": "none", "r.keeps": "5"}
"""All that has to be answered, as the page sends it."""


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.moved_to(THEN):
        yield


@dataclass
class Page:
    """The page of one rater, in their browser."""

    reviews: Reviews
    client: FlaskClient
    assignment: Assignment

    @property
    def url(self) -> str:
        return f"/courses/{self.reviews.school.course.public_id}/reviews/answers/{self.assignment.public_id}"

    def get(self) -> str:
        return self.client.get(self.url).text

    def save(self, fields: Mapping[str, str], seq: int | None = None) -> TestResponse:
        return self._post(fields, seq)

    def hand_in(self, fields: Mapping[str, str], seq: int | None = None, seen: str = "") -> TestResponse:
        return self._post({**fields, "do": "hand_in", "seen": seen}, seq)

    def keep(self, seq: int, fields: Mapping[str, str]) -> TestResponse:
        return self.client.post(f"{self.url}/draft", data={"seq": seq, **fields})

    def _post(self, fields: Mapping[str, str], seq: int | None) -> TestResponse:
        number = self.assignment.seq if seq is None else seq
        return self.client.post(self.url, data={"seq": number, **fields})

    @property
    def draft(self) -> Said:
        self.reviews.session.refresh(self.assignment)
        return writing.draft_of(self.assignment)

    @property
    def state(self) -> str:
        self.reviews.session.refresh(self.assignment)
        return self.assignment.state.value


@dataclass
class Raters:
    """Leo is reviewed by himself and five peers, and answers come in."""

    app: Flask
    reviews: Reviews
    visit: Callable[[Enrolment], FlaskClient]
    campaign: Campaign
    target: Target

    def page(self, rater: Enrolment) -> Page:
        return Page(self.reviews, self.visit(rater), self.reviews.assignment(self.target, rater))

    @property
    def ana(self) -> Page:
        return self.page(self.reviews.peers[0])


Collecting = Callable[..., Raters]


@pytest.fixture
def collecting(app: Flask, reviews: Reviews, visit: Callable[[Enrolment], FlaskClient]) -> Collecting:
    def collecting(**others: object) -> Raters:
        campaign, [target] = reviews.review_of(reviews.school.leo, **others)
        reviews.name(target, reviews.join(*PEERS))
        reviews.collect(campaign)
        return Raters(app, reviews, visit, campaign, target)

    return collecting


@pytest.fixture
def raters(collecting: Collecting) -> Raters:
    return collecting()
