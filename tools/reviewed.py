"""A term in which people are reviewed: a round that is over and released, and one in which answers still come in."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.contacts.recording import Wish, record
from lti_tool.db import transaction
from lti_tool.models import Enrolment
from reviews.answering import writing
from reviews.answering.said import Said
from reviews.campaigns import arranging, making, nominating, running
from reviews.campaigns.making import Design
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import TO_ANSWER
from reviews.campaigns.rules import PEER, REPORT, CampaignKind
from reviews.instruments import versions
from reviews.instruments.content import SELF
from reviews.instruments.models import InstrumentVersion
from reviews.instruments.ready_made import ready_made
from reviews.results import cohort, many
from tools.scene import TEACHES, people_by_key, set_designed_scene, the_course

OVER, RUNNING = "Autumn round", "Winter round"
REVIEWED = ("leo", "chloe", "mei", "haruto")
PEERS = ("amara", "ada", "tendai", "rosa", "joao", "noam", "layla", "siobhan", "jisoo")
REPORTS = ("zeynep", "oysten", "olena")
USUAL = {"listening": 4, "goals": 3, "feedback": 2, "trust": 4, "doors": 3}
"""What raters mostly choose; Leo sees himself otherwise."""
KEEP = (
    "Asks one more question than everybody else, and waits for the answer.",
    "Comes back to what we agreed, every time.",
    "Stays calm when plans change.",
    "Explains how things are done here without making one feel slow.",
    "Listens.",
)
CHANGE = (
    "Say it sooner when something does not work: two weeks later it cannot be used any more.",
    "Name what you saw, not what you think of it.",
    "Bring me along to one meeting with the others.",
)


def set_reviewed_scene(app: Flask, campus: CampusInHand, *, at: datetime | None = None) -> None:
    """The designed scene, and then: Leo and three others were reviewed, and Maya is."""
    at = at or clock.now()
    set_designed_scene(app, campus, at=at)
    with app.test_request_context(), transaction() as session:
        people, course = people_by_key({person.id: person.key for person in campus.people()}), the_course()
        assert record(session, course, [Wish(people["leo"], people["tariq"])], by=people[TEACHES], at=at) == []
        instrument = versions.take_over(session, course, ready_made()["mentoring_competencies"], at=at)
        session.flush()
        before, day = at - timedelta(days=9), timedelta(days=1)
        _over(session, _made(session, instrument.newest, OVER, people, REVIEWED, before), people, before + day)
        running_ = _made(session, instrument.newest, RUNNING, people, ("maya",), at - day)
        running.collect(session, running_, by=people[TEACHES], at=at)


def _made(
    session: Session,
    version: InstrumentVersion,
    title: str,
    people: Mapping[str, Enrolment],
    about: tuple[str, ...],
    at: datetime,
) -> Campaign:
    design = Design(kind=CampaignKind.REVIEW, title=title, version=version, closes=at + timedelta(days=8))
    by = people[TEACHES]
    campaign = making.make(session, the_course(), design, by=by, at=at)
    session.flush()
    for target in arranging.add_people(session, campaign, [people[key] for key in about], at=at):
        target.profile, target.coach = "mentor", people["maya"] if about != ("maya",) else people["anouk"]
        for group, keys in ((PEER, PEERS), (REPORT, REPORTS)):
            for key in keys:
                nominating.propose(session, target, campaign.group(group), people[key], by=by, at=at)
    session.flush()
    return campaign


def _over(session: Session, campaign: Campaign, people: Mapping[str, Enrolment], at: datetime) -> None:
    by, chance = people[TEACHES], random.Random(4)
    running.collect(session, campaign, by=by, at=at)
    wanted = select(Assignment).join(Assignment.target).where(Target.campaign_id == campaign.id)
    for number, each in enumerate(session.scalars(wanted.order_by(Assignment.id)).all()):
        if each.state in TO_ANSWER:
            writing.hand_in(session, each, _said(each, number, chance), at=at)
    running.close(session, campaign, by=by, at=at + timedelta(days=7))
    cohort.freeze(session, campaign, by=by, at=at + timedelta(days=7))
    many.release(session, campaign, by=by, at=at + timedelta(days=7))


def _said(assignment: Assignment, number: int, chance: random.Random) -> Said:
    content, is_self = assignment.group.content, assignment.group.key == SELF
    ratings: dict[str, int | None] = {}
    for competency, statements in content.for_group(assignment.group.key):
        usual = {"feedback": 5, "trust": 3}.get(competency.key, 4) if is_self else USUAL[competency.key]
        for each in statements:
            score = min(5, max(1, usual + chance.choice((-1, 0, 0, 0, 1))))
            ratings[each.key] = 6 - score if each.is_reversed else score
    words = {"keep": KEEP[number % len(KEEP)]} if number % 2 else {}
    if number % 3 == 0:
        words["change"] = CHANGE[number // 3 % len(CHANGE)]
    return Said(ratings=ratings, comments=words)
